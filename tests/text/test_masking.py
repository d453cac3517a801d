"""Words hidden from a model: how many, which, and what stands in their place."""

import numpy as np
import pytest

from dlcourse.text import mask_words

TOKENS = np.random.default_rng(0).integers(0, 50, size=(400, 60))
HOW = {"mask": 4, "vocabulary": 50, "special": (0, 2, 3)}


def test_shares_are_those_of_the_paper():
    hidden, chosen = mask_words(TOKENS, 1, **HOW)
    free = ~np.isin(TOKENS, [0, 2, 3, 4])
    assert chosen[free].mean() == pytest.approx(0.15, abs=0.01)
    assert (hidden[chosen] == 4).mean() == pytest.approx(0.8, abs=0.02)
    assert (hidden[chosen] == TOKENS[chosen]).mean() == pytest.approx(0.1 + 0.1 / 46, abs=0.02)


def test_special_words_are_neither_chosen_nor_put_in():
    hidden, chosen = mask_words(TOKENS, 1, **HOW, share=1.0)
    assert not chosen[np.isin(TOKENS, [0, 2, 3, 4])].any()
    assert chosen[~np.isin(TOKENS, [0, 2, 3, 4])].all()
    np.testing.assert_array_equal(np.isin(hidden, [0, 2, 3]), np.isin(TOKENS, [0, 2, 3]))
    np.testing.assert_array_equal(hidden[~chosen], TOKENS[~chosen])


def test_a_seed_repeats_and_a_generator_goes_on():
    rng = np.random.default_rng(7)
    first, again = (mask_words(TOKENS, 7, **HOW)[1] for _ in range(2))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(mask_words(TOKENS, rng, **HOW)[1], first)
    assert (mask_words(TOKENS, rng, **HOW)[1] != first).any()


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"share is a number from 0 to 1, not 1\.5"):
        mask_words(TOKENS, 0, **HOW, share=1.5)
    with pytest.raises(ValueError, match="there is no word but those of special and mask"):
        mask_words(TOKENS, 0, mask=1, vocabulary=2)
