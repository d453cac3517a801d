"""How boxes overlap: answers known beforehand, shapes, types, and what is refused."""

import keras
import numpy as np
import pytest

from dlcourse.detection import ciou, diou, giou, iou

ALL = (iou, giou, diou, ciou)
A = np.array([[0, 0, 10, 10]])


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ([0, 0, 10, 10], (1, 1, 1, 1)),
        ([0, 0, 10, 5], (0.5, 0.5, 0.5 - 6.25 / 200, None)),
        ([10, 0, 20, 10], (0, 0, -100 / 500, -100 / 500)),  # touching
        ([20, 0, 30, 10], (0, -100 / 300, -400 / 1000, -400 / 1000)),
        ([5, 5, 5, 5], (0, 0, 0, 0)),  # a point inside, at the centre; of no shape
    ],
)
def test_known_answers(other, expected):
    for function, value in zip(ALL, expected, strict=True):
        if value is not None:
            assert function(A, [other]) == pytest.approx(value)


def test_ciou_of_a_flatter_box():
    v = 4 / np.pi**2 * (np.arctan(1) - np.arctan(2)) ** 2
    assert ciou(A, [[0, 0, 10, 5]]) == pytest.approx(0.5 - 6.25 / 200 - v**2 / (0.5 + v))


@pytest.mark.parametrize("function", ALL)
def test_every_box_with_every_other_or_box_by_box(function):
    rng = np.random.default_rng(0)
    a, b = boxes(rng, 5), boxes(rng, 7)
    table = function(a, b)
    assert table.shape == (5, 7)
    np.testing.assert_array_equal(function(a, b[:5], paired=True), np.diag(function(a, b[:5])))
    np.testing.assert_array_equal(function(a[:, None], b, paired=True), table)
    np.testing.assert_allclose(function(b, a).T, table, rtol=1e-12)


@pytest.mark.parametrize("function", ALL)
def test_empty_sets(function):
    assert function([], A).shape == (0, 1)
    assert function(A, np.zeros((0, 4))).shape == (1, 0)
    assert function(np.zeros((0, 4)), np.zeros((0, 4)), paired=True).shape == (0,)


@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize("dtype", ["float32", "float16", "int64"])
def test_tensors_answer_like_arrays(function, dtype):
    rng = np.random.default_rng(1)
    a, b = boxes(rng, 6).round(), boxes(rng, 4).round()
    tensors = [keras.ops.cast(keras.ops.convert_to_tensor(each), dtype) for each in (a, b)]
    answer = function(*tensors)
    assert keras.backend.standardize_dtype(answer.dtype) == "float32"
    np.testing.assert_allclose(keras.ops.convert_to_numpy(answer), function(a, b), atol=1e-6)


def test_large_boxes_in_half_precision_do_not_overflow():
    large = keras.ops.cast([[0, 0, 1000, 1000]], "float16")
    assert float(iou(large, large)[0, 0]) == 1
    assert iou(np.array([[0, 0, 1000, 1000]], "float16"), [[0, 0, 1000, 1000]]) == 1


@pytest.mark.parametrize("function", ALL)
def test_types_of_arrays(function):
    assert function(A.astype("float32"), A.astype("float32")).dtype == np.float32
    assert function(A, A).dtype == np.float64


@pytest.mark.parametrize("function", ALL)
def test_what_is_refused(function):
    with pytest.raises(ValueError, match=r"a must have shape \(N, 4\), not \(4,\)"):
        function([0, 0, 1, 1], A)
    with pytest.raises(ValueError, match=r"b must have shape \(\.\.\., 4\), not \(1, 3\)"):
        function(A, [[0, 0, 1]], paired=True)
    with pytest.raises(ValueError, match=r"b must hold finite"):
        function(A, [[0, 0, 1, np.nan]])
    with pytest.raises(ValueError, match=r"\[5\.0, 0\.0, 4\.0, 1\.0\] ends before it begins"):
        function([[5, 0, 4, 1]], A)
    with pytest.raises(ValueError, match="a must hold real numbers"):
        function([["a", "b", "c", "d"]], A)
    with pytest.raises(ValueError, match=r"a must have shape \(N, 4\), not \(4,\)"):
        function(keras.ops.ones(4), keras.ops.ones((1, 4)))


def boxes(rng, count):
    corner = rng.uniform(0, 50, (count, 2))
    return np.concatenate([corner, corner + rng.uniform(1, 40, (count, 2))], axis=1)
