"""The figures of chapter 06 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import COLOURS, training_curves, use_style

mpl.use("Agg")
SIZES = np.array([100, 1000, 10000])


@pytest.fixture(autouse=True)
def style():
    use_style()


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def lines(ax, marker):
    return [line for line in ax.lines if line.get_marker() == marker]


def test_the_gap_lies_between_the_means(ax):
    training_curves.gap(ax, SIZES, [[99, 97, 95], [97, 97, 97]], [[60, 70, 80], [62, 72, 82]])
    seen, unseen = lines(ax, "None")
    assert seen.get_ydata().tolist() == [98, 97, 96]
    assert unseen.get_ydata().tolist() == [61, 71, 81]
    corners = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (corners.min(), corners.max()) == (61, 98)
    assert [text.get_text() for text in ax.texts] == ["seen in training", "not seen"]
    assert ax.get_xscale() == "log"


def test_the_fitted_line_is_drawn_through_its_formula(ax):
    training_curves.power_law(ax, SIZES, [[30, 15, 8], [28, 16, 7]], slope=-0.3, intercept=2.0)
    (line,) = lines(ax, "None")
    np.testing.assert_allclose(line.get_ydata(), 100 * SIZES**-0.3)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["5", "10", "20"]


@pytest.mark.parametrize(("count", "shown"), [(3, 3), (7, 4)])
def test_many_sizes_get_every_other_tick(ax, count, shown):
    training_curves.logarithmic(ax, np.geomspace(100, 10000, count).round().astype(int))
    assert len(ax.get_xticks()) == shown


def test_costs_mark_the_epoch_of_the_lowest_unseen_mean():
    runs = np.array([[[1.0, 1.0], [0.5, 0.6], [0.1, 0.9]], [[1.0, 1.2], [0.4, 0.8], [0.2, 0.7]]])
    fig = training_curves.costs({"plain": runs, "dropout": runs}, ylim=(0, 2))
    left, right = fig.axes
    assert (left.get_title("left"), right.get_title("left")) == ("plain", "dropout")
    (mark,) = lines(left, "v")
    assert mark.get_xdata().tolist() == [2]
    assert mark.get_ydata().tolist() == pytest.approx([0.7])
    assert left.get_ylim() == (0, 2)
    plt.close(fig)


def test_the_ablation_puts_the_best_on_top_and_tells_what_is_off_the_axis(ax):
    figures = {"base": [86, 87], "zeros": [10, 10], "batch norm": [88, 89], "SGD": [85, 84]}
    training_curves.ablation(ax, figures, "base", 0.5, xlabel="accuracy (%)", lowest=80)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["zeros", "SGD", "base", "batch norm"]
    assert [text.get_text() for text in ax.texts] == ["◂ 10"]
    assert ax.get_xlim()[0] == 80
    band = ax.patches[0]
    assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx((86.0, 87.0))
    assert [line.get_color() for line in lines(ax, "o")].count(COLOURS["orange"]) == 1
