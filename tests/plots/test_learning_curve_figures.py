"""The figures of chapter 02 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import learning_curve, use_style
from dlcourse.plots.line_ends import label_ends
from dlcourse.scratch.power_law import PowerLaw, power_law

mpl.use("Agg")
SIZES = [100, 1000, 10000]
RUNS = {"flat": np.array([[30.0, 20, 18], [34, 22, 20]]), "steep": np.array([[40.0, 20, 10], [44, 22, 12]])}


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def _labels(ax):
    return {each.get_text(): each.xy[1] for each in ax.texts if each.get_text() in RUNS}


def test_the_sketch_is_called_one_and_the_measurement_has_numbers():
    fig = learning_curve.sketch_beside_measured(SIZES, RUNS)
    sketch, measured = fig.axes
    assert any("no measurement" in each.get_text() for each in sketch.texts)
    assert len(sketch.get_xticks()) == len(sketch.get_yticks()) == 0
    assert measured.lines[0].get_ydata().tolist() == [32, 21, 19]
    assert list(_labels(measured)) == ["steep", "flat"]  # from the lowest up


def test_labels_of_lines_that_end_together_stand_apart():
    _, ax = plt.subplots()
    ax.set_ylim(0, 10)
    ends = {name: (height, "black") for name, height in [("a", 5), ("b", 5.01), ("c", 4.99), ("d", 9)]}
    label_ends(ax, 1, ends, apart=0.1, leaders=False)
    places = sorted(each.xy[1] for each in ax.texts)
    assert np.diff(places).min() == pytest.approx(0.1)
    assert places[-1] == pytest.approx(0.9)  # what has room stays where it is
    assert places[1] == pytest.approx(0.5)


def test_power_laws_are_straight_between_logarithmic_axes():
    laws = {name: power_law(SIZES, runs.mean(axis=0)) for name, runs in RUNS.items()}
    ax = learning_curve.power_laws(SIZES, RUNS, laws, 0.8).axes[0]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    x, y = ax.lines[2].get_data()
    assert np.diff(np.log(y)) / np.diff(np.log(x)) == pytest.approx(laws["flat"].exponent)
    assert len(ax.lines[0].get_xdata()) == RUNS["flat"].size
    assert list(_labels(ax)) == ["steep", "flat"]


def test_exponents_are_open_where_data_are_few_and_filled_where_they_are_many():
    early, late = {"a": (-0.3, -0.4, -0.2)}, {"a": (-0.1, -0.15, -0.05)}
    ax = learning_curve.exponents(early, late, ("few", "many")).axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) == 1]
    assert [(line.get_xdata()[0], line.get_markerfacecolor() == "white") for line in dots] == [
        (-0.3, True),
        (-0.1, False),
    ]
    assert list(ax.lines[0].get_xdata()) == [-0.4, -0.2]


def test_extrapolations_show_prediction_and_measurement_at_the_largest_size():
    fig = learning_curve.extrapolations(SIZES, {"a": [40.0, 20, 15], "b": [30.0, 20, 13]}, dict.fromkeys("ab", LAW))
    for ax, measured in zip(fig.axes, (15, 13), strict=True):
        predicted, star = ax.lines[-2:]
        assert predicted.get_ydata()[0] == pytest.approx(LAW.predict(SIZES[-1]))
        assert star.get_ydata()[0] == measured
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["a", "b"]


LAW = PowerLaw(160.0, -0.3)


def test_the_arrow_goes_to_the_lower_neighbour():
    errors = [[60, 40, 35], [30, 25, 34], [29, 20, 15]]
    assert learning_curve.data_gains_more(errors).tolist() == [[False, False], [True, False]]
    ax = learning_curve.size_against_data(errors, [5, 16, 50], SIZES).axes[0]
    arrows = [each for each in ax.texts if not each.get_text()]
    assert len(arrows) == 4
    assert [each.xy[0] % 1 != 0 for each in arrows] == [False, False, True, False]
    assert {"60.0", "15.0"} <= {each.get_text() for each in ax.texts}


def test_size_against_data_refuses_labels_that_do_not_fit():
    with pytest.raises(ValueError, match=r"errors is \(2, 3\); the labels are for \(3, 3\)"):
        learning_curve.size_against_data(np.ones((2, 3)), [1, 2, 3], SIZES)


def test_stored_numbers_are_drawn_for_each_learner():
    ax = learning_curve.stored_numbers(SIZES, {"flat": [7, 7, 7], "steep": [8, 80, 800]}).axes[0]
    assert ax.lines[1].get_ydata().tolist() == [8, 80, 800]
    assert _labels(ax)["steep"] > _labels(ax)["flat"]
