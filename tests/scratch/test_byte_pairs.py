"""Byte-pair encoding by hand: what it learns, how it cuts, and back. Equality with `tokenizers` is in tests/parity."""

import re

import numpy as np
import pytest

from dlcourse.scratch import BytePairs, learn_merges, merge_pair
from dlcourse.scratch.byte_pairs import WORDS

TEXT = "low low low low low lower lower newest newest newest newest newest newest widest widest widest\n"


def test_the_example_of_the_paper():
    merges = learn_merges({"low": 5, "lower": 2, "newest": 6, "widest": 3}, 14)
    assert merges[:2] == [("e", "s"), ("es", "t")]
    assert ("l", "o") in merges[:4]


@pytest.mark.parametrize(
    ("parts", "pair", "wanted"),
    [
        ("abab", ("a", "b"), ["ab", "ab"]),
        ("aaa", ("a", "a"), ["aa", "a"]),
        ("ab", ("b", "a"), ["a", "b"]),
        ("", ("a", "b"), []),
    ],
)
def test_one_merge(parts, pair, wanted):
    assert merge_pair(list(parts), pair) == wanted


def test_a_count_outweighs_an_order():
    assert learn_merges({"ab": 1, "cd": 2}, 5) == [("c", "d")]
    assert learn_merges({"ab": 2, "cd": 2}, 5) == [("a", "b")]  # among equals the older letters


def test_it_ends_when_words_are_pieces():
    assert learn_merges({"ab": 1}, 100) == [("a", "b")]


def test_a_text_comes_back():
    strange = "zz lowest  wide,\n\n"
    pairs = BytePairs.learn(TEXT, 24, "z,")
    for text in (TEXT, strange, ""):
        assert pairs.decode(pairs.encode(text)) == text
        assert pairs.decode(pairs.encode(text, 0.4, seed=1)) == text
    assert len(pairs) == 24
    assert pairs.encode(TEXT).dtype == np.int32
    assert len(pairs.encode(TEXT)) < len(TEXT) / 2


def test_the_words_are_the_whole_text():
    text = " A1 b-c  d\n\ne\t?! 42nd"
    assert "".join(re.findall(WORDS, text)) == text


def test_dropout_cuts_at_random_and_finer():
    pairs = BytePairs.learn(TEXT, 30)
    usual = pairs.encode(TEXT)
    one, same, other = (pairs.encode(TEXT, 0.5, seed, stretch=3) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert len(one) > len(usual)
    assert one.tolist() != other.tolist()
    np.testing.assert_array_equal(pairs.encode(TEXT), usual)  # the usual cuts are not forgotten
    assert len(pairs.encode(TEXT, 1.0)) == len(TEXT)


def test_what_it_refuses():
    pairs = BytePairs.learn(TEXT, 20)
    with pytest.raises(ValueError, match="the letter 'ü', which is not in the alphabet"):
        pairs.encode("low ü")
    with pytest.raises(ValueError, match="numbers are 0 to 19, not 0 to 20"):
        pairs.decode([0, 20])
    with pytest.raises(ValueError, match="dropout is a share"):
        pairs.encode("low", 1.5)
    with pytest.raises(ValueError, match="pieces is a whole number from that of the letters, 2"):
        learn_merges({"ab": 1}, 1)
    with pytest.raises(ValueError, match="how often each word occurs"):
        learn_merges({"ab": 0}, 5)
