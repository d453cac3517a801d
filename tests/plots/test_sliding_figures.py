"""The figures of chapter 12 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.plots import sliding, use_style

mpl.use("Agg")
IMAGES = np.arange(3 * 20 * 20, dtype=float).reshape(3, 20, 20)


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def test_boxes_stand_where_they_are_and_captions_beside_them():
    boxes = [np.array([[2, 3, 10, 15]]), np.zeros((0, 4)), np.array([[0, 0, 5, 5], [4, 4, 9, 9]])]
    fig = sliding.boxed(IMAGES, boxes, [["coat"], [], ["bag", "shoe"]], titles=["a", "b", "c"], columns=2)
    first, second, third, unused = fig.axes
    (frame,) = first.patches
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((1.5, 2.5), 8, 12)
    assert [text.get_text() for text in first.texts] == ["coat"]
    assert len(second.patches) == 0
    assert [text.get_text() for text in third.texts] == ["bag", "shoe"]
    assert not unused.images


def test_what_was_found_is_drawn_beside_what_is_there_and_has_the_captions():
    fig = sliding.boxed(
        IMAGES[:1], [np.array([[2, 3, 10, 15]])], [["bag"]], found=[np.array([[1, 1, 9, 9], [0, 0, 4, 4]])]
    )
    styles = [patch.get_linestyle() for patch in fig.axes[0].patches]
    assert styles == ["-", "--", "--"]
    assert fig.axes[0].texts[0].get_position() == (1, 0)


def test_only_mistakes_are_named_and_each_kind_has_its_line():
    boxes, found = [np.array([[2, 3, 10, 15]])], [np.array([[1, 1, 9, 9], [0, 0, 4, 4]])]
    fig = sliding.judged(IMAGES[:1], boxes, found, [[None, "bag 0.90"]], columns=1)
    (ax,) = fig.axes
    assert [text.get_text() for text in ax.texts] == ["bag 0.90"]
    kinds = [sliding.COLOURS[name].lower() for name in ("orange", "sky", "purple")]
    assert [mpl.colors.to_hex(frame.get_edgecolor()) for frame in ax.patches] == kinds
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["there", "found", "found, but wrong"]


def test_a_picture_of_bytes_keeps_its_greys():
    picture = np.arange(0, 250, 25, dtype=np.uint8).reshape(2, 5)
    fig = sliding.judged([picture], [np.zeros((0, 4))], [np.zeros((0, 4))], [[]], columns=1)
    shown = fig.axes[0].images[0].get_array()
    np.testing.assert_allclose(shown, picture * (31 / 225), atol=0.5)


def test_names_of_mistakes_do_not_cover_each_other():
    found = np.array([[40, 40, 60, 60], [41, 41, 61, 61], [42, 40, 60, 62], [90, 0, 96, 6]])
    image, names = np.zeros((96, 96)) + 1, ["Ankle boot 0.80"] * 4
    fig = sliding.judged([image], [np.zeros((0, 4))], [found], [names], columns=1)
    fig.canvas.draw()
    frames = [text.get_window_extent() for text in fig.axes[0].texts]
    assert not any(a.overlaps(b) for number, a in enumerate(frames) for b in frames[:number])
    picture = fig.axes[0].get_window_extent()
    assert all(picture.x0 <= frame.x0 and frame.x1 <= picture.x1 for frame in frames)


def test_windows_stand_in_rows_each_with_a_frame():
    fig = sliding.window_rows({"a": np.zeros((4, 6, 6), np.uint8), "b": np.zeros((3, 6, 6), np.uint8)})
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["a", "b"]
    assert [ax.images[0].get_array().shape for ax in fig.axes] == [(8, 32), (8, 32)]


def test_a_heat_map_lies_where_its_windows_have_their_middles():
    top, left = np.meshgrid(np.arange(0, 12, 4), np.arange(0, 12, 4), indexing="ij")
    windows = np.stack([left, top, left + 10, top + 10], axis=-1)
    fig = sliding.heat_maps(IMAGES[0], {10: (np.eye(3), windows)}, [[0, 0, 5, 5]])
    assert fig.axes[1].images[0].get_extent() == [3, 15, 15, 3]
    assert fig.axes[1].get_title(loc="center") == "windows of 10"
    assert len(fig.axes[1].patches) == 1


def test_recall_has_a_line_a_seed_and_their_mean():
    fig = sliding.stride_and_cost([1, 2, 4], np.array([[0.9, 0.8, 0.5], [0.7, 0.6, 0.5]]), {"crops": [4, 2, 1]})
    left, right = fig.axes
    np.testing.assert_allclose(left.lines[-1].get_ydata(), [0.8, 0.7, 0.5])
    assert len(left.lines) == 3
    assert right.get_legend().get_texts()[0].get_text() == "crops"
    assert [label.get_text() for label in left.get_xticklabels()] == ["1", "2", "4"]


def test_recall_by_size_stands_at_the_middle_of_each_range():
    fig = sliding.recall_by_size([10, 20, 40], {"one": [0.5, 0.6], "two": [0.7, np.nan]})
    assert fig.axes[0].lines[0].get_xdata().tolist() == [15, 30]
    assert [text.get_text() for text in fig.axes[0].get_legend().get_texts()] == ["one", "two"]
