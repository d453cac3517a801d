"""LeNet: the counts that can be worked out on paper, its two variants, and the arguments it refuses."""

import keras
import numpy as np
import pytest

import dlcourse.models
from dlcourse.models import lenet
from dlcourse.scratch import average_pool, conv_forward, max_pool


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def counts(model):
    return {layer.name: layer.count_params() for layer in model.layers if layer.weights}


def test_it_is_found_in_models():
    assert dlcourse.models.lenet is lenet  # asked a second time: a module of the same name would be in the way


def test_weights_and_shapes_are_those_of_the_docstring():
    model = lenet()
    assert counts(model) == {"c1_conv": 156, "c3_conv": 2416, "c5": 48_120, "f6": 10_164, "logits": 850}
    assert model.count_params() == 61_706
    shapes = {name: model.get_layer(name).output.shape[1:] for name in ("c1", "s2", "c3", "s4")}
    assert shapes == {"c1": (28, 28, 6), "s2": (14, 14, 6), "c3": (10, 10, 16), "s4": (5, 5, 16)}


def test_the_variants_differ_in_activation_and_pooling_only():
    classic, modern = lenet(), lenet(variant="modern")
    assert counts(classic) == counts(modern)
    assert isinstance(classic.get_layer("s2"), keras.layers.AveragePooling2D)
    assert isinstance(modern.get_layer("s2"), keras.layers.MaxPooling2D)
    assert classic.get_layer("c5").activation is keras.activations.tanh
    assert modern.get_layer("c5").activation is keras.activations.relu


@pytest.mark.parametrize(
    ("pooling", "by_hand"),
    [("average", average_pool), ("max", max_pool), ("stride", lambda X: X[:, ::2, ::2])],
)
def test_it_computes_what_numpy_computes(pooling, by_hand):
    model = lenet((12, 16, 2), 3, variant="modern", pooling=pooling, filters=(2, 3), units=())
    X = np.random.default_rng(0).normal(size=(4, 12, 16, 2)).astype("float32")
    W1, b1, W2, b2, W3, b3 = model.get_weights()
    S2 = by_hand(np.maximum(conv_forward(X, W1, b1, padding="same"), 0))
    S4 = by_hand(np.maximum(conv_forward(S2, W2, b2), 0))
    assert S4.shape == (4, 1, 2, 3)
    np.testing.assert_allclose(model.predict_on_batch(X), S4.reshape(4, -1) @ W3 + b3, atol=1e-5)


def test_batch_norm_takes_the_place_of_the_biases():
    plain, normalised = lenet(), lenet(batch_norm=True)
    assert counts(normalised)["c1_norm"] == 4 * 6
    assert counts(normalised)["c3_conv"] == counts(plain)["c3_conv"] - 16
    assert plain.get_layer("c3_conv").use_bias
    assert not normalised.get_layer("c3_conv").use_bias


def test_size_filters_units_and_classes_can_be_chosen():
    model = lenet((20, 36, 3), 4, filters=(2, 5), units=(7,))
    assert model.output.shape == (None, 4)
    assert counts(model) == {"c1_conv": 152, "c3_conv": 255, "c5": 3 * 7 * 5 * 7 + 7, "logits": 32}


def test_mixed_precision_answers_in_float32():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        answer = lenet().predict_on_batch(np.zeros((2, 28, 28, 1), "float32"))
    finally:
        keras.config.set_dtype_policy(policy)
    assert answer.dtype == np.float32


def test_saved_and_loaded_it_answers_the_same(tmp_path):
    model = lenet(variant="modern", batch_norm=True)
    X = np.random.default_rng(0).normal(size=(3, 28, 28, 1)).astype("float32")
    model.save(tmp_path / "lenet.keras")
    again = keras.models.load_model(tmp_path / "lenet.keras")
    np.testing.assert_allclose(again.predict_on_batch(X), model.predict_on_batch(X), atol=1e-6)


@pytest.mark.parametrize("variant", ["classic", "modern"])
def test_training_lowers_the_loss_and_moves_every_weight(variant):
    model = lenet((12, 12, 1), 3, variant=variant, units=(8,))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=keras.backend.backend() == "jax")
    X, y = np.random.default_rng(0).normal(size=(30, 12, 12, 1)), np.arange(30) % 3
    before = model.get_weights()
    losses = [float(model.train_on_batch(X, y)) for _ in range(15)]
    assert losses[-1] < losses[0]
    assert all(not np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"input_shape": (11, 28, 1)}, "sides from 12, not \\(11, 28, 1\\)"),
        ({"input_shape": (28, 28)}, "input_shape is"),
        ({"input_shape": (None, 28, 1)}, "input_shape is"),
        ({"classes": 0}, "classes is a whole number from 1, not 0"),
        ({"variant": "1998"}, "variant is one of 'classic', 'modern', not '1998'"),
        ({"pooling": "mean"}, "pooling is one of 'average', 'max', 'stride', not 'mean'"),
        ({"filters": (6,)}, "filters is two"),
        ({"filters": (6, 0)}, "filters is two"),
        ({"units": (120, -1)}, "units is"),
    ],
)
def test_wrong_arguments_are_named(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        lenet(**arguments)
