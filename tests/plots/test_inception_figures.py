"""The figures of chapter 11 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import inception, use_style

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_the_module_has_a_box_for_each_layer_and_both_ends():
    fig = inception.module({"a": ["1 x 1"], "b": ["reduce", "3 x 3"]}, "in", "out")
    assert [text for text in texts(fig.axes[0]) if text] == ["1 x 1", "a", "reduce", "3 x 3", "b", "in", "out"]
    assert sum(text.arrow_patch is not None for text in fig.axes[0].texts if hasattr(text, "arrow_patch")) == 5


def test_bars_of_costs_stand_end_to_end_with_their_totals():
    ax = inception.branch_costs({"x": {"p": 1, "q": 2}, "y": {"p": 3, "q": 4}}, "cost").axes[0]
    bars = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    assert bars == [(0, 3), (0, 1), (3, 4), (1, 2)]
    assert texts(ax) == ["7", "3"]


def test_against_costs_marks_means_and_moves_kinds_apart():
    runs = {"a": [[1, 3], [5, 5]], "b": [[2, 2], [4, 8]]}
    fig = inception.against_costs(runs, {"one": {"a": [1, 10], "b": [1, 10]}}, ("base", 2.5), "y")
    lines = {line.get_label(): line for line in fig.axes[0].lines}
    np.testing.assert_allclose(lines["a"].get_ydata(), [2, 5])
    np.testing.assert_allclose(lines["b"].get_ydata(), [2, 6])
    assert (lines["a"].get_xdata() < lines["b"].get_xdata()).all()
    assert texts(fig.axes[0]) == ["base"]


def test_with_fewer_has_a_tick_for_each_size():
    ax = inception.with_fewer([100, 1000], {"a": [[1], [2]]}, "x", "y").axes[0]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["100", "1,000"]


def test_used_draws_a_bar_for_the_mean_in_each_panel():
    fig = inception.used({"t": {"a": [1, 3], "b": [0, 0]}, "u": {"a": [4], "b": [5]}}, {"t": "x", "u": "y"})
    assert [bar.get_width() for bar in fig.axes[0].patches] == [2, 0]
    assert [ax.get_xlabel() for ax in fig.axes] == ["x", "y"]


def test_maps_show_the_strongest_channels_first():
    values = np.zeros((4, 4, 3))
    values[0, 0] = 1, 3, 2
    fig = inception.maps(np.zeros((8, 8)), {"a": values, "b": values[..., :1]}, count=2)
    shown = [ax.images[0].get_array().max() for ax in fig.axes[:3]]
    assert shown == [0, 3, 2]
    assert not fig.axes[5].get_visible()
