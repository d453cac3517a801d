"""Vocabularies: order, special items, there and back, letters, and what is refused."""

import numpy as np
import pytest

from dlcourse.text import Vocabulary, encode_characters

SENTENCES = [["b", "a", "b"], ["c", "a", "b"]]


def test_the_most_frequent_come_first_and_equals_in_order():
    assert Vocabulary.from_sequences(SENTENCES).items == ("[PAD]", "[UNK]", "b", "a", "c")
    assert Vocabulary.from_sequences([["z", "y"]]).items[2:] == ("y", "z")
    assert Vocabulary.from_sequences(["abca"], specials=["<s>"]).items == ("[PAD]", "[UNK]", "<s>", "a", "b", "c")


def test_rare_items_and_those_beyond_the_size_are_left_out():
    assert Vocabulary.from_sequences(SENTENCES, min_count=2).items[2:] == ("b", "a")
    assert Vocabulary.from_sequences(SENTENCES, max_size=3).items == ("[PAD]", "[UNK]", "b")


def test_numbers_there_and_back():
    words = Vocabulary.from_sequences(SENTENCES)
    ids = words.encode(["a", "never", "c"])
    np.testing.assert_array_equal(ids, [3, 1, 4])
    assert ids.dtype == np.int32
    assert words.decode([3, 1, 4, 0, 0]) == ["a", "[UNK]", "c"]
    assert words.encode([]).shape == (0,)
    assert words.decode([]) == []
    assert (len(words), "a" in words, "never" in words, words.number("b")) == (5, True, False, 2)


def test_classes_have_neither_padding_nor_unknown():
    tags = Vocabulary(("N", "V"), padding=None, unknown=None)
    np.testing.assert_array_equal(tags.encode(["V", "N"]), [1, 0])
    assert tags.decode([0, 1]) == ["N", "V"]
    with pytest.raises(ValueError, match="the vocabulary has no 'X', and no item for unknown ones"):
        tags.encode(["X"])


@pytest.mark.parametrize("ids", [[5], [0, -1]])
def test_a_number_that_is_none_is_refused(ids):
    with pytest.raises(ValueError, match="the numbers here are 0 to 4"):
        Vocabulary.from_sequences(SENTENCES).decode(ids)


def test_vocabularies_that_are_none_are_refused():
    with pytest.raises(ValueError, match="items has 'a' twice"):
        Vocabulary(("a", "b", "a"), padding=None, unknown=None)
    with pytest.raises(ValueError, match="unknown is '\\[UNK\\]', which is not among the items"):
        Vocabulary(("[PAD]", "b"))
    with pytest.raises(ValueError, match="sequences holds '\\[PAD\\]', which is a special item"):
        Vocabulary.from_sequences([["[PAD]"]])
    with pytest.raises(ValueError, match="min_count is a whole number from 1, not 0"):
        Vocabulary.from_sequences(SENTENCES, min_count=0)
    with pytest.raises(ValueError, match="max_size is None or a whole number from 2"):
        Vocabulary.from_sequences(SENTENCES, max_size=1)


def test_long_words_keep_both_ends():
    letters = Vocabulary.from_sequences(["abcdefg"])
    table = encode_characters(["ab", "abcdefg", ""], letters, 4)
    assert [letters.decode(row) for row in table] == [["a", "b"], ["a", "b", "f", "g"], []]
    assert table.shape == (3, 4)
    assert table.dtype == np.int32
    assert [letters.decode(row) for row in encode_characters(["abcdefg"], letters, 5)] == [list("abefg")]
    assert encode_characters([], letters, 4).shape == (0, 4)


def test_letters_need_a_width_and_a_padding():
    with pytest.raises(ValueError, match="width is a whole number from 2, not 1"):
        encode_characters(["a"], Vocabulary.from_sequences(["a"]), 1)
    with pytest.raises(ValueError, match="vocabulary has no padding as its number 0"):
        encode_characters(["a"], Vocabulary(("a",), padding=None, unknown=None), 3)
