"""The residual block by hand against the layer, outputs and gradients of inputs and weights, over random cases."""

import keras
import numpy as np
import pytest

from dlcourse.layers import ResidualBlock
from dlcourse.scratch import check_gradient, residual_backward, residual_forward

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="gradients by TensorFlow's tape")


def drawn(rng):
    """A block of random shape and its input: (X, weights, stride, shortcut)."""
    channels, stride = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    filters = channels if rng.random() < 0.5 else int(rng.integers(1, 5))
    X = rng.normal(size=(rng.integers(1, 4), *rng.integers(1, 9, 2), channels))
    weights = {"W1": rng.normal(size=(3, 3, channels, filters)), "b1": rng.normal(size=filters)}
    weights |= {"W2": rng.normal(size=(3, 3, filters, filters)), "b2": rng.normal(size=filters)}
    shortcut = bool(rng.random() < 0.8)
    if shortcut and (stride > 1 or filters != channels):
        weights |= {"Wp": rng.normal(size=(1, 1, channels, filters)), "bp": rng.normal(size=filters)}
    return X, weights, stride, shortcut


@pytest.mark.parametrize("seed", range(60))
def test_equal_to_the_layer(seed):
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    X, weights, stride, shortcut = drawn(rng)
    block = ResidualBlock(len(weights["b1"]), stride, shortcut=shortcut, batch_norm=False, dtype="float64")
    block.build(X.shape)
    pairs = {"1": block.first, "2": block.second} | ({"p": block.projection} if "Wp" in weights else {})
    for end, layer in pairs.items():
        layer.set_weights([weights[f"W{end}"], weights[f"b{end}"]])
    inputs = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        answer = block(inputs)
        direction = rng.normal(size=answer.shape)
        cost = tf.reduce_sum(answer * direction)
    layers = [layer for layer in pairs.values() for layer in (layer.kernel, layer.bias)]
    theirs = tape.gradient(cost, [inputs, *layers])
    kept = residual_forward(X, weights, stride=stride, shortcut=shortcut)
    dX, gradients = residual_backward(direction, kept)
    np.testing.assert_allclose(kept.Y, answer, atol=1e-10)
    for ours, each in zip([dX, *gradients.values()], theirs, strict=True):
        np.testing.assert_allclose(ours, each, atol=1e-9)


def test_the_gradient_is_that_of_finite_differences():
    rng = np.random.default_rng(0)
    weights = {"W1": rng.normal(size=(3, 3, 2, 2)), "b1": rng.normal(size=2)}
    weights |= {"W2": rng.normal(size=(3, 3, 2, 2)), "b2": rng.normal(size=2)}
    X = rng.normal(size=(1, 3, 4, 2))

    def gradient(x):
        return residual_backward(np.ones(x.shape), residual_forward(x, weights))[0]

    assert check_gradient(lambda x: residual_forward(x, weights).Y.sum(), gradient, X).error < 1e-6


def test_what_does_not_fit_is_named():
    weights = {"W1": np.ones((3, 3, 2, 4)), "b1": np.ones(4), "W2": np.ones((3, 3, 4, 4)), "b2": np.ones(4)}
    X = np.ones((1, 5, 5, 2))
    with pytest.raises(ValueError, match=r"X \(1, 5, 5, 2\) cannot be added to F\(X\) \(1, 5, 5, 4\): .* a projection"):
        residual_forward(X, weights)
    with pytest.raises(ValueError, match=r"dY must have Y's shape \(1, 5, 5, 4\); it has \(5, 5\)"):
        residual_backward(np.ones((5, 5)), residual_forward(X, weights, shortcut=False))
