"""Exercises of chapter 01: one ReLU neuron, its gradient, its death, and the size of a small network."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def relu_neuron(x, w, b):
    """max(0, w x + b), value by value."""
    return np.maximum(0, w * x + b)


def neuron_gradient(x, y, w, b):
    """The slopes of the mean squared error in w and in b."""
    z = w * x + b
    error = np.maximum(0, z) - y
    listens = z > 0
    return 2 * np.mean(error * listens * x), 2 * np.mean(error * listens)


def is_dead(x, w, b):
    """True when the weighted sum is at or below zero for every input."""
    return bool(np.all(w * x + b <= 0))


def _gradient(x, y, w, b, *, error=None, listens=None, factor=2.0, mean=np.mean):
    """The gradient with one ingredient replaced: what a learner's typical slip computes."""
    z = w * x + b
    error = np.maximum(0, z) - y if error is None else error(z, y)
    listens = z > 0 if listens is None else listens(z)
    return factor * mean(error * listens * x), factor * mean(error * listens)


def _draw_neuron(rng):
    return rng.normal(size=6).round(2), rng.normal(size=6).round(2), *rng.normal(size=2).round(2)


RELU_NEURON = Exercise(
    id="01.1",
    title="One ReLU neuron",
    task="Write `relu_neuron(x, w, b)`: the weighted sum z = w x + b of every input in x, bent by the ReLU, max(0, z).",
    solution=relu_neuron,
    cases=[
        case(np.array([-2.0, -0.5, 0.0, 1.0, 3.0]), 1.5, -1.0),
        case(np.array([-2.0, 0.5, 1.0]), -0.7, 0.4, note="a negative weight"),
        *drawn(lambda rng: (rng.normal(size=5).round(2), *rng.normal(size=2).round(2)), times=3),
    ],
    mistakes=[
        Mistake(lambda x, w, b: w * x + b, "This is the straight line: the cut at zero, max(0, z), is missing."),
        Mistake(
            lambda x, w, b: w * np.maximum(0, x) + b,
            "The input is cut, not the weighted sum: first compute z = w x + b, then cut z at zero.",
        ),
        Mistake(
            lambda x, w, b: np.maximum(0, w * x) + b,
            "The bias is added after the cut: it belongs inside, z = w x + b, and then max(0, z).",
        ),
        Mistake(
            lambda x, w, b: np.minimum(0, w * x + b),
            "The wrong side is kept: the ReLU keeps what is above zero, which is `np.maximum`, not `np.minimum`.",
        ),
        Mistake(
            lambda x, w, b: np.full(len(x), max(0, np.max(w * x + b))),
            "`np.max` takes the largest of all values: `np.maximum(0, z)` compares each value with zero.",
        ),
        Mistake(lambda x, w, b: np.abs(w * x + b), "Negative sums are folded up to positive ones: they must become 0."),
    ],
    hints=[
        "Two steps: the weighted sum of every input, then the bend.",
        "`w * x + b` works on the whole array at once and gives z.",
        "`np.maximum(0, z)` compares every value of z with zero and keeps the larger.",
    ],
    why="The neuron is a weighted sum and a bend, in this order; the bias shifts the place of the bend, so it belongs "
    "inside the sum.",
)

GRADIENT = Exercise(
    id="01.2",
    title="The gradient of one ReLU neuron",
    task="Write `neuron_gradient(x, y, w, b)`: the slopes of J = (1/m) Σ (a - y)² in w and in b, for "
    "a = max(0, w x + b). Return them as two numbers.",
    solution=neuron_gradient,
    cases=[
        case(np.array([-1.0, 0.5, 2.0]), np.array([0.3, 1.0, 1.5]), 0.8, 0.2),
        case(np.array([-1.0, 0.5, 2.0]), np.array([0.3, 1.0, 1.5]), -0.5, -3.0, note="a dead neuron"),
        *drawn(_draw_neuron, times=4),
    ],
    mistakes=[
        Mistake(
            lambda x, y, w, b: _gradient(x, y, w, b, listens=np.ones_like),
            "The slope of the ReLU is missing: where z is not above zero, the example must add nothing.",
        ),
        Mistake(
            lambda x, y, w, b: _gradient(x, y, w, b, factor=1.0),
            "A factor 2 is missing: the derivative of the square (a - y)² is 2 (a - y).",
        ),
        Mistake(
            lambda x, y, w, b: _gradient(x, y, w, b, factor=-2.0),
            "The sign is turned round: the error is a - y, prediction minus target.",
        ),
        Mistake(
            lambda x, y, w, b: _gradient(x, y, w, b, mean=np.sum),
            "This is the sum over the examples: J is their mean, so divide by m.",
        ),
        Mistake(
            lambda x, y, w, b: _gradient(x, y, w, b, error=lambda z, y: z - y, listens=np.ones_like),
            "This is the gradient of the straight line: both the cut and its slope are missing.",
        ),
        Mistake(
            lambda x, y, w, b: tuple(reversed(neuron_gradient(x, y, w, b))),
            "The two slopes are in the wrong order: return the one in w first, then the one in b.",
        ),
        Mistake(
            lambda x, y, w, b: (neuron_gradient(x, y, w, b)[1], neuron_gradient(x, y, w, b)[1]),
            "The slope in w lacks its last factor: how strong the input was, x.",
        ),
    ],
    hints=[
        "Three factors for each example: how wrong (2 (a - y)), whether the neuron listens (the slope of the ReLU), "
        "and, for w, how strong the input was (x).",
        "The slope of the ReLU is 1 where z > 0 and 0 elsewhere: `(z > 0)` is such an array.",
        "`np.mean(2 * (a - y) * (z > 0) * x)` is the slope in w; without `* x` it is the slope in b.",
    ],
    why="It is the chain rule, one factor for each step from the weight to the cost: square, bend, weighted sum.",
)

DEAD = Exercise(
    id="01.3",
    title="A dead neuron",
    task="Write `is_dead(x, w, b)`: True when the gradient of a ReLU neuron is zero whatever the targets are, that is, "
    "when its slope is 0 at every input in x; False otherwise.",
    solution=is_dead,
    cases=[
        case(np.array([-1.0, 0.0, 2.0]), 0.5, -3.0, note="a bias far below"),
        case(np.array([-1.0, 0.0, 2.0]), 0.5, 0.1, note="a neuron that is alive"),
        case(np.array([-1.0, 0.0, 2.0]), 0.5, -0.9, note="a neuron that one input keeps alive"),
        case(np.array([-1.0, 0.0, 2.0]), -0.5, -0.2, note="a negative weight, alive at the smallest input"),
        case(np.array([-1.0, 0.0, 2.0]), -0.5, -0.5, note="a sum of exactly zero at one input"),
        case(np.array([1.0, 3.0]), -0.5, 0.2, note="a positive bias"),
    ],
    mistakes=[
        Mistake(
            lambda x, w, b: bool(np.any(w * x + b <= 0)),
            "One silent input is not enough: the neuron is dead only when the sum is at or below zero for *all*.",
        ),
        Mistake(lambda x, w, b: b < 0, "The sign of b alone decides nothing: look at z = w x + b at every input."),
        Mistake(lambda x, w, b: w < 0, "A negative weight does not kill: look at z = w x + b at every input."),
        Mistake(
            lambda x, w, b: bool(np.all(w * x + b < 0)),
            "A sum of exactly zero counts as silent too: the slope used at the bend is 0, so it is `<=`, not `<`.",
        ),
        Mistake(
            lambda x, w, b: bool(np.any(w * x + b > 0)),
            "This is the opposite: it says True for a neuron that is alive.",
        ),
        Mistake(
            lambda x, w, b: bool(np.mean(w * x + b) <= 0),
            "The mean sum may be below zero while some inputs still get through: ask whether *every* sum is.",
        ),
    ],
    hints=[
        "The slope of the ReLU is 0 where z <= 0.",
        "Compute z for all inputs and ask whether every one of them is at or below zero.",
        "`np.all(condition)` is True when the condition holds everywhere.",
    ],
    why="Every term of the gradient carries the factor g'(z); when it is 0 at every input, nothing moves the weights.",
)

COUNT = Exercise(
    id="01.4",
    title="How many numbers are learned",
    task="How many numbers does a network with 4 inputs, 8 hidden neurons and 1 output learn? Give a whole number.",
    kind="predict",
    solution=4 * 8 + 8 + 8 * 1 + 1,
    mistakes=[
        Mistake(40, "These are the weights alone: each of the 8 hidden neurons and the output have a bias as well."),
        Mistake(48, "The bias of the output neuron is missing."),
        Mistake(41, "The biases of the 8 hidden neurons are missing."),
        Mistake(13, "These are the units: what is learned sits on the lines between them, and in one bias a neuron."),
        Mistake(
            32, "These are the weights of the hidden layer: the output neuron has weights too, and all have biases."
        ),
        Mistake(53, "Inputs have no bias: only the hidden neurons and the output have one."),
    ],
    otherwise="Count the lines between the layers, one weight each, then add one bias for every neuron.",
    hints=[
        "Every line in the diagram is a weight. Every neuron (not every input) has a bias.",
        "4 inputs times 8 neurons, plus 8 biases, and then the same for the output.",
    ],
    why="4·8 weights and 8 biases in the hidden layer, 8·1 weights and 1 bias in the output neuron.",
)

EXERCISES = [RELU_NEURON, GRADIENT, DEAD, COUNT]
