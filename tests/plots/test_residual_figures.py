"""The figures of chapter 10 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import COLOURS, residual, use_style

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def labelled(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


def test_gradient_norms_a_panel_each_and_the_mean_of_logarithms():
    runs = {"plain": [[1.0, 100.0], [100.0, 1.0]], "residual": [[2.0, 2.0]]}
    norms = {("no", "8"): runs, ("no", "20"): {"plain": [[3.0]]}}
    fig = residual.gradient_norms(norms, rows=["no"], columns=["8", "20"])
    left, right = fig.axes
    lines = labelled(left)
    assert list(lines) == ["plain", "residual"]
    np.testing.assert_allclose(lines["plain"].get_ydata(), [10, 10])
    assert lines["plain"].get_xdata().tolist() == [1, 2]
    assert lines["plain"].get_color() == COLOURS["vermillion"]
    assert left.get_yscale() == right.get_yscale() == "log"
    assert [ax.get_title("left") for ax in fig.axes] == ["8, no", "20, no"]
    assert right.get_xlabel() == "layer, from the picture"


def test_a_chain_has_a_line_for_each_kind():
    fig = residual.chain({"plain": np.full((3, 5), 2.0), "another": np.ones((3, 5))})
    (ax,) = fig.axes
    assert list(labelled(ax)) == ["plain", "another"]
    assert len(ax.lines) == 2 * 3 + 2


def test_by_depth_draws_every_run_their_mean_and_guessing():
    kinds = {"plain": [[1, 3], [5, 7]], "plain, no norm.": [[2, 2], [4, 4]]}
    fig = residual.by_depth([8, 20], {"cost": kinds, "accuracy": kinds}, chance={"cost": 2.3})
    left, right = fig.axes
    lines = labelled(left)
    assert lines["plain"].get_ydata().tolist() == [2, 6]
    assert lines["plain, no norm."].get_linestyle() == "--"
    assert lines["plain"].get_color() == lines["plain, no norm."].get_color()
    assert "guessing" in lines
    assert "guessing" not in labelled(right)
    assert [text.get_text() for text in left.get_xticklabels()] == ["8", "20"]


def test_mistaken_pictures_say_what_they_are_and_what_was_said():
    fig = residual.mistaken(np.zeros((3, 4, 4)), ["Bag"] * 3, ["Coat"] * 3, [0.5, 0.25, 1.0])
    assert len(fig.axes) == 4
    assert fig.axes[1].get_title("center") == "is Bag\nsaid Coat\n25 % sure"
    assert [len(ax.images) for ax in fig.axes] == [1, 1, 1, 0]
