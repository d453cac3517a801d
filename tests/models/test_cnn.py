"""The plain convolutional network: its counts, its answers by hand, and the arguments it refuses."""

import keras
import numpy as np
import pytest

import dlcourse.models
from dlcourse.models import cnn
from dlcourse.scratch import average_pool, conv_forward, max_pool


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def test_it_is_found_in_models():
    assert dlcourse.models.cnn is cnn


def test_weights_and_shapes_are_those_of_the_docstring():
    model = cnn()
    shapes = {name: model.get_layer(name).output.shape[1:] for name in ("block1", "block2", "block3")}
    assert shapes == {"block1": (14, 14, 24), "block2": (7, 7, 48), "block3": (7, 7, 64)}
    kernels, norms = 9 * (24 + 24 * 48 + 48 * 64), 4 * (24 + 48 + 64)
    assert model.count_params() == kernels + norms + 49 * 64 * 10 + 10 == 70_146


@pytest.mark.parametrize(("pooling", "by_hand"), [("max", max_pool), ("average", average_pool)])
def test_it_computes_what_numpy_computes(pooling, by_hand):
    model = cnn((6, 8, 2), 3, filters=(4, 5), kernel_size=2, pooling=pooling)
    rng = np.random.default_rng(0)
    model.set_weights([rng.uniform(0.5, 1.5, w.shape) * rng.choice([-1, 1], w.shape[-1]) for w in model.weights])
    for layer in model.layers:
        if "norm" in layer.name:
            layer.moving_variance.assign(np.abs(layer.moving_variance))
    X = rng.normal(size=(3, 6, 8, 2))
    weights = iter(model.get_weights())
    A = X
    for block in range(2):
        A = conv_forward(A, next(weights), padding="same")
        A = by_hand(A) if block == 0 else A
        gamma, beta, mean, variance = (next(weights) for _ in range(4))
        A = np.maximum(gamma * (A - mean) / np.sqrt(variance + 1e-3) + beta, 0)
    expected = A.reshape(3, -1) @ next(weights) + next(weights)
    np.testing.assert_allclose(model.predict_on_batch(X.astype("float32")), expected, rtol=1e-4, atol=1e-3)


def test_pooling_before_relu_changes_nothing_where_factors_are_positive():
    X = np.random.default_rng(1).normal(size=(2, 8, 8, 3))
    factors, shifts = np.array([0.5, 1, 3]), np.array([-1, 0, 0.5])
    np.testing.assert_allclose(
        np.maximum(factors * max_pool(X) + shifts, 0), max_pool(np.maximum(factors * X + shifts, 0))
    )


def test_it_learns_with_a_compiler_and_without():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(64, 8, 8, 1)).astype("float32"), rng.integers(0, 2, 64)
    X[y == 1, :4] += 1
    for jit_compile in (False, True):
        model = cnn((8, 8, 1), 2, filters=(4, 4), dropout=0.0)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(0.01), loss, jit_compile=jit_compile)
        costs = [model.fit(X, y, batch_size=32, verbose=0).history["loss"][0] for _ in range(8)]
        assert costs[-1] < 0.5 * costs[0]


def test_it_comes_back_from_a_file(tmp_path):
    model = cnn((9, 12, 3), 4, filters=(3, 2), pooling="average", dropout=0.5)
    model.save(tmp_path / "cnn.keras")
    X = np.random.default_rng(0).normal(size=(2, 9, 12, 3)).astype("float32")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "cnn.keras")(X), model(X))


def test_mixed_precision_answers_in_float32():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = cnn((8, 8, 1), filters=(2,))
    finally:
        keras.config.set_dtype_policy("float32")
    assert model.output.dtype == "float32"
    assert model.get_layer("block1_conv").compute_dtype == "bfloat16"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"input_shape": (28, 28)}, r"input_shape is \(height, width, channels\), for 3 blocks .*, not \(28, 28\)"),
        ({"input_shape": (28, 3, 1)}, "sides from 4, not"),
        ({"filters": ()}, r"filters is whole numbers from 1, one a block, not \(\)"),
        ({"filters": (8, 0)}, r"not \(8, 0\)"),
        ({"classes": 0}, "classes is a whole number from 1, not 0"),
        ({"kernel_size": 2.5}, "kernel_size is a whole number from 1, not 2.5"),
        ({"pooling": "sum"}, "pooling is one of 'max', 'average', not 'sum'"),
        ({"dropout": 1.0}, "dropout is a share from 0 to below 1, not 1.0"),
    ],
)
def test_refused_arguments(given, words):
    with pytest.raises(ValueError, match=words):
        cnn(**given)
