"""The figures of chapter 08 show what they are given."""

import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from dlcourse.plots import convolution, use_style
from dlcourse.scratch import correlate

mpl.use("Agg")
X, K = np.arange(16.0).reshape(4, 4), np.array([[1.0, 0], [0, -1]])


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_sliding_has_a_figure_for_each_place_that_spells_its_sum():
    figures = list(convolution.sliding(X, K, correlate(X, K)))
    assert len(figures) == 9
    assert figures[4].get_supxlabel() == "+1·5 -1·10 = -5"
    written = [[text.get_text() for text in fig.axes[2].texts] for fig in figures]
    assert written[0] == ["-5"]
    assert len(written[8]) == 9
    corners = [fig.axes[0].patches[0].get_xy() for fig in figures]
    assert corners[5] == (1.5, 0.5)


def test_the_animation_is_a_small_png_of_all_frames_and_closes_the_figures():
    data = convolution.animated(convolution.sliding(X, K, correlate(X, K)), 500)
    picture = Image.open(io.BytesIO(data))
    assert data.startswith(b"\x89PNG")
    assert picture.n_frames == 9
    assert len(data) < 150_000
    assert not plt.get_fignums()


def test_an_animation_needs_figures_and_words():
    with pytest.raises(ValueError, match="at least one figure"):
        convolution.animated([], 500)
    with pytest.raises(ValueError, match="alt text"):
        convolution.show_animation([plt.figure()], alt="short")


def test_pictures_put_zero_of_signed_ones_in_the_middle():
    fig = convolution.pictures({"a": np.ones((4, 6)), "b": np.linspace(-3, 1, 24).reshape(4, 6)}, 2, signed=["b"])
    assert fig.axes[0].images[0].get_clim() == (0, 1)
    low, high = fig.axes[1].images[0].get_clim()
    assert low == -high
    assert [ax.get_title(loc="center") for ax in fig.axes] == ["a", "b"]


def test_stacked_series_share_time_and_carry_marks():
    time = np.arange(5) / 10
    fig = convolution.stacked_series(time, {"a": time, "b": -time}, "s", marks=[0.2])
    assert [ax.get_ylabel() for ax in fig.axes] == ["a", "b"]
    assert np.array_equal(fig.axes[1].lines[1].get_ydata(), -time)


def test_a_blur_lets_long_waves_through_and_a_difference_does_not():
    blur, difference = np.ones((5, 5)) / 25, np.zeros((5, 5))
    difference[2, 1:4] = [-1, 0, 1]
    assert convolution.frequency_response(blur)[8, 8] == pytest.approx(1)
    assert convolution.frequency_response(difference)[8, 8] == pytest.approx(0)
    fig = convolution.kernels_and_responses({"two": np.array([blur, difference])})
    assert len(fig.axes) == 4
    assert fig.axes[0].get_ylabel() == "two"


def test_costs_are_named_beside_their_lines_without_overlap():
    fig = convolution.costs([3, 9], {"a": [1, 2.0], "b": [1, 2.1], "Fourier": [1, 1]})
    assert sorted(text.get_text() for text in fig.axes[0].texts) == ["Fourier", "a", "b"]
    heights = [text.get_position()[1] for text in fig.axes[0].texts]
    assert np.diff(np.sort(heights)).min() > 0.09
    assert min(text.get_position()[0] for text in fig.axes[0].texts) > 1, "no line runs through a name"
    assert fig.axes[0].lines[1].get_ydata().tolist() == [1, 2.0]


def test_brightness_draws_every_row():
    fig = convolution.brightness({"zeros": np.ones(3), "reflect": np.zeros(3)})
    assert [line.get_ydata().tolist() for line in fig.axes[0].lines] == [[1, 1, 1], [0, 0, 0]]
