"""The figures of chapter 09 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import convolutional, use_style

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_panels_take_pictures_of_different_sizes_and_hide_the_rest():
    fig = convolutional.panels({"whole": np.ones((8, 8)), "half": np.zeros((4, 4)), "x": np.ones((2, 2))}, columns=2)
    assert [ax.get_title(loc="center") for ax in fig.axes] == ["whole", "half", "x", ""]
    assert fig.axes[1].images[0].get_clim() == (0, 1)
    assert not fig.axes[3].axison


def test_lines_go_through_the_means_and_their_names_do_not_overlap():
    _fig, ax = plt.subplots()
    convolutional.lines(ax, [0, 1], {"a": [[0, 1], [0, 3]], "b": [1, 2.01]}, xlabel="x", ylabel="y", spread=0.1)
    assert np.array_equal(ax.lines[0].get_ydata(), [0, 2])
    assert np.array_equal(ax.get_xticks(), [0, 1])
    heights = {text.get_text(): text.xy[1] for text in ax.texts}
    assert heights["b"] - heights["a"] == pytest.approx(0.1)


def test_every_training_ends_in_a_dot_and_is_named_once():
    _fig, ax = plt.subplots()
    runs = [([1, 2], [60, 70]), ([1, 2.1], [61, 72])]
    convolutional.accuracy_over_time(ax, {"net": runs, "other": runs[:1]}, {"machine": (3, 80)})
    dots = [tuple(map(float, np.ravel(line.get_xydata()))) for line in ax.lines if len(line.get_xdata()) == 1]
    assert dots == [(2, 70), (2.1, 72), (2, 70), (3, 80)]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["net", "other", "machine"]
    assert ax.get_xscale() == "log"


def test_signed_rows_have_zero_in_the_middle_and_short_rows_leave_room():
    signed, positive = np.array([[[-1.0, 0.5]], [[0.2, 0.1]]]), np.ones((1, 2, 2))
    fig = convolutional.maps({"kernels": signed, "maps": positive}, columns=2)
    assert fig.axes[0].images[0].get_clim() == (-1, 1)
    assert fig.axes[2].images[0].get_clim() == (0, 1)
    assert not fig.axes[3].get_visible()
    assert fig.axes[0].get_ylabel() == "kernels"
