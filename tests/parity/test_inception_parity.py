"""The inception module against a forward and backward pass of its own, in SciPy and plain loops, in 64 bits."""

import keras
import numpy as np
import pytest
from scipy.ndimage import maximum_filter
from scipy.signal import convolve2d, correlate2d

from dlcourse.layers import InceptionBlock

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="gradients by TensorFlow's tape")
CASES = range(24)


def drawn(case):
    """A module with arguments drawn at random, in double precision, and an input and an output's gradient for it."""
    rng = np.random.default_rng(case)
    channels = rng.integers(0, 4, 4)
    channels[case % 4] += 1  # at least one branch
    reduced = [int(r) if c and r else None for c, r in zip(channels[1:3], rng.integers(0, 3, 2), strict=True)]
    block = InceptionBlock(
        *map(int, channels), three_reduced=reduced[0], five_reduced=reduced[1], factorised=bool(case % 3 == 0),
        dtype="float64",
    )  # fmt: skip
    X = rng.normal(size=(2, *rng.integers(1, 8, 2), rng.integers(1, 4)))
    block.build(X.shape)
    block.set_weights([rng.normal(size=w.shape) for w in block.weights])
    return block, X, rng.normal(size=(*X.shape[:3], int(channels.sum())))


def convolved(X, W, b):
    """SciPy's two-dimensional correlation, one picture, channel and filter at a time."""
    Z = np.empty((*X.shape[:3], W.shape[-1]))
    for m, f in np.ndindex(len(X), W.shape[-1]):
        Z[m, ..., f] = b[f] + sum(
            correlate2d(np.pad(X[m, ..., c], len(W) // 2), W[..., c, f], "valid") for c in range(X.shape[-1])
        )
    return Z


def convolved_back(dZ, X, W):
    """Its gradients: towards X a full convolution, cut; towards W the correlation of X with dZ."""
    p = len(W) // 2
    dX, dW = np.zeros_like(X), np.zeros_like(W)
    for m, c, f in np.ndindex(len(X), *W.shape[2:]):
        full = convolve2d(dZ[m, ..., f], W[..., c, f], "full")
        dX[m, ..., c] += full[p : p + X.shape[1], p : p + X.shape[2]]
        dW[..., c, f] += correlate2d(np.pad(X[m, ..., c], p), dZ[m, ..., f], "valid")
    return dX, dW, dZ.sum(axis=(0, 1, 2))


def pooled(X):
    return maximum_filter(X, size=(1, 3, 3, 1), mode="constant", cval=-np.inf)


def pooled_back(dZ, X):
    """Each window's gradient to its largest value, window by window."""
    dX = np.zeros_like(X)
    for m, i, j, c in np.ndindex(X.shape):
        top, left = max(i - 1, 0), max(j - 1, 0)
        window = X[m, top : i + 2, left : j + 2, c]
        y, x = np.unravel_index(window.argmax(), window.shape)
        dX[m, top + y, left + x, c] += dZ[m, i, j, c]
    return dX


def independent(block, X, dY):
    """The module's answer, dX, and the gradients of its weights in the block's order."""
    outputs, tapes = [], []
    for branch in block.branches:
        A, tape = X, []
        for layer in branch:
            weights = [np.asarray(w) for w in layer.get_weights()]
            Z = convolved(A, *weights) if weights else pooled(A)
            tape.append((A, weights, Z))
            A = np.maximum(Z, 0) if weights else Z
        outputs.append(A)
        tapes.append(tape)
    dX, gradients = np.zeros_like(X), []
    parts = np.split(dY, np.cumsum([A.shape[-1] for A in outputs])[:-1], axis=-1)
    for dA, tape in zip(parts, tapes, strict=True):
        towards, mine = dA, []
        for A, weights, Z in reversed(tape):
            if weights:
                towards, dW, db = convolved_back(towards * (Z > 0), A, weights[0])
                mine = [dW, db, *mine]
            else:
                towards = pooled_back(towards, A)
        dX += towards
        gradients += mine
    return np.concatenate(outputs, axis=-1), dX, gradients


@pytest.mark.parametrize("case", CASES)
def test_equal_to_scipy_in_outputs_and_gradients(case):
    import tensorflow as tf

    block, X, dY = drawn(case)
    inputs = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        Y = block(inputs)
    weights = [w.value for branch in block.branches for layer in branch for w in layer.weights]
    dX, *gradients = tape.gradient(Y, [inputs, *weights], output_gradients=tf.constant(dY))
    expected, expected_dX, expected_gradients = independent(block, X, dY)
    np.testing.assert_allclose(Y, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(dX, expected_dX, rtol=1e-9, atol=1e-9)
    for ours, theirs in zip(gradients, expected_gradients, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
