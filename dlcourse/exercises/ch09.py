"""Exercises of chapter 09, convolutional networks: pooling and its way back, a layer's gradients, shuffled pixels."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def pool(x, size):
    """The largest value of each window of size x size; windows touch and do not overlap."""
    rows, columns = x.shape[0] // size, x.shape[1] // size
    windows = x[: rows * size, : columns * size].reshape(rows, size, columns, size)
    return windows.max(axis=(1, 3))


def route(window, gradient):
    """The gradient of a window's largest value: all of it goes to the largest input, the first if several are equal."""
    back = np.zeros_like(window)
    back[np.argmax(window)] = gradient
    return back


def kernel_gradient(x, dz):
    """dk[j] = Σ_i dz[i] x[i + j]: the input cross-correlated with the outputs' gradient."""
    return np.correlate(x, dz, mode="valid")


def input_gradient(dz, kernel):
    """dx[m] = Σ_i dz[i] k[m - i]: the outputs' gradient convolved with the kernel, at all places where they touch."""
    return np.convolve(dz, kernel, mode="full")


def follow_the_pixels(W, order):
    """The weights with which a dense layer answers to shuffled pictures x[:, order] as W does to x."""
    return W[order]


def dense_for_c3():
    """A dense layer from LeNet's s2, (14, 14, 6), to its c3, (10, 10, 16): a weight for each pair, a bias each unit."""
    inputs, units = 14 * 14 * 6, 10 * 10 * 16
    return inputs * units + units


# What the mistakes share.


def _pool_by(function):
    def wrong(x, size):
        rows, columns = x.shape[0] // size, x.shape[1] // size
        return function(x[: rows * size, : columns * size].reshape(rows, size, columns, size))

    return wrong


def _overlapping(x, size):
    return np.lib.stride_tricks.sliding_window_view(x, (size, size)).max(axis=(2, 3))


def _to_all_largest(window, gradient):
    return np.where(window == window.max(), gradient, 0.0)


EXERCISES = [
    Exercise(
        id="09.1",
        title="Max pooling",
        task=(
            "Write `pool(x, size)` for one channel (height, width): the largest value of each window of size x size. "
            "Windows touch and do not overlap; what does not fill a window at the right or below is dropped."
        ),
        solution=pool,
        cases=[
            case(np.array([[1.0, 2, 5, 6], [3, 4, 7, 8], [-9, 1, 0, 0], [2, 1, 0, 3]]), 2),
            case(np.arange(30.0).reshape(5, 6) % 7 - 3, 2, note="an odd height"),
            *drawn(lambda rng: (rng.normal(size=(7, 9)), 3)),
        ],
        mistakes=[
            Mistake(_pool_by(lambda w: w.mean(axis=(1, 3))), "This is average pooling: take the largest value."),
            Mistake(_overlapping, "Your windows overlap: the next one begins where the last one ends."),
            Mistake(_pool_by(lambda w: w.min(axis=(1, 3))), "You take the smallest value of each window."),
            Mistake(
                _pool_by(lambda w: np.abs(w).max(axis=(1, 3))),
                "You take the largest absolute value: -9 is smaller than 1, and not what max pooling keeps.",
            ),
            Mistake(
                lambda x, size: x[::size, ::size], "You keep the first pixel of each window, whatever the rest are."
            ),
        ],
        hints=[
            "Cut off what does not fill a window: `x[: rows * size, : columns * size]`.",
            "Then `reshape(rows, size, columns, size)` gives every window two axes of its own, 1 and 3.",
            "`.max(axis=(1, 3))`.",
        ],
        why="A reshape lays out windows that do not overlap; `sliding_window_view` is needed only for those that do.",
    ),
    Exercise(
        id="09.2",
        title="The way back through a window",
        task=(
            "Write `route(window, gradient)`: the window's values (n,) went in, their largest came out, and `gradient` "
            "is the cost's gradient there. Return the gradient in each value, (n,). Of equal largest values the first "
            "gets it."
        ),
        solution=route,
        cases=[
            case(np.array([1.0, 5, 2, 3]), 0.5),
            case(np.array([-3.0, -1, -2, -4]), -2.0, note="negative values"),
            case(np.array([2.0, 7, 7, 0]), 1.0, note="two equal largest values"),
            *drawn(lambda rng: (rng.normal(size=9), float(rng.normal()))),
        ],
        mistakes=[
            Mistake(
                lambda window, gradient: np.full(len(window), gradient / len(window)),
                "You share the gradient out: this is the way back of average pooling. Only the largest value counted.",
            ),
            Mistake(
                lambda window, gradient: np.full(len(window), gradient),
                "All values get the gradient; but a small change of one that is not the largest changes nothing.",
            ),
            Mistake(_to_all_largest, "Of equal largest values only the first gets the gradient: it is not doubled."),
            Mistake(
                lambda window, gradient: route(window, gradient * np.max(window)),
                "You multiply by the value: the output IS the value, so its derivative in it is 1.",
            ),
        ],
        hints=[
            "Move one value a little. When does the largest change, and by how much?",
            "Begin with `np.zeros_like(window)`.",
            "`back[np.argmax(window)] = gradient`: argmax names the first of equals.",
        ],
        why="Max pooling is a switch: forward it picks a value, backward it sends the gradient to where it came from.",
    ),
    Exercise(
        id="09.3",
        title="The kernel's gradient",
        task=(
            "A layer computed z[i] = Σ_j k[j] x[i + j], at every place (stride 1, no padding). Write "
            "`kernel_gradient(x, dz)`: the cost's gradient in k, from its gradient dz in z."
        ),
        solution=kernel_gradient,
        cases=[
            case(np.array([1.0, 2, 4, 8]), np.array([1.0, 0, -1])),
            case(np.array([1.0, -2, 3]), np.array([2.0]), note="a single place"),
            *drawn(lambda rng: (rng.normal(size=9), rng.normal(size=6))),
        ],
        mistakes=[
            Mistake(
                lambda x, dz: np.convolve(x, dz, mode="valid"),
                "dz is turned round: k[j] met x[i + j] at place i, so products with i in the same order are summed.",
            ),
            Mistake(
                lambda x, dz: np.correlate(x, dz, mode="valid")[::-1],
                "The gradient stands the wrong way round: its first number belongs to k[0].",
            ),
            Mistake(
                lambda x, dz: np.correlate(x, dz, mode="valid") / len(dz),
                "You take the mean over the places: a weight that is used at all of them gets the sum.",
            ),
            Mistake(
                lambda x, dz: np.correlate(x, dz, mode="full"),
                "There are too many numbers: the kernel has len(x) - len(dz) + 1 of them.",
            ),
        ],
        hints=[
            "How does z[i] change with k[j]? By x[i + j].",
            "So dk[j] = Σ_i dz[i] x[i + j]. Compare that with what the layer does.",
            'It slides dz over x: `np.correlate(x, dz, mode="valid")`.',
        ],
        why="A shared weight collects the gradient of every place at which it was used; that sum is a sliding again.",
    ),
    Exercise(
        id="09.4",
        title="The input's gradient",
        task=(
            "The same layer, z[i] = Σ_j k[j] x[i + j]. Write `input_gradient(dz, kernel)`: the cost's gradient in x, "
            "which has len(dz) + len(kernel) - 1 numbers."
        ),
        solution=input_gradient,
        cases=[
            case(np.array([1.0, 0, 0, 2]), np.array([1.0, 2, 3])),
            case(np.array([5.0]), np.array([1.0, -1]), note="a single place"),
            *drawn(lambda rng: (rng.normal(size=6), rng.normal(size=4))),
        ],
        mistakes=[
            Mistake(
                lambda dz, kernel: np.convolve(dz, kernel[::-1], mode="full"),
                "The kernel should not be turned round before `np.convolve`, which turns it: z[i] gives its gradient "
                "to x[i], x[i + 1], … by k[0], k[1], ….",
            ),
            Mistake(
                lambda dz, kernel: np.convolve(dz, kernel, mode="same"),
                "The ends are missing: the input is longer than the output by len(kernel) - 1.",
            ),
            Mistake(
                lambda dz, kernel: np.convolve(dz, np.ones(len(kernel)), mode="full"),
                "The weights are missing: an input counts as much as the weight it was multiplied by.",
            ),
        ],
        hints=[
            "z[i] was made of x[i], …, x[i + K - 1]; it gives its gradient back to those, each by its weight.",
            "So every dz[i] stamps the kernel, times dz[i], from place i on. What did chapter 08 call that?",
            'Convolution: `np.convolve(dz, kernel, mode="full")`.',
        ],
        why="Forward a cross-correlation, backward a true convolution: the flip that frameworks leave out comes back.",
    ),
    Exercise(
        id="09.5",
        title="What sharing saves",
        task=(
            "LeNet's second convolution makes (10, 10, 16) numbers of (14, 14, 6) with 2,416 weights and biases. How "
            "many would a dense layer have that makes as many numbers of as many? Give a whole number."
        ),
        kind="predict",
        solution=dense_for_c3,
        mistakes=[
            Mistake(14 * 14 * 6 * 10 * 10 * 16, "The biases are missing: one for each unit."),
            Mistake(5 * 5 * 6 * 16 + 16, "This is the convolution itself: a dense unit sees all inputs."),
            Mistake(
                10 * 10 * (5 * 5 * 6 * 16 + 16),
                "These are 5 x 5 windows without sharing; a dense unit is connected to every input, not to a window.",
            ),
            Mistake(
                14 * 14 * 6 * 16 + 16, "A dense layer has a unit for each number of its output, not for each filter."
            ),
        ],
        hints=[
            "How many numbers go in, how many come out?",
            "A dense layer has a weight for each pair, and a bias for each output.",
            "14 · 14 · 6 = 1,176 in; 10 · 10 · 16 = 1,600 out.",
        ],
        otherwise="Multiply the numbers that go in by those that come out, and add a bias for each that comes out.",
        why="Nearly 800 times as many. Seeing only a window saves one part of it, using it everywhere the other.",
    ),
    Exercise(
        id="09.6",
        title="A dense layer does not mind",
        task=(
            "Pictures x (m, n) were shuffled, each in the same way: x[:, order]. Write `follow_the_pixels(W, order)`: "
            "the weights (n, units) with which a dense layer answers to the shuffled pictures as W did to the others."
        ),
        solution=follow_the_pixels,
        cases=[
            case(np.arange(6.0).reshape(3, 2), np.array([1, 2, 0])),
            case(np.arange(12.0).reshape(4, 3) ** 2, np.array([3, 0, 1, 2])),
            *drawn(lambda rng: (rng.normal(size=(7, 7)), np.roll(rng.permutation(7), 1)), seed=3),
        ],
        mistakes=[
            Mistake(
                lambda W, order: W[np.argsort(order)],
                "You shuffle back: pixel order[i] now stands at place i, and its weights have to stand there too.",
            ),
            Mistake(
                lambda W, order: W[:, np.asarray(order) % W.shape[1]],
                "These are the columns, the units: each ROW of W belongs to one pixel.",
            ),
            Mistake(lambda W, order: W, "Unchanged weights meet other pixels than before."),
        ],
        hints=[
            "Place i of a shuffled picture holds pixel order[i].",
            "So row i of the new weights must be row order[i] of the old ones.",
            "`W[order]`.",
        ],
        why="To a dense layer the order of its inputs is a matter of names: it cannot know what is next to what.",
    ),
]
