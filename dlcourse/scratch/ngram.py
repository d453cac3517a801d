"""A language model that counts: how often each letter followed the letters before it, smoothed by Witten and Bell."""

import numbers

import numpy as np


class NGram:
    """Probabilities of the next letter c after a context s, from counts of all n-grams up to `order` letters.

        P(c | s) = (N(s c) + T(s) P(c | s′)) / (N(s) + T(s))

    N(s c) is how often c followed s, N(s) how often anything did, T(s) how many different letters did, and s′ is s
    without its first letter: the more kinds of letters a context was followed by, the more is left to the shorter one.
    A context never seen leaves everything to s′; below the empty context all letters are equally likely.

    Args:
        order: letters of the longest n-gram: the context has one less.
        letters: all letters there may be, besides those of the text that is counted.

    Raises:
        ValueError: an order below 1; one so high that the n-grams have no numbers in 64 bits.

    Source: Witten and Bell, "The zero-frequency problem" (1991), method C, interpolated.
    """

    def __init__(self, order: int, letters: str = ""):
        if isinstance(order, bool) or not isinstance(order, numbers.Integral) or order < 1:
            raise ValueError(f"order is a whole number from 1, not {order!r}.")
        self.order, self.letters = int(order), "".join(sorted(set(letters)))
        self._tables = []

    def fit(self, text: str) -> "NGram":
        """Count the n-grams of a text; what was counted before is forgotten. Returns itself.

        Raises:
            ValueError: an empty text.
        """
        if not text:
            raise ValueError("text is empty; there is nothing to count.")
        self.letters = "".join(sorted(set(text) | set(self.letters)))
        if len(self.letters) ** self.order >= 2**63:
            raise ValueError(f"order is {self.order}, too high for {len(self.letters)} letters; take a lower one.")
        codes, self._tables = self._codes(text), []
        for n in range(1, self.order + 1):
            grams, N_sc = np.unique(self._keys(codes, n)[n - 1 :], return_counts=True)
            contexts, first, T = np.unique(grams // len(self.letters), return_index=True, return_counts=True)
            N = np.add.reduceat(N_sc, first) if len(first) else np.zeros(0, np.int64)
            self._tables.append((grams, N_sc, contexts, N, T))
        return self

    def log2(self, text: str, first: int = 0) -> np.ndarray:
        """log2 P of each letter of a text from the `first` on, each after the letters before it in the text.

        Returns:
            `(len(text) - first,)` float64.

        Raises:
            ValueError: a letter the model does not know; a `first` outside the text; a model that has counted nothing.
        """
        if not 0 <= first < len(text):
            raise ValueError(f"first is from 0 to below the text's {len(text)} letters, not {first!r}.")
        start = max(0, first - self.order + 1)
        codes = self._codes(text[start:])
        P = np.full(len(codes), 1 / len(self.letters))
        for n in range(1, self.order + 1):
            P[n - 1 :] = self._next_order(n, self._keys(codes, n)[n - 1 :], P[n - 1 :])
        return np.log2(P[first - start :])

    def bits(self, text: str, first: int = 0) -> float:
        """Bits a letter: the mean of −log2 P from the `first` letter on."""
        return float(-self.log2(text, first).mean())

    def probabilities(self, context: str) -> np.ndarray:
        """P(c | context) for all c of `letters`, `(len(letters),)`; of the context only the end counts."""
        V, codes = len(self.letters), self._codes(context[max(0, len(context) - self.order + 1) :])
        P, c = np.full(V, 1 / V), np.arange(V)
        for n in range(1, len(codes) + 2):
            s = 0
            for code in codes[len(codes) - n + 1 :]:
                s = s * V + int(code)
            P = self._next_order(n, s * V + c, P)
        return P

    def sample(self, context: str, length: int, seed: int = 0) -> str:
        """The context and `length` letters more, each drawn by its probability."""
        rng, text = np.random.default_rng(seed), context
        for _ in range(length):
            P = self.probabilities(text)
            text += self.letters[rng.choice(len(P), p=P / P.sum())]
        return text

    def _next_order(self, n, keys, shorter):
        """P of n-grams from their keys and from the P of the n-grams without their first letter: the equation."""
        grams, counts, contexts, totals, kinds = self._tables[n - 1]
        N_sc = _looked_up(keys, grams, counts)
        N = _looked_up(keys // len(self.letters), contexts, totals)
        T = _looked_up(keys // len(self.letters), contexts, kinds)
        return np.where(N > 0, (N_sc + T * shorter) / np.maximum(N + T, 1), shorter)

    def _codes(self, text):
        """The places of letters in `letters`."""
        if not self.letters:
            raise ValueError("the model has counted nothing yet; call fit(text) first.")
        points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        table = np.frombuffer(self.letters.encode("utf-32-le"), np.uint32)
        place = np.minimum(np.searchsorted(table, points), len(table) - 1)
        if (table[place] != points).any():
            unknown = text[int(np.argmax(table[place] != points))]
            raise ValueError(f"text has the letter {unknown!r}, which the model has never seen; name it in letters.")
        return place.astype(np.int64)

    def _keys(self, codes, n):
        """One whole number for the n letters that end at each place; the first n − 1 are no n-grams."""
        keys, V = codes.copy(), len(self.letters)
        for back in range(1, n):
            keys[back:] += codes[:-back] * V**back
        return keys


def _looked_up(keys, known, values):
    """The values of keys, 0 for those not known; `known` rises."""
    if not len(known):
        return np.zeros(len(keys), np.int64)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[place] == keys, values[place], 0)
