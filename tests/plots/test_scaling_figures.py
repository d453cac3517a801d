"""Rates, ratios and Amdahl's law, as drawn."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import scaling


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def texts(ax):
    return [each.get_text().strip() for each in ax.texts]


def test_bars_end_at_their_rates_fastest_on_top_and_say_what_was_not_measured(ax):
    scaling.rates(ax, {"loop": 1e6, "GPU": None, "product": 1e9}, xlabel="operations per second")
    assert [each.get_text() for each in ax.get_yticklabels()] == ["GPU", "loop", "product"]
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches]
    assert ends[1:] == pytest.approx([1e6, 1e9])
    assert ax.patches[0].get_width() == 0
    assert texts(ax) == ["not measured", r"1.0 $\times\ 10^{6}$", r"1.0 $\times\ 10^{9}$"]


def test_ratios_show_median_and_quartiles_beside_one(ax):
    figures = {"CNN": SimpleNamespace(median=0.5, low=0.4, high=0.6), "GPT": SimpleNamespace(median=2, low=1.8, high=3)}
    scaling.ratios(ax, figures, xlabel="times faster")
    assert [each.get_text() for each in ax.get_yticklabels()] == ["GPT", "CNN"]
    assert texts(ax) == ["2", "0.5"]
    low, high = ax.get_xlim()
    assert low < 0.4
    assert high > 3
    assert [list(line.get_xdata()) for line in ax.lines] == [[1.8, 3], [2], [0.4, 0.6], [0.5], [1, 1]]
    assert set(ax.get_xticks()) <= {0.5, 1, 2, 0.2, 5}


def test_amdahls_curves_start_at_one_and_stay_below_their_limit(ax):
    scaling.amdahl(ax, 1024, [0.5, 1.0], measured={1: 1.0, 2: 1.8})
    half, whole, points = (np.asarray(line.get_ydata(), float) for line in ax.lines)
    assert half[0] == whole[0] == 1
    assert half[-1] == pytest.approx(2, abs=0.01)
    assert whole[-1] == pytest.approx(1024)
    assert list(points) == [1.0, 1.8]
