"""`encode` and `decode` undo each other; who gets a place that two boxes claim; what cannot be encoded."""

import numpy as np
import pytest

from dlcourse.detection import decode, decode_boxes, encode

ANCHORS = np.array([[10.0, 12], [30, 16], [28, 40]])
GRID = {"anchors": ANCHORS, "stride": 8}
SHAPE = {"shape": (10, 12), "class_count": 4}
SURE = 30.0  # a logit whose sigmoid is 1


def drawn(rng, images=6, most=5):
    """Boxes (n, 4) with centres in 96 x 80 pixels, and classes, for some images; some have none."""
    boxes, classes = [], []
    for _ in range(images):
        n = rng.integers(0, most + 1)
        centres, sizes = rng.uniform(0, [96, 80], (n, 2)), rng.uniform(3, 60, (n, 2))
        boxes.append(np.concatenate([centres - sizes / 2, centres + sizes / 2], 1))
        classes.append(rng.integers(4, size=n))
    return boxes, classes


def encoded(boxes, classes, **settings):
    return encode(boxes, classes, **GRID, **{**SHAPE, **settings})


def one(box, label=2, **settings):
    return encoded([np.array([box], float)], [np.array([label])], **settings)[0]


@pytest.mark.parametrize("neighbours", [False, True])
@pytest.mark.parametrize("also_above", [None, 0.4])
@pytest.mark.parametrize("seed", range(10))
def test_decoding_gives_the_boxes_back(seed, neighbours, also_above):
    boxes, classes = drawn(np.random.default_rng(seed))
    targets = encoded(boxes, classes, neighbours=neighbours, also_above=also_above)
    back = decode_boxes(targets, **GRID)
    for number, (truth, ids) in enumerate(zip(boxes, classes, strict=True)):
        filled = targets[number, ..., 4] > 0
        assert filled.any() == bool(len(truth))
        # each filled place holds one of the boxes, with its class
        gaps = np.abs(back[number][filled][:, None] - truth[None]).max(-1)
        assert gaps.size == 0 or gaps.min(1).max() < 1e-4
        found = targets[number][filled][:, 5:].argmax(1)
        assert (found == (ids[gaps.argmin(1)] if len(ids) else found)).all()


@pytest.mark.parametrize("seed", range(10))
def test_whole_way_back_through_decode(seed):
    """Targets made into a network's answers (sure of what they say) come back as boxes, scores 1 and classes."""
    rng = np.random.default_rng(seed)
    boxes, classes = drawn(rng, most=1)  # one at most: nothing is displaced
    targets = encoded(boxes, classes, neighbours=False)
    answers = targets.copy()
    answers[..., 4:] = SURE * (2 * targets[..., 4:] - 1)
    for objectness, logits in ((True, answers), (False, np.delete(answers, 4, -1))):
        found = decode(logits, **GRID, score_threshold=0.5, objectness=objectness)
        for (back, scores, ids), truth, label in zip(found, boxes, classes, strict=True):
            np.testing.assert_allclose(back, truth, atol=1e-4)
            np.testing.assert_allclose(scores, np.ones(len(truth)), atol=1e-6)
            np.testing.assert_array_equal(ids, label)


def test_a_box_by_hand():
    # 10 x 12 pixels round (20, 30): cell (2.5, 3.75), its row and the one below; no neighbour at its side.
    target = one([15, 24, 25, 36])
    assert list(zip(*(axis.tolist() for axis in np.nonzero(target[..., 4])), strict=True)) == [(3, 2, 0), (4, 2, 0)]
    sigmoid = (0.5 + 1) / 3
    np.testing.assert_allclose(target[3, 2, 0, :4], [np.log(sigmoid / (1 - sigmoid)), np.log(1.75 / 1.25), 0, 0])
    np.testing.assert_array_equal(target[3, 2, 0, 4:], [1, 0, 0, 1, 0])


def test_neighbours_and_further_anchors():
    box = [17, 17, 45, 35]  # centre (31, 26): cell (3.875, 3.25); 28 x 18, between the second and the third anchor
    assert one(box, neighbours=False)[..., 4].sum() == 1
    assert np.argwhere(one(box)[..., 4]).tolist() == [[2, 3, 1], [3, 3, 1], [3, 4, 1]]
    assert one(box, also_above=0.4)[..., 4].sum() == 6
    corner = one([0, 0, 4, 4])  # neighbours outside the grid are left out
    assert np.argwhere(corner[..., 4]).tolist() == [[0, 0, 0]]


def test_who_gets_a_place():
    def owner(first, second, place, **settings):
        return encoded([np.array([first, second], float)], [np.array([0, 1])], **settings)[0][place][5:].argmax()

    large, small = [14, 14, 42, 46], [16, 16, 40, 46]  # one cell, one anchor: the smaller
    assert owner(large, small, (3, 3, 2)) == 1
    assert owner(small, large, (3, 3, 2)) == 0
    beside, home = [22, 14, 50, 54], [12, 12, 40, 56]  # a smaller box reaches over from the cell on the right
    assert owner(beside, home, (4, 3, 2)) == 1
    assert owner(home, beside, (4, 3, 2)) == 0


def test_scores_sort_and_thresholds():
    rng = np.random.default_rng(3)
    outputs = rng.normal(size=(2, 3, 4, 3, 9)).astype("float32")
    everything = decode(outputs, **GRID)
    assert [len(scores) for _, scores, _ in everything] == [36, 36]
    assert all((np.diff(scores) <= 0).all() for _, scores, _ in everything)
    for whole, part in zip(everything, decode(outputs, **GRID, score_threshold=0.2), strict=True):
        kept = whole[1] >= 0.2
        assert 0 < kept.sum() < 36
        for a, b in zip(whole, part, strict=True):
            np.testing.assert_array_equal(a[kept], b)
    sums = [scores.sum() for _, scores, _ in decode(outputs, **GRID, every_class=True)]
    objects = 1 / (1 + np.exp(-outputs[..., 4]))  # the classes' probabilities sum to 1
    np.testing.assert_allclose(sums, objects.sum((1, 2, 3)), rtol=1e-5)


@pytest.mark.parametrize("objectness", [True, False])
def test_decode_against_loops(objectness):
    outputs = np.random.default_rng(4).normal(size=(1, 2, 3, 3, 8 + objectness))
    boxes, scores, classes = decode(outputs, **GRID, objectness=objectness)[0]
    expected = []
    for row, column, anchor in np.ndindex(2, 3, 3):
        t = outputs[0, row, column, anchor]
        x, y = ((at + 3 / (1 + np.exp(-each)) - 1) * 8 for at, each in ((column, t[0]), (row, t[1])))
        w, h = ANCHORS[anchor] * np.exp(t[2:4])
        softmax, sigmoid = np.exp(t[5:]) / np.exp(t[5:]).sum(), 1 / (1 + np.exp(-t[4:]))
        p = softmax * sigmoid[0] if objectness else sigmoid
        expected.append((p.max(), p.argmax(), x - w / 2, y - h / 2, x + w / 2, y + h / 2))
    expected = np.array(sorted(expected, reverse=True))
    np.testing.assert_allclose(scores, expected[:, 0], rtol=1e-6)
    np.testing.assert_array_equal(classes, expected[:, 1])
    np.testing.assert_allclose(boxes, expected[:, 2:], rtol=1e-4, atol=1e-4)


def test_nothing_in_nothing_out():
    assert encoded([], []).shape == (0, 10, 12, 3, 9)
    assert not encoded([[]], [[]]).any()
    assert decode(np.zeros((0, 2, 2, 3, 9)), **GRID) == []
    boxes, scores, classes = decode(np.full((1, 2, 2, 3, 9), -9.0), **GRID, score_threshold=0.5)[0]
    assert boxes.shape == (0, 4)
    assert scores.shape == classes.shape == (0,)


def test_extreme_answers_stay_finite():
    for value in (-1e4, 1e4):
        for boxes, scores, _ in decode(np.full((1, 2, 2, 3, 9), value, "float32"), **GRID):
            assert np.isfinite(boxes).all()
            assert np.isfinite(scores).all()


BOX = [np.array([[10.0, 10, 20, 20]])]


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        ((BOX, []), {}, "as many images; they are of 1 and 0"),
        ((BOX, [[0, 1]]), {}, "one number for each box"),
        ((BOX, [[4]]), {}, r"classes must be from 0 to 3; there are \[4\]"),
        (([[[10, 10, 10, 20]]], [[0]]), {}, "boxes must have an area"),
        (([[[90, 10, 110, 20]]], [[0]]), {}, "centres within the grid's 96 x 80 pixels"),
        ((BOX, [[0]]), {"shape": (10,)}, "shape is two whole numbers"),
        ((BOX, [[0]]), {"stride": 0}, "stride is a whole number from 1, not 0"),
        ((BOX, [[0]]), {"anchors": [[0, 1]]}, "anchors must hold widths and heights above 0"),
    ],
)
def test_bad_arguments_of_encode(arguments, settings, words):
    with pytest.raises(ValueError, match=words):
        encode(*arguments, **{**GRID, **SHAPE, **settings})


@pytest.mark.parametrize(
    ("outputs", "settings", "words"),
    [
        (np.zeros((2, 2, 3, 9)), {}, r"outputs must have shape \(images, rows, columns, 3 anchors, 6 or more\)"),
        (np.zeros((1, 2, 2, 2, 9)), {}, "3 anchors"),
        (np.zeros((1, 2, 2, 3, 5)), {}, "6 or more"),
        (np.zeros((1, 2, 2, 3, 4)), {"objectness": False}, "5 or more"),
        (np.zeros((1, 2, 2, 3, 9)), {"score_threshold": 1.5}, "score_threshold is a number from 0 to 1, not 1.5"),
    ],
)
def test_bad_arguments_of_decode(outputs, settings, words):
    with pytest.raises(ValueError, match=words):
        decode(outputs, **GRID, **settings)
