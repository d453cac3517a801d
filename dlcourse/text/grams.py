"""Letters, and the pairs and triples that end at them, as numbers."""

import numbers
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Grams:
    """Numbers for the letters of a text and for its frequent n-grams; made by `Grams.of`.

    `letters` is the alphabet: letter i has the number i + 1, and 0 is any other one. `keys[k]` are the n-grams of k + 2
    letters that have numbers, in rising order of their key: gram i has the number i + 1, and 0 is any other one.
    """

    letters: str
    keys: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, text: str, sizes: Sequence[int] = ()) -> "Grams":
        """The letters of a text, its `sizes[0]` most frequent pairs, `sizes[1]` most frequent triples, and so on.

        Raises:
            ValueError: an empty text; sizes that are no whole numbers from 1, or more than six of them.
        """
        if not text:
            raise ValueError("text is empty; there are no letters to number.")
        if len(sizes) > 6 or not all(isinstance(one, numbers.Integral) and one >= 1 for one in sizes):
            raise ValueError(f"sizes is at most six whole numbers from 1, for pairs, triples, …, not {sizes!r}.")
        bare = cls("".join(sorted(set(text))), ())
        codes, keys = bare.codes(text), []
        for n, size in enumerate(sizes, start=2):
            found, counts = np.unique(bare._keys(codes, n)[n - 1 :], return_counts=True)
            keys.append(np.sort(found[np.argsort(-counts, kind="stable")[:size]]))
        return cls(bare.letters, tuple(keys))

    @property
    def counts(self) -> tuple[int, ...]:
        """How many numbers there are for letters, pairs, …, with 0: what embeddings need."""
        return (len(self.letters) + 1, *(len(key) + 1 for key in self.keys))

    def codes(self, text: str) -> np.ndarray:
        """The numbers of the letters, `(length,)` int32."""
        points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        table = np.frombuffer(self.letters.encode("utf-32-le"), np.uint32)
        place = np.minimum(np.searchsorted(table, points), len(table) - 1)
        return np.where(table[place] == points, place + 1, 0).astype(np.int32)

    def encode(self, text: str) -> np.ndarray:
        """`(length, 1 + len(keys))` int32: at each letter its number and those of the pair, triple, … it ends."""
        codes = self.codes(text)
        columns = [codes]
        for n, table in enumerate(self.keys, start=2):
            wanted = self._keys(codes, n)
            place = np.minimum(np.searchsorted(table, wanted), max(len(table) - 1, 0))
            known = (table[place] == wanted) & (np.arange(len(codes)) >= n - 1) if len(table) else False
            columns.append(np.where(known, place + 1, 0))
        return np.stack(columns, axis=1).astype(np.int32)

    def decode(self, codes: Sequence[int]) -> str:
        """The letters of numbers; "?" for 0.

        Raises:
            ValueError: a number that stands for no letter.
        """
        codes = np.asarray(codes, np.int64).reshape(-1)
        if codes.size and (codes.min() < 0 or codes.max() > len(self.letters)):
            raise ValueError(f"codes are 0 to {len(self.letters)}, not {codes.min()} to {codes.max()}.")
        return "".join(self.letters[code - 1] if code else "?" for code in codes)

    def _keys(self, codes, n):
        """One whole number for the n letters that end at each place (before the text stands 0)."""
        base, keys = len(self.letters) + 1, codes.astype(np.int64)
        for back in range(1, n):
            earlier = np.concatenate([np.zeros(back, np.int64), codes])[: len(codes)]
            keys = keys + earlier * base**back
        return keys
