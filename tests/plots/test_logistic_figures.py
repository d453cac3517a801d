"""The figures of chapter 04 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import logistic, use_style

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_picture_rows_label_rows_and_title_columns():
    pictures = np.random.default_rng(0).random((3, 28, 28))
    fig = logistic.picture_rows({"up": pictures, "down": 1 - pictures}, ["a", "b", "c"])
    assert [ax.get_title() for ax in fig.axes] == ["a", "b", "c", "", "", ""]
    assert [ax.get_ylabel() for ax in fig.axes[::3]] == ["up", "down"]
    assert np.array_equal(fig.axes[4].images[0].get_array(), 1 - pictures[1])


def test_candidate_curves_are_sigmoids_on_an_axis_of_probabilities():
    x = np.linspace(-2, 2, 200)
    fig = logistic.candidate_curves(x, (x > 0).astype(float), {"a": (2.0, -1.0)} | {"b": (1, 0), "c": (0, 0)}, "x")
    grid, values = fig.axes[1].lines[0].get_data()
    assert values == pytest.approx(1 / (1 + np.exp(-(2 * grid - 1))))
    assert fig.axes[0].get_xlabel() == "x"


def test_cost_surface_takes_in_path_and_minimum():
    path = np.array([[3.0, -2.0], [1.0, -1.0], [0.5, 0.5]])
    minimum = np.array([0.4, 0.6])
    fig = logistic.cost_surfaces({"bowl": (lambda t: np.sum((t - minimum) ** 2), path, minimum)})
    ax = fig.axes[0]
    for point in (*path, minimum):
        assert ax.get_xlim()[0] < point[0] < ax.get_xlim()[1]
        assert ax.get_ylim()[0] < point[1] < ax.get_ylim()[1]
    assert np.array_equal(ax.lines[0].get_xydata(), path)
    assert ax.get_legend().texts[0].get_text() == "2 steps"


def test_settling_draws_each_rate_and_each_mark():
    last = np.array([[1.0, 2.0], [1.0, -2.0]])
    fig = logistic.settling({"slow": [3, 2, 1]}, np.array([0.5, 1.5]), last, {"edge": 1.0})
    left, right = fig.axes
    assert left.lines[0].get_ydata().tolist() == [3, 2, 1]
    assert sorted(map(tuple, right.lines[0].get_xydata())) == [(0.5, 1), (0.5, 1), (1.5, -2), (1.5, 2)]
    assert right.lines[1].get_xdata() == [1.0, 1.0]


def test_weight_pictures_put_zero_in_the_middle_of_the_colours():
    fig = logistic.weight_pictures({"a": np.linspace(-1, 3, 784), "b": np.ones(784)})
    assert fig.axes[0].images[0].get_clim() == (-3, 3)
    assert fig.axes[1].get_title() == "b"


def test_methods_stand_in_the_order_given_with_a_dot_for_each_division():
    fig = logistic.methods_by_division({"first": [80, 82], "second": [90, 91]}, "accuracy, %", highlight="first")
    ax = fig.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["second", "first"]
    assert ax.lines[2].get_xdata().tolist() == [80, 82]
    assert ax.lines[3].get_xdata().tolist() == [81, 81]
