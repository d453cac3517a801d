"""The figures of chapter 05 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import regions, use_style
from dlcourse.scratch import MLP
from dlcourse.scratch.regions import cut_plane

mpl.use("Agg")
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_a_line_lies_where_its_sum_is_zero_and_leaves_the_axes_alone():
    _, ax = plt.subplots()
    ax.set(xlim=(-1, 2), ylim=(-3, 3))
    regions.line(ax, [2.0, -1.0, 0.5])
    np.testing.assert_allclose(ax.lines[0].get_xydata() @ [2, -1] + 0.5, 0, atol=1e-9)
    assert ax.axis() == (-1, 2, -3, 3)
    regions.line(ax, [0.0, 0.0, 1.0])
    assert len(ax.lines) == 1


def test_labellings_without_a_line_are_marked():
    fig = regions.labellings(CORNERS, [(0, 0, 0, 1), (0, 1, 1, 0)] * 4, [np.array([1, 1, -1.5]), None] * 4)
    assert [ax.get_title() for ax in fig.axes[:2]] == ["", "no line"]
    assert [len(ax.lines) for ax in fig.axes[:2]] == [1, 0]


def test_the_moving_line_counts_what_is_wrong():
    path = np.array([[0.0, 0, 0], [1, 1, -1.5]])
    fig = regions.moving_line(CORNERS, np.array([0, 0, 0, 1]), path, [0, 1])
    assert [ax.get_title("left").splitlines()[1] for ax in fig.axes] == ["1 of 4 wrong", "0 of 4 wrong"]


def test_each_panel_shows_the_cuts_of_its_layer_and_of_those_before():
    net = MLP((2, 4, 3, 2), "relu", loss="cross_entropy")
    fig = regions.cut_layers(net, cut_plane(net), (-1, 1), ["one", "two"])
    assert [len(ax.collections) for ax in fig.axes] == [4, 7]
    assert [ax.get_title("left") for ax in fig.axes] == ["one", "two"]


def test_a_panel_for_each_classifier_and_none_for_the_rest():
    def right(X):
        return X[:, 0] > 0

    fig = regions.decided({"a": right, "b": lambda X: ~right(X)}, (-1, 1), right, columns=3)
    shaded = [ax.images[0].get_array() for ax in fig.axes[:2]]
    assert np.all(shaded[0] + shaded[1] == 1)
    assert not fig.axes[2].axison
