"""Exercises of chapter 11, Inception networks: multiply-adds, joining branches, bottlenecks, factorising, budgets."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def multiply_adds(height, width, kernel, channels, filters):
    """Products of a convolution with "same" padding and stride 1: all weights at every place."""
    return height * width * kernel**2 * channels * filters


def join(branches):
    """The outputs of the branches, put together along the channels."""
    return np.concatenate(branches, axis=-1)


def widest_bottleneck(kernel, channels, filters):
    """The most channels r for which 1 x 1 to r and then kernel x kernel is cheaper than kernel x kernel alone."""
    direct = kernel**2 * channels * filters
    per_channel = channels + kernel**2 * filters  # what each channel of the bottleneck costs, at a place
    return (direct - 1) // per_channel


def share_left():
    """Three kernels of 3 x 3 in place of one of 7 x 7: 3 · 9 / 49."""
    return 3 * 9 / 49


def widest_net(budget, places, channels, kernel):
    """The most filters w of two layers, channels -> w -> w, that stay within the budget of multiply-adds."""
    w = 0
    while places * kernel**2 * (channels + (w + 1)) * (w + 1) <= budget:
        w += 1
    return w


# What the mistakes share.


def _widest(cost):
    """The most w with cost(w, …) within the budget."""

    def answer(budget, places, channels, kernel):
        w = 0
        while cost(w + 1, places, channels, kernel) <= budget:
            w += 1
        return w

    return answer


EXERCISES = [
    Exercise(
        id="11.1",
        title="What a convolution computes",
        task=(
            "Write `count_multiply_adds(height, width, kernel, channels, filters)`: multiply-adds of a convolution of "
            "kernel x kernel with stride 1 and 'same' padding on a picture (height, width, channels)."
        ),
        solution=multiply_adds,
        cases=[
            case(28, 28, 3, 96, 128, note="the 3 x 3 branch of module 3a"),
            case(28, 28, 5, 16, 32),
            case(14, 7, 1, 480, 192, note="a 1 x 1 kernel"),
            case(1, 1, 1, 1024, 1000, note="a dense layer"),
        ],
        mistakes=[
            Mistake(
                lambda height, width, kernel, channels, filters: kernel**2 * channels * filters,
                "These are the weights: each of them is used once at every place, height times width times.",
            ),
            Mistake(
                lambda height, width, kernel, channels, filters: height * width * kernel * channels * filters,
                "A kernel has kernel x kernel weights in each channel: square it.",
            ),
            Mistake(
                lambda height, width, kernel, channels, filters: height * width * kernel**2 * filters,
                "A kernel is as deep as its input: multiply by the channels.",
            ),
            Mistake(
                lambda height, width, kernel, channels, filters: height * width * (kernel**2 * channels + 1) * filters,
                "You count the bias, which is added and multiplies nothing.",
            ),
            Mistake(
                lambda height, width, kernel, channels, filters: 2 * height * width * kernel**2 * channels * filters,
                "You count a product and its addition as two: a multiply-add is one.",
            ),
        ],
        hints=[
            "How many products does one filter form at one place?",
            "kernel**2 * channels. And with 'same' padding there are height * width places.",
            "`height * width * kernel**2 * channels * filters`.",
        ],
        why="Weights times places: the same weights cost four times as much on a picture of twice the side.",
    ),
    Exercise(
        id="11.2",
        title="Side by side, then together",
        task=(
            "Write `join(branches)`: a list of arrays (batch, height, width, channels), one a branch, put together as "
            "an Inception module does, in the order of the list."
        ),
        solution=join,
        cases=drawn(lambda rng: ([rng.normal(size=(2, 3, 3, 2)) for _ in range(4)],)),
        mistakes=[
            Mistake(
                lambda branches: np.sum(branches, axis=0),
                "You add the branches, as a residual block does: here each keeps channels of its own.",
            ),
            Mistake(lambda branches: np.concatenate(branches, axis=0), "The branches became more pictures: axis 0."),
            Mistake(
                lambda branches: np.concatenate(branches, axis=1),
                "The picture grew higher: the branches stand side by side along the channels, the last axis.",
            ),
            Mistake(
                lambda branches: np.concatenate(branches, axis=2),
                "The picture grew wider: the branches stand side by side along the channels, the last axis.",
            ),
            Mistake(
                lambda branches: np.stack(branches, axis=-1),
                "Stacking makes a new axis: the next layer wants one axis of channels.",
            ),
            Mistake(lambda branches: np.concatenate(branches[::-1], axis=-1), "The order of the branches is reversed."),
            Mistake(
                lambda branches: np.max(branches, axis=0),
                "You keep the largest answer at each place: keep all.",
            ),
        ],
        hints=[
            "All branches have the same height and width; only channels are put side by side.",
            "Channels are the last axis.",
            "`np.concatenate(branches, axis=-1)`.",
        ],
        why="Nothing is mixed here: the next layer's weights decide which branch is listened to.",
    ),
    Exercise(
        id="11.3",
        title="When a bottleneck stops paying",
        task=(
            "Write `widest_bottleneck(kernel, channels, filters)`: the largest r for which a 1 x 1 convolution to r "
            "channels and then kernel x kernel to `filters` takes FEWER multiply-adds than kernel x kernel directly."
        ),
        solution=widest_bottleneck,
        cases=[
            case(3, 192, 128, note="the 3 x 3 branch of module 3a"),
            case(5, 192, 32),
            case(3, 18, 2, note="r = 9 costs exactly as much as no bottleneck"),
            case(5, 16, 64),
        ],
        mistakes=[
            Mistake(
                lambda kernel, channels, filters: kernel**2 * channels * filters // (channels + kernel**2 * filters),
                "With 18 channels, 2 filters and a 3 x 3 kernel, your r costs exactly as much: it must cost less.",
            ),
            Mistake(
                lambda kernel, channels, filters: (kernel**2 * channels * filters - 1) // (channels + filters),
                "The second convolution still has kernel x kernel weights for each of the r channels.",
            ),
            Mistake(
                lambda kernel, channels, filters: channels - 1,
                "The 1 x 1 convolution costs something too: channels * r at every place.",
            ),
            Mistake(
                lambda kernel, channels, filters: kernel**2 * channels * filters / (channels + kernel**2 * filters),
                "This is where the two cost the same: the answer is the whole number below it.",
            ),
        ],
        hints=[
            "At one place: channels * r + kernel**2 * r * filters against kernel**2 * channels * filters.",
            "So r < kernel**2 * channels * filters / (channels + kernel**2 * filters), strictly.",
            "The largest whole r below a / b is `(a - 1) // b`.",
        ],
        why="The paper stays far below: 96 and 16, where the break-even lies near 165 and 155.",
    ),
    Exercise(
        id="11.4",
        title="Seven from threes",
        task=(
            "Kernels of 3 x 3 in a row see as far as one of 7 x 7. All have as many filters as channels. Which share "
            "of the multiply-adds of the 7 x 7 one do they take? Give a number between 0 and 1."
        ),
        kind="predict",
        solution=share_left,
        mistakes=[
            Mistake(9 / 49, "One 3 x 3 kernel sees three pixels: how many in a row see seven?"),
            Mistake(18 / 49, "Two in a row see 5 x 5 pixels: each further one adds two."),
            Mistake(36 / 49, "Four in a row see 9 x 9 pixels: one too many."),
            Mistake(18 / 25, "This is the answer for 5 x 5."),
            Mistake(49 / 27, "This is the other way round: the share of the large kernel that is left is below 1."),
        ],
        hints=[
            "The first sees 3 pixels; each further kernel of 3 adds 2.",
            "Three of them are needed.",
            "Each costs 9 where the large one costs 49.",
        ],
        otherwise="Find how many 3 x 3 kernels see 7 pixels, and compare their weights with 49.",
        why="Two networks of 2014 and 2015, VGG and Inception-v3, use this; there is also one more ReLU at each step.",
    ),
    Exercise(
        id="11.5",
        title="Equal budgets",
        task=(
            "Write `widest_net(budget, places, channels, kernel)`: two convolutions of kernel x kernel, from "
            "`channels` to w and from w to w filters, both at `places` places. Which is the largest w within "
            "the budget of multiply-adds?"
        ),
        solution=widest_net,
        cases=[
            case(300_000, 196, 8, 3),
            case(300_000, 196, 8, 5),
            case(300_000, 196, 8, 1),
            case(9 * 20, 1, 1, 3, note="w = 4 takes the budget exactly"),
        ],
        mistakes=[
            Mistake(
                lambda budget, places, channels, kernel: widest_net(budget, places, channels, kernel) + 1,
                "One too wide: this is the first net that exceeds the budget.",
            ),
            Mistake(
                lambda budget, places, channels, kernel: widest_net(budget - 1, places, channels, kernel),
                "A net that takes the budget exactly is within it.",
            ),
            Mistake(
                _widest(lambda w, places, channels, kernel: places * kernel**2 * channels * w),
                "Only the first layer is counted; the second costs places * kernel**2 * w * w.",
            ),
            Mistake(
                _widest(lambda w, places, channels, kernel: places * kernel**2 * 2 * channels * w),
                "The second layer reads w channels, not `channels`: its cost grows with the square of w.",
            ),
            Mistake(
                _widest(lambda w, places, channels, kernel: places * kernel * (channels + w) * w),
                "A kernel has kernel x kernel weights in each channel: square it.",
            ),
            Mistake(
                _widest(lambda w, places, channels, kernel: kernel**2 * (channels + w) * w),
                "These are the weights: each is used at every place.",
            ),
        ],
        hints=[
            "The two layers cost places * kernel**2 * channels * w and places * kernel**2 * w * w.",
            "Try w = 1, 2, 3 … while the cost stays within the budget.",
            "`while places * kernel**2 * (channels + w + 1) * (w + 1) <= budget: w += 1`, from w = 0.",
        ],
        why="Cost grows with the square of the width: half the budget buys seven tenths of it, once nets are wide.",
    ),
]
