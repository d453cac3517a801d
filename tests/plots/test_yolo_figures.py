"""The figures of chapter 13 show what they are given."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from dlcourse.plots import use_style, yolo

mpl.use("Agg")
IMAGE = np.arange(256, dtype=np.uint8).reshape(16, 16)
BOXES = np.array([[1.0, 2, 9, 12], [4, 4, 8, 8]])


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def drawn_boxes(ax):
    rectangles = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return [[*each.get_xy(), each.get_width(), each.get_height()] for each in rectangles]


def test_boxes_lie_on_pixels_with_their_labels():
    _, ax = plt.subplots()
    yolo.draw_boxes(ax, IMAGE, BOXES, ["coat", "bag"], dashed=True)
    assert drawn_boxes(ax) == [[0.5, 1.5, 8, 10], [3.5, 3.5, 4, 4]]
    assert [text.get_text() for text in ax.texts] == ["coat", "bag"]


def test_gallery_has_a_picture_each_and_all_layers():
    fig = yolo.gallery([IMAGE] * 3, [[{"boxes": BOXES}], [], [{"boxes": BOXES}, {"boxes": BOXES}]], "abc", columns=2)
    assert [len(ax.patches) for ax in fig.axes] == [2, 0, 4, 0]
    assert [ax.get_title(loc="center") for ax in fig.axes] == ["a", "b", "c", ""]


def test_cells_that_answer_are_coloured_for_each_anchor():
    targets = np.zeros((2, 2, 3, 6))
    targets[0, 1, 2, 4] = 1
    fig = yolo.answering_cells(IMAGE, BOXES, targets, 8)
    filled = [np.asarray(ax.images[1].get_array())[..., 3] > 0 for ax in fig.axes]
    assert [each.sum() for each in filled] == [0, 0, 1]
    assert filled[2][0, 1]


def test_anchors_and_curves():
    fig = yolo.anchors_and_fit(BOXES[:, 2:], [[5.0, 7]], {"ours": {1: 0.5, 2: 0.7}})
    assert drawn_boxes(fig.axes[0]) == [[0, 0, 5, 7]]
    assert fig.axes[1].lines[0].get_ydata().tolist() == [0.5, 0.7]
    fig = yolo.precision_recall_curves({"one": ([0, 1], [1, 0.5]), "two": ([0, 1], [1, 0.2])})
    assert len(fig.axes[0].lines) == 2
    fig = yolo.against_threshold([0.1, 0.5], {"one": [0.3, 0.4]}, 0.2)
    assert fig.axes[0].lines[-1].get_ydata()[0] == 0.2


def test_mistakes_stack_to_all_there_are():
    fig = yolo.mistakes({"a": {"right": 3, "class": 2}, "b": {"double": 1}}, {"a": 4, "b": 0})
    bars = fig.axes[0].patches
    ends = [max(bar.get_x() + bar.get_width() for bar in bars if round(bar.get_y() + 0.4) == row) for row in (0, 1)]
    assert ends == [9, 1]


def test_a_photograph_shows_truths_and_findings():
    fig = yolo.photograph(np.zeros((16, 20, 3), np.uint8), BOXES, BOXES[:1], ["right"])
    assert len(fig.axes[0].patches) == 3
    assert [text.get_text() for text in fig.axes[0].get_legend().get_texts()] == ["right"]
