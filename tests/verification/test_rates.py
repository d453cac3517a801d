"""Error rates against counting over all thresholds; the two equal error rates; what is refused."""

import numpy as np
import pytest
from scipy.optimize import brentq

from dlcourse.verification import (
    all_pairs,
    equal_error_rate,
    equal_error_threshold,
    error_rates,
    roc,
    true_accept_rate,
)

SEEDS = range(30)


def drawn(seed):
    """Some pairs; every second time of few different distances, so with ties."""
    rng = np.random.default_rng(seed)
    number = rng.integers(2, 40)
    same = rng.random(number) < 0.4
    same[:2] = [True, False]
    distances = rng.normal(size=number) + 1.2 * ~same
    return (np.round(distances) if seed % 2 else distances), same


def counted(distances, same):
    """False accepts, true accepts at each threshold, by counting: none accepted first."""
    rows = [(0.0, 0.0)]
    for threshold in sorted(set(distances.tolist())):
        accepted = [d <= threshold for d in distances]
        false = sum(a and not s for a, s in zip(accepted, same, strict=True)) / sum(not s for s in same)
        true = sum(a and s for a, s in zip(accepted, same, strict=True)) / sum(same)
        rows.append((false, true))
    return np.array(rows).T


@pytest.mark.parametrize("seed", SEEDS)
def test_roc_equals_counting(seed):
    distances, same = drawn(seed)
    got, (false, true) = roc(distances, same), counted(distances, same)
    np.testing.assert_allclose(got.false_accepts, false)
    np.testing.assert_allclose(got.true_accepts, true)
    for threshold, *rates in zip(got.thresholds[1:], false[1:], 1 - true[1:], strict=True):
        np.testing.assert_allclose(error_rates(distances, same, float(threshold)), rates, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_interpolated_equal_error_rate_is_where_the_joined_curve_crosses(seed):
    distances, same = drawn(seed)
    false, true = counted(distances, same)
    steps = np.arange(len(false))
    cross = brentq(lambda t: np.interp(t, steps, false) - 1 + np.interp(t, steps, true), 0, steps[-1], xtol=1e-13)
    assert equal_error_rate(distances, same) == pytest.approx(np.interp(cross, steps, false), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_other_one_is_the_mean_at_the_best_threshold_and_the_threshold_gives_it(seed):
    distances, same = drawn(seed)
    false, true = counted(distances, same)
    best = np.argmin(np.abs(false - 1 + true))
    expected = (false[best] + 1 - true[best]) / 2
    assert equal_error_rate(distances, same, method="threshold") == pytest.approx(expected)
    assert np.mean(error_rates(distances, same, equal_error_threshold(distances, same))) == pytest.approx(expected)


@pytest.mark.parametrize("limit", [0, 0.1, 0.5, 1])
@pytest.mark.parametrize("seed", SEEDS)
def test_true_accept_rate_equals_counting(seed, limit):
    distances, same = drawn(seed)
    false, true = counted(distances, same)
    expected = max(t for f, t in zip(false, true, strict=True) if f <= limit)
    assert true_accept_rate(distances, same, limit) == pytest.approx(expected)


def test_the_two_definitions_differ_where_a_step_is_large():
    # one pair of the same at 2; different ones at 1 and 3: FAR 0, 1/2, 1/2, 1; FRR 1, 1, 0, 0
    distances, same = np.array([2.0, 1, 3]), np.array([True, False, False])
    assert equal_error_rate(distances, same) == pytest.approx(0.5)
    assert equal_error_rate(distances, same, method="threshold") in (0.25, 0.75)


@pytest.mark.parametrize("method", ["interpolated", "threshold"])
def test_perfect_useless_and_upside_down(method):
    same = np.array([True, True, False, False])
    assert equal_error_rate([1, 2, 3, 4], same, method=method) == 0
    assert equal_error_rate([1, 1, 1, 1], same, method=method) == 0.5
    assert equal_error_rate([3, 4, 1, 2], same, method=method) == 1
    assert 2 < equal_error_threshold([1, 2, 3, 4], same) < 3


def test_pairs_of_a_matrix_come_once_each():
    distances = np.arange(16).reshape(4, 4)
    got, same = all_pairs(distances, ["a", "a", "b", "b"])
    np.testing.assert_array_equal(got, [1, 2, 3, 6, 7, 11])
    np.testing.assert_array_equal(same, [True, False, False, False, False, True])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: all_pairs(np.ones((2, 3)), [0, 1]), r"distances are \(n, n\) and people \(n,\), not \(2, 3\)"),
        (lambda: roc([1, 2], [True]), r"not \(2,\) and \(1,\)"),
        (lambda: roc([1, np.nan], [True, False]), "finite"),
        (lambda: roc([1, 2], [True, True]), "same holds only pairs of the same"),
        (lambda: roc([1, 2], [0, 0]), "same holds no pairs of the same"),
        (lambda: roc([1, 2], [0, 2]), "True or False"),
        (lambda: equal_error_rate([1, 2], [1, 0], method="hull"), "method is one of 'interpolated', 'threshold', not"),
        (lambda: true_accept_rate([1, 2], [1, 0], 1.5), "false_accept_rate is a number from 0 to 1, not 1.5"),
        (lambda: error_rates([1, 2], [1, 0], None), "threshold is a number, not None"),
    ],
)
def test_wrong_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
