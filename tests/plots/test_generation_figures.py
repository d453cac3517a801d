"""The figures of chapter 22 draw what they are given."""

import numpy as np

from dlcourse.plots import generation


def test_who_looks_where_names_the_pieces():
    fig = generation.who_looks_where({"may": np.tril(np.ones((2, 2))), "does": np.eye(2)}, [" a", "b\n"])
    assert [label.get_text() for label in fig.axes[0].get_xticklabels()] == ["␣a", "b⏎"]
    assert [ax.get_title() or ax.get_title("left") for ax in fig.axes] == ["may", "does"]
    np.testing.assert_array_equal(fig.axes[0].images[0].get_array(), np.tril(np.ones((2, 2))))


def test_next_pieces_share_their_order_and_mark_what_is_gone():
    chances = np.array([0.1, 0.6, 0.3])
    fig = generation.next_pieces({"all": chances, "cut": np.array([0, 1.0, 0])}, ["x", "y", "z"], 3)
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == ["y", "z", "x"]
    assert [bar.get_width() for bar in fig.axes[1].patches] == [1, 0, 0]
    assert len(fig.axes[1].lines[0].get_xdata()) == 2


def test_cost_draws_medians_and_runs():
    fig = generation.cost([8, 16], {"with": [[1, 2], [3, 4]], "without": [2, 8]})
    np.testing.assert_array_equal(fig.axes[0].lines[0].get_ydata(), [2, 3])
    assert fig.axes[0].get_xscale() == fig.axes[0].get_yscale() == "log"


def test_by_size_draws_the_law_within_its_reach():
    fig = generation.by_size([10, 100], [[3, 2], [3.1, 2.1]], lambda n: 4 * n**-0.1, (10, 100))
    line = fig.axes[0].lines[-1]
    assert (line.get_xdata().min(), line.get_xdata().max()) == (10, 100)


def test_training_has_a_name_for_each_kind():
    fig = generation.training({"GPT": [[(1, 3), (2, 2)], [(1, 4), (2, 3)]]}, {"6-gram": 2.05})
    assert [text.get_text() for text in fig.axes[0].get_legend().get_texts()] == ["GPT", "6-gram"]


def test_letters_a_piece():
    fig = generation.letters_a_piece([100, 1000], {"learnt": [1, 2], "held out": [1, 1.9]})
    assert len(fig.axes[0].lines) == 2
