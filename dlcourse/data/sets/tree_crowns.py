"""Aerial photographs with a box round each tree's crown."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dlcourse.data.store import fetch


@dataclass(frozen=True, eq=False)
class Photograph:
    """One aerial photograph and its boxes; the arrays are read-only.

    `image` is `(height, width, 3)` uint8, red green blue; `boxes` is `(n, 4)` float32, `[x_min, y_min, x_max, y_max]`
    in pixels from the upper left corner, edges at 0 and at the width or height; `labels` has the annotator's word for
    each box ("Tree", "Alive" or "Dead": all are trees). `metres_per_pixel` is on the ground.
    """

    name: str
    split: str
    site: str
    metres_per_pixel: float
    image: np.ndarray = field(repr=False)
    boxes: np.ndarray = field(repr=False)
    labels: tuple[str, ...] = field(repr=False)


def load(lossless: bool = False) -> list[Photograph]:
    """The four photographs, in the order of photographs.csv; `split` of each is "train" or "test".

    `lossless` brings the originals from which the bundled JPEG files were made (19 MB in the cache).

    Source: the Python package deepforest 2.1.0; Weinstein et al. (2019), doi:10.3390/rs11111309.
    """
    tables = fetch("tree_crowns", ["photographs.csv", "boxes.csv"])
    rows, boxes = _rows(tables["photographs.csv"]), _rows(tables["boxes.csv"])
    names = {row["name"]: f"{row['name']}.{'png' if lossless else 'jpg'}" for row in rows}
    images = fetch("tree_crowns", names.values())
    return [_photograph(row, images[names[row["name"]]], boxes) for row in rows]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _photograph(row: dict[str, str], image: Path, boxes: list[dict[str, str]]) -> Photograph:
    from PIL import Image

    with Image.open(image) as opened:
        pixels = np.asarray(opened.convert("RGB"))
    own = [box for box in boxes if box["photograph"] == row["name"]]
    corners = np.array([[box[side] for side in ("x_min", "y_min", "x_max", "y_max")] for box in own], np.float32)
    for array in (pixels, corners):
        array.flags.writeable = False
    labels = tuple(box["label"] for box in own)
    return Photograph(row["name"], row["split"], row["site"], float(row["metres_per_pixel"]), pixels, corners, labels)
