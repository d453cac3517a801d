"""Inception networks: GoogLeNet's weights counted, files, learning, arguments."""

import keras
import numpy as np
import pytest

from dlcourse.models import inception
from dlcourse.models.inception_network import GOOGLENET

RNG = np.random.default_rng(0)
TINY = (
    ({"one": 2, "three": 3, "five": 1, "pool": 2, "three_reduced": 2},),
    ({"one": 0, "three": 6, "five": 0, "pool": 0},),
)


def test_googlenet_has_the_weights_of_the_paper():
    model = inception((224, 224, 3), 1000, stages=GOOGLENET, stem="googlenet", batch_norm=False, dropout=0.4)
    assert model.count_params() == 6_998_552  # as the published network without its auxiliary classifiers
    ends = [model.get_layer(name).output.shape[1:] for name in ("stage1_module2", "stage2_module5", "stage3_module2")]
    assert ends == [(28, 28, 480), (14, 14, 832), (7, 7, 1024)]


def test_weights_counted_by_hand():
    first = (4 * 2 + 2) + (4 * 2 + 2) + (9 * 2 * 3 + 3) + (25 * 4 + 1) + (4 * 2 + 2)
    second = 9 * 8 * 6 + 6
    model = inception((8, 8, 1), 3, stages=TINY, stem=4, batch_norm=False)
    assert model.count_params() == (9 * 4 + 4) + first + second + (6 * 3 + 3)


@pytest.mark.parametrize("settings", [{}, {"batch_norm": False, "dropout": 0.5}, {"input_shape": (None, None, 1)}])
def test_answers_and_files(settings, tmp_path):
    keras.utils.set_random_seed(0)
    model = inception(**{"input_shape": (8, 8, 1), "classes": 3, "stages": TINY, "stem": 4, **settings})
    x = RNG.normal(size=(4, 8, 8, 1)).astype("float32")
    answer = keras.ops.convert_to_numpy(model(x))
    assert answer.shape == (4, 3)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(keras.ops.convert_to_numpy(again(x)), answer, atol=1e-5)


def test_it_learns():
    keras.utils.set_random_seed(0)
    model = inception((8, 8, 1), 2, stages=TINY, stem=4)
    y = np.arange(32) % 2
    x = (RNG.normal(size=(32, 8, 8, 1)) + y[:, None, None, None]).astype("float32")
    model.compile(keras.optimizers.Adam(0.02), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = model.fit(x, y, epochs=10, batch_size=16, verbose=0).history["loss"]
    assert losses[-1] < 0.5 * losses[0]


def test_mixed_precision_computes_in_half_and_answers_in_single():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = inception((8, 8, 1), 3, stages=TINY, stem=4)
    finally:
        keras.config.set_dtype_policy(policy)
    assert model.get_layer("pooled").compute_dtype == "bfloat16"
    assert {keras.backend.standardize_dtype(w.dtype) for w in model.weights} == {"float32"}
    answer = model(RNG.normal(size=(2, 8, 8, 1)).astype("float32"))
    assert keras.backend.standardize_dtype(answer.dtype) == "float32"
    assert np.isfinite(keras.ops.convert_to_numpy(answer)).all()


def test_pictures_of_a_size_not_known_before():
    model = inception((None, None, 1), 3, stages=TINY, stem=4)
    assert model.output.shape == (None, 3)
    for side in (7, 12):
        assert model(np.zeros((2, side, side + 1, 1), "float32")).shape == (2, 3)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"classes": 0}, "classes is a whole number from 1, not 0"),
        ({"stem": "resnet"}, "stem is a number of channels from 1, or 'googlenet', not 'resnet'"),
        ({"dropout": 1}, "dropout is a share from 0 to below 1, not 1"),
        ({"stages": ()}, "stages is a sequence of stages of at least one module each"),
        ({"stages": ((),)}, "stages is a sequence of stages of at least one module each"),
    ],
)
def test_bad_arguments(settings, words):
    with pytest.raises(ValueError, match=words):
        inception(**settings)
