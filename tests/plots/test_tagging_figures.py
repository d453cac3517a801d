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


def test_bars_are_means_and_dots_are_runs():
    ax = tagging.bars(
        {"seen": {"one": [0.8, 0.9], "two": [1.0]}, "new": {"one": [0.5], "two": [0.7]}}, "accuracy"
    ).axes[0]
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches], [0.85, 0.5, 1.0, 0.7])
    assert sum(len(line.get_xdata()) for line in ax.lines) == 5


def test_by_depth_draws_means_and_runs():
    ax = tagging.by_depth([1, 2], {"plain": [[0.8, 0.6], [0.9, 0.7]]}, "layers", "accuracy").axes[0]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [0.85, 0.65])
    assert len(ax.lines) == 3


def test_reach_is_dark_where_an_answer_moves():
    fig = tagging.reach({"forward": np.tril(np.ones((3, 3))), "both": np.ones((3, 3))})
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["forward", "both"]
    assert fig.axes[0].images[0].get_array().sum() == 6
