"""Two Japanese vowels, spoken one after the other by nine men, as a series of twelve numbers a moment."""

from pathlib import Path

import numpy as np

from dlcourse.data.errors import DataError
from dlcourse.data.store import fetch

FILES = {"train": "JapaneseVowels_TRAIN.ts", "test": "JapaneseVowels_TEST.ts"}

Part = tuple[list[np.ndarray], np.ndarray]


def load() -> tuple[Part, Part]:
    """`(x_train, y_train), (x_test, y_test)`: 270 and 370 utterances.

    x is a list of arrays `(steps, 12)` float32, 7 to 29 steps, cepstrum coefficients; y the speaker, 0 to 8,
    `(utterances,)` int64.

    Source: the Python package aeon 1.6.0; Kudo, Toyama and Shimbo (1999).
    """
    paths = fetch("japanese_vowels", FILES.values())
    return tuple(read_ts(paths[file]) for file in FILES.values())


def read_ts(path: Path) -> Part:
    """The series and labels of one file: a line an utterance, channels parted by colons, the label at the end."""
    try:
        lines = path.read_text(encoding="utf-8").split("@data", 1)[1].split()
        fields = [line.split(":") for line in lines]
        series = [np.array([one.split(",") for one in channels], np.float32).T for *channels, _ in fields]
        return series, np.array([int(label) - 1 for *_, label in fields])
    except (IndexError, ValueError) as problem:
        raise DataError(f"The file {path} is not a .ts file of series: {problem}.") from problem
