"""The figures of chapter 07 show what they are given."""

import base64
import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from dlcourse.plots import features, saliency, use_style

mpl.use("Agg")


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_photographs_are_published_as_jpeg_with_alt_text(monkeypatch):
    shown = {}
    monkeypatch.setattr("IPython.display.display", lambda data, raw, metadata: shown.update(data=data, meta=metadata))
    fig, ax = plt.subplots()
    ax.imshow(np.zeros((8, 8, 3)))
    features.show_photographs(fig, alt="A black square, eight pixels wide.")
    picture = Image.open(io.BytesIO(base64.b64decode(shown["data"]["image/jpeg"])))
    assert picture.format == "JPEG"
    assert shown["meta"] == {"image/jpeg": {"alt": "A black square, eight pixels wide."}}
    assert not plt.fignum_exists(fig.number)
    with pytest.raises(ValueError, match="alt text says in a sentence"):
        features.show_photographs(fig, alt="square")


@pytest.mark.parametrize(("place", "first"), [((50, 60), (40, 50)), ((0, 0), (0, 0)), ((99, 99), (80, 80))])
def test_a_patch_is_moved_inside_the_picture(place, first):
    picture = np.zeros((100, 100, 3), np.uint8)
    picture[..., 0], picture[..., 1] = np.indices((100, 100))
    cut = features.patch(picture, *place, 20, size=20)
    assert tuple(cut[0, 0, :2]) == first
    assert cut.shape == (20, 20, 3)


def test_a_patch_larger_than_the_picture_is_the_whole_of_it():
    assert (features.patch(np.full((30, 40, 3), 7, np.uint8), 5, 5, 200, size=60) == 7).all()


def test_strips_have_a_row_for_each_depth_and_a_column_for_each_unit():
    unit = (np.full((48, 48, 3), 9, np.uint8), [np.full((60, 60, 3), k, np.uint8) for k in (1, 2)])
    fig = features.strips({"low": [unit, unit], "high": [unit, unit]})
    assert [ax.get_ylabel() for ax in fig.axes] == ["low", "", "high", ""]
    assert [ax.get_title(loc="left") for ax in fig.axes[:2]] == ["unit 1: made | found", "unit 2: made | found"]
    shown = np.asarray(fig.axes[0].images[0].get_array())
    assert shown.shape == (60, 60 + 4 + 120, 3)
    assert (shown[30, 30, 0], shown[30, 90, 0], shown[30, 150, 0]) == (9, 1, 2)


def test_kernels_are_drawn_round_mid_grey_and_a_dead_one_is_grey():
    weights = np.zeros((3, 3, 3, 2))
    weights[1, 1, 0, 0] = -2
    fig = features.kernels(weights, columns=2)
    first, second = (np.asarray(ax.images[0].get_array()) for ax in fig.axes)
    assert first[1, 1].tolist() == [0, 0.5, 0.5]
    assert (second == 0.5).all()


def test_fields_draw_theory_and_what_was_measured():
    energy = np.eye(8) / 8
    fig = features.fields({"a": energy, "b": energy}, {"a": 3, "b": 11}, {"trained": {"a": 3, "b": 5}}, crop=8)
    assert [ax.get_title(loc="center") for ax in fig.axes] == ["a", "b", ""]
    theory, trained = fig.axes[2].lines[:2]
    assert (list(theory.get_ydata()), list(trained.get_ydata())) == ([3, 11], [3, 5])
    assert fig.axes[2].get_yscale() == "log"


def test_hierarchy_draws_medians_with_the_range_of_the_runs():
    runs = np.array([[0.1, 0.2], [0.3, 0.6], [0.2, 0.1]])
    fig = features.hierarchy(
        {"trained": runs, "untrained": runs / 2}, runs, {"shuffled": runs}, {"trained": runs}, "ab"
    )
    edges, shapes, objects = fig.axes
    assert list(edges.lines[0].get_ydata()) == [0.2, 0.2]
    assert [line.get_label() for line in edges.lines] == ["trained", "untrained", "colour, trained"]
    band = shapes.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == (0.1, 0.6)
    assert [label.get_text() for label in objects.get_xticklabels()] == ["a", "b"]


def test_maps_stand_beside_the_picture_black_below_nought():
    picture, values = np.zeros((4, 4, 3), np.uint8), np.array([[-1.0, 0.0], [0.5, 1.0]]).repeat(2, 0).repeat(2, 1)
    fig = saliency.beside([("cat", picture, {"gradient": values}), ("dog", picture, {"gradient": 2 * values})])
    assert [ax.get_title(loc="center") for ax in fig.axes] == ["cat", "gradient", "dog", ""]
    for ax in (fig.axes[1], fig.axes[3]):
        np.testing.assert_allclose(ax.images[0].get_array()[::2, ::2], [[0, 0], [0.5, 1]])


def test_a_long_answer_stands_in_two_lines_over_its_picture():
    picture, values = np.zeros((4, 4, 3)), {"gradient": np.ones((4, 4))}
    fig = saliency.beside([("German Shepherd Dog", picture, values), ("grey-crested bird", picture, values)])
    titles = [fig.axes[row].get_title(loc="center") for row in (0, 2)]
    assert titles == ["German Shepherd\nDog", "grey-crested\nbird"]


def test_strength_is_the_largest_slope_of_the_three_colours():
    assert saliency.strength(np.array([[[1.0, -3.0, 2.0]]])).tolist() == [[3.0]]
    assert saliency.enlarged([[0.0, 1.0]], 8).shape == (8, 8)
