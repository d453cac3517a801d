"""A stack of cells in one loop: equal to layers on top of each other, with and without skips, masks included."""

import keras
import numpy as np
import pytest
from contract import as_array, is_registered

from dlcourse.layers import StackedCell

X = np.random.default_rng(0).normal(size=(3, 5, 2)).astype("float32")


def layer_by_layer(cell, x, skips, mask=None):
    """The same weights in as many LSTM layers."""
    for number, one in enumerate(cell.cells):
        layer = keras.layers.LSTM(cell.units, return_sequences=True)
        layer.build(x.shape)
        layer.set_weights(one.get_weights())
        y = as_array(layer(x, mask=mask))
        x = x + y if skips and number else y
    return x


@pytest.mark.parametrize("skips", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_it_is_layers_on_top_of_each_other(skips, masked):
    cell = StackedCell(4, 3, skips)
    mask = np.arange(5) < np.array([5, 3, 1])[:, None] if masked else None
    answer = as_array(keras.layers.RNN(cell, return_sequences=True)(X, mask=mask))
    expected = layer_by_layer(cell, X, skips, mask)
    real = mask if masked else np.ones((3, 5), bool)
    np.testing.assert_allclose(answer[real], expected[real], atol=1e-6)


def test_its_config_and_weights_make_a_twin():
    layer = keras.layers.RNN(StackedCell(4, 2, skips=True))
    answer = as_array(layer(X))
    twin = keras.layers.RNN.from_config(layer.get_config())
    twin.build(X.shape)
    twin.set_weights(layer.get_weights())
    np.testing.assert_allclose(as_array(twin(X)), answer, atol=1e-6)
    is_registered(StackedCell)


def test_it_reads_both_ways_and_learns():
    keras.utils.set_random_seed(0)
    layer = keras.layers.Bidirectional(keras.layers.RNN(StackedCell(3, 2), return_sequences=True))
    model = keras.Sequential([keras.Input((None, 2)), layer])
    assert model(X).shape == (3, 5, 6)
    model.compile("adam", "mse")
    before = [w.copy() for w in model.get_weights()]
    model.train_on_batch(X, np.ones((3, 5, 6)))
    assert all(np.abs(a - b).max() > 0 for a, b in zip(model.get_weights(), before, strict=True))


@pytest.mark.parametrize("settings", [{"units": 0, "depth": 1}, {"units": 2, "depth": 1.5}])
def test_sizes_that_are_none_are_refused(settings):
    with pytest.raises(ValueError, match="whole number"):
        StackedCell(**settings)
