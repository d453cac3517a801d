"""The figures of networks that read show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import reading, use_style

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_latch_writes_the_inputs_and_steps_through_the_states():
    fig = reading.latch({"one": (["A", "·"], [0.9, 0.8]), "two": (["B"], [-0.5])})
    first, second = fig.axes
    assert [text.get_text() for text in first.texts] == ["A", "·"]
    np.testing.assert_array_equal(first.lines[-1].get_ydata(), [0, 0.9, 0.8])
    assert (first.get_title(loc="left"), second.get_title(loc="left")) == ("one", "two")


def test_by_length_draws_runs_means_and_what_is_beyond_training():
    fig = reading.by_length([5, 10, 40], {"rnn": [[1, 1, 0.8], [1, 0.9, 0.6]], "bag": [0.5] * 3}, "steps",
                            baselines={"chance": 0.5}, trained=10)  # fmt: skip
    ax = fig.axes[0]
    means = {line.get_label(): line.get_ydata() for line in ax.lines}
    np.testing.assert_allclose(means["rnn"], [1, 0.95, 0.7])
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["rnn", "bag", "chance", "longer than in training"]


def test_paths_letter_by_letter():
    ends, classes = np.arange(8.0).reshape(4, 2), np.array([0, 0, 1, 1])
    fig = reading.paths({"ab": np.array([[0.0, 0], [1, 1], [2, 0]])}, ends, classes, ["Here", "There"])
    assert [text.get_text() for text in fig.axes[0].texts] == ["a", "b", "Here", "There"]
    np.testing.assert_array_equal(fig.axes[0].lines[0].get_xdata(), [0, 1, 2])


def test_a_path_has_the_colour_of_its_home_and_stands_in_the_legend():
    ends, classes = np.arange(8.0).reshape(4, 2), np.array([0, 0, 1, 1])
    fig = reading.paths({"ab": np.array([[0.0, 0], [1, 1], [2, 0]])}, ends, classes, ["Here", "There"], [1])
    (ax,) = fig.axes
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["ab (There)"]
    colours = [mpl.colors.to_hex(cloud.get_facecolor()[0][:3]) for cloud in ax.collections]
    assert colours == [reading.COLOURS["grey"].lower(), mpl.colors.to_hex(ax.lines[0].get_color())]


def test_names_of_clouds_lie_above_the_letters_and_not_on_them():
    ends, classes = np.array([[0.0, 0], [10, 10], [10, 10]]), np.array([0, 1, 1])
    fig = reading.paths({"a": np.array([[5.0, 5], [10, 10]])}, ends, classes, ["Here", "There"])
    letter, _, there = fig.axes[0].texts
    assert there.get_position() != letter.get_position()
    assert there.get_zorder() > letter.get_zorder()
    assert there.get_path_effects()


def test_confusions_write_what_is_at_least_one_per_cent():
    fig = reading.confusions(np.array([[99.6, 0.4], [10, 90]]), ["x", "y"])
    assert [text.get_text() for text in fig.axes[0].texts] == ["100", "10", "90"]
    assert (fig.axes[0].get_ylabel(), fig.axes[0].get_xlabel()) == ("true", "said")


def test_verdicts_change_colour_at_a_half():
    fig = reading.verdicts({"a sentence": (["not", "bad"], [0.2, 0.9])})
    colours = [bar.get_facecolor()[:3] for bar in fig.axes[0].patches]
    assert colours == [mpl.colors.to_rgb(reading.COLOURS[name]) for name in ("blue", "orange")]
