"""The figures of chapters 16 and 17 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import gradient_flow, use_style

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_shares_are_of_the_largest_bar():
    left, right = gradient_flow.shares_by_step({"a": [1, 2, 4], "b": [5, 5, 5]}).axes
    assert [bar.get_height() for bar in left.patches] == [0.25, 0.5, 1]
    assert right.get_title(loc="left") == "b"


def test_against_lag_the_axis_is_logarithmic_and_the_median_is_drawn():
    ax = gradient_flow.against_lag({"a": [[1, 0.1], [1, 0.2], [1, 0.4]]}, {"a": [1, 0.3]}).axes[0]
    assert ax.get_yscale() == "log"
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [1, 0.2])
    assert ax.lines[1].get_ydata().tolist() == [1, 0.3]


def test_against_lag_without_theory_names_stand_at_the_ends_and_a_variant_is_dashed():
    ax = gradient_flow.against_lag({"a": [[1, 0.1]], "a, held": [[1, 0.9]], "b": [[1, 0.11]]}).axes[0]
    assert ax.get_legend() is None
    assert sorted(text.get_text() for text in ax.texts) == ["a", "a, held", "b"]
    heights = sorted(text.get_position()[1] for text in ax.texts)
    assert np.diff(heights).min() > 0.08
    plain, held, other = ax.lines
    assert plain.get_color() == held.get_color() != other.get_color()
    assert [line.is_dashed() for line in ax.lines] == [False, True, False]


def test_more_kinds_of_lines_than_colours_are_refused():
    with pytest.raises(ValueError, match="names has 7 kinds of lines; there are colours for 6"):
        gradient_flow.looks("abcdefg")
    assert len(gradient_flow.looks([*"abcdef", "a, held"])) == 7


def test_against_weights_both_axes_are_logarithmic():
    ax = gradient_flow.against_weights(np.array([0.9, 1.0, 1.1]), {10: [0.3, 1, 3]}).axes[0]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ax.lines[0].get_ydata().tolist() == [0.3, 1, 3]


def test_slopes_stand_beside_the_logarithm():
    ax = gradient_flow.slopes(np.array([0.5, 1.0]), {"a": [[-1, 0], [-2, 0]]}).axes[0]
    np.testing.assert_allclose(ax.lines[1].get_ydata(), np.log([0.5, 1.0]))
    assert ax.lines[2].get_ydata().tolist() == [-1.5, 0]


def test_a_run_that_ends_in_no_number_gets_a_cross_where_it_was_last_finite():
    ax, other = gradient_flow.losses({"a": [[3.0, 2.0, np.inf]], "b": [[1.0, 1.0]]}, 1.0, "no network").axes
    cross = next(line for line in ax.lines if line.get_marker() == "X")
    assert (cross.get_xdata().tolist(), cross.get_ydata().tolist()) == ([1], [2.0])
    assert not [line for line in other.lines if line.get_marker() == "X"]


def test_accuracies_are_means_in_percent():
    ax = gradient_flow.accuracies([1, 2], {"a": [[0.5, 1], [0.7, 1]]}, "x", mark_at=2, mark_name="here").axes[0]
    np.testing.assert_allclose(ax.lines[1].get_ydata(), [60, 100])
    assert "here" in [text.get_text() for text in ax.get_legend().get_texts()]
