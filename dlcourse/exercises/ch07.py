"""Exercises of chapter 07, what layers learn: receptive fields, occlusion, explained variance, depthwise windows."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def receptive_field(layers):
    """How many pixels wide the last layer's units see, for layers [(kernel, stride), …] from the picture upwards."""
    size, step = 1, 1
    for kernel, stride in layers:
        size += (kernel - 1) * step
        step *= stride
    return size


def _stride_first(layers):
    size, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        size += (kernel - 1) * step
    return size


def _strides_added(layers):
    size, step = 1, 1
    for kernel, stride in layers:
        size += (kernel - 1) * step
        step += stride - 1
    return size


def _from_the_top(layers):
    return receptive_field(list(layers)[::-1])


def hide_square(picture, row, column, side, grey):
    """A copy of picture (height, width, 3) whose square of side pixels from (row, column) on is grey."""
    hidden = picture.copy()
    hidden[row : row + side, column : column + side] = grey
    return hidden


def _hide_in_place(picture, row, column, side, grey):
    picture[row : row + side, column : column + side] = grey
    return picture


def _hide_exchanged(picture, row, column, side, grey):
    return hide_square(picture, column, row, side, grey)


def _hide_one_more(picture, row, column, side, grey):
    return hide_square(picture, row, column, side + 1, grey)


def _hide_centred(picture, row, column, side, grey):
    hidden = picture.copy()
    top, left = max(row - side // 2, 0), max(column - side // 2, 0)
    hidden[top : row - side // 2 + side, left : column - side // 2 + side] = grey
    return hidden


def r_squared(actual, predicted):
    """1 minus what is left over, as a share of the spread round the mean of actual."""
    left = np.sum((actual - predicted) ** 2)
    return 1 - left / np.sum((actual - np.mean(actual)) ** 2)


def _left_over(actual, predicted):
    return 1 - r_squared(actual, predicted)


def _squared_correlation(actual, predicted):
    return np.corrcoef(actual, predicted)[0, 1] ** 2


def _about_zero(actual, predicted):
    return 1 - np.sum((actual - predicted) ** 2) / np.sum(np.asarray(actual) ** 2)


def _spread_of_predicted(actual, predicted):
    return 1 - np.sum((actual - predicted) ** 2) / np.sum((predicted - np.mean(predicted)) ** 2)


EXERCISES = [
    Exercise(
        id="07.1",
        title="How far a unit sees",
        task="Write `receptive_field(layers)`: the width in pixels of what a unit of the last layer sees. layers is a "
        "list of (kernel, stride), from the picture upwards; without layers a unit is one pixel.",
        solution=receptive_field,
        cases=[
            case([]),
            case([(3, 2)]),
            case([(3, 2), (3, 1), (5, 2)]),
            case([(3, 1), (3, 1), (3, 1)]),
            case([(7, 4), (1, 1), (3, 2), (5, 3), (2, 1)]),
        ],
        mistakes=[
            Mistake(
                _stride_first,
                "A layer's own stride is counted in its own window. The window is laid over the places below, which "
                "are still the old step apart: widen the field first, then multiply the step.",
            ),
            Mistake(
                lambda layers: 1 + sum(kernel - 1 for kernel, _ in layers),
                "The strides are missing: after a stride of 2, neighbours are two pixels apart, and a window widens "
                "the field by twice as much.",
            ),
            Mistake(_strides_added, "The steps are added up. They multiply: two strides of 3 are a step of 9 pixels."),
            Mistake(_from_the_top, "The layers are taken from the top. Begin at the picture, with the first of them."),
            Mistake(
                lambda layers: int(np.prod([kernel for kernel, _ in layers])),
                "The kernels are multiplied. Windows overlap: each adds (kernel - 1) steps.",
            ),
        ],
        hints=[
            "Keep two numbers: how wide the field is, and how many pixels neighbours are apart. Both begin at 1.",
            "A window of `kernel` places reaches over `kernel - 1` steps.",
            "for kernel, stride in layers: size += (kernel - 1) * step; then step *= stride.",
        ],
        why="A window adds (kernel - 1) steps of the layer below; a stride makes all steps above it longer.",
    ),
    Exercise(
        id="07.2",
        title="Hide a square",
        task="Write `hide_square(picture, row, column, side, grey)`: a copy of the picture (height, width, 3) in which "
        "the square of side pixels that begins at (row, column) has the value grey. Leave the picture as it is.",
        solution=hide_square,
        cases=[
            case(np.arange(48.0).reshape(4, 4, 3), 1, 2, 1, 9.0),
            case(np.arange(60.0).reshape(4, 5, 3), 2, 0, 2, -1.0),
            case(np.arange(60.0).reshape(4, 5, 3), 3, 1, 3, 0.5, note="a square that reaches over the edge"),
            *drawn(lambda rng: (rng.uniform(0, 255, (7, 9, 3)), 1, 4, 3, 127.0), times=2),
        ],
        mistakes=[
            Mistake(
                _hide_in_place,
                "The picture itself is changed: the next square would be hidden in a picture that has a hole already. "
                "Work on `picture.copy()`.",
            ),
            Mistake(_hide_exchanged, "Row and column are exchanged: an image's first axis is its height."),
            Mistake(_hide_one_more, "The square is one pixel too large: a slice ends before its end, at row + side."),
            Mistake(_hide_centred, "The square is centred on (row, column); it should begin there."),
        ],
        hints=[
            "Begin with `hidden = picture.copy()`.",
            "A slice of rows and a slice of columns choose the square; all three colours go with it.",
            "Write `hidden[row : row + side, column : column + side] = grey`, and return `hidden`.",
        ],
        why="A slice may end beyond the edge: it stops where the picture stops.",
    ),
    Exercise(
        id="07.3",
        title="The share that is explained",
        task="Write `r_squared(actual, predicted)`: 1 minus the sum of squared errors over the sum of squared "
        "differences of actual from its mean.",
        solution=r_squared,
        cases=[
            case(np.array([1.0, 2.0, 4.0, 3.0]), np.array([1.5, 2.0, 3.0, 3.5])),
            case(np.array([1.0, 2.0, 4.0]), np.array([3.0, 1.0, 0.5]), note="a prediction worse than the mean"),
            *drawn(lambda rng: (rng.normal(3, 1, 6), rng.normal(2, 1.5, 6)), times=3),
        ],
        mistakes=[
            Mistake(_left_over, "This is the share that is left over; R² is 1 minus that."),
            Mistake(
                _squared_correlation,
                "This is the squared correlation. It forgives a prediction that is too large or shifted, and can "
                "never be below 0; R² forgives nothing.",
            ),
            Mistake(_about_zero, "The spread is taken about 0. Compare with the mean of `actual`, the plainest guess."),
            Mistake(_spread_of_predicted, "The spread is that of `predicted`; what is to be explained is `actual`."),
        ],
        hints=[
            "Two sums: the squared errors, and the squared differences of `actual` from its own mean.",
            "What is left over is `np.sum((actual - predicted) ** 2)`.",
            "Return 1 minus that over `np.sum((actual - np.mean(actual)) ** 2)`.",
        ],
        why="0 is what the mean alone reaches, 1 is perfect, and on unseen data it can be below 0: that is why the "
        "chapter scores on photographs which the regression has not seen.",
    ),
    Exercise(
        id="07.4",
        title="Each map by itself",
        task="A depthwise convolution of 480 maps has one 3 x 3 window for each map; an ordinary one from 480 to 480 "
        "maps has a window for each pair. How many times more weights has the ordinary one? Give a number.",
        kind="predict",
        solution=480,
        mistakes=[
            Mistake(480 * 480, "That is the number of pairs. The depthwise one has weights, too: 480 windows."),
            Mistake(9, "The window has 9 places in both: it cancels out."),
            Mistake(480 * 9, "The window's 9 places are in both counts, and cancel out."),
            Mistake(2, "Count: 480 windows of 9 against 480 times 480 windows of 9."),
        ],
        otherwise="Count the windows of 3 x 3 in both, and divide.",
        hints=["How many windows has each of the two?", "480 · 480 · 9 against 480 · 9."],
        why="480 · 480 · 9 = 2,073,600 weights against 4,320. That is why small networks look at each map by itself "
        "and mix the maps afterwards with windows of a single pixel.",
    ),
]
