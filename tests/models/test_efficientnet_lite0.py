"""The public face of EfficientNet-lite0: shapes, options, errors, and what it says of known animals."""

import keras
import numpy as np
import pytest

from dlcourse.data import class_names, load
from dlcourse.models.efficientnet import DEPTHS, efficientnet_lite0, features, prepare


@pytest.fixture(scope="module")
def model():
    return efficientnet_lite0()


@pytest.fixture(scope="module")
def untrained():
    keras.utils.set_random_seed(0)
    return efficientnet_lite0(None, include_top=False)


def test_animals_are_called_by_their_names(model):
    wanted = {"panda": "giant panda", "koala": "koala", "bison": "bison", "dog": "German Shepherd Dog",
              "lemur": "ring-tailed lemur", "polar_bear": "polar bear", "hammer_8": "hammer"}  # fmt: skip
    photographs = [each for each in load("photographs") if each.name in wanted]
    answers = model.predict_on_batch(np.stack([prepare(each.image) for each in photographs]))
    assert answers.shape == (len(photographs), 1000)
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)
    names = class_names("efficientnet_lite0")
    said = {each.name: names[row.argmax()] for each, row in zip(photographs, answers, strict=True)}
    assert said == {name: wanted[name] for name in said}
    assert len(said) == 7


def test_weights_are_as_many_as_published(model):
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == 4_652_008
    assert model.name == "efficientnet_lite0"


def test_integers_and_floats_are_the_same_pixels(model):
    picture = prepare(load("photographs")[0].image, 64)[None]
    np.testing.assert_allclose(model(picture), model(picture.astype("float32")), atol=1e-5)


def test_features_are_halved_five_times_and_named(untrained):
    maps = features(untrained).predict_on_batch(np.zeros((2, 65, 96, 3), "float32"))
    assert sorted(maps) == sorted(DEPTHS)  # JAX gives a dict in the order of its keys
    assert {name: array.shape for name, array in maps.items()} == {
        "stem": (2, 33, 48, 32),
        "stage1": (2, 33, 48, 16),
        "stage2": (2, 17, 24, 24),
        "stage3": (2, 9, 12, 40),
        "stage4": (2, 5, 6, 80),
        "stage5": (2, 5, 6, 112),
        "stage6": (2, 3, 3, 192),
        "stage7": (2, 3, 3, 320),
        "head": (2, 3, 3, 1280),
    }


def test_features_of_any_layer_can_be_asked_for_and_of_no_other(untrained):
    assert features(untrained, ["stage2_block1_expand"]).output["stage2_block1_expand"].shape[-1] == 96
    with pytest.raises(ValueError, match="'stage9' is no layer of efficientnet_lite0"):
        features(untrained, ["stage9"])


@pytest.mark.parametrize(("pooling", "shape"), [(None, (1, 2, 2, 1280)), ("avg", (1, 1280)), ("max", (1, 1280))])
def test_without_the_top_the_maps_or_their_pools_come_out(pooling, shape):
    made = efficientnet_lite0(None, include_top=False, pooling=pooling, input_shape=(64, 64, 3))
    assert made.predict_on_batch(np.zeros((1, 64, 64, 3), "float32")).shape == shape


def test_another_number_of_classes_trains(untrained):
    made = efficientnet_lite0(None, classes=3, input_shape=(32, 32, 3))
    made.compile("sgd", "sparse_categorical_crossentropy")
    before = made.get_layer("stem_conv").get_weights()[0]
    made.train_on_batch(np.random.default_rng(0).uniform(0, 255, (4, 32, 32, 3)), np.array([0, 1, 2, 0]))
    assert not np.array_equal(before, made.get_layer("stem_conv").get_weights()[0])


def test_mixed_precision_ends_in_float32():
    policy = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy("mixed_float16")
    try:
        made = efficientnet_lite0(None, input_shape=(32, 32, 3))
        assert made.get_layer("stage3_block1_expand").compute_dtype == "float16"
        assert made.output.dtype == "float32"
    finally:
        keras.mixed_precision.set_dtype_policy(policy)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weights": "noisy-student"}, r"weights is one of None, 'imagenet', 'imagenet-float32', not 'noisy-student'"),
        ({"include_top": False, "pooling": "sum"}, "pooling is 'avg', 'max' or None, not 'sum'"),
        ({"pooling": "avg"}, "pooling='avg' is for include_top=False"),
        ({"classes": 10}, "classes is 1000 with the weights of ImageNet, not 10"),
        ({"weights": None, "classes": 0}, "classes is a whole number from 1, not 0"),
        ({"input_shape": (224, 224, 1)}, r"input_shape is \(height, width, 3\).*not \(224, 224, 1\)"),
        ({"input_shape": (16, 224, 3)}, r"sides from 32 pixels or None, not \(16, 224, 3\)"),
        ({"input_shape": (224, 224)}, r"not \(224, 224\)"),
    ],
)
def test_what_is_not_allowed_is_named(options, message):
    with pytest.raises(ValueError, match=message):
        efficientnet_lite0(**options)


def test_prepare_cuts_the_central_square():
    picture = np.zeros((256, 300, 3), np.uint8)
    picture[16:240, 38:262] = 200
    assert prepare(picture).shape == (224, 224, 3)
    assert (prepare(picture) == 200).all()
    assert prepare(picture, 64).shape == (64, 64, 3)


@pytest.mark.parametrize("bad", [np.zeros((224, 224)), np.zeros((224, 224, 4), np.uint8), np.zeros((9, 9, 3))])
def test_prepare_takes_pictures_only(bad):
    with pytest.raises(ValueError, match=r"picture is \(height, width, 3\) uint8"):
        prepare(bad)
    with pytest.raises(ValueError, match="size is a number of pixels from 32, not 8"):
        prepare(np.zeros((64, 64, 3), np.uint8), 8)
