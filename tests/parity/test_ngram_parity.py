"""NGram against the equation of Witten and Bell as a recursion over dictionaries, on random texts."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from dlcourse.scratch import NGram


def naive(text, order, letters):
    """P(c | s) as a function, computed as it is written."""
    followers = defaultdict(Counter)
    for n in range(order):
        for i in range(n, len(text)):
            followers[text[i - n : i]][text[i]] += 1

    def P(c, s):  # noqa: N802  as in the equation
        shorter = P(c, s[1:]) if s else 1 / len(letters)
        seen = followers.get(s)
        if seen is None:
            return shorter
        return (seen[c] + len(seen) * shorter) / (sum(seen.values()) + len(seen))

    return P


@pytest.mark.parametrize("seed", range(40))
def test_equal_to_the_recursion(seed):
    rng = np.random.default_rng(seed)
    alphabet = "abcdefgh"[: rng.integers(2, 9)]
    order, length = int(rng.integers(1, 7)), int(rng.integers(1, 200))
    text, other = ("".join(rng.choice(list(alphabet), n)) for n in (length, 60))
    model = NGram(order, alphabet).fit(text)
    P = naive(text, order, alphabet)
    wanted = [P(other[i], other[max(0, i - order + 1) : i]) for i in range(len(other))]
    np.testing.assert_allclose(2 ** model.log2(other), wanted, rtol=1e-12)
    wanted = [P(c, other[len(other) - order + 1 :]) for c in model.letters]
    np.testing.assert_allclose(model.probabilities(other), wanted, rtol=1e-12)
