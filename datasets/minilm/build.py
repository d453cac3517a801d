"""Print what the manifest states of each file.

Run by hand: `python datasets/minilm/build.py`. Nothing is bundled, so nothing is built.
"""

from dlcourse.data import fetch
from dlcourse.data.checks import sha256

if __name__ == "__main__":
    for path in fetch("minilm").values():
        print(f'name = "{path.name}"\nbytes = {path.stat().st_size}\nsha256 = "{sha256(path)}"')
