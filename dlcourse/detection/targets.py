"""From boxes to what a YOLO network is to answer in its grid.

The network answers a grid of cells, `stride` pixels a side; in each cell, for each anchor shape, 5 + n numbers:

    t_x, t_y    centre:      c = (cell + 3 sigmoid(t) - 1) stride, from one cell before to one cell after its own
    t_w, t_h    size:        s = anchor exp(t)
    t_o         objectness:  sigmoid(t_o), the confidence that there is an object, times the IoU to be expected
    n scores    classes:     softmax; without objectness (4 + n numbers) one sigmoid each

`dlcourse.detection.decoding` is the way back.

Sources: Redmon et al. (2016), arXiv:1506.02640, for the grid; Redmon and Farhadi (2017), arXiv:1612.08242, for anchors
and sizes. That cells beside the centre's answer too is Jocher's (YOLOv5, 2020); the reach of its centres, 2 sigmoid -
0.5, saturates at its ends, where ours does not.
"""

import numbers
from collections.abc import Sequence

import numpy as np

from dlcourse.detection.anchors import checked_sizes, shape_iou
from dlcourse.detection.overlap import checked

REACH = 3.0  # cells over which a centre can move, its own in the middle
OBJECTNESS, CLASSES = 4, 5  # where they stand, after the box


def encode(
    boxes: Sequence,
    classes: Sequence,
    *,
    anchors,
    stride: int,
    shape: tuple[int, int],
    class_count: int,
    neighbours: bool = True,
    also_above: float | None = None,
) -> np.ndarray:
    """Targets (images, rows, columns, anchors, 5 + class_count) float32 of lists of boxes (n, 4) and classes (n,).

    A box goes to the cell that holds its centre and to the anchor whose shape is most like its own. There stand t_x to
    t_h, 1 for objectness and a one for its class; everywhere else zeros. Where boxes claim the same place, a centre
    goes before a neighbour, a best anchor before another, the smaller box before the larger.

    Args:
        boxes: of each image, in pixels, with area, their centres within the grid.
        classes: of each image, whole numbers from 0.
        anchors: widths and heights (K, 2) in pixels.
        stride: pixels a cell.
        shape: rows and columns of the grid.
        class_count: n.
        neighbours: give the box to two cells more, those beside its own to which its centre is nearest.
        also_above: give the box to each anchor more whose IoU of shapes with it is at least this.

    Raises:
        ValueError: an argument that is not allowed, a centre outside the grid, a class that does not exist.
    """
    anchors, (rows, columns) = checked_geometry(anchors, stride, shape)
    image, boxes, classes = _together(boxes, classes, class_count)
    centres, sizes = (boxes[:, :2] + boxes[:, 2:]) / 2 / stride, boxes[:, 2:] - boxes[:, :2]
    if not ((centres >= 0) & (centres < (columns, rows))).all():
        raise ValueError(
            f"boxes must have their centres within the grid's {columns * stride} x {rows * stride} pixels."
        )
    which, cell, anchor = _claims(centres, sizes, anchors, neighbours, also_above)
    inside = ((cell >= 0) & (cell < (columns, rows))).all(1)
    which, cell, anchor = which[inside], cell[inside], anchor[inside]
    place = image[0][which], cell[:, 1], cell[:, 0], anchor
    targets = np.zeros((image[1], rows, columns, len(anchors), 5 + class_count), np.float32)
    first = np.unique(np.ravel_multi_index(place, targets.shape[:4]), return_index=True)[1] if len(which) else []
    which, cell, anchor = which[first], cell[first], anchor[first]
    values = np.zeros((len(which), 5 + class_count), np.float32)
    values[:, :2] = _logit((centres[which] - cell + 1) / REACH)
    values[:, 2:4] = np.log(sizes[which] / anchors[anchor])
    values[:, OBJECTNESS] = 1
    values[np.arange(len(which)), CLASSES + classes[which]] = 1
    targets[tuple(axis[first] for axis in place)] = values
    return targets


def _claims(centres, sizes, anchors, neighbours, also_above):
    """Which box claims which cell, (column, row), and which anchor there: the claims that go first stand first."""
    if not len(sizes):
        return np.zeros(0, int), np.zeros((0, 2), int), np.zeros(0, int)
    overlap = shape_iou(sizes, anchors)
    best = overlap.argmax(1)
    fits = overlap >= (np.inf if also_above is None else also_above)
    fits[np.arange(len(best)), best] = True
    which, anchor = np.nonzero(fits)
    home = np.floor(centres).astype(int)
    step = np.sign(centres - home - 0.5).astype(int)
    moves = [0 * step, step * (1, 0), step * (0, 1)] if neighbours else [0 * step]
    cells = np.concatenate([(home + move)[which] for move in moves])
    beside = np.repeat(np.arange(len(moves)) > 0, len(which))
    which, anchor = np.tile(which, len(moves)), np.tile(anchor, len(moves))
    order = np.lexsort((sizes.prod(1)[which], anchor != best[which], beside))
    return which[order], cells[order], anchor[order]


def _together(boxes, classes, class_count):
    """(Image of each box (N,), how many images), all boxes (N, 4) in double precision, all classes (N,)."""
    if len(boxes) != len(classes):
        raise ValueError(f"boxes and classes must be of as many images; they are of {len(boxes)} and {len(classes)}.")
    each = [checked("boxes", one).astype(float) for one in boxes]
    ids = [np.asarray(one).reshape(-1) for one in classes]
    if [len(one) for one in each] != [len(one) for one in ids]:
        raise ValueError("classes must hold one number for each box of its image.")
    image = np.repeat(np.arange(len(each)), [len(one) for one in each])
    boxes = np.concatenate([np.zeros((0, 4)), *each])
    ids = np.concatenate([np.zeros(0, int), *(one.astype(int) for one in ids)])
    if not (boxes[:, 2:] > boxes[:, :2]).all():
        raise ValueError("boxes must have an area; there is one without.")
    if not ((ids >= 0) & (ids < class_count)).all():
        raise ValueError(f"classes must be from 0 to {class_count - 1}; there are {sorted(set(ids.tolist()))}.")
    return (image, len(each)), boxes, ids


def checked_geometry(anchors, stride, shape=(1, 1)):
    """Anchors (K, 2) as an array, and the grid's shape; ValueError for what cannot be."""
    sides = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    for name, value in {"stride": (stride,), "shape": sides}.items():
        whole = all(isinstance(each, numbers.Integral) and not isinstance(each, bool) and each > 0 for each in value)
        if not whole or (name == "shape" and len(value) != 2):
            what = "two whole numbers from 1, rows and columns" if name == "shape" else "a whole number from 1"
            raise ValueError(f"{name} is {what}, not {shape if name == 'shape' else stride!r}.")
    return checked_sizes("anchors", anchors), sides


def _logit(p):
    return np.log(p) - np.log1p(-p)
