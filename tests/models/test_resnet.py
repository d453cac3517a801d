"""Residual networks: their weights counted, their files, their learning, their arguments."""

import keras
import numpy as np
import pytest

from dlcourse.models import resnet

RNG = np.random.default_rng(0)
SMALL = {"input_shape": (8, 8, 1), "width": 2}


def trainable(model):
    return sum(int(np.prod(w.shape)) for w in model.trainable_weights)


@pytest.mark.parametrize(("depth", "millions"), [(20, 0.27), (32, 0.46), (44, 0.66), (56, 0.85)])
def test_as_many_weights_as_the_paper_counts(depth, millions):
    # Plain networks have those of the paper's residual ones: its shortcuts are without weights there (table 6).
    assert round(trainable(resnet(depth, False, input_shape=(32, 32, 3))) / 1e6, 2) == millions


def test_weights_counted_by_hand():
    convolutions = 9 * 3 * 16 + 6 * 9 * 16 * 16 + (9 * 16 * 32 + 5 * 9 * 32 * 32) + (9 * 32 * 64 + 5 * 9 * 64 * 64)
    norms = 2 * (7 * 16 + 6 * 32 + 6 * 64)
    dense = 64 * 10 + 10
    assert trainable(resnet(20, False, input_shape=(32, 32, 3))) == convolutions + norms + dense == 269_722
    projections = 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64
    assert trainable(resnet(20, input_shape=(32, 32, 3))) == 269_722 + projections


@pytest.mark.parametrize(
    "settings",
    [{}, {"shortcut": False}, {"batch_norm": False}, {"preactivation": True}, {"bottleneck": True, "depth": 11}],
    ids=["residual", "plain", "no normalisation", "preactivation", "bottleneck"],
)
def test_answers_and_files(settings, tmp_path):
    keras.utils.set_random_seed(0)
    model = resnet(**{"depth": 8, "classes": 3, **SMALL, **settings})
    x = RNG.normal(size=(4, 8, 8, 1)).astype("float32")
    answer = keras.ops.convert_to_numpy(model(x))
    assert answer.shape == (4, 3)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(keras.ops.convert_to_numpy(again(x)), answer, atol=1e-5)


@pytest.mark.parametrize("preactivation", [False, True])
def test_it_learns(preactivation):
    keras.utils.set_random_seed(0)
    model = resnet(8, classes=2, preactivation=preactivation, **SMALL)
    y = np.arange(32) % 2
    x = (RNG.normal(size=(32, 8, 8, 1)) + y[:, None, None, None]).astype("float32")
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = model.fit(x, y, epochs=8, batch_size=16, verbose=0).history["loss"]
    assert losses[-1] < 0.5 * losses[0]


def test_mixed_precision_computes_in_half_and_answers_in_single():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = resnet(8, classes=3, **SMALL)
    finally:
        keras.config.set_dtype_policy(policy)
    assert model.get_layer("pooled").compute_dtype == "bfloat16"
    assert {keras.backend.standardize_dtype(w.dtype) for w in model.weights} == {"float32"}
    answer = model(RNG.normal(size=(2, 8, 8, 1)).astype("float32"))
    assert keras.backend.standardize_dtype(answer.dtype) == "float32"
    assert np.isfinite(keras.ops.convert_to_numpy(answer)).all()


def test_pictures_of_a_size_not_known_before():
    model = resnet(8, classes=3, input_shape=(None, None, 1), width=2)
    assert model.output.shape == (None, 3)
    for side in (7, 12):
        assert model(np.zeros((2, side, side + 1, 1), "float32")).shape == (2, 3)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"depth": 18}, r"depth is 6n \+ 2, such as 8, 14, 20, not 18"),
        ({"depth": 2}, r"depth is 6n \+ 2"),
        ({"depth": 14, "bottleneck": True}, r"depth is 9n \+ 2, such as 11, 20, 29, not 14"),
        ({"depth": 8, "width": 0}, "width is a whole number from 1, not 0"),
        ({"depth": 8, "classes": 2.5}, "classes is a whole number from 1, not 2.5"),
    ],
)
def test_bad_arguments(settings, words):
    with pytest.raises(ValueError, match=words):
        resnet(**settings)
