"""The figures of chapter 14 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import use_style, verification

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_faces_stand_in_rows_with_their_notes():
    picture = np.arange(12.0).reshape(4, 3)
    fig = verification.faces({"a": [picture] * 3, "b": [picture]}, notes={"a": ["x", "y", ""], "b": ["z"]})
    assert [len(ax.images) for ax in fig.axes] == [1, 1, 1, 1, 0, 0]
    assert [ax.get_title(loc="center") for ax in fig.axes[:4]] == ["x", "y", "", "z"]
    assert [text.get_text() for ax in fig.axes for text in ax.texts] == ["a", "b"]


def test_losses_are_zero_where_they_should_be():
    fig = verification.losses(1.0)
    (same, different), (hinge, *soft) = (ax.lines for ax in fig.axes)
    assert same.get_ydata()[0] == 0
    assert different.get_ydata()[-1] == 0 < different.get_ydata()[0]
    assert hinge.get_ydata()[0] == 0
    assert all((line.get_ydata() > 0).all() for line in soft)


def test_a_roc_curve_is_the_mean_of_its_splits_read_as_steps():
    _, ax = plt.subplots()
    perfect = (np.array([0.0, 0, 1]), np.array([0.0, 1, 1]))
    useless = (np.array([0.0, 1]), np.array([0.0, 1]))
    verification.roc_curves(ax, {"m": [perfect, useless]}, grid=np.array([0.1, 0.5, 1]))
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [0.5, 0.5, 1])


def test_pairs_are_shares_above_and_below_the_axis():
    _, ax = plt.subplots()
    distances, same = np.array([0.1, 0.2, 0.9, 0.8, 1.0]), np.array([True, True, False, False, False])
    verification.pair_distances(ax, distances, same, 0.5)
    heights = np.array([bar.get_height() for bar in ax.patches])
    assert heights[heights > 0].sum() == pytest.approx(1)
    assert heights[heights < 0].sum() == pytest.approx(-1)
    assert ax.lines[0].get_xdata()[0] == 0.5


def test_means_over_splits_by_shots_and_by_depth():
    _, (one, other) = plt.subplots(1, 2)
    verification.by_shots(one, [1, 5], {"m": [[0.5, 0.7], [0.7, 0.9]]})
    verification.by_depth(other, ["stage1", "head"], {"m": [[0.2, 0.1], [0.4, 0.1]]})
    np.testing.assert_allclose(one.lines[0].get_ydata(), [0.6, 0.8])
    np.testing.assert_allclose(other.lines[0].get_ydata(), [0.3, 0.1])
    assert len(other.lines) == 3
