"""The residual block: the contract, and what the shortcut does to its answers and its gradient."""

import keras
import numpy as np
import pytest
from contract import as_array, broken_promises, inputs

from dlcourse.layers import ResidualBlock


@pytest.mark.parametrize(
    ("settings", "shape", "output_shape", "trainable"),
    [
        ({"filters": 3}, (2, 6, 6, 3), (2, 6, 6, 3), 6),
        ({"filters": 5, "stride": 2}, (2, 7, 6, 3), (2, 4, 3, 5), 9),
        ({"filters": 3, "shortcut": False, "batch_norm": False}, (2, 6, 6, 3), (2, 6, 6, 3), 4),
        ({"filters": 4, "preactivation": True}, (2, 6, 6, 3), (2, 6, 6, 4), 7),
    ],
    ids=["identity", "projection", "plain, no normalisation", "preactivation"],
)
def test_it_keeps_the_contract(settings, shape, output_shape, trainable):
    assert broken_promises(ResidualBlock, settings, shape, output_shape=output_shape, trainable=trainable) == []


def silent(**settings):
    """A block whose convolutions give nothing, so that only the shortcut is left."""
    block = ResidualBlock(3, batch_norm=False, **settings)
    x = inputs((2, 5, 5, 3))
    block(x)
    block.set_weights([np.zeros_like(w) for w in block.get_weights()])
    return block, x


def test_the_identity_path_carries_the_input():
    block, x = silent()
    np.testing.assert_allclose(as_array(block(x)), np.maximum(x, 0))
    block, x = silent(preactivation=True)
    np.testing.assert_allclose(as_array(block(x)), x)
    block, x = silent(shortcut=False)
    assert not as_array(block(x)).any()


def test_the_same_sums_as_keras_layers_put_together_by_hand():
    block, x = ResidualBlock(4, stride=2), inputs((3, 7, 7, 2))
    block(x)
    rng = np.random.default_rng(0)
    block.set_weights([rng.uniform(0.5, 1.5, w.shape) for w in block.get_weights()])
    kernels = {layer.name: layer.get_weights()[0] for layer in (*block.convolutions, block.projection)}

    def convolved(x, name, stride):
        return as_array(keras.ops.conv(x, kernels[name], stride, padding="same"))

    def normalised(x, norm):
        gamma, beta, mean, variance = norm.get_weights()
        return gamma * (x - mean) / np.sqrt(variance + norm.epsilon) + beta

    inside = np.maximum(normalised(convolved(x, "first", 2), block.norms[0]), 0)
    inside = normalised(convolved(inside, "second", 1), block.norms[1])
    straight = normalised(convolved(x, "projection", 2), block.projection_norm)
    np.testing.assert_allclose(as_array(block(x)), np.maximum(inside + straight, 0), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("name", "value"), [("filters", 0), ("filters", 2.5), ("stride", True)])
def test_bad_arguments(name, value):
    with pytest.raises(ValueError, match=f"{name} is a whole number from 1"):
        ResidualBlock(**{"filters": 3, name: value})
