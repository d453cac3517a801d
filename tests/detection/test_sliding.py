"""A detector of bright squares, slid by convolution and crop by crop."""

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.detection import SlidingDetector, average_precision, detect_by_sliding, fully_convolutional

SIDE = 28


@pytest.fixture(scope="module")
def model():
    """Says "square" to the extent that the middle of the window is brighter than its border."""
    kernel = np.full((SIDE, SIDE, 1, 2), -1.0, "float32")
    kernel[4:24, 4:24] = 0.96
    kernel[..., 1] *= -1
    net = keras.Sequential(
        [keras.Input((SIDE, SIDE, 1)), layers.AveragePooling2D(2), layers.Flatten(), layers.Dense(2, "softmax")]
    )
    pooled = 4 * kernel.reshape(14, 2, 14, 2, 1, 2).mean(axis=(1, 3))
    net.layers[-1].set_weights([0.05 * pooled.reshape(-1, 2), np.array([-17.25, 17.25])])
    return net


@pytest.fixture(scope="module")
def pictures():
    """Black pictures with a white square of 20 or 40 pixels, at places that the windows meet."""
    images = np.zeros((5, 96, 80), np.uint8)
    truths = []
    for image, (left, top, side) in zip(images, [(4, 4, 20), (40, 30, 20), (20, 40, 40), (4, 8, 40)], strict=False):
        image[top : top + side, left : left + side] = 255
        truths.append({"boxes": [[left, top, left + side, top + side]], "classes": [0]})
    return images, [*truths, {"boxes": [], "classes": []}]


SHAPES = [[1 / 7, 1 / 7, 6 / 7, 6 / 7]]


@pytest.mark.parametrize("by", ["convolution", "crops"])
def test_squares_are_found_in_both_sizes_and_near_the_border(model, pictures, by):
    images, truths = pictures
    found = detect_by_sliding(model, images, sides=(28, 56), shapes=SHAPES, by=by)
    assert average_precision(found, truths)["AP75"] == pytest.approx(1)
    assert len(found[-1]["boxes"]) == 0
    assert found[0]["boxes"].dtype == np.float32
    assert all((np.diff(each["scores"]) <= 0).all() for each in found)


@pytest.mark.parametrize("side", [20, 28, 45, 110])
@pytest.mark.parametrize("stride", [None, 1, 4])
def test_both_ways_give_the_same_scores_at_the_same_windows(model, side, stride):
    images = np.random.default_rng(0).uniform(size=(2, 96, 80)).astype("float32")
    ways = [SlidingDetector(model, by=by, stride=stride).scores(images, side) for by in ("convolution", "crops")]
    np.testing.assert_allclose(ways[0][0], ways[1][0], atol=1e-5)
    np.testing.assert_array_equal(ways[0][1], ways[1][1])


def test_something_that_slides_by_itself(model, pictures):
    class Slides:
        window, stride, classes = SIDE, 2, 1
        network = staticmethod(fully_convolutional(model))

        def __call__(self, images):
            return self.network(images)

    found, expected = (detect_by_sliding(each, pictures[0], sides=(28, 56)) for each in (Slides(), model))
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one["boxes"], other["boxes"])
    with pytest.raises(ValueError, match="by must be 'convolution' for a model that slides by itself"):
        SlidingDetector(Slides(), by="crops")


def test_windows_are_as_large_as_asked_and_as_far_apart(model):
    _, windows = SlidingDetector(model, stride=4).scores(np.zeros((1, 98, 98), "uint8"), 56)
    assert windows[0, 0].tolist() == [-8, -8, 48, 48]
    assert windows[1, 2].tolist() == [8, 0, 64, 56]


def test_pictures_in_several_batches_and_none(model, pictures):
    detector = SlidingDetector(model, sides=(28,))
    together, apart = detector(pictures[0]), detector(pictures[0], batch_size=2)
    assert len(apart) == 5
    for one, other in zip(together, apart, strict=True):
        np.testing.assert_allclose(one["boxes"], other["boxes"])
    assert detector(np.zeros((0, 96, 96), np.uint8)) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"by": "magic"}, "by must be 'convolution' or 'crops', not 'magic'"),
        ({"stride": 3}, "stride must be a multiple or a part of 2, the network's own, by convolution; it is 3"),
        ({"stride": 0}, "stride must be a whole number above 0, not 0"),
        ({"shapes": [[0, 0, 1, 1]] * 2}, r"shapes must be \(1, 4\), one a class, not \(2, 4\)"),
    ],
)
def test_settings_that_are_refused(model, settings, said):
    with pytest.raises(ValueError, match=said):
        SlidingDetector(model, **settings)


def test_pictures_that_are_refused(model):
    with pytest.raises(ValueError, match=r"images must have shape \(count, height, width\), not \(96, 96\)"):
        detect_by_sliding(model, np.zeros((96, 96), np.uint8))
    with pytest.raises(ValueError, match="images must be uint8, or values from 0 to 1, not int64"):
        detect_by_sliding(model, np.zeros((1, 96, 96), np.int64))
