"""Rosenblatt's rule step by step, its convergence, the pocket, and what a plane can separate."""

import itertools

import numpy as np
import pytest

from dlcourse.scratch import Perceptron
from dlcourse.scratch.separation import count_separable, separating_plane, widest_margin

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
XOR = np.array([0, 1, 1, 0])


def blobs(seed=0, m=60, gap=2.0):
    rng = np.random.default_rng(seed)
    y = np.arange(m) % 2
    return rng.normal(0, 0.5, (m, 2)) + gap * y[:, None], y


def test_each_mistake_moves_the_line_by_its_example():
    p = Perceptron(learning_rate=0.5)
    history = p.fit([[1.0, 2.0], [3.0, 0.0]], [1, 0], epochs=1, keep_path=True)
    np.testing.assert_array_equal(history.path, [[0, 0, 0], [0.5, 1, 0.5], [-1, 1, 0]])
    assert history.total == 2
    assert not history.converged


def test_an_example_on_the_line_is_a_mistake_for_either_class():
    for label in (0, 1):
        assert Perceptron().fit([[1.0]], [label], epochs=1).total == 1


def test_it_stops_at_the_first_pass_without_a_mistake():
    X, y = blobs()
    p = Perceptron()
    history = p.fit(X, y, epochs=500)
    assert history.converged
    assert history.each_epoch[-1] == 0
    assert np.all(history.each_epoch[:-1] > 0)
    np.testing.assert_array_equal(p.predict(X), y)
    assert p.fit(X, y, epochs=3).total == 0


@pytest.mark.parametrize("seed", range(10))
def test_mistakes_stay_within_novikoffs_bound(seed):
    X, y = blobs(seed, gap=3.0)
    gamma = widest_margin(X, y)
    assert gamma > 0
    radius = np.linalg.norm(np.column_stack([X, np.ones(len(X))]), axis=1).max()
    assert Perceptron().fit(X, y, epochs=10_000, seed=seed).total <= (radius / gamma) ** 2


@pytest.mark.parametrize("n", [1, 4, 20])
def test_orthogonal_examples_reach_the_bound_exactly(n):
    y = np.arange(n) % 2
    X = np.eye(n)
    assert widest_margin(X, y, bias=False) == pytest.approx(1 / np.sqrt(n))
    history = Perceptron(bias=False).fit(X, y, epochs=5)
    assert history.converged
    assert history.total == n


def test_the_learning_rate_changes_no_answer_from_a_start_at_zero():
    X, y = blobs(3, gap=1.0)
    runs = []
    for rate in (2.0**-4, 1.0, 8.0):
        p = Perceptron(learning_rate=rate)
        runs.append((p.fit(X, y, epochs=20).each_epoch.tolist(), (p.w / rate).tolist()))
    assert runs[0] == runs[1] == runs[2]


def test_the_seed_decides_the_order():
    X, y = blobs(1, gap=1.0)
    counts = [Perceptron().fit(X, y, epochs=5, seed=seed).each_epoch.tolist() for seed in (0, 0, 1, None)]
    assert counts[0] == counts[1]
    assert counts[0] != counts[2] or counts[0] != counts[3]


def test_without_a_bias_it_stays_zero():
    X, y = blobs()
    p = Perceptron(bias=False)
    p.fit(X, y, epochs=3)
    assert p.b == 0


def test_on_xor_the_weights_come_back_and_the_pocket_keeps_three_of_four():
    path = Perceptron().fit(CORNERS, XOR, epochs=50, keep_path=True).path
    assert len(np.unique(path, axis=0)) < 20
    p = Perceptron()
    history = p.fit(CORNERS, XOR, epochs=50, seed=0, pocket=True)
    assert not history.converged
    assert np.mean(p.predict(CORNERS) == XOR) == 0.75


@pytest.mark.parametrize("seed", range(5))
def test_the_pocket_is_no_worse_than_the_last_line(seed):
    X, y = blobs(seed, m=100, gap=0.7)
    last, kept = Perceptron(), Perceptron()
    last.fit(X, y, epochs=30, seed=seed)
    kept.fit(X, y, epochs=30, seed=seed, pocket=True)
    assert np.sum(kept.predict(X) != y) <= np.sum(last.predict(X) != y)


def test_an_untrained_perceptron_says_so():
    with pytest.raises(ValueError, match="no weights yet"):
        Perceptron().predict([[1.0]])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"y": [1, 2]}, "y must hold only 0 and 1"), ({"epochs": 0}, "epochs must be"), ({"X": [[1.0]]}, "y must have")],
)
def test_what_does_not_fit_is_refused(arguments, words):
    given = {"X": [[1.0], [2.0]], "y": [0, 1], "epochs": 2, **arguments}
    with pytest.raises(ValueError, match=words):
        Perceptron().fit(given.pop("X"), given.pop("y"), **given)


def test_a_second_fit_needs_as_many_features():
    p = Perceptron()
    p.fit([[1.0], [2.0]], [0, 1], epochs=1)
    with pytest.raises(ValueError, match="n = 1"):
        p.fit([[1.0, 2.0]], [1], epochs=1)


def test_a_plane_is_found_and_separates():
    X, y = blobs(gap=4.0)
    theta = separating_plane(X, y)
    assert np.all((2 * y - 1) * (X @ theta[:-1] + theta[-1]) >= 1 - 1e-9)


def test_fourteen_of_sixteen_labellings_of_a_square():
    separable = [y for y in itertools.product((0, 1), repeat=4) if separating_plane(CORNERS, y) is not None]
    assert len(separable) == count_separable(4, 2) == 14
    assert {(0, 1, 1, 0), (1, 0, 0, 1)} == set(itertools.product((0, 1), repeat=4)) - set(separable)


@pytest.mark.parametrize(("m", "n"), [(3, 1), (5, 2), (6, 2), (6, 3)])
def test_covers_count_is_what_enumeration_finds(m, n):
    X = np.random.default_rng(m + n).normal(size=(m, n))
    found = sum(separating_plane(X, y) is not None for y in itertools.product((0, 1), repeat=m))
    assert found == count_separable(m, n)


def test_up_to_n_plus_1_points_can_be_labelled_at_will():
    assert [count_separable(m, 4) for m in range(1, 6)] == [2**m for m in range(1, 6)]
    assert count_separable(6, 4) < 2**6


def test_a_margin_by_hand():
    X, y = np.array([[3.0], [1.0]]), np.array([1, 0])
    directions = np.linspace(0, np.pi, 100_001)
    theta = np.column_stack([np.cos(directions), -np.sin(directions)])
    best = np.minimum(theta @ [3, 1], -theta @ [1, 1]).max()
    assert widest_margin(X, y) == pytest.approx(best, rel=1e-4)
    assert widest_margin(CORNERS, XOR) == 0
