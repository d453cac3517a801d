"""Exercises of chapter 24, scaling up: Amdahl's law, gradients of uneven parts, operations, and the slower hand."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def speedup(share, workers):
    """Amdahl (1967): the serial part stays, the parallel part is divided."""
    return 1 / ((1 - share) + share / workers)


def combine(gradients, rows):
    """The gradient of the mean loss over all rows: each part counts as often as it has rows."""
    weights = rows / rows.sum()  # (devices,)
    return weights @ gradients


def operations():
    """Every one of the 28 x 28 x 48 outputs is a sum of 3 x 3 x 24 products."""
    outputs = 28 * 28 * 48
    return 2 * outputs * 3 * 3 * 24


def _draw_parts(rng):
    return rng.normal(size=(3, 4)), rng.integers(1, 60, size=3)


EXERCISES = [
    Exercise(
        id="24.1",
        title="Amdahl's law",
        task=(
            "A share of the work can be divided among workers, the rest cannot. Write `speedup(share, workers)`: how "
            "many times faster than one worker they are."
        ),
        solution=speedup,
        cases=[
            case(0.9, 4),
            case(0.5, 1000, note="half the work in parallel and a thousand workers"),
            case(0.0, 8, note="work that cannot be divided"),
            *drawn(lambda rng: (rng.uniform(0.1, 0.99), int(rng.integers(2, 100))), times=3),
        ],
        mistakes=[
            Mistake(
                lambda share, workers: workers,
                "This is the number of workers: the part that cannot be divided still takes its whole time.",
            ),
            Mistake(
                lambda share, workers: (1 - share) + share / workers,
                "This is the time that is left, as a share of one worker's: the speedup is 1 divided by it.",
            ),
            Mistake(
                lambda share, workers: 1 / (share + (1 - share) / workers),
                "Here the wrong part is divided: `share` is the part that the workers can divide among them.",
            ),
            Mistake(
                lambda share, workers: (1 - share) + share * workers,
                "This is Gustafson's law, for work that grows with the workers. Here the work stays the same: add the "
                "times of the two parts, and divide 1 by the sum.",
            ),
        ],
        hints=[
            "Take one worker's time as 1, and write down the time that several workers need.",
            "The serial part takes 1 - share, the parallel part share / workers. Divide the old time by the new one.",
        ],
        why="However many the workers, the speedup stays below 1 / (1 - share): the serial part sets the limit.",
    ),
    Exercise(
        id="24.2",
        title="Gradients of uneven parts",
        task=(
            "A batch is dealt out to devices, and not evenly. `gradients`, shape (devices, n), holds in each row the "
            "gradient of the mean loss over that device's rows; `rows`, shape (devices,), how many these were. Write "
            "`combine(gradients, rows)`: the gradient, shape (n,), of the mean loss over the whole batch."
        ),
        solution=combine,
        cases=[
            case(np.array([[1.0, 2.0], [4.0, 8.0]]), np.array([32, 8])),
            case(np.array([[1.0, 3.0], [5.0, -2.0]]), np.array([16, 16]), note="equal parts"),
            *drawn(_draw_parts, times=3),
        ],
        mistakes=[
            Mistake(
                lambda gradients, rows: gradients.mean(axis=0),
                "Every device counts the same here, and so the rows of a small part count more than others: weigh each "
                "gradient with its share of the rows.",
            ),
            Mistake(
                lambda gradients, rows: gradients.sum(axis=0),
                "The gradients are added up: the step would grow with the number of devices. Weigh them with their "
                "shares of the rows, which add up to 1.",
            ),
            Mistake(
                lambda gradients, rows: rows @ gradients,
                "This is the gradient of the summed loss: divide by the number of all rows to have that of the mean.",
            ),
            Mistake(
                lambda gradients, rows: (rows @ gradients) / len(rows),
                "You divide by the number of devices: divide by the number of all rows, `rows.sum()`.",
            ),
        ],
        hints=[
            "The mean over all rows is the sum over all rows divided by their number. What is one device's sum?",
            "A device's sum is its mean times its number of rows: add these up and divide by `rows.sum()`.",
        ],
        why="A mean of means is the whole mean only if every part has the same size.",
    ),
    Exercise(
        id="24.3",
        title="Operations of a convolution",
        task=(
            "A convolution has 3 x 3 filters over 24 input channels, 48 output channels and 28 x 28 outputs. It has "
            "no bias. How many multiplications and additions, counted together, does it need for one image?"
        ),
        kind="predict",
        solution=operations,
        mistakes=[
            Mistake(28 * 28 * 48 * 9 * 24, "These are the multiplications alone: each comes with an addition."),
            Mistake(2 * 48 * 9 * 24, "This is for a single position: the same filters are used at all 28 x 28."),
            Mistake(
                2 * 28 * 28 * 48 * 9, "The input channels are missing: an output sums over all 24 of them, nine each."
            ),
            Mistake(2 * 28 * 28 * 9 * 24, "The output channels are missing: each of the 48 has filters of its own."),
        ],
        otherwise="Count the outputs first, then the products that one output is a sum of.",
        hints=[
            "How many numbers come out? Each is a sum of how many products?",
            "28 x 28 x 48 numbers come out, each a sum of 3 x 3 x 24 products.",
        ],
        why="A processor that does 100 GFLOP/s could do this layer's forward pass for about 6,000 images a second.",
    ),
    Exercise(
        id="24.4",
        title="The slower hand",
        task=(
            "Making a batch takes 30 ms on a thread of its own, the training step 20 ms on another processor, and the "
            "next batch is made while the step runs (prefetch). How many milliseconds does a step take in the long run?"
        ),
        kind="predict",
        solution=30.0,
        mistakes=[
            Mistake(50.0, "50 ms is the time of one after the other: with prefetch they happen at the same time."),
            Mistake(20.0, "The step would have to wait: a batch is ready only every 30 ms."),
            Mistake(25.0, "This is the mean of the two: the slower one sets the pace, and the faster one waits."),
            Mistake(10.0, "This is how long each step waits, not how long it takes."),
        ],
        otherwise="Draw two lines, one for making batches and one for the steps, and mark who waits for whom.",
        hints=[
            "Two people hand parcels along. How often does a parcel come out at the end?",
            "As often as the slower of the two hands one on.",
        ],
        why="The slower of the two sets the pace. With two threads making batches it would be the step.",
    ),
]
