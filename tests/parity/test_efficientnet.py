"""EfficientNet-lite0 in Keras gives what the published network gives, worked out a second time in plain NumPy."""

import numpy as np
import pytest
from numpy_efficientnet import Network, same, symmetric

from dlcourse.data import load
from dlcourse.data.sets.efficientnet_lite0 import WEIGHTS, read_half
from dlcourse.data.store import fetch
from dlcourse.models.efficientnet import DEPTHS, efficientnet_lite0, features, prepare

SIZES = [(224, 224), (97, 131), (32, 45), (225, 64)]


@pytest.fixture(scope="module")
def tensors():
    return read_half(fetch("efficientnet_lite0", [WEIGHTS])[WEIGHTS])


@pytest.fixture(scope="module")
def model():
    return efficientnet_lite0(classifier_activation=None)


@pytest.fixture(scope="module")
def photographs():
    return load("photographs")


def pixels(photographs, size):
    height, width = size
    whole = photographs[height % len(photographs)].image
    return whole[8 : 8 + height, 4 : 4 + width] if size != (224, 224) else prepare(whole)


@pytest.mark.parametrize("size", SIZES)
def test_logits_and_every_stage_are_those_of_the_second_network(size, model, tensors, photographs):
    picture = pixels(photographs, size)
    assert picture.shape == (*size, 3)
    logits, ends = Network(tensors)(picture)
    ours = features(model).predict_on_batch(picture[None].astype("float32"))
    assert set(ends) == set(DEPTHS)
    for depth in DEPTHS:
        np.testing.assert_allclose(ours[depth][0], ends[depth], atol=1e-3, err_msg=depth)
    answer = model.predict_on_batch(picture[None].astype("float32"))[0]
    np.testing.assert_allclose(answer, logits, atol=1e-3)
    assert answer.argmax() == logits.argmax()


def test_top_1_is_the_same_for_many_photographs(model, tensors, photographs):
    pictures = np.stack([prepare(each.image, 128) for each in photographs[::6]])
    ours = model.predict_on_batch(pictures.astype("float32"))
    second = np.stack([Network(tensors)(picture)[0] for picture in pictures])
    np.testing.assert_allclose(ours, second, atol=1e-3)
    assert (ours.argmax(axis=1) == second.argmax(axis=1)).all()


def test_it_is_sure_of_what_it_sees_with_tensorflows_padding_and_less_so_with_pytorchs(tensors, photographs):
    """The file is PyTorch's, the padding is not: with the wrong one everything is shifted by half a step."""
    wanted = ("panda", "koala", "polar_bear", "bison", "hedgehog", "lemur")
    pictures = [prepare(each.image) for each in photographs if each.name in wanted]
    sure = {rule: [confidence(Network(tensors, rule)(each)[0]) for each in pictures] for rule in (same, symmetric)}
    assert np.mean(sure[same]) > 0.85
    assert np.mean(sure[same]) > np.mean(sure[symmetric]) + 0.02


def confidence(logits):
    chances = np.exp(logits - logits.max())
    return chances.max() / chances.sum()
