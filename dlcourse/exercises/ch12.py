"""Exercises of chapter 12, sliding windows: how many there are, where they lie, what divides, dense as convolution."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def count_windows(height, width, window, stride):
    """Windows of a side that fit into a picture, `stride` apart in both directions."""
    return ((height - window) // stride + 1) * ((width - window) // stride + 1)


def overlap(a, b):
    """Intersection over union of two boxes [x_min, y_min, x_max, y_max]."""
    width = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    height = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def window_at(row, column, stride, window, scale):
    """The box, in the picture, of the window at a place of the map; the picture was resized by `scale` before."""
    left, top = column * stride, row * stride
    return np.array([left, top, left + window, top + window]) / scale


def as_kernel(weights, height, width, channels):
    """A dense layer's weights (height width channels, units) as those of a convolution."""
    return weights.reshape(height, width, channels, -1)


def divides(window, layers):
    """Whether every layer (kernel, stride), one after the other, uses up all its input, from a window's side on."""
    for kernel, stride in layers:
        if (window - kernel) % stride:
            return False
        window = (window - kernel) // stride + 1
    return True


def times_fewer():
    """Windows' pixels over the picture's: 21 x 21 windows of 16 x 16 at stride 4, in a picture of 96 x 96."""
    return 21**2 * 16**2 / 96**2


# What the mistakes share.


def _boxes(rng):
    corner, size = rng.uniform(0, 10, (2, 2)), rng.uniform(1, 12, (2, 2))
    return tuple(np.concatenate([corner, corner + size], axis=1))


def _without(a, b):
    """The overlap without the zero for boxes that lie apart."""
    shared = (min(a[2], b[2]) - max(a[0], b[0])) * (min(a[3], b[3]) - max(a[1], b[1]))
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def _shared(a, b):
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return overlap(a, b) * areas / (1 + overlap(a, b))


def _smaller(a, b):
    return _shared(a, b) / min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))


def _last_only(window, layers):
    for kernel, stride in layers:
        rest = (window - kernel) % stride
        window = (window - kernel) // stride + 1
    return rest == 0


def _strides_only(window, layers):
    return window % int(np.prod([stride for _, stride in layers])) == 0


def _one_short(window, layers):
    for kernel, stride in layers:
        if (window - kernel) % stride:
            return False
        window = (window - kernel) // stride
    return True


EXERCISES = [
    Exercise(
        id="12.1",
        title="How many windows?",
        task=(
            "Write `count_windows(height, width, window, stride)`: how many square windows of side `window` fit whole "
            "into a picture, `stride` apart in both directions, the first in the upper left corner."
        ),
        solution=count_windows,
        cases=[
            case(96, 96, 28, 4),
            case(134, 100, 28, 8, note="a picture that is not square"),
            case(28, 28, 28, 4, note="a single window"),
            case(30, 33, 28, 1),
        ],
        mistakes=[
            Mistake(
                lambda height, width, window, stride: ((height - window) // stride) * ((width - window) // stride),
                "One row and one column are missing: a window also stands at the start, before the first step.",
            ),
            Mistake(
                lambda height, width, window, stride: (height // stride) * (width // stride),
                "Windows would hang over the edge: the last must end within the picture.",
            ),
            Mistake(
                lambda height, width, window, stride: ((height - window) // stride + 1) ** 2,
                "The picture need not be square: rows and columns are counted one by one.",
            ),
            Mistake(
                lambda height, width, window, stride: (height - window) // stride + 1 + (width - window) // stride + 1,
                "Every row of windows has all the columns: multiply, do not add.",
            ),
        ],
        hints=[
            "Count along one side first: it is the output length of chapter 08.",
            "A window can start at 0, stride, 2 stride, … up to height - window.",
            "`(height - window) // stride + 1` rows, and as many columns from the width.",
        ],
        why="Half the stride is four times the windows: the count grows with the square.",
    ),
    Exercise(
        id="12.2",
        title="How well does a box fit?",
        task=(
            "Write `overlap(a, b)`: intersection over union of two boxes `[x_min, y_min, x_max, y_max]`. It is 0 for "
            "boxes that lie apart."
        ),
        solution=overlap,
        cases=[
            case(np.array([0.0, 0, 10, 10]), np.array([5.0, 0, 15, 10])),
            case(np.array([0.0, 0, 4, 4]), np.array([10.0, 10, 14, 14]), note="apart in both directions"),
            case(np.array([0.0, 0, 10, 10]), np.array([2.0, 2, 4, 8]), note="one inside the other"),
            *drawn(_boxes),
        ],
        mistakes=[
            Mistake(
                _without,
                "Boxes that lie apart in both directions get a product of two negative numbers: put `max(…, 0)` round "
                "width and height of the intersection.",
            ),
            Mistake(_shared, "This is the area that both share: divide it by the area of the union."),
            Mistake(_smaller, "You divide by the smaller box: a box inside another would fit perfectly."),
            Mistake(
                lambda a, b: _shared(a, b) / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])),
                "The two areas count what they share twice: take it off once to get the union.",
            ),
        ],
        hints=[
            "The intersection begins at the larger of the two x_min and ends at the smaller of the two x_max.",
            "If it ends before it begins, its width is 0.",
            "The union is the sum of the areas without the intersection.",
        ],
        why="One number for place and size together: 1 only if the boxes are the same, 0.5 as soon as one is twice the "
        "other.",
    ),
    Exercise(
        id="12.3",
        title="From the map back to the picture",
        task=(
            "A picture was resized to `scale` times its size, and windows of side `window` were slid over it. Write "
            "`window_at(row, column, stride, window, scale)`: the box of the window at a place of the map, "
            "`[x_min, y_min, x_max, y_max]` in pixels of the picture BEFORE it was resized."
        ),
        solution=window_at,
        cases=[
            case(0, 0, 4, 28, 1.0),
            case(3, 5, 4, 28, 0.5, note="a picture made half as large"),
            case(2, 9, 8, 30, 1.4),
        ],
        mistakes=[
            Mistake(
                lambda row, column, stride, window, scale: window_at(column, row, stride, window, scale),
                "x grows with the column, y with the row: they are swapped.",
            ),
            Mistake(
                lambda row, column, stride, window, scale: window_at(row, column, stride, window, 1 / scale),
                "You multiply by the scale: the resized picture is `scale` times as large, so going back divides.",
            ),
            Mistake(
                lambda row, column, stride, window, scale: window_at(row, column, 1, window, scale),
                "Neighbouring places of the map lie a stride apart, not a pixel.",
            ),
            Mistake(
                lambda row, column, stride, window, scale: (
                    np.array([column * stride, row * stride, column * stride, row * stride]) / scale
                    + np.array([0, 0, window, window])
                ),
                "The window's side is in resized pixels, too: divide it by the scale as well.",
            ),
        ],
        hints=[
            "First in the resized picture: where does the window begin, and where does it end?",
            "It begins at x = column · stride, y = row · stride, and is `window` wide.",
            "All four numbers divided by `scale`.",
        ],
        why="Resizing the picture is what makes one classifier find garments of every size.",
    ),
    Exercise(
        id="12.4",
        title="A dense layer is a convolution",
        task=(
            "A dense layer follows Flatten on maps of height x width x channels; its `weights` are "
            "(height width channels, units). Write `as_kernel(weights, height, width, channels)`: the weights of the "
            "convolution that computes the same, in Keras's order (height, width, channels, units)."
        ),
        solution=as_kernel,
        cases=[
            case(np.arange(24.0).reshape(12, 2), 2, 3, 2),
            *drawn(lambda rng: (rng.normal(size=(5 * 4 * 3, 7)), 5, 4, 3)),
        ],
        mistakes=[
            Mistake(
                lambda weights, height, width, channels: np.moveaxis(
                    weights.reshape(channels, height, width, -1), 0, 2
                ),
                "Flatten writes out the channels of one pixel after another: they are the axis that changes fastest.",
            ),
            Mistake(
                lambda weights, height, width, channels: np.swapaxes(
                    weights.reshape(width, height, channels, -1), 0, 1
                ),
                "Flatten goes row by row: height is the slowest axis, then width.",
            ),
            Mistake(
                lambda weights, height, width, channels: weights.reshape(height, width, channels, -1)[::-1, ::-1],
                "There is nothing to flip: Keras's convolution is cross-correlation.",
            ),
        ],
        hints=[
            "Nothing is computed: the same numbers get four axes instead of two.",
            "In which order does Flatten write out a map (height, width, channels)?",
            "`weights.reshape(height, width, channels, -1)`.",
        ],
        why="On the map of one window the kernel has a single place; on a larger map it slides, and no weight is new.",
    ),
    Exercise(
        id="12.5",
        title="Does the window divide?",
        task=(
            "Write `window_divides(window, layers)`: does every layer use up all rows of its input, for a window of "
            "side `window`? `layers` holds pairs (kernel, stride), convolutions and poolings in their order, without "
            "padding; a pooling of 2 is (2, 2)."
        ),
        solution=divides,
        cases=[
            case(28, [(5, 1), (2, 2), (3, 1), (2, 2)]),
            case(32, [(3, 1), (2, 2), (3, 1), (2, 2)], note="the window of 32 with two poolings"),
            case(30, [(3, 1), (2, 2), (3, 1), (2, 2)]),
            case(29, [(2, 2), (1, 1)]),
            case(31, [(2, 2), (3, 2), (1, 1)]),
            case(11, [(3, 2), (3, 2)]),
        ],
        mistakes=[
            Mistake(
                _strides_only,
                "The product of the strides decides only if no kernel takes pixels off: go through the layers.",
            ),
            Mistake(_one_short, "A layer's output is one longer than its strides: (n - kernel) // stride + 1."),
            Mistake(_last_only, "Every layer has to divide: a row lost early is lost, even if the last layer divides."),
        ],
        hints=[
            "The kernel's start can move by n - kernel; the stride must go into that without rest.",
            "What comes out, (n - kernel) // stride + 1, is the input of the next layer.",
            "Return False at the first rest, True at the end.",
        ],
        why="Where a row is left over, the network looks at less than its window; slid over a picture, it finds places "
        "that no window has.",
    ),
    Exercise(
        id="12.6",
        title="What crops do twice",
        task=(
            "A picture of 96 x 96 pixels holds 21 x 21 windows of 16 x 16 at a stride of 4. A first layer computes the "
            "same at every pixel it is given. How many times as many pixels do the crops give it, all together, as the "
            "picture itself? One number, to two digits after the point."
        ),
        kind="predict",
        solution=times_fewer,
        tolerance=0.01,
        mistakes=[
            Mistake(441.0, "This is the number of windows: each is smaller than the picture."),
            Mistake(36.0, "This is how many windows fit side by side: here they overlap."),
            Mistake(16.0, "This is what it comes to without the border: count the 441 windows' pixels."),
        ],
        hints=[
            "How many pixels do all windows have together?",
            "441 windows of 256 pixels.",
            "Divided by 96 · 96.",
        ],
        otherwise="Pixels of all windows, overlaps counted as often as they occur, over the pixels of the picture.",
        why="Away from the border every pixel lies in (16 / 4)² windows, and crops compute it that often.",
    ),
]
