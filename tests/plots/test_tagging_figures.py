"""The figures of taggers show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import tagging, use_style

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_confidence_writes_every_chance_in_per_cent():
    ax = tagging.confidence(["a", "dog"], ["DET", "NOUN"], {"forward": [0.5, 1.0], "both": [0.25, 0.0]}).axes[0]
    assert [text.get_text() for text in ax.texts] == ["50", "100", "25", "0"]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["a\nDET", "dog\nNOUN"]


def test_bars_begin_at_zero():
    ax = tagging.bars({"seen": {"one": 0.8, "two": 1.0}, "new": {"one": 0.5, "two": 0.7}}, "score").axes[0]
    assert [bar.get_height() for bar in ax.patches] == [0.8, 0.5, 1.0, 0.7]
    assert {bar.get_y() for bar in ax.patches} == {0}


def test_dots_are_runs_and_a_line_is_their_mean():
    groups = {"seen": {"one": [0.8, 0.9], "two": [1.0]}, "new": {"one": [0.5], "two": [0.7]}}
    ax = tagging.dots(groups, "accuracy").axes[0]
    runs = [line.get_ydata().tolist() for line in ax.lines if line.get_marker() in "os" and len(line.get_ydata())]
    assert runs == [[0.8, 0.9], [0.5], [1.0], [0.7]]
    means = [line.get_ydata()[0] for line in ax.lines if line.get_marker() == "None" and line.get_linewidth() > 2]
    np.testing.assert_allclose(means, [0.85, 0.5, 1.0, 0.7])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "two"]
    assert not ax.patches


def test_by_depth_draws_means_and_runs():
    ax = tagging.by_depth([1, 2], {"plain": [[0.8, 0.6], [0.9, 0.7]]}, "layers", "accuracy").axes[0]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [0.85, 0.65])
    assert len(ax.lines) == 3


def test_reach_is_dark_where_an_answer_moves():
    fig = tagging.reach({"forward": np.tril(np.ones((3, 3))), "both": np.ones((3, 3))})
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["forward", "both"]
    assert fig.axes[0].images[0].get_array().sum() == 6
