"""Exercises of chapter 13, YOLO: suppression, the cell that answers, a box from its numbers, average precision."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def suppress_boxes(boxes, scores, threshold):
    """The numbers of the boxes that stay, best first: one goes if a better one that stays overlaps it by more."""
    kept = []
    for i in np.argsort(-scores):
        if all(overlap(boxes[i], boxes[j]) <= threshold for j in kept):
            kept.append(int(i))
    return kept


def overlap(a, b):
    """Intersection over union of two boxes."""
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def cell_of(box, stride):
    """Row and column of the cell that holds a box's centre."""
    x_min, y_min, x_max, y_max = box
    return (y_min + y_max) / 2 // stride, (x_min + x_max) / 2 // stride


def box_from(t, cell, anchor, stride):
    """Corners of the box that a cell (column, row) answers with t_x, t_y, t_w, t_h for an anchor (width, height)."""
    t, cell, anchor = np.array(t), np.array(cell), np.array(anchor)
    centre = (cell + 3 / (1 + np.exp(-t[:2])) - 1) * stride
    size = anchor * np.exp(t[2:])
    return np.concatenate([centre - size / 2, centre + size / 2])


def area(right, objects):
    """Sum of the precisions at the right detections, over the objects there are."""
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    return np.sum(precision * right) / objects


def numbers():
    """Cells, anchors, and four numbers, objectness and classes for each."""
    return 13 * 13 * 5 * (4 + 1 + 20)


# What the mistakes share.


def _greedy(boxes, scores, threshold, order=None, gone=None):
    """Suppression in another order, or by another rule `gone(IoU, threshold)`."""
    kept = []
    for i in np.argsort(-scores) if order is None else order(scores):
        if not any((gone or np.greater)(overlap(boxes[i], boxes[j]), threshold) for j in kept):
            kept.append(int(i))
    return kept


def _by_all(boxes, scores, threshold):
    """A box goes if ANY better one overlaps it, also one that has gone itself."""
    order = np.argsort(-scores)
    return [
        int(i) for n, i in enumerate(order) if all(overlap(boxes[i], boxes[j]) <= threshold for j in order[:n])
    ]  # fmt: skip


def _few_boxes(rng):
    """A handful of boxes round two places, some of which overlap strongly, others a little."""
    corner = rng.choice([10.0, 18.0], size=(8, 2)) + rng.uniform(0, 8, (8, 2))
    return np.concatenate([corner, corner + rng.uniform(10, 16, (8, 2))], axis=1), rng.permutation(8) / 8 + 0.1, 0.4


def _decoded(t, cell, anchor, stride, *, reach=3.0, back=1.0, power=np.exp, swap=False, scaled=True, corner=False):
    """`box_from` with one thing wrong."""
    t, cell, anchor = np.array(t), np.array(cell)[:: -1 if swap else 1], np.array(anchor)
    centre = cell + reach / (1 + np.exp(-t[:2])) - back
    centre = centre * stride if scaled else cell * stride + reach / (1 + np.exp(-t[:2])) - back
    size = anchor * power(t[2:])
    return np.concatenate([centre, centre + size] if corner else [centre - size / 2, centre + size / 2])


# Three in a row: the second overlaps both, the first and the third do not overlap.
CHAIN = np.array([[0.0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]])

EXERCISES = [
    Exercise(
        id="13.1",
        title="Suppress",
        task=(
            "Write `suppress_boxes(boxes, scores, threshold)` for boxes (n, 4), [x_min, y_min, x_max, y_max], of one "
            "class: the list of the numbers of those that stay, best score first. A box goes if one that stays and "
            "scores better overlaps it by an IoU of more than the threshold."
        ),
        solution=suppress_boxes,
        cases=[
            case(CHAIN, np.array([0.9, 0.8, 0.7]), 0.3, note="the second goes, and then saves the third"),
            case(CHAIN, np.array([0.7, 0.9, 0.8]), 0.3),
            case(CHAIN, np.array([0.3, 0.2, 0.6]), 1.0, note="nothing goes"),
            case(np.array([[0.0, 0, 10, 10], [0, 0, 10, 5]]), np.array([0.5, 0.9]), 0.5, note="exactly the threshold"),
            *drawn(_few_boxes),
        ],
        mistakes=[
            Mistake(
                _by_all,
                "A box that has gone still pushes others out: only those that stay may do so.",
            ),
            Mistake(
                lambda boxes, scores, threshold: _greedy(boxes, scores, threshold, order=lambda s: range(len(s))),
                "You take the boxes as they stand: the best score comes first.",
            ),
            Mistake(
                lambda boxes, scores, threshold: _greedy(boxes, scores, threshold, order=np.argsort),
                "You begin with the worst score: argsort rises, so sort -scores.",
            ),
            Mistake(
                lambda boxes, scores, threshold: _greedy(boxes, scores, threshold, gone=np.greater_equal),
                "A box that overlaps by exactly the threshold stays: it goes if it overlaps by MORE.",
            ),
            Mistake(
                lambda boxes, scores, threshold: sorted(suppress_boxes(boxes, scores, threshold)),
                "These are the right boxes in the order of their numbers: give them best first.",
            ),
        ],
        hints=[
            "Go through `np.argsort(-scores)` and keep a list of what stays.",
            "A box stays if its IoU with every box in the list is at most the threshold.",
            "`if all(overlap(boxes[i], boxes[j]) <= threshold for j in kept): kept.append(i)`.",
        ],
        why="Greedy, and blind to what it throws away: a true neighbour that overlaps enough goes with the doubles.",
    ),
    Exercise(
        id="13.2",
        title="Who answers?",
        task=(
            "Write `cell_of(box, stride)`: (row, column) of the cell that holds the centre of a box "
            "[x_min, y_min, x_max, y_max], with cells of `stride` pixels counted from 0."
        ),
        solution=cell_of,
        cases=[
            case(np.array([10.0, 40, 30, 50]), 8),
            case(np.array([0.0, 0, 5, 7]), 8, note="the first cell"),
            case(np.array([60.0, 8, 96, 24]), 16),
            case(np.array([30.0, 3, 34, 90]), 32, note="a centre on the border of two cells"),
        ],
        mistakes=[
            Mistake(
                lambda box, stride: cell_of(box, stride)[::-1],
                "Row and column are exchanged: the row comes from y.",
            ),
            Mistake(
                lambda box, stride: (box[1] // stride, box[0] // stride),
                "This is the cell of the upper left corner: the centre decides.",
            ),
            Mistake(
                lambda box, stride: ((box[1] + box[3]) / 2 / stride, (box[0] + box[2]) / 2 / stride),
                "A cell has a whole number: round down with //.",
            ),
            Mistake(
                lambda box, stride: ((box[1] + box[3]) // stride, (box[0] + box[2]) // stride),
                "The centre is half the sum of both sides: divide by 2 first.",
            ),
        ],
        hints=[
            "The centre is ((x_min + x_max) / 2, (y_min + y_max) / 2).",
            "Each cell is `stride` pixels wide and high.",
            "`(y_min + y_max) / 2 // stride, (x_min + x_max) / 2 // stride`.",
        ],
        why="Two boxes with their centres in one cell compete for it; anchors of different shapes let both in.",
    ),
    Exercise(
        id="13.3",
        title="From four numbers to a box",
        task=(
            "Write `box_from(t, cell, anchor, stride)`: the box [x_min, y_min, x_max, y_max] in pixels that a cell "
            "(column, row) answers with t = (t_x, t_y, t_w, t_h) for an anchor (width, height), by the four equations "
            "of the section on the grid."
        ),
        solution=box_from,
        cases=[
            case([0.0, 0, 0, 0], [3, 5], [20.0, 30], 8, note="in the middle of its cell, of the anchor's shape"),
            case([1.0, -2, 0.5, -0.7], [0, 2], [18.0, 27], 8),
            case([-3.0, 0.3, 0.1, 1.2], [7, 1], [40.0, 12], 16),
        ],
        mistakes=[
            Mistake(
                lambda t, cell, anchor, stride: _decoded(t, cell, anchor, stride, reach=1.0, back=0.0),
                "A plain sigmoid keeps the centre within its cell: here it is 3 σ(t) - 1, from -1 to 2.",
            ),
            Mistake(
                lambda t, cell, anchor, stride: _decoded(t, cell, anchor, stride, power=lambda x: x),
                "Width and height are the anchor's times exp(t): t = 0 has to leave the anchor as it is.",
            ),
            Mistake(
                lambda t, cell, anchor, stride: _decoded(t, cell, anchor, stride, swap=True),
                "The cell is given as column, row: the column belongs to x.",
            ),
            Mistake(
                lambda t, cell, anchor, stride: _decoded(t, cell, anchor, stride, scaled=False),
                "What the sigmoid adds is in cells as well: multiply the whole sum by the stride.",
            ),
            Mistake(
                lambda t, cell, anchor, stride: _decoded(t, cell, anchor, stride, corner=True),
                "x and y are the centre: go half the width and half the height to each side.",
            ),
        ],
        hints=[
            "Centre first: `(cell + 3 * sigmoid(t[:2]) - 1) * stride`.",
            "Then the size: `anchor * np.exp(t[2:])`.",
            "`np.concatenate([centre - size / 2, centre + size / 2])`.",
        ],
        why="Four zeros mean the anchor in the middle of the cell, so an untrained network starts with sensible boxes.",
    ),
    Exercise(
        id="13.4",
        title="Average precision",
        task=(
            "Write `area(right, objects)`: average precision of a ranked list, best score first, whose k-th entry "
            "right[k] is 1 if that detection is right and 0 if not, when there are `objects` to be found: precision at "
            "each right detection, summed, over `objects`."
        ),
        solution=area,
        cases=[
            case(np.array([1, 0, 1]), 2),
            case(np.array([1, 1, 1]), 3, note="a perfect list"),
            case(np.array([0, 0, 1, 1]), 5, note="some are never found"),
            case(np.array([0, 0]), 4, note="nothing is right"),
            *drawn(lambda rng: (rng.integers(2, size=12), 9)),
        ],
        mistakes=[
            Mistake(
                lambda right, objects: np.mean(right),
                "This is the precision of the whole list: the order does not count in it.",
            ),
            Mistake(
                lambda right, objects: np.sum(right) / objects,
                "This is the recall of the whole list: the order does not count in it.",
            ),
            Mistake(
                lambda right, objects: area(right, max(1, np.sum(right))),
                "Objects never found must count as well: divide by `objects`, not by how many were right.",
            ),
            Mistake(
                lambda right, objects: np.sum(np.cumsum(right) / np.arange(1, len(right) + 1)) / objects,
                "Precision is summed at the RIGHT detections only: elsewhere recall does not grow.",
            ),
        ],
        hints=[
            "Precision after k detections is the share of right ones among them.",
            "`np.cumsum(right) / np.arange(1, len(right) + 1)`.",
            "Multiply by `right`, sum, divide by `objects`.",
        ],
        why="Each object found adds a step of 1 / objects in recall, as high as the precision there: that is the area.",
    ),
    Exercise(
        id="13.5",
        title="How many numbers?",
        task=(
            "A network for photographs of 416 x 416 pixels has a stride of 32, five anchors and 20 classes, with "
            "objectness. How many numbers does it answer for one photograph?"
        ),
        kind="predict",
        solution=numbers,
        mistakes=[
            Mistake(13 * 13 * 5 * 24, "Objectness is missing: 4 + 1 + 20 numbers for each anchor."),
            Mistake(13 * 13 * 25, "This is for one anchor a cell: there are five."),
            Mistake(13 * 13 * (4 * 5 + 1 + 20), "Each anchor has its own objectness and classes, not only its box."),
            Mistake(416 * 416 * 5 * 25, "Not every pixel answers: a cell is 32 pixels wide and high."),
        ],
        hints=[
            "416 / 32 cells in a row, as many rows.",
            "Each anchor of each cell has 4 + 1 + 20 numbers.",
            "13 * 13 * 5 * 25.",
        ],
        otherwise="Count the cells, then anchors, then the numbers each of them needs.",
        why="Over twenty thousand numbers, of which a handful matter: the rest must learn to say 'nothing'.",
    ),
]
