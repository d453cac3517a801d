"""Exercises of chapter 08, convolution: sliding, lengths, weights, the flip, kernels that move and that fall apart."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def slide(x, kernel, stride):
    """Cross-correlation in one dimension: at each place the sum of products of the kernel and what is under it."""
    places = range(0, len(x) - len(kernel) + 1, stride)
    return np.array([np.sum(x[i : i + len(kernel)] * kernel) for i in places])


def output_length(n, k, stride, padding):
    """How many places a kernel of length k has on n values with `padding` zeros at each end."""
    return (n + 2 * padding - k) // stride + 1


def count_weights(height, width, channels, filters):
    """Weights and biases of a convolutional layer."""
    return height * width * channels * filters + filters


def convolved():
    """Convolution of (1, 2, 3) with (1, 0, -1), all places: turn the kernel round and slide it."""
    return np.convolve([1, 2, 3], [1, 0, -1])


def move_right(pixels):
    """A kernel that, in cross-correlation, moves a picture to the right: its one is left of the middle."""
    kernel = np.zeros((2 * pixels + 1, 2 * pixels + 1))
    kernel[pixels, 0] = 1
    return kernel


def is_separable(kernel):
    """Whether a kernel is a column times a row, so that two short passes do its work."""
    return bool(np.linalg.matrix_rank(kernel) == 1)


# What the mistakes share.


def _one(kernel_of):
    """A kernel with a single one, at the place that `kernel_of(pixels)` names."""

    def build(pixels):
        kernel = np.zeros((2 * pixels + 1, 2 * pixels + 1))
        kernel[kernel_of(pixels)] = 1
        return kernel

    return build


def _padded_slide(x, kernel, stride):
    before = (len(kernel) - 1) // 2
    return slide(np.pad(x, (before, len(kernel) - 1 - before)), kernel, stride)


EXERCISES = [
    Exercise(
        id="08.1",
        title="Slide, multiply, sum",
        task=(
            "Write `slide(x, kernel, stride)` for one dimension: the kernel moves over x by `stride` at a time, never "
            "beyond its ends, and at each place the sum of products is taken. The kernel is not turned round."
        ),
        solution=slide,
        cases=[
            case(np.array([1.0, 2, 4, 8, 16]), np.array([1.0, 0, -2]), 1),
            case(np.array([3.0, -1, 4, 1, -5, 9, 2]), np.array([2.0, 1]), 3, note="a stride longer than the kernel"),
            *drawn(lambda rng: (rng.normal(size=11), rng.normal(size=4), 2)),
        ],
        mistakes=[
            Mistake(
                lambda x, kernel, stride: slide(x, kernel[::-1], stride),
                "The kernel is turned round: this is convolution; the layer needs cross-correlation, without the flip.",
            ),
            Mistake(
                lambda x, kernel, stride: slide(x, kernel, 1),
                "The stride is not used: only every stride-th place is wanted.",
            ),
            Mistake(
                lambda x, kernel, stride: slide(x, kernel, stride)[:-1],
                "The last place is missing: the kernel may end exactly at the end of x, so there are n - k + 1 starts.",
            ),
            Mistake(
                lambda x, kernel, stride: slide(x, kernel, stride) / len(kernel),
                "This is the mean of the products: convolution takes their sum.",
            ),
            Mistake(_padded_slide, "You added zeros at the ends: here the kernel stays within x."),
        ],
        hints=[
            "At place i the kernel lies on `x[i : i + len(kernel)]`.",
            "The places are `range(0, len(x) - len(kernel) + 1, stride)`.",
            "`np.array([np.sum(x[i : i + len(kernel)] * kernel) for i in places])`.",
        ],
        why="Slide, multiply, sum is the whole operation; two and three dimensions add indices and nothing else.",
    ),
    Exercise(
        id="08.2",
        title="How long is the output?",
        task=(
            "Write `length_of_output(n, k, stride, padding)`: how many places a kernel of length k has on n values, "
            "with `padding` zeros added at EACH end."
        ),
        solution=output_length,
        cases=[
            case(28, 5, 1, 0),
            case(28, 5, 2, 0),
            case(224, 7, 2, 3, note="the first layer of ResNet"),
            case(10, 3, 3, 1),
            case(5, 5, 4, 0, note="a single place"),
        ],
        mistakes=[
            Mistake(
                lambda n, k, stride, padding: (n + padding - k) // stride + 1,
                "The zeros stand at each end: they make the input longer by twice the padding.",
            ),
            Mistake(
                lambda n, k, stride, padding: (n + 2 * padding - k) // stride,
                "One place is missing: the kernel also stands at the very start, before the first step.",
            ),
            Mistake(
                lambda n, k, stride, padding: (n + 2 * padding - k) / stride + 1,
                "A place that does not fit is no place: divide with `//`, which drops the rest.",
            ),
            Mistake(
                lambda n, k, stride, padding: (n + 2 * padding) // stride,
                "The kernel's own length is not taken off: it must fit as a whole.",
            ),
            Mistake(
                lambda n, k, stride, padding: -(-(n + 2 * padding - k) // stride) + 1,
                "You round up: a last step for which there is no room is not made, so round down.",
            ),
        ],
        hints=[
            "With padding the input has n + 2 padding values.",
            "The kernel's start can move by n + 2 padding - k in all, in whole strides.",
            "Whole strides: `(n + 2 * padding - k) // stride`; and one for the place before the first.",
        ],
        why="A fence has one post more than it has gaps: strides are the gaps, places the posts.",
    ),
    Exercise(
        id="08.3",
        title="What a layer has to learn",
        task=(
            "Write `count_weights(height, width, channels, filters)`: how many numbers a convolutional layer learns "
            "that has `filters` kernels of height x width on a picture with `channels` channels, biases included."
        ),
        solution=count_weights,
        cases=[case(10, 10, 3, 1), case(3, 3, 64, 128), case(5, 7, 1, 6), case(1, 1, 256, 64, note="1x1 kernels")],
        mistakes=[
            Mistake(
                lambda height, width, channels, filters: height * width * channels * filters,
                "The biases are missing, as in the report's 300: each filter has one.",
            ),
            Mistake(
                lambda height, width, channels, filters: height * width * channels * filters + 1,
                "One bias is not enough: each filter has its own.",
            ),
            Mistake(
                lambda height, width, channels, filters: height * width * filters + filters,
                "A kernel is as deep as the picture: multiply by the channels.",
            ),
            Mistake(
                lambda height, width, channels, filters: (height * width + 1) * channels * filters,
                "A bias for each channel is too many: the channels are summed into one number, which has one bias.",
            ),
        ],
        hints=[
            "One kernel covers height x width pixels of every channel.",
            "Each filter adds one bias.",
            "`height * width * channels * filters + filters`.",
        ],
        why="The picture's size does not occur: the same layer works on a stamp and on a poster.",
    ),
    Exercise(
        id="08.4",
        title="The flip, on paper",
        task=(
            "What is the convolution (not the cross-correlation) of x = (1, 2, 3) with k = (1, 0, -1), at all places "
            "where the two touch? Give a list of five numbers."
        ),
        kind="predict",
        solution=convolved,
        mistakes=[
            Mistake([-1, -2, -2, 2, 3], "This is the cross-correlation: for a convolution the kernel is turned round."),
            Mistake(
                [2], "This is the one place where the kernel fits whole; the four where it overhangs are asked too."
            ),
            Mistake([2, 2, -2], "This is the middle of the answer: there are two more places at the ends."),
        ],
        hints=[
            "Outside x stand zeros. Turn k round: (-1, 0, 1), and slide it from left to right.",
            "At the first place only the last number of the turned kernel, 1, touches x.",
            "Or multiply (1 + 2t + 3t²) by (1 - t²): the coefficients are the answer.",
        ],
        otherwise="Turn the kernel round, put zeros outside x, and write down five sums, one for each place.",
        why="Convolution is the product of polynomials, which is why it commutes and cross-correlation does not.",
    ),
    Exercise(
        id="08.5",
        title="A kernel that moves a picture",
        task=(
            "Write `move_right(pixels)`: a kernel (2 pixels + 1, 2 pixels + 1) with which cross-correlation moves a "
            "picture by `pixels` to the right and changes nothing else."
        ),
        solution=move_right,
        cases=[case(1), case(2), case(3)],
        mistakes=[
            Mistake(
                _one(lambda p: (p, 2 * p)),
                "It moves to the left: a one right of the middle fetches the pixel on the right. In a convolution it "
                "would be right.",
            ),
            Mistake(_one(lambda p: (0, p)), "It moves the picture down: rows come first, then columns."),
            Mistake(_one(lambda p: (p, p)), "A one in the middle leaves the picture where it is."),
            Mistake(_one(lambda p: (0, 0)), "It moves to the right and down: the row must be the middle one."),
        ],
        hints=[
            "Moved to the right, a pixel's new value is that of the pixel `pixels` to its LEFT.",
            "So there is a single one, in the middle row.",
            "`kernel[pixels, 0] = 1`.",
        ],
        why="Any convolution is a sum of such shifts, each times a weight: that is why it commutes with shifting.",
    ),
    Exercise(
        id="08.6",
        title="Does it fall apart?",
        task=(
            "Write `is_separable(kernel)`: True if the kernel (k, k), which is not all zeros, is a column times a row, "
            "so that two passes of length k do its work."
        ),
        solution=is_separable,
        cases=[
            case(np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]), note="Sobel"),
            case(np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]), note="sharpen"),
            case(np.ones((3, 3)), note="blur"),
            case(np.array([[1.0, 2], [3, 4]])),
            case(np.array([[1.0, -2], [3, -6]]), note="not symmetric"),
            case(np.diag([1.0, 0, 0]), note="a single corner"),
            case(np.eye(3), note="a diagonal"),
        ],
        mistakes=[
            Mistake(
                lambda kernel: bool(np.allclose(kernel, kernel.T)),
                "Symmetric is something else: a kernel is separable if all its rows are multiples of one row.",
            ),
            Mistake(
                lambda kernel: bool(np.linalg.matrix_rank(kernel) < len(kernel)),
                "A rank below k is not enough: a column times a row has rank 1.",
            ),
            Mistake(
                lambda kernel: bool(np.linalg.matrix_rank(kernel) == len(kernel)),
                "You ask whether the rank is full, which is the opposite: a column times a row has rank 1.",
            ),
            Mistake(lambda kernel: int(np.linalg.matrix_rank(kernel)), "This is the rank: answer True if it is 1."),
        ],
        hints=[
            "If kernel = column x row, every row of it is a multiple of the same row.",
            "Such a matrix has rank 1.",
            "`np.linalg.matrix_rank(kernel) == 1`.",
        ],
        why="Rank 1 turns k² products a pixel into 2k; a kernel of rank r is a sum of r such pairs.",
    ),
]
