"""The figures of chapter 17 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import gates, use_style

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_a_cell_at_work_has_a_panel_for_each_series_and_a_line_for_each_event():
    fig = gates.cell_at_work({"i": [0, 1, 0], "c": [0, 0.5, 0.5]}, {"write": 1})
    first, second = fig.axes
    assert first.lines[0].get_ydata().tolist() == [0, 1, 0]
    assert second.lines[1].get_xdata() == [1, 1]
    assert [each.get_text() for each in first.texts] == ["write"]


def test_fading_has_a_dashed_line_where_theory_has_one():
    ax = gates.fading({"1": [1, 0.7], "5": [1, 0.9]}, {"5": [1, 0.99]}).axes[0]
    dashed = [line.get_ydata().tolist() for line in ax.lines if line.get_linestyle() == "--"]
    assert [1, 0.99] in dashed
    assert len(dashed) == 2  # and an empty one for the legend


def test_over_text_there_is_a_column_for_each_character():
    fig = gates.over_text("a b", np.array([[0.1, 1], [0.2, 1], [0.3, 1]]), [7, 9], "forget gate")
    ax = fig.axes[0]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "␣", "b"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["7", "9"]
    assert ax.get_ylabel() == "unit"
    np.testing.assert_allclose(ax.images[0].get_array()[0], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="values must have 2 rows"):
        gates.over_text("ab", np.ones((3, 2)), [0, 1], "gate")
