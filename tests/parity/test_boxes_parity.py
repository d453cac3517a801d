"""Overlaps against shapely's areas, their gradients against finite differences, suppression against TensorFlow's."""

import math

import keras
import numpy as np
import pytest
import shapely
import tensorflow as tf

from dlcourse.detection import ciou, diou, giou, iou, nms, soft_nms

CASES = 300


def drawn(rng, count):
    """Boxes on a coarse grid, so that many are equal, touch, lie inside each other or have no area; or anywhere."""
    corner, size = rng.integers(0, 6, (count, 2)), rng.integers(0, 4, (count, 2))
    boxes = np.concatenate([corner, corner + size], axis=1).astype(float)
    if rng.random() < 0.3:
        boxes = np.sort((boxes + rng.normal(size=boxes.shape)).reshape(-1, 2, 2), axis=1).reshape(-1, 4)
    return boxes * rng.choice([1, 10, 100])


def by_shapely(a, b):
    """IoU, GIoU, DIoU and CIoU of two boxes, from shapely's polygons and the papers' formulas."""
    first, second = shapely.box(*a), shapely.box(*b)
    shared, union = shapely.intersection(first, second).area, shapely.area(first) + shapely.area(second)
    union -= shared
    overlap = shared / union if union else 0
    ends = shapely.bounds(shapely.union(shapely.MultiPoint(a.reshape(2, 2)), shapely.MultiPoint(b.reshape(2, 2))))
    hull = (ends[2] - ends[0]) * (ends[3] - ends[1])
    diagonal = math.dist(ends[:2], ends[2:])
    apart = math.dist((a[:2] + a[2:]) / 2, (b[:2] + b[2:]) / 2) ** 2 / diagonal**2 if diagonal else 0
    angles = [math.atan2(*(box[2:] - box[:2])) if (box[2:] > box[:2]).any() else math.pi / 4 for box in (a, b)]
    v = 4 / math.pi**2 * (angles[0] - angles[1]) ** 2
    alpha = v / (1 - overlap + v) if v else 0
    return overlap, overlap - ((hull - union) / hull if hull else 0), overlap - apart, overlap - apart - alpha * v


def test_overlaps_are_shapelys():
    rng = np.random.default_rng(0)
    for _ in range(CASES // 3):
        a, b = drawn(rng, rng.integers(0, 6)), drawn(rng, rng.integers(0, 6))
        expected = np.array([[by_shapely(x, y) for y in b] for x in a]).reshape(len(a), len(b), 4)
        for function, values in zip((iou, giou, diou, ciou), np.moveaxis(expected, -1, 0), strict=True):
            np.testing.assert_allclose(function(a, b), values, atol=1e-12, err_msg=f"{function.__name__} {a} {b}")


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="takes gradients by TensorFlow")
@pytest.mark.parametrize("function", [iou, giou, diou, ciou])
def test_gradients_are_those_of_finite_differences(function):
    rng = np.random.default_rng(1)
    for _ in range(30):
        a, b = (np.sort(rng.uniform(0, 10, (8, 2, 2)), axis=1).reshape(8, 4) for _ in range(2))
        fixed = _alpha(a, b)

        def value(boxes, fixed=fixed, b=b):
            """With CIoU's α held where it was: no gradient flows through it."""
            if function is not ciou:
                return function(boxes, b, paired=True)
            return diou(boxes, b, paired=True) - fixed * _shapes(boxes, b)

        steps = 1e-6 * np.eye(4)
        expected = np.stack([(value(a + step) - value(a - step)) / 2e-6 for step in steps], axis=-1)
        tensor = tf.constant(a)
        with tf.GradientTape() as tape:
            tape.watch(tensor)
            answer = function(tensor, tf.constant(b), paired=True)
        np.testing.assert_allclose(tape.gradient(answer, tensor), expected, atol=1e-6)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="takes gradients by TensorFlow")
@pytest.mark.parametrize("function", [iou, giou, diou, ciou])
def test_gradients_of_degenerate_boxes_are_finite(function):
    boxes = tf.constant([[0, 0, 0, 0], [0, 0, 5, 0], [0, 0, 5, 5], [0, 0, 5, 5], [9, 9, 9, 9.0]])
    others = tf.constant([[0, 0, 0, 0], [0, 0, 5, 0], [0, 0, 5, 5], [5, 0, 9, 5], [0, 0, 1, 1.0]])
    with tf.GradientTape() as tape:
        tape.watch(boxes)
        answer = function(boxes, others, paired=True)
    assert np.isfinite(tape.gradient(answer, boxes)).all()


def _shapes(a, b):
    angles = [np.arctan2(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) for box in (a, b)]
    return 4 / np.pi**2 * (angles[0] - angles[1]) ** 2


def _alpha(a, b):
    v = _shapes(a, b)
    return v / (1 - iou(a, b, paired=True) + v)


def cases(seed, sizes=(0, 200)):
    rng = np.random.default_rng(seed)
    for _ in range(CASES):
        boxes = drawn(rng, rng.integers(*sizes)).astype("float32")
        scores = rng.choice(rng.uniform(size=rng.choice([3, 1000])), len(boxes)).astype("float32")
        yield rng, boxes, scores


def test_suppression_is_tensorflows():
    for rng, boxes, scores in cases(2):
        threshold = float(rng.choice([0, 0.25, 0.3, 1 / 3, 0.5, 0.7, 1]))
        least, limit = float(rng.choice([-np.inf, 0.3])), int(rng.choice([3, 1000]))
        expected = tf.image.non_max_suppression(boxes, scores, limit, threshold, least).numpy()
        kept = nms(boxes, scores, iou_threshold=threshold, score_threshold=least, max_boxes=limit)
        np.testing.assert_array_equal(kept, expected)


def test_suppression_by_class_is_tensorflows_class_by_class():
    for rng, boxes, scores in cases(3, (0, 60)):
        classes = rng.integers(0, 4, len(boxes))
        found = []
        for each in range(4):
            own = np.flatnonzero(classes == each)
            found += own[tf.image.non_max_suppression(boxes[own], scores[own], 1000, 0.4).numpy()].tolist()
        found.sort(key=lambda i, scores=scores: (-scores[i], i))
        assert nms(boxes, scores, iou_threshold=0.4, class_ids=classes).tolist() == found


def test_soft_suppression_is_tensorflows():
    for rng, boxes, _ in cases(4, (0, 40)):
        scores = rng.uniform(0.1, 1, len(boxes)).astype("float32")
        sigma = float(rng.choice([0.1, 0.5, 1]))
        expected, lowered = tf.image.non_max_suppression_with_scores(boxes, scores, 25, 1.0, 0.05, sigma / 2)
        kept, now = soft_nms(boxes, scores, sigma=sigma, score_threshold=0.05, max_boxes=25)
        np.testing.assert_array_equal(kept, expected)
        np.testing.assert_allclose(now, lowered, rtol=1e-5)
