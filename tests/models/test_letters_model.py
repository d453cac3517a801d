"""The character model: shapes, causality, training by steps, and the probabilities it is judged by."""

import keras
import numpy as np
import pytest

from dlcourse.models import CharacterTraining, character_model, letter_log2
from dlcourse.text import Grams

TEXT = "the quick brown fox jumps over the lazy dog; " * 40


@pytest.fixture(scope="module")
def grams():
    return Grams.of(TEXT, (20, 20))


@pytest.fixture
def model(grams):
    keras.utils.set_random_seed(0)
    return character_model(grams.counts, units=24, vector_size=8)


def test_no_letter_sees_those_after_it(model, grams):
    x = grams.encode(TEXT[:30])[None]
    changed = x.copy()
    changed[0, 20:] = 1
    before, after = (keras.ops.convert_to_numpy(model(each)) for each in (x, changed))
    assert before.shape == (1, 30, grams.counts[0])
    np.testing.assert_allclose(before[0, :20], after[0, :20], atol=1e-6)
    assert np.abs(before[0, 20:] - after[0, 20:]).max() > 1e-3


def test_it_learns_and_reports(model, grams):
    numbers = grams.encode(TEXT)
    training = CharacterTraining(model, numbers, window=16, batch_size=8, rate=1e-2)
    seen = []
    losses = training.run(100, report=lambda *what: seen.append(what)) + training.run(20, fall=True)
    assert np.mean(losses[-10:]) < 0.5 * losses[0]
    assert [step for step, _ in seen] == [100]
    assert training.done == 120


def test_a_pass_takes_each_window_once(model, grams):
    training = CharacterTraining(model, grams.encode(TEXT), window=16, batch_size=8)
    numbered = np.arange(len(TEXT))[:, None]
    training.numbers = numbered
    starts = np.concatenate([training.batch(step)[0][:, 0, 0] for step in range(training.steps_a_pass)])
    assert len(set(starts.tolist())) == len(starts)
    assert len(set((starts % 16).tolist())) == 1
    x, y = training.batch(0)
    np.testing.assert_array_equal(y, x[:, :, 0] + 1)


@pytest.mark.parametrize(("first", "window", "before"), [(1, 16, 0), (1, 32, 8), (100, 64, 32), (299, 16, 4)])
def test_log2_of_letters_is_that_of_the_windows(model, grams, first, window, before):
    numbers = grams.encode(TEXT[:300])
    told = letter_log2(model, numbers, first=first, window=window, before=before, batch_size=7)
    assert told.shape == (300 - first,)
    assert np.isfinite(told).all()
    assert (told < 0).all()


def test_log2_of_one_window_is_the_softmax(model, grams):
    numbers = grams.encode(TEXT[:50])
    told = letter_log2(model, numbers, window=64, before=8)
    scores = keras.ops.convert_to_numpy(keras.ops.softmax(model(numbers[None])))[0]
    wanted = np.log2(scores[np.arange(49), numbers[1:, 0]])
    np.testing.assert_allclose(told, wanted, rtol=1e-4)


def test_what_is_refused(model, grams):
    numbers = grams.encode(TEXT[:100])
    with pytest.raises(ValueError, match=r"counts\[1\] is a whole number from 1"):
        character_model((5, 0))
    with pytest.raises(ValueError, match="counts is empty"):
        character_model(())
    with pytest.raises(ValueError, match="units is a whole number"):
        character_model((5,), units=0)
    with pytest.raises(ValueError, match="dropout is from 0"):
        character_model((5,), dropout=1)
    with pytest.raises(ValueError, match="fewer than one batch"):
        CharacterTraining(model, numbers)
    with pytest.raises(ValueError, match="first is from 1"):
        letter_log2(model, numbers, first=100)
    with pytest.raises(ValueError, match="before is from 0"):
        letter_log2(model, numbers, window=16, before=16)
