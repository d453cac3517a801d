"""The course as something to search: its prose in passages, and questions to ask of it."""

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import nbformat

from dlcourse import paths

SHORTEST, LONGEST = 8, 60  # words of a passage
LEFT_OUT = ("Exercises", "Results", "Parameters")  # sections without prose of their own


@dataclass(frozen=True)
class Passage:
    """A paragraph of a chapter.

    Attributes:
        chapter: its number, such as "08".
        heading: of the section it stands in.
        text: without Markdown's marks.
    """

    chapter: str
    heading: str
    text: str


@dataclass(frozen=True)
class Question:
    """Something one might ask of the course, and the numbers of the chapters that answer it."""

    asks: str
    chapters: tuple[str, ...]


def passages(without: tuple[str, ...] = ()) -> list[Passage]:
    """Every paragraph of prose in the notebooks, in order; chapters named in `without` are left out."""
    found = []
    for path in sorted(paths.notebooks_dir().glob("[0-9][0-9]_*.ipynb")):
        chapter = path.name[:2]
        if chapter not in without:
            found += _of_notebook(path, chapter)
    return found


def questions(chapters: set[str] | None = None) -> list[Question]:
    """The questions of questions.toml that some of `chapters` answers; all of them if left out."""
    return [one for one in _all_questions() if chapters is None or chapters.intersection(one.chapters)]


@functools.cache
def _all_questions():
    text = Path(__file__).with_name("questions.toml").read_text(encoding="utf-8")
    return [Question(row["asks"], tuple(row["chapters"])) for row in tomllib.loads(text)["question"]]


def _of_notebook(path, chapter):
    heading, found = "", []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "markdown":
            continue
        for block in re.split(r"\n\s*\n", cell.source):
            if block.startswith("#"):
                first, _, rest = block.partition("\n")
                heading = first.lstrip("# ")
            text = plain(rest if block.startswith("#") else block)
            if heading not in LEFT_OUT and len(text.split()) >= SHORTEST:
                found.append(Passage(chapter, heading, " ".join(text.split()[:LONGEST])))
    return found


def plain(markdown: str) -> str:
    """Markdown as one line of words: links by their text, no marks, no tables, formulas left as they are."""
    if markdown.lstrip().startswith(("|", "$$", "Previous:")):
        return ""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"[*`#>]+|^\s*[-+]\s+", "", text, flags=re.MULTILINE)
    return " ".join(text.split())
