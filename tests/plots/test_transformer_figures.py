"""What the figures of chapter 21 show is what they were given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import transformer


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_the_scale_has_a_line_for_each_way_in_both_panels():
    given = {"as they are": [4.0, 16], "scaled": [1.0, 1]}
    fig = transformer.scale_effect([4, 16], given, {name: values[::-1] for name, values in given.items()})
    for ax, first in zip(fig.axes, ([4, 16], [16, 4]), strict=True):
        assert [line.get_label() for line in ax.lines] == list(given)
        np.testing.assert_array_equal(ax.lines[0].get_ydata(), first)


def test_waves_are_shown_as_they_are_with_products_of_one_on_the_diagonal():
    angles = np.arange(5)[:, None] / 10.0 ** np.arange(3)
    table = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
    shown = [ax.images[0].get_array() for ax in transformer.waves(table).axes[:2]]
    np.testing.assert_allclose(shown[0], table)
    np.testing.assert_allclose(np.diag(shown[1]), 1)


def test_a_mask_has_a_panel_of_its_own():
    named = {"causal": np.tri(4, dtype=bool), "cross": np.ones((2, 3), bool)}
    fig = transformer.masks(named)
    assert [ax.get_title() or ax.get_title("left") for ax in fig.axes] == list(named)
    np.testing.assert_array_equal(fig.axes[0].images[0].get_array(), np.tri(4))


def test_times_are_in_milliseconds_and_ratios_have_their_quartiles():
    seconds = {"Transformer": [0.001, 0.002], "LSTM": [0.004, 0.02]}
    fig = transformer.times_by_length([16, 32], seconds, {"LSTM": [[4, 10], [3, 9], [5, 12]]}, "ratio")
    left, right = fig.axes
    np.testing.assert_allclose(left.lines[1].get_ydata(), [4, 20])
    (container,) = right.containers
    np.testing.assert_allclose(container.lines[0].get_ydata(), [4, 10])
    bars = container.lines[2][0].get_segments()
    np.testing.assert_allclose([bar[:, 1] for bar in bars], [[3, 5], [9, 12]])
