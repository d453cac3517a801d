"""Photographs of animals, fish, buildings, tools and other things, each with its author and licence."""

import csv
import io
import zipfile
from dataclasses import dataclass, field

import numpy as np

from dlcourse.data.store import fetch

ARCHIVE, TABLE = "photographs.zip", "photographs.csv"


@dataclass(frozen=True, eq=False)
class Photograph:
    """One photograph and its credit; `image` is `(height, width, 3)` uint8, red green blue, read-only.

    `subject` is "animal", "fish", "building", "energy" (wind, water and sun), "tool" or "thing"; `licence` is "public
    domain", "CC0 1.0", "CC BY 2.0" or "CC BY 3.0"; `source` the address where its author published it.
    """

    name: str
    subject: str
    author: str
    licence: str
    source: str
    image: np.ndarray = field(repr=False)


def load() -> list[Photograph]:
    """All photographs, in the order of photographs.csv. The shorter side of each is 240 pixels.

    Source: the Debian package gcompris-qt-data; authors and addresses are in photographs.csv.
    """
    paths = fetch("photographs", [ARCHIVE, TABLE])
    with paths[TABLE].open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with zipfile.ZipFile(paths[ARCHIVE]) as archive:
        return [_photograph(row, archive.read(f"{row['name']}.jpg")) for row in rows]


def _photograph(row: dict[str, str], content: bytes) -> Photograph:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as opened:
        pixels = np.array(opened.convert("RGB"))
    pixels.flags.writeable = False
    return Photograph(*(row[key] for key in ("name", "subject", "author", "licence", "source")), pixels)
