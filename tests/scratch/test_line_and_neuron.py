"""Least squares and the single neuron."""

import numpy as np
import pytest

from dlcourse.errors import CourseError
from dlcourse.scratch import DivergenceError, Neuron, check_gradient, least_squares

X = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 3.0], [4.0, 1.0]])


def test_least_squares_finds_an_exact_plane():
    w, b = least_squares(X, X @ [2, -1] + 5)
    assert w == pytest.approx([2, -1])
    assert b == pytest.approx(5)


def test_least_squares_takes_one_feature_as_a_list():
    line = least_squares([1, 2, 3], [2, 4, 6])
    assert line.w == pytest.approx([2])
    assert line.b == pytest.approx(0, abs=1e-12)


def test_least_squares_of_a_repeated_column_shares_the_weight():
    x = np.arange(5.0)
    w, _ = least_squares(np.column_stack([x, x]), 4 * x)
    assert w == pytest.approx([2, 2])


def test_line_cut_at_zero_is_a_relu_neuron():
    x = np.array([1.0, 2.0, 3.0, 4.0])
    w, b = least_squares(x, [-3, -1, 2, 5])
    assert Neuron(w, b, "relu").predict(x) == pytest.approx(np.maximum(x * w + b, 0))


@pytest.mark.parametrize(
    ("X", "y", "words"),
    [
        (np.ones((2, 2, 2)), [1, 2], r"X must have shape \(m, n\).*\(2, 2, 2\)"),
        (np.ones((3, 2)), [1, 2], r"y must have shape \(3,\).*m = 3.*\(2,\)"),
        (np.ones((0, 2)), [], "at least one example"),
        ([[1.0, np.nan]], [1], "X must be finite; 1 of its 2"),
        ([["a"]], [1], "X must hold real numbers"),
        ([[1.0]], [np.inf], "y must be finite"),
    ],
)
def test_bad_shapes_are_told_in_terms_of_m_and_n(X, y, words):
    with pytest.raises(ValueError, match=words):
        least_squares(X, y)
    with pytest.raises(ValueError, match=words):
        Neuron(np.ones(2) if np.ndim(X) == 2 and np.shape(X)[1] == 2 else 1.0).fit(X, y, learning_rate=0.1, steps=1)


def test_neuron_refuses_another_number_of_features():
    with pytest.raises(ValueError, match=r"X must have n = 2 features"):
        Neuron([1, 1]).predict(np.ones((4, 3)))


@pytest.mark.parametrize("w", [[[1.0]], [np.nan]])
def test_neuron_refuses_odd_weights(w):
    with pytest.raises(ValueError, match="w must be finite numbers"):
        Neuron(w)


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "swish"])
def test_neuron_gradient_is_the_slope_of_its_cost(activation):
    y = np.array([0.5, 1.0, -1.0, 2.0])

    def cost(theta):
        return Neuron(theta[:2], theta[2], activation).cost(X, y)

    def gradient(theta):
        dw, db = Neuron(theta[:2], theta[2], activation).gradient(X, y)
        return np.append(dw, db)

    assert check_gradient(cost, gradient, [0.3, -0.2, 0.1]).error < 1e-7


def test_linear_neuron_descends_to_least_squares():
    y = np.array([1.0, 2.0, 2.5, -1.0])
    neuron = Neuron([0, 0], activation="linear")
    history = neuron.fit(X, y, learning_rate=0.1, steps=5000)
    w, b = least_squares(X, y)
    assert neuron.w == pytest.approx(w, abs=1e-6)
    assert neuron.b == pytest.approx(b, abs=1e-6)
    assert np.all(np.diff(history.cost) <= 1e-12)


def test_history_starts_before_the_first_step_and_keeps_the_path():
    neuron = Neuron(0.0, activation="linear")
    history = neuron.fit([1.0, 2.0], [1.0, 3.0], learning_rate=0.01, steps=7, keep_path=True)
    assert history.cost[0] == pytest.approx(5.0)  # (1 + 9) / 2 at w = b = 0
    assert history.steps == 7
    assert history.path.shape == (8, 2)
    assert history.path[-1] == pytest.approx([neuron.w[0], neuron.b])


def test_dead_neuron_stops_at_once_and_says_so():
    neuron = Neuron(-1.0, -1.0, "relu")
    history = neuron.fit([1.0, 2.0], [3.0, 4.0], learning_rate=0.1, steps=100)
    assert neuron.is_dead([1.0, 2.0])
    assert history.steps == 0
    assert neuron.w.tolist() == [-1.0]
    assert history.message.startswith("Dead at step 0: the slope of relu is 0 at all 2 examples")


def test_neuron_that_dies_on_the_way_says_when():
    neuron = Neuron(1.0, 0.0, "relu")
    history = neuron.fit([1.0, 2.0], [0.1, 0.1], learning_rate=10, steps=50)
    assert history.steps == 1
    assert history.message.startswith("Dead at step 1")


def test_living_neuron_is_not_called_dead():
    neuron = Neuron(1.0, 0.0, "relu")
    assert not neuron.is_dead([-1.0, 1.0])
    assert neuron.fit([1.0, 2.0], [1.0, 3.0], learning_rate=0.01, steps=3).message == ""


def test_too_large_a_rate_raises_and_says_at_which_step():
    neuron = Neuron(0.5, 0.0, "linear")
    with pytest.raises(DivergenceError, match=r"diverged at step \d+: .*smaller learning_rate than 100") as caught:
        neuron.fit([1.0, 2.0], [1.0, 3.0], learning_rate=100, steps=1000)
    assert isinstance(caught.value, CourseError)
    assert caught.value.step == len(caught.value.history.cost)
    assert np.all(np.isfinite(caught.value.history.cost))
    assert neuron.w.tolist() == [0.5]


@pytest.mark.parametrize("change", [{"learning_rate": 0}, {"learning_rate": -1}, {"steps": 0}, {"steps": 1.5}])
def test_settings_must_be_above_zero(change):
    settings = {"learning_rate": 0.1, "steps": 2} | change
    with pytest.raises(ValueError, match=f"{next(iter(change))} must be a .*number above 0"):
        Neuron(1.0).fit([1.0], [1.0], **settings)
