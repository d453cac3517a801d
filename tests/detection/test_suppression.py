"""Suppression: answers known beforehand, classes, limits, memory, and what is refused."""

import tracemalloc

import numpy as np
import pytest

from dlcourse.detection import nms, soft_nms

BOXES = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10], [0, 0, 10, 10]])
SCORES = np.array([0.6, 0.9, 0.5, 0.6])


def test_the_best_of_boxes_that_overlap_stays():
    assert nms(BOXES, SCORES).tolist() == [1, 2]


def test_an_overlap_of_exactly_the_threshold_does_not_suppress():
    halves = [[0, 0, 10, 10], [0, 0, 10, 5]]
    assert nms(halves, [0.9, 0.8], iou_threshold=0.5).tolist() == [0, 1]
    assert nms(halves, [0.9, 0.8], iou_threshold=0.499).tolist() == [0]


def test_touching_boxes_and_boxes_without_area_stay():
    boxes = [[0, 0, 10, 10], [10, 0, 20, 10], [5, 5, 5, 5], [5, 5, 5, 5]]
    assert nms(boxes, [0.4, 0.3, 0.2, 0.1], iou_threshold=0).tolist() == [0, 1, 2, 3]


def test_of_equal_scores_the_earlier_comes_first():
    assert nms(BOXES, np.ones(4)).tolist() == [0, 2]


def test_only_boxes_of_the_same_class_suppress_each_other():
    assert nms(BOXES, SCORES, class_ids=[0, 1, 0, 0]).tolist() == [1, 0, 2]
    assert nms(BOXES, SCORES, class_ids=[7, 7, -1, 3]).tolist() == [1, 3, 2]


def test_the_limit_counts_all_classes_together():
    assert nms(BOXES, SCORES, class_ids=[0, 1, 0, 0], max_boxes=2).tolist() == [1, 0]
    assert nms(BOXES, SCORES, max_boxes=1).tolist() == [1]
    assert nms(BOXES, SCORES, max_boxes=0).tolist() == []


def test_boxes_that_do_not_exceed_the_score_threshold_are_dropped():
    assert nms(BOXES, SCORES, score_threshold=0.5).tolist() == [1]
    assert nms(BOXES, SCORES, score_threshold=2, class_ids=[1, 1, 1, 1]).tolist() == []


@pytest.mark.parametrize("classes", [None, []])
def test_no_boxes(classes):
    kept = nms([], [], class_ids=classes)
    assert kept.shape == (0,)
    assert kept.dtype.kind == "i"
    assert [each.shape for each in soft_nms(np.zeros((0, 4)), [], class_ids=classes)] == [(0,), (0,)]


@pytest.mark.parametrize("count", [15, 16, 17, 63, 64, 65, 129, 511, 512, 513, 5000])
def test_any_number_of_boxes(count):
    """A row of boxes, each overlapping the next one only: every second stays."""
    left = 6 * np.arange(count)
    boxes = np.stack([left, np.zeros(count), left + 10, np.full(count, 10)], axis=1)
    assert nms(boxes, -left, iou_threshold=0.2).tolist() == list(range(0, count, 2))


def test_memory_does_not_grow_with_the_square():
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 1000, (10_000, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(10, 60, (10_000, 2))], axis=1).astype("float32")
    scores = rng.uniform(size=10_000)
    tracemalloc.start()
    nms(boxes, scores)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6  # a table of all pairs would be 400 MB


def test_soft_suppression_lowers_scores_and_drops_none():
    kept, scores = soft_nms(BOXES, SCORES, sigma=0.5)
    assert kept.tolist() == [1, 2, 0, 3]
    once = 0.6 * np.exp(-((90 / 110) ** 2) / 0.5)
    assert scores == pytest.approx([0.9, 0.5, once, once * np.exp(-1 / 0.5)])


def test_soft_suppression_with_classes_limits_and_thresholds():
    assert soft_nms(BOXES, SCORES, class_ids=[0, 1, 2, 3])[1] == pytest.approx([0.9, 0.6, 0.6, 0.5])
    assert soft_nms(BOXES, SCORES, max_boxes=2)[0].tolist() == [1, 2]
    assert soft_nms(BOXES, SCORES, iou_threshold=0.5)[0].tolist() == [1, 2]
    assert soft_nms(BOXES, SCORES, score_threshold=0.5)[0].tolist() == [1]
    assert soft_nms(BOXES, SCORES.astype("float32"))[1].dtype == np.float32


@pytest.mark.parametrize("function", [nms, soft_nms])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"boxes": np.zeros((4, 5))}, r"boxes must have shape \(N, 4\), not \(4, 5\)"),
        ({"scores": [1, 2]}, "scores must be 4 numbers, one a box"),
        ({"scores": [1, 2, 3, np.nan]}, "NaN among them"),
        ({"class_ids": [1, 2]}, r"class_ids must be 4 whole numbers, one a box, not int64 of shape \(2,\)"),
        ({"class_ids": [0.5, 1, 1, 1]}, "class_ids must be 4 whole numbers"),
        ({"iou_threshold": 1.5}, "iou_threshold must lie between 0 and 1, not at 1.5"),
        ({"max_boxes": -1}, "max_boxes must be 0 or more, or None, not -1"),
    ],
)
def test_what_is_refused(function, wrong, said):
    with pytest.raises(ValueError, match=said):
        function(**{"boxes": BOXES, "scores": SCORES} | wrong)


def test_a_sigma_of_nothing_is_refused():
    with pytest.raises(ValueError, match="sigma must be above 0, not 0"):
        soft_nms(BOXES, SCORES, sigma=0)
