"""The tagger: shapes, masks, directions, skips, and the arguments it refuses."""

import keras
import numpy as np
import pytest

import dlcourse.models
from dlcourse.models import tagger

SMALL = {"vector_size": 3, "width": 4, "filters": 5, "units": 6}


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def sentences(words=7, real=7):
    """Two sentences of `words` places, of which `real` are words."""
    rng = np.random.default_rng(0)
    x = {"vectors": rng.normal(size=(2, 7, 3)).astype(np.float32), "characters": rng.integers(1, 9, (2, 7, 4))}
    x = {name: part[:, :real] for name, part in x.items()}
    return {name: np.pad(part, ((0, 0), (0, words - real), (0, 0))) for name, part in x.items()}


def test_it_is_found_in_models():
    assert dlcourse.models.tagger is tagger


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [True, False])
def test_a_label_for_each_word(cell, bidirectional):
    model = tagger(4, 9, cell=cell, bidirectional=bidirectional, **SMALL)
    answer = model.predict_on_batch(sentences())
    assert answer.shape == (2, 7, 4)
    assert model.get_layer("logits").input.shape == (None, None, 12 if bidirectional else 6)


@pytest.mark.parametrize("depth", [1, 3])
def test_padding_changes_nothing(depth):
    model = tagger(4, 9, depth=depth, skips=True, **SMALL)
    alone, padded = model.predict_on_batch(sentences(5, 5)), model.predict_on_batch(sentences(9, 5))
    np.testing.assert_allclose(padded[:, :5], alone, atol=1e-6)


def test_padding_does_not_count_in_the_loss():
    model = tagger(4, 9, dropout=0.0, **SMALL)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    wanted = np.random.default_rng(1).integers(0, 4, (2, 5))
    alone = model.evaluate(sentences(5, 5), wanted, verbose=0)
    padded = model.evaluate(sentences(9, 5), np.pad(wanted, ((0, 0), (0, 4))), verbose=0)
    assert padded == pytest.approx(alone, rel=1e-5)


@pytest.mark.parametrize("bidirectional", [True, False])
def test_only_two_directions_know_what_comes(bidirectional):
    model, x = tagger(4, 9, bidirectional=bidirectional, **SMALL), sentences()
    before = model.predict_on_batch(x)
    x["vectors"][:, 4] += 1
    moved = np.abs(model.predict_on_batch(x) - before).max(axis=(0, 2)) > 1e-6
    assert moved.tolist() == [bidirectional] * 4 + [True] * 3


def test_a_skip_adds_the_input_of_a_layer():
    model = tagger(4, 9, depth=2, skips=True, dropout=0.0, **SMALL)
    upper = model.get_layer("both_ways_lstm_2")
    upper.set_weights([np.zeros_like(w) for w in upper.get_weights()])
    lower = tagger(4, 9, depth=1, dropout=0.0, **SMALL)
    for name in ("spelling", "both_ways_lstm_1", "logits"):
        lower.get_layer(name).set_weights(model.get_layer(name).get_weights())
    np.testing.assert_allclose(model.predict_on_batch(sentences()), lower.predict_on_batch(sentences()), atol=1e-6)


def test_it_learns_what_only_the_next_word_tells():
    rng = np.random.default_rng(0)
    x = {"vectors": rng.choice([-1.0, 1.0], (128, 5, 3)).astype(np.float32), "characters": np.ones((128, 5, 4), int)}
    y = np.roll(x["vectors"][:, :, 0] > 0, -1, axis=1).astype(int)
    model = tagger(2, 9, dropout=0.0, **SMALL)
    model.compile(keras.optimizers.Adam(0.03), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x, y, epochs=15, batch_size=32, verbose=0)
    right = (model.predict(x, verbose=0).argmax(-1) == y)[:, :-1].mean()
    assert right > 0.95


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"cell": "mlp"}, "cell is one of 'rnn', 'lstm', 'gru', not 'mlp'"),
        ({"dropout": 1.0}, "dropout is from 0 to below 1"),
        ({"depth": 0}, "depth is a whole number from 1"),
        ({"tags": 0}, "tags is a whole number from 1"),
    ],
)
def test_what_it_cannot_be_is_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        tagger(**{"tags": 4, "characters": 9, **settings})
