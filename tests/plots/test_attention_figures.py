"""Attention maps and the figures of chapter 20 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import attention, translation, use_style

mpl.use("Agg")
WEIGHTS = np.array([[0.7, 0.2, 0.1], [0.0, 0.5, 0.5]])


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_a_map_has_its_weights_words_and_boxes():
    ax = attention.attention_map(WEIGHTS, ["le", "chat"], list("a b"), boxes=[(1, 0, 2)], title="here").axes[0]
    np.testing.assert_array_equal(ax.images[0].get_array(), WEIGHTS)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "␣", "b"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["le", "chat"]
    assert ax.patches[0].get_bbox().bounds == (-0.5, 0.5, 2, 1)
    assert ax.get_title(loc="left") == "here"


def test_maps_stand_side_by_side_in_one_scale():
    one = {"weights": WEIGHTS, "rows": ["a", "b"], "columns": ["one", "two", "three"]}
    fig = attention.attention_maps([one] * 3, columns=2, share=0.5)
    drawn = [ax for ax in fig.axes if ax.images]
    assert len(fig.axes) == 4
    assert [ax.images[0].get_clim() for ax in drawn] == [(0, 0.5)] * 3


def test_labels_must_fit():
    with pytest.raises(ValueError, match=r"weights are \(2, 3\)"):
        attention.attention_map(WEIGHTS, ["a"], ["x", "y", "z"])
    with pytest.raises(ValueError, match="maps is empty"):
        attention.attention_maps([])


def test_quality_by_length_has_ranges():
    lines = {"with": [[30, 20], [25, 15], [35, 25]], "without": [[10, 5], [8, 4], [12, 6]]}
    ax = translation.by_length(["1-7", "8+"], lines, "BLEU").axes[0]
    assert [container.lines[0].get_ydata().tolist() for container in ax.containers] == [[30, 20], [10, 5]]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1-7", "8+"]


def test_differences_stand_in_their_order():
    ax = translation.differences({"a": (1, 0.5, 2), "b": (-1, -2, 0)}, "points").axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert ax.yaxis_inverted()
