"""Receptive fields, responses and maps of pixels, checked on networks small enough to know the answer."""

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.models import looking
from dlcourse.models.dreaming import exciting

SIDE = 32


needs_tensorflow = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="gradients with respect to pictures are TensorFlow's"
)


@pytest.fixture(scope="module")
def network():
    """Two strided convolutions with positive weights, so that every pixel of a field counts; then a sum."""
    keras.utils.set_random_seed(0)
    positive = keras.initializers.RandomUniform(0.1, 1.0)
    pixels = keras.Input((SIDE, SIDE, 3))
    x = layers.Conv2D(4, 3, 2, "same", kernel_initializer=positive, name="low")(pixels)
    x = layers.DepthwiseConv2D(5, 2, "same", depthwise_initializer=positive, name="middle")(x)
    x = layers.Conv2D(5, 3, 1, "same", kernel_initializer=positive, name="high")(x)
    return keras.Model(pixels, layers.Dense(2, name="answer")(layers.GlobalAveragePooling2D()(x)))


@pytest.fixture(scope="module")
def maps(network):
    names = ("low", "middle", "high", "answer")
    return keras.Model(network.input, {name: network.get_layer(name).output for name in names})


def test_fields_are_counted_from_kernels_and_strides(network):
    fields = looking.receptive_fields(network, ("low", "middle", "high"))
    assert fields == {
        "low": looking.Field(size=3, step=2, first=1),
        "middle": looking.Field(size=11, step=4, first=3),
        "high": looking.Field(size=19, step=4, first=3),
    }


@needs_tensorflow
@pytest.mark.parametrize("depth", ["low", "middle", "high"])
def test_influence_covers_the_whole_field_and_nothing_else(network, depth):
    energy = looking.effective_fields(network, np.full((1, SIDE, SIDE, 3), 99.0), [depth])[depth]
    field = looking.receptive_fields(network, [depth])[depth]
    middle = field.first + field.step * (SIDE // field.step // 2 - 1)
    rows, columns = np.nonzero(energy)
    half = field.size // 2
    assert (rows.min(), rows.max()) == (columns.min(), columns.max()) == (middle - half, middle + half)
    assert energy.sum() == pytest.approx(1)


def test_responses_are_what_the_maps_say(maps):
    pictures = np.random.default_rng(0).uniform(0, 255, (5, SIDE, SIDE, 3))
    found = looking.responses(maps, pictures, peaks=True, places=[7, 15], batch_size=2)
    whole = maps.predict_on_batch(pictures.astype("float32"))
    high = whole["high"]
    np.testing.assert_allclose(found["high"]["mean"], high.mean(axis=(1, 2)), rtol=1e-5)
    np.testing.assert_allclose(found["high"]["most"], high.max(axis=(1, 2)), rtol=1e-5)
    np.testing.assert_allclose(found["high"]["at"], high[:, [1, 3]][:, :, [1, 3]], rtol=1e-5)  # 3 + 4·1 and 3 + 4·3
    row, column = (found["high"]["where"][2, 1] - 3) // 4
    assert high[2, row, column, 1] == high[2, ..., 1].max()
    np.testing.assert_allclose(found["answer"]["mean"], whole["answer"], rtol=1e-5)
    assert "at" not in found["answer"]


def test_places_that_are_no_units_centre_are_named(maps):
    with pytest.raises(ValueError, match=r"places \[8\]: units of low are centred at 1, 3, … only"):
        looking.responses(maps, np.zeros((1, SIDE, SIDE, 3)), places=[8])


@pytest.fixture(scope="module")
def corner():
    """A network that answers with the mean brightness of the upper left quarter, and its opposite."""
    pixels = keras.Input((SIDE, SIDE, 3))
    x = layers.Cropping2D(((0, SIDE // 2), (0, SIDE // 2)), name="quarter")(pixels)
    x = layers.Conv2D(1, 1, kernel_initializer="ones", name="grey")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(pixels, layers.Concatenate()([x, -x]))


def test_occlusion_finds_the_quarter_that_counts(corner):
    picture = np.full((SIDE, SIDE, 3), 227.0)
    loss = looking.occlusion(corner, picture, 0, side=8, step=8)
    assert loss.shape == (SIDE, SIDE)
    # 64 of 256 pixels go from 227 to 127 in three colours
    np.testing.assert_allclose(loss[:16, :16], 75, rtol=1e-4)
    np.testing.assert_allclose(loss[16:], 0, atol=1e-3)
    np.testing.assert_allclose(looking.occlusion(corner, picture, 1, side=8, step=8)[:16, :16], -75, rtol=1e-4)


@needs_tensorflow
def test_gradient_is_the_slope_of_the_answer(corner):
    slope = looking.gradient(corner, np.zeros((2, SIDE, SIDE, 3)), 0)
    assert slope.shape == (2, SIDE, SIDE, 3)
    np.testing.assert_allclose(slope[:, :16, :16], 1 / 256, rtol=1e-5)
    assert (slope[:, 16:] == 0).all()
    smooth = looking.smooth_gradient(corner, np.zeros((SIDE, SIDE, 3)), 0, copies=3)
    np.testing.assert_allclose(smooth, slope[0], rtol=1e-5)  # a straight network has one slope everywhere


@needs_tensorflow
def test_grad_cam_is_light_where_maps_speak_for_the_answer_only(corner):
    picture = np.zeros((SIDE, SIDE, 3))
    picture[4, 6] = 255
    light = looking.grad_cam(corner, picture, 0, "grey")
    assert light.shape == (16, 16)
    assert np.unravel_index(light.argmax(), light.shape) == (4, 6)
    assert (looking.grad_cam(corner, picture, 1, "grey") == 0).all()


@needs_tensorflow
def test_a_picture_made_for_a_unit_excites_it_more_than_noise(network):
    made = exciting(network, "high", [0, 3], side=SIDE, steps=20, rate=0.1)
    assert (made.shape, made.dtype) == ((2, SIDE, SIDE, 3), np.uint8)
    start = exciting(network, "high", [0, 3], side=SIDE, steps=0)
    part = keras.Model(network.input, network.get_layer("high").output)
    means = [part.predict_on_batch(each.astype("float32")).mean(axis=(1, 2)) for each in (start, made)]
    for picture, unit in enumerate((0, 3)):
        assert means[1][picture, unit] > 1.2 * means[0][picture, unit]


@needs_tensorflow
def test_making_pictures_is_the_same_for_the_same_seed(network):
    first, second, other = (exciting(network, "low", [1], side=SIDE, steps=2, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_units_that_are_not_there_are_named(network):
    with pytest.raises(ValueError, match=r"units are from 0 to 4 in high, not \[5\]"):
        exciting(network, "high", [5], side=SIDE)


def test_on_another_backend_gradients_are_refused(monkeypatch, network):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(RuntimeError, match="Keras runs on jax"):
        looking.gradient(network, np.zeros((1, 32, 32, 3)), 0)
    with pytest.raises(RuntimeError, match="Keras runs on jax"):
        exciting(network, network.layers[-1].name, [0])
