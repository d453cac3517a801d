"""How a result is compared with the expected one, and what is said of the difference."""

from fractions import Fraction

import numpy as np
import pytest

from dlcourse.exercises.compare import difference

VECTOR = np.array([0.1, -2.5, 30.0])


class LikeATensor:
    """What a framework's tensor looks like from outside."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


class Hostile:
    """Raises whatever is asked of it."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None

    def __repr__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    "same",
    [
        VECTOR.tolist(),
        tuple(VECTOR),
        VECTOR.astype(np.float32),
        [np.float32(value) for value in VECTOR],
        [np.array(value) for value in VECTOR],
        VECTOR * (1 + 1e-9),
        LikeATensor(VECTOR),
    ],
)
def test_any_holder_of_the_right_numbers_is_right(same):
    assert difference(same, VECTOR) is None


@pytest.mark.parametrize(
    "same", [2, 2.0, np.int8(2), np.float16(2), np.array(2.0), 2 + 0.0, np.uint8(2), LikeATensor(2), Fraction(2)]
)
def test_any_form_of_the_right_number_is_right(same):
    assert difference(same, 2.0) is None


def test_single_precision_is_given_more_room_even_inside_a_python_float():
    third = 1 / 3
    assert difference(np.float32(third * 1.00002), third) is None
    assert difference(float(np.float32(third * 1.00002)), third) is None
    assert difference(third * 1.00002, third) is not None


def test_the_tolerance_is_relative_to_small_numbers_too():
    assert difference(np.array([1.1e-7, 2e-7]), np.array([1e-7, 2e-7])) is not None


def test_booleans_and_zeros_and_ones_are_the_same():
    assert difference([0, 1, 1], np.array([False, True, True])) is None
    assert difference(np.array([0.0, 1.0]), [False, True]) is None


def test_outputs_may_be_a_tuple_a_list_or_an_array():
    for same in [(1.5, VECTOR), [1.5, VECTOR.tolist()], (np.float32(1.5), tuple(VECTOR))]:
        assert difference(same, (1.5, VECTOR)) is None
    assert difference(np.array([1.5, 2.5]), (1.5, 2.5)) is None


def test_texts_sets_and_dictionaries_are_compared_by_what_they_hold():
    assert difference("relu", "relu") is None
    assert difference(["a", "b"], np.array(["a", "b"])) is None
    assert difference({"W": VECTOR.tolist(), "b": 1}, {"b": 1.0, "W": VECTOR}) is None
    assert difference({1, 2}, {2, 1}) is None


@pytest.mark.parametrize(
    ("got", "expected", "said"),
    [
        (None, 1.0, "nothing (None): is a `return` missing?"),
        (..., 1.0, "`...`"),
        ((i for i in [1]), [1.0], "a generator"),
        (map(abs, [1]), [1.0], "a map"),
        (abs, 1.0, "the function `abs`"),
        (10**400, 1.0, "an int, which cannot be read as numbers"),
        ("1.0", 1.0, "the text '1.0' where numbers are expected"),
        ({1.0}, [1.0], "a set where a number, a list or an array"),
        ([1, [2, 3]], [1.0, 2.0], "differ in shape or are not numbers"),
        ([None, None], [1.0, 2.0], "whose items are not numbers"),
        (np.array([{}, {}]), [1.0, 2.0], "dtype object"),
        (1 + 2j, 1.0, "complex numbers where real ones"),
        (Hostile(), 1.0, "a Hostile, which cannot be read as numbers"),
        (Hostile(), "text", "a Hostile where 'text' is expected"),
        ([1.0], 1.0, "an array of shape (1,) where one number is expected"),
        (1.0, [1.0], "one number where an array of shape (1,) is expected"),
        (np.ones((2, 3)), np.ones((3, 2)), "(2, 3) where (3, 2) is expected: the axes are exchanged"),
        (np.ones((3, 1)), np.ones(3), "an axis of length 1 is too many"),
        (np.ones(3), np.ones((3, 1)), "an axis of length 1 is missing"),
        (np.ones((3, 3)), np.ones(3), "broadcast against each other?"),
        (np.ones(4), np.ones(3), "shape (4,) where (3,) is expected"),
        ([[0.0, np.nan]], [[0.0, 1.0]], "NaN (not a number) at [0, 1]"),
        (-np.inf, 1.0, "returns -inf: look for a division by zero"),
        ([2, 3], [2.5, 3.75], "whole numbers"),
        ([1.0, 2.0], [1.0, 3.0], "[1, 2] where [1, 3] is expected"),
        (1.00001234, 1.0, "1.00001234 where 1 is expected"),
        (np.zeros(30), np.arange(30), "0 where 1 is expected at [1] (29 of 30 values differ)"),
        (1.0, (1.0, 2.5), "one output where 2 are expected"),
        ((1.0, 2.5, 3.5), (1.0, 2.5), "3 outputs where 2 are expected"),
        ((1.5, None), (1.5, 2.5), "nothing (None) as output 2 of 2"),
        (["a", "c"], ["a", "b"], "'c' as output 2 of 2 where 'b' is expected"),
        ({"W": 1.0}, {"w": 1.0}, "the keys ['W'] where ['w'] are expected"),
        ({"w": None}, {"w": 1.0}, "nothing (None) under 'w'"),
        ([1.0], {"w": 1.0}, "a list where a dictionary is expected"),
    ],
)
def test_a_difference_is_told_in_the_learners_terms(got, expected, said):
    assert said in difference(got, expected)


def test_a_coroutine_is_named_and_closed():
    async def answer():
        return 1.0

    assert "not `async def`" in difference(answer(), 1.0)


def test_nan_where_it_is_expected_is_right():
    assert difference([np.nan, 1.0], np.array([np.nan, 1.0])) is None
    assert difference([np.inf, 1.0], np.array([np.inf, 1.0])) is None
