"""Windows: where they stand, what they hold, and what training on them is given."""

import numpy as np
import pytest

from dlcourse.detection import class_shapes, crop_resized, iou, sliding_windows, training_windows, windows_round

PICTURE = np.arange(48, dtype=np.uint8).reshape(6, 8)


def test_windows_and_their_boxes():
    crops, boxes = sliding_windows(PICTURE, (2, 4), (3, 2))
    assert crops.shape == (2, 3, 2, 4)
    assert boxes.shape == (2, 3, 4)
    assert boxes[1, 2].tolist() == [4, 3, 8, 5]
    for crop, (left, top, right, bottom) in zip(crops.reshape(6, 2, 4), boxes.reshape(6, 4).astype(int), strict=True):
        np.testing.assert_array_equal(crop, PICTURE[top:bottom, left:right])
    assert np.shares_memory(crops, PICTURE)


def test_windows_keep_channels_last():
    colour = np.stack([PICTURE, PICTURE + 100], axis=-1)
    crops, _ = sliding_windows(colour, 3, 1)
    assert crops.shape == (4, 6, 3, 3, 2)
    np.testing.assert_array_equal(crops[2, 1], colour[2:5, 1:4])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((np.zeros(3), 1, 1), r"image must have shape .* not \(3,\)"),
        ((PICTURE, 7, 1), r"window \(7, 7\) must not be larger than the picture, \(6, 8\)"),
        ((PICTURE, 2, 0), "stride must be a whole number above 0, or two of them, not 0"),
        ((PICTURE, 2.5, 1), "window must be a whole number above 0"),
        ((PICTURE, (1, 2, 3), 1), "window must be a whole number above 0"),
    ],
)
def test_windows_that_are_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        sliding_windows(*arguments)


def test_crops_of_their_own_size_are_the_pixels_themselves():
    crop = crop_resized(PICTURE, [[2, 1, 6, 5]], 4)
    np.testing.assert_array_equal(crop[0], PICTURE[1:5, 2:6])


def test_crops_beyond_the_picture_repeat_its_border():
    crop = crop_resized(PICTURE, [[-2, -2, 2, 2], [0, 0, 4, 4]], 4)
    np.testing.assert_array_equal(crop[0], np.pad(PICTURE, 2, mode="edge")[:4, :4])
    np.testing.assert_array_equal(crop[1], PICTURE[:4, :4])
    assert crop_resized(PICTURE, [], 4).shape == (0, 4, 4)


@pytest.mark.parametrize(
    ("image", "boxes", "said"),
    [
        (PICTURE.astype(float), [[0, 0, 1, 1]], "image must be uint8"),
        (PICTURE, [[0, 0, 0, 1]], "boxes must have an area"),
        (PICTURE, [[0, 0, 1]], r"boxes must have shape \(N, 4\)"),
    ],
)
def test_crops_that_are_refused(image, boxes, said):
    with pytest.raises(ValueError, match=said):
        crop_resized(image, boxes, 4)


def test_the_window_round_a_box_and_the_shape_within_it():
    boxes = np.array([[10, 10, 30, 20], [0, 0, 8, 16]])
    assert windows_round(boxes, margin=1).tolist() == [[10, 5, 30, 25], [-4, 0, 12, 16]]
    shapes = class_shapes([boxes[:1], boxes[1:]], [np.array([0]), np.array([2])], 3, margin=1)
    np.testing.assert_allclose(shapes, [[0, 0.25, 1, 0.75], [0, 0, 1, 1], [0.25, 0, 0.75, 1]])


def test_training_windows():
    """Objects are bright squares; a window of background holds none in whole."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 40, (20, 96, 96), dtype=np.uint8)
    boxes = [np.array([[30, 20, 60, 50]]), np.zeros((0, 4))] * 10
    for image in images[::2]:
        image[20:50, 30:60] = 250
    kinds = [np.array([3]), np.zeros(0, int)] * 10
    x, y = training_windows(images, boxes, kinds, background=5, per_object=3, per_image=4, seed=1)
    assert x.shape == (len(y), 28, 28)
    assert x.dtype == np.uint8
    assert np.count_nonzero(y == 3) == 30
    assert 80 < np.count_nonzero(y == 5) <= 20 * 4 + 10 * 4
    inner = x[y == 3][:, 10:18, 10:18]
    assert inner.min() > 200
    again, _ = training_windows(images, boxes, kinds, background=5, per_object=3, per_image=4, seed=1)
    np.testing.assert_array_equal(x, again)


def test_windows_of_background_overlap_no_object_much():
    white = np.full((1, 96, 96), 255, np.uint8)
    box = np.array([[20, 20, 70, 70.0]])
    _, y = training_windows(
        white, [box], [np.array([0])], background=1, near=0, per_image=200, sides=(50, 60), most_overlap=0.1
    )
    assert np.count_nonzero(y == 1) < 40
    assert iou(windows_round(box), [[20, 20, 70, 70]]) == pytest.approx(1 / 1.15**2)
