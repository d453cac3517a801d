"""Print what the manifest states of the two files.

Run by hand: `python datasets/japanese_vowels/build.py`. Nothing is bundled, so nothing is built.
"""

from dlcourse.data import fetch
from dlcourse.data.checks import sha256

if __name__ == "__main__":
    for path in fetch("japanese_vowels").values():
        print(f'name = "{path.name}"\nbytes = {path.stat().st_size}\nsha256 = "{sha256(path)}"')
