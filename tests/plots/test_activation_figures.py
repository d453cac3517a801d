"""The figures of chapter 03 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import COLOURS, activation, use_style
from dlcourse.scratch import activations

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def labelled(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


def test_every_function_has_a_look_of_its_own():
    looks = {tuple(activation.look(name).values()) for name in activations.ALL}
    assert set(activation.LOOK) == set(activations.ALL)
    assert len(looks) == len(activations.ALL)


def test_a_variant_has_the_colour_of_its_function_and_other_dashes():
    plain, one, two = (activation.look("relu", 0), activation.look("relu, a", 0), activation.look("relu, b", 1))
    assert plain["color"] == one["color"] == two["color"] == COLOURS["blue"]
    assert len({each["linestyle"] for each in (plain, one, two)}) == 3


def test_a_name_without_a_look_is_refused():
    with pytest.raises(ValueError, match=r"'gelu' begins with none of binary_step.*swish"):
        activation.look("gelu")


@pytest.mark.parametrize(
    ("name", "text"),
    [("leaky_relu", "leaky ReLU"), ("relu, biases 0.1", "ReLU, biases 0.1"), ("logistic regression",) * 2],
)
def test_names_are_written_as_in_a_text(name, text):
    assert activation.spoken(name) == text


def test_the_gallery_draws_function_and_slope_and_hides_what_is_left_over():
    z = np.linspace(-3, 3, 301)
    fig = activation.gallery({"one": activations.tanh, "two": activations.swish}, z)
    assert [ax.get_title("left") for ax in fig.axes] == ["one", "two", ""]
    curve, slope = (labelled(fig.axes[1])[label].get_ydata() for label in ("f(z)", "slope f'(z)"))
    np.testing.assert_allclose(curve, activations.swish(z))
    np.testing.assert_allclose(slope, activations.swish.derivative(z))
    assert not fig.axes[2].axison


def test_a_jump_is_not_joined_by_an_upright_line():
    z = np.linspace(-3, 3, 301)
    fig = activation.gallery({"step": activations.binary_step}, z)
    drawn = labelled(fig.axes[0])["f(z)"].get_ydata()
    assert np.isnan(drawn).sum() == 1
    assert set(drawn[~np.isnan(drawn)]) == {0.0, 1.0}


def test_shares_are_drawn_per_start_with_theory_and_bound():
    shares = {"sigmoid": np.array([[1, 0.2, 0.04], [1, 0.3, 0.09]]), "binary_step": np.array([[1, 0, 0], [1, 0, 0]])}
    expected = {"sigmoid": np.array([1, 0.25, 0.06]), "binary_step": np.array([1.0, 0, 0])}
    panels = {"half": shares, "whole": shares}
    fig = activation.surviving(panels, dict.fromkeys(panels, expected), ("bound", np.array([1, 0.25, 0.0625])))
    assert [ax.get_title("left") for ax in fig.axes] == ["half", "whole"]
    lines = labelled(fig.axes[1])
    np.testing.assert_allclose(lines["sigmoid"].get_ydata(), np.sqrt([1, 0.06, 0.0036]))
    assert lines["binary step"].get_ydata()[-1] < fig.axes[1].get_ylim()[0]
    np.testing.assert_allclose(lines["bound"].get_ydata(), [1, 0.25, 0.0625])
    assert "theory" in lines


def test_a_band_goes_from_the_lowest_to_the_highest_run():
    _, ax = plt.subplots()
    activation.bands(ax, [0, 1], [[1.0, 4.0], [1.0, 9.0]], "relu")
    corners = ax.collections[0].get_paths()[0].vertices
    assert corners[:, 1].min() == 1
    assert corners[:, 1].max() == 9
    np.testing.assert_allclose(labelled(ax)["ReLU"].get_ydata(), [1, 6])


def test_training_curves_show_all_on_the_left_and_the_best_enlarged():
    fig = activation.training_curves(
        {"relu": [[10, 80, 84], [10, 82, 86]], "binary_step": [[10, 30, 40]]}, {"line": 82}
    )
    left, right = fig.axes
    assert left.get_ylim() == (0, 100)
    assert right.get_ylim() == (74, 87)
    assert labelled(left)["ReLU"].get_xdata().tolist() == [0, 1, 2]
    assert labelled(right)["ReLU"].get_xdata().tolist() == [1, 2]
    assert labelled(left)["line"].get_ydata() == [82, 82]


def test_against_draws_every_run_as_a_dot_and_their_mean_as_a_line():
    _, ax = plt.subplots()
    rates = [0.001, 0.01, 0.1]
    activation.against(ax, rates, {"relu": [[1, 2, 3], [3, 4, 5]]}, "rate", "dead (%)", log=True)
    assert labelled(ax)["ReLU"].get_ydata().tolist() == [2, 3, 4]
    assert sum(line.get_marker() == "o" for line in ax.lines) == 2
    assert ax.get_xscale() == "log"
    assert [text.get_text() for text in ax.get_xticklabels()] == ["0.001", "0.01", "0.1"]


def test_many_points_get_a_tick_every_five():
    _, ax = plt.subplots()
    activation.against(ax, np.arange(1, 21), {"relu": np.ones((2, 20))}, "hidden layer", "dead (%)")
    assert [text.get_text() for text in ax.get_xticklabels()] == ["5", "10", "15", "20"]


def test_variants_of_a_function_have_a_colour_and_dashes_each():
    _, ax = plt.subplots()
    runs = {name: [[1, 2]] for name in ("relu", "relu, biases 0.1", "relu, biases -0.3")}
    activation.against(ax, [1, 2], runs, "hidden layer", "dead (%)")
    lines = ax.lines[::2]
    assert len({line.get_color() for line in lines}) == 3
    assert len({line.get_linestyle() for line in lines}) == 3
    assert [dots.get_color() for dots in ax.lines[1::2]] == [line.get_color() for line in lines]
