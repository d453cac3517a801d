"""The figures of chapter 19 draw what they are given."""

import numpy as np

from dlcourse.plots import applications


def test_utterances_share_a_scale():
    fig = applications.utterances([np.zeros((9, 12)), np.ones((20, 12))], ["one", "two"])
    assert [ax.images[0].get_clim() for ax in fig.axes] == [(-2.5, 2.5)] * 2
    assert fig.axes[1].images[0].get_array().shape == (12, 20)


def test_attention_rows_write_the_weights():
    fig = applications.attention_rows([[0.25, 0.75]], ["a fact", "another"], ["Where?"])
    assert [text.get_text() for text in fig.axes[0].texts] == ["0.25", "0.75"]


def test_bits_by_letter_shows_the_letters():
    fig = applications.bits_by_letter("a b", {"net": [1, 2, 3], "counts": [3, 2, 1]})
    assert [label.get_text() for label in fig.axes[0].get_xticklabels()] == ["a", "␣", "b"]
    assert len(fig.axes[0].lines) == 2


def test_over_draws_the_mean_and_each_run():
    fig = applications.over([1, 2], {"net": [[0, 1], [2, 3]]}, "x", "y", marks=[1.5])
    np.testing.assert_array_equal(fig.axes[0].lines[0].get_ydata(), [1, 2])
    assert len(fig.axes[0].lines) == 4
