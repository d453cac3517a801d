"""The figures of chapter 23 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import pretraining, use_style

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_surprise_beside_frequencies():
    ax = pretraining.masked_loss([0, 10, 20], [7.0, 6.0, 5.5], 6.4).axes[0]
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [7.0, 6.0, 5.5])
    assert set(ax.lines[1].get_ydata()) == {6.4}


def test_few_labels_has_means_and_spreads():
    scores = {"a": {10: [50, 60], 100: [70, 70]}, "b": {10: [55], 100: [65]}}
    ax = pretraining.few_labels([10, 100], scores, "right (%)").axes[0]
    means = [container.lines[0].get_ydata().tolist() for container in ax.containers]
    assert means == [[55, 70], [55, 65]]
    low, high = (ax.containers[0].lines[1][side].get_ydata()[0] for side in (0, 1))
    assert high - low == pytest.approx(2 * np.std([50, 60], ddof=1))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]


def test_found_within_counts_questions():
    ax = pretraining.found_within({"meaning": [1, 2, 9, 30]}, chance=0.1).axes[0]
    shares = ax.lines[0].get_ydata()
    assert (shares[0], shares[1], shares[-1]) == (25, 50, 75)
