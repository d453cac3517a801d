"""NGram: counting, smoothing, what it refuses. Equality with a naive recursion is in tests/parity."""

import numpy as np
import pytest

from dlcourse.scratch import NGram

TEXT = "how much wood would a woodchuck chuck if a woodchuck could chuck wood"


@pytest.mark.parametrize("context", ["", "w", "wo", "chuck", "a woodchuck", "zzz", "qwo"])
def test_probabilities_sum_to_one(context):
    P = NGram(4, "qz").fit(TEXT).probabilities(context)
    assert P.sum() == pytest.approx(1, abs=1e-12)
    assert (P > 0).all()


def test_one_context_by_hand():
    model = NGram(2).fit("aab")  # a after a once, b after a once
    unigram = (2 + 2 / 2) / (3 + 2)  # N(a) = 2 of 3, T = 2, and half of the rest
    assert model.probabilities("")[0] == pytest.approx(unigram)
    assert model.probabilities("a")[0] == pytest.approx((1 + 2 * unigram) / (2 + 2))
    assert model.probabilities("b")[0] == pytest.approx(unigram)  # b was the end: nothing followed it


def test_log2_is_the_log_of_the_probabilities():
    model = NGram(3).fit(TEXT)
    told = model.log2(TEXT, first=5)
    by_one = [np.log2(model.probabilities(TEXT[:i])[model.letters.index(TEXT[i])]) for i in range(5, len(TEXT))]
    np.testing.assert_allclose(told, by_one, atol=1e-12)
    np.testing.assert_allclose(model.log2(TEXT)[5:], told, atol=1e-12)
    assert model.bits(TEXT, 5) == pytest.approx(-np.mean(by_one))


def test_a_longer_context_helps_where_it_was_seen():
    assert NGram(5).fit(TEXT).bits(TEXT) < NGram(2).fit(TEXT).bits(TEXT) < NGram(1).fit(TEXT).bits(TEXT)


def test_what_is_sampled_goes_on_from_the_context():
    model = NGram(4).fit(TEXT)
    assert model.sample("wood", 20, seed=1) == model.sample("wood", 20, seed=1)
    assert model.sample("wood", 20).startswith("wood")
    assert len(model.sample("wood", 20)) == 24


@pytest.mark.parametrize("order", [0, 1.5, True])
def test_an_order_that_is_none(order):
    with pytest.raises(ValueError, match="order is a whole number from 1"):
        NGram(order)


def test_what_it_refuses():
    with pytest.raises(ValueError, match="call fit"):
        NGram(2).bits("abc")
    with pytest.raises(ValueError, match="text is empty"):
        NGram(2).fit("")
    with pytest.raises(ValueError, match="too high for 3 letters"):
        NGram(60).fit("abc")
    with pytest.raises(ValueError, match="the letter 'z', which"):
        NGram(2).fit(TEXT).bits("wooz")
    with pytest.raises(ValueError, match="first is from 0 to below the text's 3 letters, not 3"):
        NGram(2).fit("abc").log2("abc", first=3)
