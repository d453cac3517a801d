"""Random squares of photographs: boxes go where their pixels go, each way is one of eight, seeds decide."""

import numpy as np
import pytest

from dlcourse.detection import random_crops, turned

RNG = np.random.default_rng(0)


def painted(height=40, width=60, count=3):
    """A dark picture in which each box is a rectangle of its own brightness, without overlap; and the boxes."""
    image, boxes = np.zeros((height, width, 3), np.uint8), []
    for number in range(count):
        x, y = 3 + 19 * number, int(RNG.integers(2, height - 22))
        w, h = int(RNG.integers(6, 17)), int(RNG.integers(6, 20))
        image[y : y + h, x : x + w] = 80 * (number + 1)
        boxes.append([x, y, x + w, y + h])
    return image, np.array(boxes, np.float32)


def box_of(image, brightness, near=0):
    rows, columns = np.nonzero(np.abs(image[..., 0].astype(int) - brightness) <= near)
    return [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


@pytest.mark.parametrize("way", range(8))
def test_boxes_turn_with_their_pixels(way):
    image, boxes = painted()
    other, moved = turned(image, boxes, way)
    assert other.shape == ((60, 40, 3) if way % 2 else (40, 60, 3))
    np.testing.assert_array_equal(moved, [box_of(other, 80 * (i + 1)) for i in range(3)])


def test_eight_ways_and_all_differ():
    image, _ = painted(40, 40, 2)
    assert len({turned(image, [], way)[0].tobytes() for way in range(8)}) == 8
    with pytest.raises(ValueError, match="way is a whole number from 0 to 7, not 8"):
        turned(image, [], 8)


def test_squares_hold_the_boxes_where_the_pixels_are():
    image, boxes = painted()
    squares, found = random_crops([image], [boxes], 60, size=32, min_visible=0.0)
    assert squares.shape == (60, 32, 32, 3)
    seen = 0
    for square, own in zip(squares, found, strict=True):
        levels = sorted(set(np.unique(square)) - {0})
        assert len(levels) == len(own)
        expected = sorted(box_of(square, level) for level in levels)
        np.testing.assert_array_equal(sorted(own.tolist()), expected)
        seen += len(own)
    assert seen > 40


def test_zoom_scales_boxes():
    image, boxes = painted(80, 80, 1)
    squares, found = random_crops([image], [boxes], 40, size=80, zoom=(1.0, 2.0), min_visible=1.0)
    sides = np.array([own[0, 2:] - own[0, :2] for own in found if len(own)])
    whole = np.sort(boxes[0, 2:] - boxes[0, :2])
    ratio = np.sort(sides, axis=1) / whole
    np.testing.assert_allclose(ratio[:, 0], ratio[:, 1], rtol=1e-5)
    assert ratio.min() >= 0.999
    assert 1.4 < ratio.max() < 2.001
    for square, own in zip(squares, found, strict=True):
        if len(own):
            assert np.abs(np.array(box_of(square, 80, near=25)) - own[0]).max() <= 1.5


def test_boxes_cut_off_too_far_are_left_out():
    image, boxes = painted()
    few, many = (
        sum(map(len, random_crops([image], [boxes], 50, size=24, min_visible=share)[1])) for share in (0.9, 0.1)
    )
    assert few < many


def test_seed_decides_and_count_does_not():
    image, boxes = painted()
    settings = {"size": 24, "light": 0.3, "blur": 2.0, "zoom": (0.7, 1.5)}
    one, other = (random_crops([image], [boxes], count, **settings) for count in (4, 9))
    np.testing.assert_array_equal(one[0], other[0][:4])
    assert not np.array_equal(one[0], random_crops([image], [boxes], 4, seed=1, **settings)[0])


def test_light_and_blur_change_pixels_and_no_boxes():
    image, boxes = painted()
    plain, lit = (random_crops([image], [boxes], 8, size=24, **each) for each in ({}, {"light": 0.3, "blur": 2.0}))
    assert not np.array_equal(plain[0], lit[0])


def test_weights_choose_photographs():
    images = [np.full((30, 30, 3), value, np.uint8) for value in (10, 20)]
    squares, _ = random_crops(images, [[], []], 20, size=16, weights=[0, 1])
    assert (squares == 20).all()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"boxes": []}, "images and boxes must be as many, at least one; they are 1 and 0"),
        ({"count": -1}, "count is a whole number from 0, not -1"),
        ({"size": 64}, r"sides from 64 pixels \(size / least zoom\), not \(40, 60, 3\) uint8"),
        ({"zoom": (2, 1)}, "zoom is two numbers above 0, rising"),
        ({"light": 2}, "light is a number from 0 to 1, not 2"),
        ({"blur": -1}, "blur is a number from 0, not -1"),
        ({"min_visible": 1.5}, "min_visible is a number from 0 to 1"),
        ({"images": [np.zeros((40, 40, 3))]}, "uint8, sides from 16 pixels"),
    ],
)
def test_bad_arguments(settings, words):
    image, boxes = painted()
    with pytest.raises(ValueError, match=words):
        random_crops(**{"images": [image], "boxes": [boxes], "count": 1, "size": 16, **settings})
