"""Convolution and pooling by hand equal SciPy and Keras, outputs and gradients, on random shapes."""

import functools
import itertools

import numpy as np
import pytest
from scipy import ndimage, signal

from dlcourse.scratch import (
    average_pool,
    average_pool_backward,
    conv_backward,
    conv_forward,
    convolve,
    correlate,
    max_pool,
    max_pool_backward,
)

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

TOLERANCE = {"rtol": 1e-6, "atol": 1e-6}
LAYERS = {1: keras.layers.Conv1D, 2: keras.layers.Conv2D, 3: keras.layers.Conv3D}
POOLS = {
    "max": (max_pool, max_pool_backward, keras.ops.max_pool),
    "average": (average_pool, average_pool_backward, keras.ops.average_pool),
}
# Per axis: one pixel under a larger kernel; a kernel larger than the input; a stride larger than the kernel; both.
EDGES = [(1, 3, 1), (3, 5, 1), (2, 4, 3), (9, 2, 5), (7, 1, 3), (1, 1, 1), (1, 2, 4)]


def shapes(d, seed):
    """Lengths of input and kernel, and stride, an axis each; every second one takes an axis from the edge cases."""
    rng = np.random.default_rng(seed)
    most = {1: 30, 2: 12, 3: 7}[d]
    axes = [(rng.integers(1, most), rng.integers(1, 6), rng.integers(1, 5)) for _ in range(d)]
    if seed % 2:
        axes[rng.integers(d)] = EDGES[seed // 2 % len(EDGES)]
    n, k, s = (tuple(int(v) for v in values) for values in zip(*axes, strict=True))
    return rng, n, k, s


def even_stride(s):
    """TensorFlow refuses unequal strides in some gradients: the largest on all axes."""
    return (max(s),) * len(s)


def misplaced(n, k, s, padding):
    """Whether TensorFlow's own code for volumes on CPUs puts windows elsewhere than TensorFlow's rule says.

    With a stride so long that the last windows would need less than no padding it takes the negative half as it is and
    begins inside the input. In one and two dimensions, and compiled by XLA, it keeps to the rule.
    """
    axes = zip(n, k, s, strict=True)
    return (
        len(n) == 3 and padding == "same" and any((-(-m // step) - 1) * step + length < m for m, length, step in axes)
    )


def cases(d, seen, number=200, volumes_compiled=3):
    """Random cases, counted by kind; where TensorFlow has to be compiled, which takes long, the first three."""
    for seed in range(number):
        rng, n, k, s = shapes(d, seed)
        s, padding = even_stride(s), ("same", "valid")[seed // 2 % 2]
        refused, compiled = padding == "valid" and np.any(np.array(k) > n), misplaced(n, k, s, padding)
        seen["refused" if refused else "compiled" if compiled else padding] += 1
        if not compiled or seen["compiled"] <= volumes_compiled:
            yield rng, n, k, s, padding, compiled


def keras_convolution(x, w, b, **how):
    return keras.ops.conv(x, w, **how) + b


def values_and_gradients(function, inputs, rng, compiled):
    """What a function of Keras gives, a random gradient there, and what TensorFlow makes of it at the inputs."""

    def compute(*inputs, dz=None):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            z = function(*inputs)
        return z, tape.gradient(z, inputs, output_gradients=dz)

    compute = tf.function(compute, jit_compile=True) if compiled else compute
    inputs = tuple(map(tf.constant, inputs))
    dZ = rng.normal(size=compute(*inputs)[0].shape).astype(inputs[0].dtype.name)
    return dZ, *compute(*inputs, dz=tf.constant(dZ))


@pytest.mark.parametrize("d", [1, 2, 3])
def test_convolve_and_correlate_equal_scipy(d):
    modes = set()
    for seed in range(200):
        rng, n, k, s = shapes(d, seed)
        x, kernel = rng.normal(size=n), rng.normal(size=k)
        middle = [(length // 2, (length - 1) // 2) for length in k]
        every = tuple(slice(None, None, step) for step in s)
        for mode, padding in {"full": "full", "same": middle, "valid": "valid"}.items():
            if mode == "valid" and np.any(np.array(k) > n):
                continue  # SciPy lets the larger one stand still, whichever it is
            modes.add(mode)
            for ours, theirs in ((convolve, signal.convolve), (correlate, signal.correlate)):
                expected = theirs(x, kernel, mode, method="direct")[every]
                np.testing.assert_allclose(ours(x, kernel, stride=s, padding=padding), expected, **TOLERANCE)
        nearby = ndimage.correlate(x, kernel, mode="constant")
        np.testing.assert_allclose(correlate(x, kernel, padding=middle), nearby, **TOLERANCE)
    assert modes == {"full", "same", "valid"}


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_layer_equals_keras_in_output_and_all_gradients(d):
    seen = {"same": 0, "valid": 0, "refused": 0, "compiled": 0}
    for rng, n, k, s, padding, compiled in cases(d, seen):
        batch, channels, filters = rng.integers(1, 4, 3)
        X, W = rng.normal(size=(batch, *n, channels)), rng.normal(size=(*k, channels, filters))
        b = rng.normal(size=filters)
        if padding == "valid" and np.any(np.array(k) > n):
            with pytest.raises(ValueError, match="kernel"):
                conv_forward(X, W, b, stride=s, padding=padding)
            continue
        how = {"padding": padding, "stride": s}
        layer = functools.partial(keras_convolution, padding=padding, strides=s)
        dZ, z, gradients = values_and_gradients(layer, (X, W, b), rng, compiled)
        np.testing.assert_allclose(conv_forward(X, W, b, **how), z, **TOLERANCE)
        for ours, theirs in zip(conv_backward(dZ, X, W, **how), gradients, strict=True):
            np.testing.assert_allclose(ours, theirs, **TOLERANCE)
        np.testing.assert_allclose(correlate(X[0], W, **how) + b, z[0], **TOLERANCE)
    assert min(seen["same"], seen["valid"], seen["refused"]) > 10


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_keras_layer_is_a_cross_correlation(d, dtype):
    rng = np.random.default_rng(d)
    X, W, b = rng.normal(size=(2, *(6,) * d, 3)), rng.normal(size=(*(4,) * d, 3, 5)), rng.normal(size=5)
    layer = LAYERS[d](5, 4, padding="same", strides=2, dtype=dtype)
    layer.build(X.shape)
    layer.set_weights([W, b])
    ours = conv_forward(X.astype(dtype), W.astype(dtype), b.astype(dtype), stride=2, padding="same")
    assert ours.dtype == dtype
    np.testing.assert_allclose(ours, layer(X.astype(dtype)), rtol=1e-5, atol=1e-5 if dtype == "float32" else 1e-10)


@pytest.mark.parametrize(("kind", "d"), list(itertools.product(POOLS, [1, 2, 3])))
def test_pooling_equals_keras_in_output_and_gradient(kind, d):
    """Both are homogeneous, so that Σ X dX = Σ Z dZ: TensorFlow's gradient of averaged volumes breaks this at times."""
    forward, backward, theirs = POOLS[kind]
    wrong, seen = [], {"same": 0, "valid": 0, "refused": 0, "compiled": 0}
    for rng, n, k, s, padding, compiled in cases(d, seen, number=200 if d < 3 else 100, volumes_compiled=1):
        if padding == "valid" and np.any(np.array(k) > n):
            continue
        X = rng.normal(size=(rng.integers(1, 4), *n, rng.integers(1, 4)))
        if d == 3:  # TensorFlow pools volumes on CPUs in single precision only
            X = X.astype(np.float32)
        pool = functools.partial(theirs, pool_size=k, strides=s, padding=padding)
        dZ, z, (dX,) = values_and_gradients(pool, (X,), rng, compiled)
        np.testing.assert_allclose(forward(X, k, stride=s, padding=padding), z, **TOLERANCE)
        ours = backward(dZ, X, k, stride=s, padding=padding)
        np.testing.assert_allclose(np.sum(X * ours), np.sum(z * dZ), rtol=1e-4, atol=1e-4)
        if abs(np.sum(X * dX) - np.sum(z * dZ)) < 1e-4:
            np.testing.assert_allclose(ours, dX, **TOLERANCE)
        else:
            wrong.append((kind, d, padding))
    assert min(seen["same"], seen["valid"]) >= 10
    assert set(wrong) <= {("average", 3, "same")}
    assert len(wrong) < 5


@pytest.mark.parametrize("d", [1, 2])  # in three dimensions TensorFlow on CPUs gives it to all of them
def test_of_equal_largest_values_the_first_gets_the_gradient(d):
    rng = np.random.default_rng(d)
    X = rng.integers(0, 3, size=(3, *(9,) * d, 2)).astype(float)
    x = tf.Variable(X)
    with tf.GradientTape() as tape:
        z = keras.ops.max_pool(x, 3, strides=2, padding="same")
    dZ = rng.normal(size=z.shape)
    dX = tape.gradient(z, x, output_gradients=tf.constant(dZ))
    np.testing.assert_allclose(max_pool_backward(dZ, X, 3, stride=2, padding="same"), dX, **TOLERANCE)
