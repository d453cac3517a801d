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
    """Lengths of input and kernel, and stride, an axis each.

    Every second one takes an axis from the edge cases; of every tenth the input is a single pixel.
    """
    rng = np.random.default_rng(seed)
    most = {1: 30, 2: 12, 3: 7}[d]
    axes = [(rng.integers(1, most), rng.integers(1, 6), rng.integers(1, 5)) for _ in range(d)]
    if seed % 2:
        axes[rng.integers(d)] = EDGES[seed // 2 % len(EDGES)]
    if seed % 10 == 4:
        axes = [(1, k, s) for _, k, s in axes]
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


# What has to be among the cases that are compared: lengths of input and kernel, strides, channels -> whether it is.
KINDS = {
    "kernel larger than the input": lambda n, k, s, channels: any(np.array(k) > n),
    "stride larger than the kernel": lambda n, k, s, channels: any(np.array(s) > k),
    "one pixel": lambda n, k, s, channels: set(n) == {1},
    "one channel": lambda n, k, s, channels: channels == 1,
}


def cases(d, seen, number=200, volumes_compiled=3):
    """Random cases until `number` of them can be compared, counted by kind; between them those that must be refused.

    Where TensorFlow has to be compiled, which takes long, only the first three are asked.
    """
    seen.update(dict.fromkeys(("same", "valid", "refused", "compiled", *KINDS), 0))
    for seed in itertools.count():
        if seen["same"] + seen["valid"] >= number:
            return
        rng, n, k, s = shapes(d, seed)
        s, padding = even_stride(s), ("same", "valid")[seed // 2 % 2]
        batch, channels = (int(count) for count in rng.integers(1, 4, 2))
        refused, compiled = padding == "valid" and np.any(np.array(k) > n), misplaced(n, k, s, padding)
        seen["refused" if refused else "compiled" if compiled else padding] += 1
        if not refused and not compiled:
            seen.update({name: seen[name] + bool(holds(n, k, s, channels)) for name, holds in KINDS.items()})
        if not compiled or seen["compiled"] <= volumes_compiled:
            yield rng, (batch, *n, channels), k, s, padding, refused, compiled


def assert_all_kinds(seen):
    assert seen["same"] + seen["valid"] == 200
    assert min(seen.values() if seen["compiled"] else (seen[kind] for kind in seen if kind != "compiled")) >= 10, seen


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
    modes, kinds = set(), dict.fromkeys(KINDS, 0)
    for seed in range(200):
        rng, n, k, s = shapes(d, seed)
        kinds = {name: kinds[name] + bool(holds(n, k, s, 1)) for name, holds in KINDS.items()}
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
    assert min(kinds.values()) >= 10


def stretched(dz, stride):
    """The values of dz (*places) with stride - 1 zeros between them: where the kernel stood."""
    wide = np.zeros([(length - 1) * step + 1 for length, step in zip(dz.shape, stride, strict=True)])
    wide[tuple(slice(None, None, step) for step in stride)] = dz
    return wide


@pytest.mark.parametrize("d", [1, 2, 3])
def test_gradients_equal_scipy_with_unequal_strides(d):
    """TensorFlow refuses some of these strides. The input's gradient is a convolution, the kernel's a correlation."""
    seen = {}
    for seed in range(200):
        rng, n, k, s = shapes(d, seed)
        padding = "full" if np.any(np.array(k) > n) else ("full", "valid")[seed % 2]
        seen[padding, len(set(s)) > 1] = seen.get((padding, len(set(s)) > 1), 0) + 1
        x, kernel = rng.normal(size=n), rng.normal(size=k)
        margins = [length - 1 if padding == "full" else 0 for length in k]
        padded = np.pad(x, [(margin, margin) for margin in margins])
        dz = rng.normal(size=correlate(x, kernel, stride=s, padding=padding).shape)
        wide = stretched(dz, s)
        met = signal.convolve(wide, kernel, "full", method="direct")  # the rest was under no kernel
        dx = np.pad(met, [(0, m - length) for m, length in zip(padded.shape, met.shape, strict=True)])
        dx = dx[tuple(slice(margin, margin + length) for margin, length in zip(margins, n, strict=True))]
        dk = signal.correlate(padded[tuple(map(slice, met.shape))], wide, "valid", method="direct")
        X, W, dZ = x[None, ..., None], kernel[..., None, None], dz[None, ..., None]
        ours = conv_backward(dZ, X, W, stride=s, padding=padding)
        np.testing.assert_allclose(ours[0][0, ..., 0], dx, **TOLERANCE)
        np.testing.assert_allclose(ours[1][..., 0, 0], dk, **TOLERANCE)
        np.testing.assert_allclose(ours[2], [dz.sum()], **TOLERANCE)
    assert d == 1 or min(seen["full", True], seen["valid", True]) > 10


@pytest.mark.parametrize("d", [1, 2, 3])
def test_pooling_equals_scipy_filters(d):
    compared = 0
    for seed in itertools.count():
        rng, n, k, s = shapes(d, seed)
        if np.any(np.array(k) > n):
            continue
        x = rng.normal(size=n)
        # A filter's window of length k begins k // 2 before its place.
        at = tuple(slice(c // 2, c // 2 + m - c + 1, step) for m, c, step in zip(n, k, s, strict=True))
        for ours, theirs in ((max_pool, ndimage.maximum_filter), (average_pool, ndimage.uniform_filter)):
            z = ours(x[None, ..., None], k, stride=s)[0, ..., 0]
            np.testing.assert_allclose(z, theirs(x, k, mode="nearest")[at], **TOLERANCE)
        compared += 1
        if compared == 200:
            break


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_layer_equals_keras_in_output_and_all_gradients(d):
    seen = {}
    for rng, shape, k, s, padding, refused, compiled in cases(d, seen):
        filters = rng.integers(1, 4)
        X, W = rng.normal(size=shape), rng.normal(size=(*k, shape[-1], filters))
        b = rng.normal(size=filters)
        if refused:
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
    assert_all_kinds(seen)


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
    """Both are homogeneous, so that Σ X dX = Σ Z dZ, which TensorFlow's gradient of averages breaks at times.

    There ours is held against what Keras's pooling, which is linear, does forwards: Σ V dX = Σ pool(V) dZ for any V.
    """
    forward, backward, theirs = POOLS[kind]
    wrong, seen = [], {}
    for rng, shape, k, s, padding, refused, compiled in cases(d, seen, volumes_compiled=1):
        X = rng.normal(size=shape)
        if refused:
            with pytest.raises(ValueError, match="kernel"):
                forward(X, k, stride=s, padding=padding)
            continue
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
            wrong.append((kind, padding))
            V = rng.normal(size=(3, *X.shape)).astype(X.dtype)
            forwards = [np.sum(pool(tf.constant(v)) * dZ) for v in V]
            np.testing.assert_allclose([np.sum(v * ours) for v in V], forwards, rtol=1e-4, atol=1e-4)
    assert_all_kinds(seen)
    assert set(wrong) <= {("average", "same")}
    assert len(wrong) < 20


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
