"""Exercises of chapter 10, residual networks: the way back, weights, depth, what repeated sums do, paths, lesions."""

import math

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def block_gradient(x, W1, W2, dy):
    """dJ/dx of y = x + W2 relu(W1 x): what comes through the two layers, and dy itself through the shortcut."""
    alive = W1 @ x > 0
    return dy + W1.T @ (alive * (W2.T @ dy))


def count_block(channels, filters, stride):
    """Weights that training changes in a ResidualBlock with batch normalisation: no biases, two numbers a norm."""
    inside = 9 * channels * filters + 9 * filters * filters + 2 * 2 * filters
    projected = stride > 1 or channels != filters
    return inside + (channels * filters + 2 * filters if projected else 0)


def blocks_a_stage(depth):
    """n of a network of 6n + 2 layers: three stages of n blocks of two layers, the first and the last layer."""
    return (depth - 2) // 6


def growth():
    """The standard deviation doubles with every two sums of equal, independent terms: 2 ** (20 / 2)."""
    return 2.0 ** (20 / 2)


def ways(blocks, through):
    """Ways through a chain of blocks that enter `through` of them and skip the rest."""
    return math.comb(blocks, through)


def mean_length(weights):
    """The mean number of blocks on a way, when ways of length k have weight weights[k]."""
    weights = np.asarray(weights, dtype=float)
    return float(np.sum(np.arange(len(weights)) * weights) / np.sum(weights))


def _drawn_block(rng):
    return rng.normal(size=4), rng.normal(size=(6, 4)), rng.normal(size=(4, 6)), rng.normal(size=4)


EXERCISES = [
    Exercise(
        id="10.1",
        title="The gradient through a sum",
        task=(
            "A block of two dense layers, without a ReLU after the sum: y = x + W2 @ relu(W1 @ x), with x (n,), "
            "W1 (m, n), W2 (n, m). Write `block_gradient(x, W1, W2, dy)`: the gradient of the cost in x, (n,), from "
            "its gradient dy (n,) in y."
        ),
        solution=block_gradient,
        cases=[
            case(np.array([1.0, -1]), np.eye(2), np.array([[0.0, 2], [3, 0]]), np.array([1.0, 10])),
            case(np.ones(3), -np.ones((2, 3)), np.ones((3, 2)), np.array([1.0, 2, 3]), note="units that are all off"),
            *drawn(_drawn_block),
        ],
        mistakes=[
            Mistake(
                lambda x, W1, W2, dy: W1.T @ ((W1 @ x > 0) * (W2.T @ dy)),
                "This is what comes through the two layers: what comes through the shortcut, dy itself, is missing.",
            ),
            Mistake(
                lambda x, W1, W2, dy: dy + W1.T @ (W2.T @ dy),
                "The ReLU is forgotten: where W1 @ x is not above 0, nothing comes back.",
            ),
            Mistake(
                lambda x, W1, W2, dy: x + W1.T @ ((W1 @ x > 0) * (W2.T @ dy)),
                "The shortcut hands back the gradient dy, not the input x.",
            ),
            Mistake(lambda x, W1, W2, dy: dy, "Only the shortcut is there: the two layers hand back a gradient too."),
            Mistake(
                lambda x, W1, W2, dy: dy * (1 + W1.T @ ((W1 @ x > 0) * (W2.T @ np.ones_like(dy)))),
                "A product with dy, number by number, is right in one dimension only: multiply dy by W2.T first.",
            ),
        ],
        hints=[
            "A sum hands its gradient to both of its terms: the answer is dy plus something.",
            "Backwards through the layers: `W2.T @ dy`, then the ReLU's 0 or 1, then `W1.T`.",
            "`dy + W1.T @ ((W1 @ x > 0) * (W2.T @ dy))`.",
        ],
        why="The term dy is there whatever the weights are: that is all a shortcut does to the gradient.",
    ),
    Exercise(
        id="10.2",
        title="What a block learns",
        task=(
            "Write `count_block(channels, filters, stride)`: how many numbers training changes in a `ResidualBlock` "
            "with batch normalisation. Its convolutions have no biases, each normalisation has a scale and a shift a "
            "channel, and the shortcut is a 1x1 convolution with a normalisation where the stride is above 1 or "
            "channels and filters differ."
        ),
        solution=count_block,
        cases=[
            case(16, 16, 1, note="an identity shortcut"),
            case(16, 32, 2, note="a projection"),
            case(32, 32, 2, note="a stride, and as many channels as before"),
            case(8, 16, 1, note="more channels, no stride"),
        ],
        mistakes=[
            Mistake(
                lambda channels, filters, stride: 9 * channels * filters + 9 * filters**2 + 4 * filters,
                "The projection is missing: it is there where the stride is above 1 or channels and filters differ.",
            ),
            Mistake(
                lambda channels, filters, stride: (
                    9 * channels * filters
                    + 9 * filters**2
                    + 4 * filters
                    + (channels * filters + 2 * filters if channels != filters else 0)
                ),
                "A stride alone needs a projection too: x and F(x) then differ in height and width.",
            ),
            Mistake(
                lambda channels, filters, stride: count_block(channels, filters, stride) - 4 * filters,
                "The two normalisations inside the block are missing: a scale and a shift for each filter.",
            ),
            Mistake(
                lambda channels, filters, stride: count_block(channels, filters, stride) + 2 * filters,
                "Too many by two a filter: the convolutions have no biases, normalisation shifts in their place.",
            ),
            Mistake(
                lambda channels, filters, stride: (
                    count_block(channels, filters, stride)
                    + (9 - 1) * channels * filters * (stride > 1 or channels != filters)
                ),
                "The shortcut's kernel is 1x1, not 3x3.",
            ),
        ],
        hints=[
            "Two kernels: 3 x 3 x channels x filters, and 3 x 3 x filters x filters.",
            "Two normalisations: 2 x filters each.",
            "With a projection add channels x filters, and 2 x filters for its normalisation.",
        ],
        why="The shortcut costs nothing where shapes agree, and little where they do not: depth is paid by the 3x3s.",
    ),
    Exercise(
        id="10.3",
        title="From depth to blocks",
        task=(
            "The networks for small pictures have a first convolution, three stages of n blocks of two layers, and a "
            "dense layer. Write `blocks_a_stage(depth)`: n for a network of `depth` layers, a whole number."
        ),
        solution=blocks_a_stage,
        cases=[case(8), case(20), case(56), case(110)],
        mistakes=[
            Mistake(lambda depth: (depth - 2) // 2, "This is the number of all blocks: they are in three stages."),
            Mistake(lambda depth: (depth - 2) // 3, "This is the number of layers in a stage: a block has two."),
            Mistake(lambda depth: depth // 6 + 1, "One too many: try depth 8, in which each stage has one block."),
            Mistake(lambda depth: depth - 2, "These are the layers in all blocks: three stages, two layers a block."),
        ],
        hints=[
            "All blocks together have depth - 2 layers.",
            "Each stage has a third of them, and a block has two.",
            "`(depth - 2) // 6`.",
        ],
        why="6n + 2: the numbers 20, 32, 44, 56 and 110 of the paper come from n = 3, 5, 7, 9 and 18.",
    ),
    Exercise(
        id="10.4",
        title="Twenty sums",
        task=(
            "Each of 20 blocks adds to its input x a term F(x) of the same variance, independent of x. By which factor "
            "does the *standard deviation* grow over the 20 blocks? Give a number."
        ),
        kind="predict",
        solution=growth,
        mistakes=[
            Mistake(2.0**20, "By so much grows the variance: the standard deviation is its root."),
            Mistake(20.0, "Each block doubles the variance that it is given, so the factors multiply."),
            Mistake(21.0, "This is a variance, and that of terms that all have variance 1; here F grows as x."),
            Mistake(math.sqrt(21), "So it is if every F has variance 1, as with normalisation; here F grows with x."),
            Mistake(math.sqrt(20), "The root is right; but each block doubles the variance, so the factors multiply."),
        ],
        hints=[
            "Variances of independent terms add: x + F(x) has twice the variance of x.",
            "After n blocks the variance has grown by 2 to the n.",
            "The standard deviation is the root of the variance.",
        ],
        otherwise="Independent variances add. What is the variance after one block, after two, after twenty?",
        why="Without normalisation a shortcut does not cure small gradients by making them right: it makes them huge.",
    ),
    Exercise(
        id="10.5",
        title="Ways through the chain",
        task=(
            "A signal may enter each block or skip it by the shortcut. Write `ways(blocks, through)`: in how many ways "
            "can it come through a chain of `blocks` blocks that enter exactly `through` of them?"
        ),
        solution=ways,
        cases=[case(3, 1), case(3, 3), case(9, 0, note="skipping all"), case(27, 13)],
        mistakes=[
            Mistake(lambda blocks, through: 2**blocks, "These are all ways together, whatever they enter."),
            Mistake(
                math.perm,
                "You count orders too: a signal enters the blocks in the one order in which they stand.",
            ),
            Mistake(lambda blocks, through: blocks**through, "A block cannot be entered twice."),
            Mistake(
                lambda blocks, through: sum(math.comb(blocks, k) for k in range(through + 1)),
                "Exactly so many are asked, and you count those that enter fewer as well.",
            ),
        ],
        hints=[
            "Which of the blocks are entered? It is a choice of a set.",
            "A binomial coefficient.",
            "`math.comb(blocks, through)`.",
        ],
        why="A chain of n blocks is 2 to the n networks at once, most of about n/2 blocks (Veit and others, 2016).",
    ),
    Exercise(
        id="10.6",
        title="How deep is a deep network?",
        task=(
            "Ways of length k = 0, 1, …, n carry the shares weights[k] of the gradient, which need not sum to 1. Write "
            "`mean_length(weights)`: the mean length of a way, each counted by its weight."
        ),
        solution=mean_length,
        cases=[
            case(np.array([0.0, 0, 1, 0]), note="a single length"),
            case(np.array([1.0, 2, 1])),
            case(np.array([5.0, 3, 1, 0.5, 0.1]), note="shares that do not sum to 1"),
        ],
        mistakes=[
            Mistake(
                lambda weights: float(np.sum(np.arange(len(weights)) * weights)),
                "Divide by the sum of the weights: they need not sum to 1.",
            ),
            Mistake(
                lambda weights: float(np.sum(np.arange(1, len(weights) + 1) * weights) / np.sum(weights)),
                "Lengths begin at 0: weights[0] is the way that skips every block.",
            ),
            Mistake(lambda weights: int(np.argmax(weights)), "This is the most frequent length, not the mean."),
            Mistake(lambda weights: float(np.mean(weights)), "This is the mean of the weights, not of the lengths."),
            Mistake(lambda weights: (len(weights) - 1) / 2, "The weights are not used: ways do not count alike."),
        ],
        hints=[
            "The lengths are `np.arange(len(weights))`.",
            "A weighted mean: sum of length times weight, over the sum of weights.",
            "`np.average(np.arange(len(weights)), weights=weights)`.",
        ],
        why="Most of the gradient comes by ways much shorter than the network: it is trained as if it were shallow.",
    ),
]
