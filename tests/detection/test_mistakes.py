"""Each kind of mistake made on purpose; the better detection takes the object; agreement with average precision."""

import numpy as np
import pytest

from dlcourse.detection import Detections, kinds_of_mistake, precision_recall

BOXES = np.array([[0, 0, 10, 10], [20, 20, 40, 40]], float)
CLASSES = np.array([3, 5])


def found(*rows):
    boxes, scores, classes = zip(*rows, strict=True)
    return Detections(np.array(boxes, float), np.array(scores), np.array(classes))


def test_one_of_each():
    kinds, taken = kinds_of_mistake(
        found(
            ([0, 0, 10, 9], 0.8, 3),
            ([0, 0, 10, 10], 0.6, 3),
            ([20, 20, 40, 39], 0.9, 3),
            ([30, 20, 50, 40], 0.5, 5),
            ([60, 60, 70, 70], 0.4, 5),
            ([9, 9, 19, 19], 0.3, 3),
        ),
        BOXES,
        CLASSES,
    )
    assert kinds.tolist() == ["right", "double", "class", "place", "nothing there", "nothing there"]
    assert taken.tolist() == [True, False]


def test_the_higher_score_takes_the_object_wherever_it_stands():
    kinds, _ = kinds_of_mistake(found(([0, 0, 10, 9], 0.2, 3), ([0, 0, 10, 10], 0.7, 3)), BOXES, CLASSES)
    assert kinds.tolist() == ["double", "right"]


def test_a_detection_takes_the_object_it_overlaps_most():
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 12]], float)
    kinds, taken = kinds_of_mistake(found(([0, 0, 10, 12], 0.9, 1), ([0, 0, 10, 12], 0.8, 1)), boxes, [1, 1])
    assert kinds.tolist() == ["right", "right"]
    assert taken.all()


def test_nothing_found_and_nothing_there():
    nothing = Detections(np.zeros((0, 4)), np.zeros(0), np.zeros(0, int))
    kinds, taken = kinds_of_mistake(nothing, BOXES, CLASSES)
    assert kinds.shape == (0,)
    assert not taken.any()
    kinds, taken = kinds_of_mistake(found(([0, 0, 1, 1], 0.5, 0)), np.zeros((0, 4)), [])
    assert kinds.tolist() == ["nothing there"]
    assert taken.shape == (0,)


@pytest.mark.parametrize("seed", range(10))
def test_as_many_right_as_average_precision_counts(seed):
    rng = np.random.default_rng(seed)
    corner, side = rng.uniform(0, 40, (12, 2)), rng.uniform(8, 20, (12, 2))
    boxes, classes = np.concatenate([corner, corner + side], 1), rng.integers(2, size=12)
    off = boxes[rng.integers(12, size=30)] + rng.normal(scale=2, size=(30, 4))
    detections = Detections(off, rng.permutation(30) / 30, rng.integers(2, size=30))
    _, taken = kinds_of_mistake(detections, boxes, classes)
    curve = precision_recall([detections], [{"boxes": boxes, "classes": classes}])
    assert taken.mean() == pytest.approx(curve.recall[-1])


@pytest.mark.parametrize("threshold", [0, 1.5])
def test_bad_threshold(threshold):
    with pytest.raises(ValueError, match=f"iou_threshold is a number above 0 up to 1, not {threshold}"):
        kinds_of_mistake(found(([0, 0, 1, 1], 0.5, 0)), BOXES, CLASSES, iou_threshold=threshold)
