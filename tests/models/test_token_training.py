"""Training on pieces of words, and the probabilities a model of them gives."""

import keras
import numpy as np
import pytest

from dlcourse.models import GPT, TokenTraining, token_log2

TEXT = np.tile(np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], "int32"), 60)


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    gpt = GPT(11, 16, 16, 1, 2)
    gpt.build()
    return gpt


def training(model, numbers=TEXT, **how):
    settings = {"window": 16, "batch_size": 8, "warm_up": 10, "rate": 1e-2}
    settings["jit_compile"] = keras.backend.backend() == "jax"
    return TokenTraining(model, numbers, **settings | how)


@pytest.mark.slow
def test_it_learns_and_reports(model):
    seen, run = [], training(model)
    losses = run.run(100, report=lambda *what: seen.append(what)) + run.run(20, fall=True)
    assert len(losses) == run.done == 120
    assert [step for step, _ in seen] == [100]
    assert np.mean(losses[-10:]) < 0.3 * losses[0]
    assert -token_log2(model, TEXT, window=16, before=8).mean() < 1


def test_the_rate_rises_stays_and_falls(model):
    run, rates = training(model), []
    for fall in [False] * 12 + [True]:
        run.run(3 if fall else 1, fall=fall)
        rates.append(float(run.model.optimizer.learning_rate.numpy()))
    np.testing.assert_allclose(rates[:10], 1e-2 * np.arange(1, 11) / 10, rtol=1e-5)
    np.testing.assert_allclose(rates[10:], [1e-2, 1e-2, 1e-2 / 3], rtol=1e-5)


def test_a_pass_takes_each_window_once_and_asks_for_the_next(model):
    batches = training(model, np.arange(720))._batches
    drawn = [next(batches) for _ in range(43 // 8)]
    starts = np.concatenate([x[:, 0] for x, _ in drawn])
    assert len(set(starts.tolist())) == len(starts)
    assert len(set((starts % 16).tolist())) == 1
    for x, y in drawn:
        np.testing.assert_array_equal(y, x + 1)


def test_every_pass_may_cut_the_text_anew(model):
    asked = []

    def cut(a_pass):
        asked.append(a_pass)
        return TEXT[: 600 - 100 * a_pass]

    batches = training(model, cut)._batches
    for _ in range(10):
        next(batches)
    assert asked == [0, 1, 2]


def test_the_seed_decides_the_windows(model):
    one, same, other = (next(training(model, seed=seed)._batches)[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_no_decay_of_biases(model):
    run = training(model)
    run.run(1)
    decayed = {v.path for v in model.trainable_variables if run.model.optimizer._use_weight_decay(v)}
    assert not [path for path in decayed if path.endswith(("bias", "gamma", "beta"))]
    assert [path for path in decayed if path.endswith("kernel")]


def test_matrices_by_muon_and_the_rest_by_adam(model):
    run = training(model)
    run.run(1)
    by_adam = {v.path for v in model.trainable_variables if run.model.optimizer._should_use_adamw(v)}
    assert {path.split("/")[-2] for path in by_adam if path.endswith("embeddings")} == {"words", "positions"}
    others = [v.path for v in model.trainable_variables if v.path not in by_adam]
    assert others
    assert all(path.endswith("kernel") for path in others)


def test_log2_of_one_window_is_the_softmax(model):
    numbers = TEXT[:17]
    told = token_log2(model, numbers, window=16, before=0)
    scores = keras.ops.convert_to_numpy(keras.ops.softmax(model(numbers[None, :16])))[0]
    np.testing.assert_allclose(told, np.log2(scores[np.arange(16), numbers[1:]]), rtol=1e-4)


def test_too_short_a_text_is_refused(model):
    with pytest.raises(ValueError, match="numbers has 100 tokens, fewer than one batch"):
        training(model, TEXT[:100]).run(1)
    with pytest.raises(ValueError, match="first is from 1"):
        token_log2(model, TEXT, first=0)
