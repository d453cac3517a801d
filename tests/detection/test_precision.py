"""Average precision: cases worked out by hand, what counts and what does not, and what is refused."""

import math
import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest

from dlcourse.detection import average_precision, precision_recall

FAR = [[0, 0, 10, 10], [50, 0, 60, 10], [0, 50, 10, 60]]
TRUTH = {"boxes": FAR, "classes": [0, 0, 1]}


def found(boxes, scores, classes):
    return {"boxes": boxes, "scores": scores, "classes": classes}


def test_everything_found_and_nothing_else():
    result = average_precision([found(FAR, [0.9, 0.2, 0.5], [0, 0, 1])], [TRUTH])
    assert (result["AP"], result["AP50"], result["AP75"], result["AR_100"]) == (1, 1, 1, 1)
    assert result["AR_1"] == pytest.approx((0.5 + 1) / 2)
    assert result["per_class"] == {
        0: {"AP": 1, "AP50": 1, "AP75": 1, "objects": 2},
        1: {"AP": 1, "AP50": 1, "AP75": 1, "objects": 1},
    }


def test_a_wrong_one_before_the_second_right_one():
    """Precision is 1 up to a recall of a half, then 2/3: 51 and 50 of 101 levels."""
    boxes = [FAR[0], [200, 200, 220, 220], FAR[1]]
    result = average_precision([found(boxes, [0.9, 0.8, 0.7], [0, 0, 0])], [TRUTH])
    assert result["per_class"][0]["AP50"] == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert result["per_class"][1]["AP50"] == 0
    assert result["AP50"] == pytest.approx((51 + 50 * 2 / 3) / 101 / 2)


def test_a_second_find_of_the_same_object_is_wrong():
    curve = precision_recall([found([FAR[0], FAR[0], FAR[1]], [0.9, 0.8, 0.7], [0] * 3)], [TRUTH], class_id=0)
    assert curve.precision == pytest.approx([1, 1 / 2, 2 / 3])
    assert curve.recall == pytest.approx([1 / 2, 1 / 2, 1])
    assert curve.scores.tolist() == [0.9, 0.8, 0.7]


def test_the_right_place_in_another_class_is_wrong():
    result = average_precision([found(FAR, [0.9, 0.8, 0.7], [1, 1, 0])], [TRUTH])
    assert result["AP50"] == 0


def test_half_an_overlap_counts_at_50_and_not_at_75():
    result = average_precision([found([[0, 0, 10, 5]], [1], [0])], [{"boxes": FAR[:1], "classes": [0]}])
    assert (result["AP50"], result["AP75"], result["AP"]) == (1, 0, pytest.approx(0.1))


def test_finds_within_a_crowd_are_neither_right_nor_wrong():
    truth = {"boxes": [FAR[0], [100, 100, 200, 200]], "classes": [0, 0], "crowd": [False, True]}
    boxes = [[120, 120, 130, 130], [150, 150, 160, 160], FAR[0]]
    result = average_precision([found(boxes, [0.9, 0.8, 0.7], [0, 0, 0])], [truth])
    assert result["AP"] == 1
    assert result["per_class"][0]["objects"] == 1


def test_sizes_and_limits_of_ones_own():
    sizes = {"tiny": (0, 99), "rest": (99, 1e9)}
    result = average_precision([found(FAR, [1, 1, 1], [0, 0, 1])], [TRUTH], sizes=sizes, max_detections=[2])
    assert math.isnan(result["AP_tiny"])
    assert result["AP_rest"] == 1
    assert result["AR_2"] == 1
    assert "AR_100" not in result


def test_nothing_found_and_nothing_there():
    empty = {"boxes": [], "classes": []}
    nothing = found([], [], [])
    result = average_precision([nothing], [TRUTH])
    assert (result["AP"], result["AR_100"]) == (0, 0)
    assert math.isnan(average_precision([found(FAR, [1, 1, 1], [0, 0, 1])], [empty])["AP"])
    assert average_precision([nothing, nothing], [empty, empty])["per_class"] == {}
    assert precision_recall([nothing], [TRUTH]).recall.shape == (0,)


def test_objects_with_these_attributes_will_do_and_scenes_too():
    objects = [SimpleNamespace(**TRUTH)]
    scenes = SimpleNamespace(boxes=[TRUTH["boxes"]], classes=[TRUTH["classes"]])
    predictions = [SimpleNamespace(boxes=np.array(FAR), scores=np.ones(3), classes=np.array([0, 0, 1]))]
    assert average_precision(predictions, objects)["AP"] == average_precision(predictions, scenes)["AP"] == 1


def test_memory_does_not_grow_with_the_square():
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 1000, (10_000, 2))
    boxes = np.concatenate([corner, corner + 20], axis=1)
    classes = rng.integers(0, 100, 10_000)
    tracemalloc.start()
    average_precision([found(boxes, rng.uniform(size=10_000), classes)], [{"boxes": boxes, "classes": classes}])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6  # a table of all pairs would be 800 MB


@pytest.mark.parametrize(
    ("predictions", "truths", "said"),
    [
        ([], [TRUTH], "one a picture each, not 0 and 1"),
        ([], [], "at least one picture"),
        ([{"boxes": FAR, "scores": [1, 1, 1]}], [TRUTH], r"predictions\[0\] must have 'classes'"),
        ([found(FAR, [1, 1], [0, 0, 1])], [TRUTH], r"predictions\[0\]\['scores'\] must be 3 numbers, one a box"),
        ([found(FAR, [1, 1, np.nan], [0, 0, 1])], [TRUTH], "NaN among them"),
        ([found(FAR, [1, 1, 1], [0.5, 0, 1])], [TRUTH], "must be 3 whole numbers"),
        ([found([[0, 0, 1]], [1], [0])], [TRUTH], r"predictions\[0\]\['boxes'\] must have shape \(N, 4\)"),
        ([found([], [], [])], [TRUTH | {"crowd": [1]}], r"truths\[0\]\['crowd'\] must be 3 whole numbers"),
        ([found([], [], [])], [TRUTH | {"areas": [1]}], r"truths\[0\]\['areas'\] must be 3 numbers"),
    ],
)
def test_what_is_refused(predictions, truths, said):
    with pytest.raises(ValueError, match=said):
        average_precision(predictions, truths)


def test_settings_that_are_refused():
    nothing = [found([], [], [])]
    with pytest.raises(ValueError, match="max_detections must be whole numbers above 0, rising"):
        average_precision(nothing, [TRUTH], max_detections=(10, 1))
    with pytest.raises(ValueError, match="iou_threshold must lie above 0 and be at most 1, not 0"):
        precision_recall(nothing, [TRUTH], iou_threshold=0)
    with pytest.raises(ValueError, match="no object of class_id 7 to find"):
        precision_recall(nothing, [TRUTH], class_id=7)
