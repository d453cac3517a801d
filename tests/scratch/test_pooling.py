"""Pooling by hand: literal answers, gradients against differences, and what bad input is told."""

import numpy as np
import pytest

from dlcourse.scratch import average_pool, average_pool_backward, check_gradient, max_pool, max_pool_backward

RNG = np.random.default_rng(0)
BOTH = {"max": (max_pool, max_pool_backward), "average": (average_pool, average_pool_backward)}


def row(*values):
    return np.array(values, float).reshape(1, -1, 1)


def test_literal_answers():
    x = row(1, 5, 2, -4, 3)
    assert max_pool(x).ravel().tolist() == [5, 2]
    assert average_pool(x).ravel().tolist() == [3, -1]
    assert max_pool(x, padding="same").ravel().tolist() == [5, 2, 3]
    assert average_pool(x, padding="same").ravel().tolist() == [3, -1, 3]  # padding does not count
    assert max_pool(x, 3, stride=1).ravel().tolist() == [5, 5, 3]
    assert max_pool(-np.abs(x), 2, padding="same").max() == -1  # nor is it a zero


def test_gradient_goes_to_the_largest_or_to_all_alike():
    x, dZ = row(1, 5, 2, -4, 3), row(10, 100)
    assert max_pool_backward(dZ, x).ravel().tolist() == [0, 10, 100, 0, 0]
    assert average_pool_backward(dZ, x).ravel().tolist() == [5, 5, 50, 50, 0]
    assert max_pool_backward(row(1, 1), row(7, 7, 7), 2, stride=1).ravel().tolist() == [1, 1, 0]


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("how", [(2, None, "valid"), (3, 2, "same"), (2, 3, "same"), (3, 1, "valid")])
def test_gradients_against_central_differences(kind, d, how):
    forward, backward = BOTH[kind]
    size, stride, padding = how
    X = RNG.permutation(2 * 5**d * 2).reshape(2, *(5,) * d, 2) / 10.0  # no two equal
    dZ = RNG.normal(size=forward(X, size, stride=stride, padding=padding).shape)
    slope = backward(dZ, X, size, stride=stride, padding=padding)
    small = X[:1], dZ[:1], slope[:1]
    found = check_gradient(
        lambda X: np.sum(forward(X, size, stride=stride, padding=padding) * small[1]), lambda X: small[2], small[0]
    )
    assert found.error < 1e-5


def test_each_channel_is_pooled_by_itself_and_precision_is_kept():
    X = RNG.normal(size=(2, 6, 6, 3)).astype(np.float32)
    for forward, backward in BOTH.values():
        Z = forward(X, (2, 3))
        assert Z.shape == (2, 3, 2, 3)
        assert Z.dtype == backward(Z, X, (2, 3)).dtype == np.float32
        np.testing.assert_allclose(Z[..., 1:2], forward(X[..., 1:2], (2, 3)), atol=1e-6)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: max_pool(np.ones((4, 4))), "X must have 3, 4, 5 axes"),
        (lambda: max_pool(np.ones((1, 4, 1)), 5), "must not be longer"),
        (lambda: max_pool(np.ones((1, 4, 1)), 0), "size must be a whole number above 0"),
        (lambda: max_pool(np.ones((1, 4, 1)), (2, 2)), "size must be a whole number above 0"),
        (lambda: max_pool(np.ones((1, 4, 1)), padding="full"), "'valid' or 'same'"),
        (lambda: average_pool(np.ones((1, 4, 1)), stride=-1), "stride must be"),
        (lambda: average_pool_backward(np.ones((1, 3, 1)), np.ones((1, 4, 1))), r"dZ .* \(1, 2, 1\)"),
    ],
)
def test_bad_input_is_told_by_name(call, said):
    with pytest.raises(ValueError, match=said):
        call()
