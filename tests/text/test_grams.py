"""Grams: letters, pairs and triples as numbers."""

import numpy as np
import pytest

from dlcourse.text import Grams

TEXT = "the cat sat on the mat; the rat sat."


def test_numbers_mean_the_same_everywhere():
    grams = Grams.of(TEXT, (5, 4))
    table = grams.encode(TEXT)
    assert table.shape == (len(TEXT), 3)
    assert table.dtype == np.int32
    for n in (1, 2, 3):
        meant = {}
        for end in range(n - 1, len(TEXT)):
            number = table[end, n - 1]
            if number:
                assert meant.setdefault(number, TEXT[end - n + 1 : end + 1]) == TEXT[end - n + 1 : end + 1]
        assert len(meant) == grams.counts[n - 1] - 1


def test_the_frequent_ones_have_numbers():
    grams = Grams.of(TEXT, (3,))
    kept = {TEXT[end - 1 : end + 1] for end, (_, pair) in enumerate(grams.encode(TEXT)) if pair}
    assert kept >= {"at"}
    assert len(kept) == 3


def test_unknown_letters_and_pairs_are_zero():
    grams = Grams.of("abab", (5,))
    np.testing.assert_array_equal(grams.encode("azb"), [[1, 0], [0, 0], [2, 0]])
    np.testing.assert_array_equal(grams.encode("ab")[:, 1] > 0, [False, True])


def test_text_and_back():
    grams = Grams.of(TEXT)
    assert grams.decode(grams.codes(TEXT)) == TEXT
    assert grams.decode(grams.codes("tüt")) == "t?t"
    assert grams.encode("").shape == (0, 1)


def test_what_is_refused():
    with pytest.raises(ValueError, match="text is empty"):
        Grams.of("")
    with pytest.raises(ValueError, match="sizes is at most six whole numbers"):
        Grams.of(TEXT, (0,))
    with pytest.raises(ValueError, match="codes are 0 to 3"):
        Grams.of("abc").decode([4])
