"""Sequences by rule: the answer is what the rule says, and it cannot be had from the nearest element."""

import numpy as np
import pytest

from dlcourse.data import sequence_tasks as tasks


def test_adding_marks_one_number_in_each_half():
    X, y = tasks.adding(np.random.default_rng(0), 500, 11)
    numbers, marks = X[..., 0], X[..., 1]
    assert (marks[:, :5].sum(1) == 1).all()
    assert (marks[:, 5:].sum(1) == 1).all()
    np.testing.assert_allclose(y, (numbers * marks).sum(1))
    assert y.var() == pytest.approx(1 / 6, rel=0.15)


def test_recall_asks_from_the_last_back():
    X, y = tasks.recall(np.random.default_rng(0), 3, 5)
    np.testing.assert_array_equal(y[:, 0], X[:, -1, 0] > 0)
    np.testing.assert_array_equal(y[:, -1], X[:, 0, 0] > 0)


def words_of(X, mask):
    return X.argmax(-1)[mask]


def test_the_subject_is_the_first_noun_of_the_sentence_or_after_the_comma():
    X, mask, y = tasks.agreement(np.random.default_rng(0), 300, 2)
    comma = tasks.WORDS - 1
    for x, kept, number in zip(X, mask, y, strict=True):
        words = words_of(x, kept)
        if comma in words:
            words = words[list(words).index(comma) + 1 :]
        nouns = words[words < 20]
        assert nouns[0] % 2 == number
        assert (nouns[1:] % 2 == 1 - number).all()
        assert len(nouns) == 3
    assert not X[~mask].any()
    assert 0.4 < y.mean() < 0.6


def test_like_a_language_most_subjects_have_nothing_behind_them():
    X, mask, y = tasks.agreement(np.random.default_rng(1), 1000)
    last = np.array([words[words < 20][-1] % 2 for words in map(words_of, X, mask)])
    assert 0.9 < (last == y).mean() < 0.99


@pytest.mark.parametrize("attractors", [-1, 9])
def test_too_many_attractors_are_refused(attractors):
    with pytest.raises(ValueError, match="attractors must be from 0 to 8"):
        tasks.agreement(np.random.default_rng(0), 2, attractors)


@pytest.mark.parametrize(("call", "name"), [((0, 5), "batch"), ((2, 1), "time"), ((2.5, 5), "batch")])
def test_bad_sizes(call, name):
    with pytest.raises(ValueError, match=f"{name} must be a whole number"):
        tasks.adding(np.random.default_rng(0), *call)
