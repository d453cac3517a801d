"""Exercises of chapter 06, training deep networks: one layer backwards, dropout, batch norm, Adam, chance."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def relu_layer_backward(dA, Z, A_below, W):
    """dZ = dA ∘ f'(Z); then dW = A_belowᵀ dZ, db = Σ dZ over the examples, and dZ Wᵀ for the layer below."""
    dZ = dA * (Z > 0)
    return A_below.T @ dZ, dZ.sum(axis=0), dZ @ W.T


def drop(A, u, p):
    """Silent where u < p; what is left is divided by 1 - p."""
    return A * (u >= p) / (1 - p)


def follow(average, batch, momentum, training):
    """In training a step of 1 - momentum towards the batch's own figure; otherwise no change."""
    return momentum * average + (1 - momentum) * batch if training else average


def first_adam_step():
    """m / √v of a first step, with both corrected, is g / |g|: the step is the learning rate."""
    learning_rate, g = 0.002, 1000.0
    m, v = g * (1 - 0.9), g**2 * (1 - 0.999)
    return learning_rate * (m / (1 - 0.9)) / np.sqrt(v / (1 - 0.999))


def best_of_twenty():
    """The mean of the highest of 20 numbers from a normal distribution with standard deviation 0.4."""
    rng = np.random.default_rng(0)
    return 0.4 * rng.normal(size=(200_000, 20)).max(axis=1).mean()


# Cases.


def _draw_layer(rng):
    m, n_in, n_out = 4, 3, 2
    return (
        rng.normal(size=(m, n_out)).round(2),
        rng.normal(size=(m, n_out)).round(2),
        rng.normal(size=(m, n_in)).round(2),
        rng.normal(size=(n_in, n_out)).round(2),
    )


def _draw_dropped(rng):
    return rng.normal(2, 1, (3, 4)).round(2), rng.random((3, 4)).round(3), round(rng.uniform(0.2, 0.7), 2)


def _without_bend(dA, Z, A_below, W):
    return A_below.T @ dA, dA.sum(axis=0), dA @ W.T


def _bent_by_value(dA, Z, A_below, W):
    dZ = dA * np.maximum(Z, 0)
    return A_below.T @ dZ, dZ.sum(axis=0), dZ @ W.T


def _mean_over_examples(dA, Z, A_below, W):
    dW, db, below = relu_layer_backward(dA, Z, A_below, W)
    return dW / len(dA), db / len(dA), below


def _bias_left_out(dA, Z, A_below, W):
    dW, _, below = relu_layer_backward(dA, Z, A_below, W)
    return dW, np.zeros(W.shape[1]), below


def _below_unbent(dA, Z, A_below, W):
    dW, db, _ = relu_layer_backward(dA, Z, A_below, W)
    return dW, db, dA @ W.T


BACKWARD = Exercise(
    id="06.1",
    title="One layer, backwards",
    task=(
        "A layer computes Z = A_below W + b and A = relu(Z). Write `relu_layer_backward(dA, Z, A_below, W)`. It gets "
        "the slope dA of the cost in A, and returns the arrays (dW, db, dA_below). The mean over the examples is "
        "in dA already."
    ),
    solution=relu_layer_backward,
    cases=[
        case(
            np.array([[1.0, 2.0], [3.0, -1.0]]),
            np.array([[0.5, -0.5], [2.0, 3.0]]),
            np.array([[1.0, 0.0, 2.0], [-1.0, 1.0, 0.5]]),
            np.array([[1.0, 0.5], [2.0, -1.0], [0.0, 3.0]]),
        ),
        *drawn(_draw_layer, times=3),
    ],
    mistakes=[
        Mistake(
            _without_bend,
            "The slope of relu is missing: multiply dA by 1 where Z > 0 and by 0 elsewhere before anything else.",
        ),
        Mistake(
            _bent_by_value, "You multiplied by relu(Z), the function; backwards it is the slope, 1 where Z > 0, else 0."
        ),
        Mistake(
            _mean_over_examples, "The division by the number of examples is in dA already: sum over them, no mean."
        ),
        Mistake(_bias_left_out, "The bias has a slope too: it is added to every example, so db sums dZ over the rows."),
        Mistake(_below_unbent, "What goes to the layer below is dZ Wᵀ: it has passed the bend, so take dZ, not dA."),
    ],
    hints=[
        "First through the bend: dZ has the shape of Z, and is dA where the unit was on.",
        "The shapes tell: dW has W's shape (n_in, n_out), and A_below is (m, n_in). Which product gives that?",
        "`dZ = dA * (Z > 0)`; then `A_below.T @ dZ`, `dZ.sum(axis=0)`, `dZ @ W.T`.",
    ],
    why="Each line is the chain rule for one product, and the transposes follow from the shapes.",
)

DROP = Exercise(
    id="06.2",
    title="Dropout",
    task=(
        "Write `drop(A, u, p)`: inverted dropout with probability p. u holds a uniform random number for each value of "
        "A; a value is silenced where u < p, and the others are scaled so that the mean over many draws stays."
    ),
    solution=drop,
    cases=[
        case(np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([[0.1, 0.4, 0.6, 0.9]]), 0.5),
        case(np.array([[2.0, -1.0, 3.0]]), np.array([[0.1, 0.25, 0.8]]), 0.25, note="u exactly p"),
        *drawn(_draw_dropped, times=3),
    ],
    mistakes=[
        Mistake(
            lambda A, u, p: A * (u >= p),
            "What is left has to be divided by 1 - p, or the layer above gets less in training than in use.",
        ),
        Mistake(
            lambda A, u, p: A * (u < p) / (1 - p),
            "The mask is the wrong way round: silent where u < p, so kept where u >= p.",
        ),
        Mistake(
            lambda A, u, p: A * (u < p) / p, "p is the probability of being silent; here it is that of being kept."
        ),
        Mistake(lambda A, u, p: A * (u >= p) / p, "A share 1 - p is kept, so that is what to divide by, not p."),
        Mistake(
            lambda A, u, p: A * (u >= p) * (1 - p), "Multiplying by 1 - p makes it smaller still: divide by 1 - p."
        ),
        Mistake(
            lambda A, u, p: A * (u > p) / (1 - p), "A value is silent where u < p, so it is kept where u equals p."
        ),
    ],
    hints=[
        "A mask of 0 and 1 from a comparison of u with p.",
        "On average a share 1 - p of each value is kept. What factor makes up for it?",
        "`A * (u >= p) / (1 - p)`.",
    ],
    why="The mean of the mask is (1 - p) / (1 - p) = 1, so that in use the layer can be left alone.",
)

FOLLOW = Exercise(
    id="06.3",
    title="A moving average of batch norm",
    task=(
        "Write `follow(average, batch, momentum, training)`: the moving average after one batch whose own figure is "
        "`batch`. In training it is momentum · average + (1 - momentum) · batch; outside training it must not change."
    ),
    solution=follow,
    cases=[
        case(np.array([0.0, 1.0]), np.array([2.0, 5.0]), 0.9, True),
        case(np.array([0.0, 1.0]), np.array([2.0, 5.0]), 0.9, False, note="outside training"),
        *drawn(lambda rng: (rng.normal(size=3).round(2), rng.normal(size=3).round(2), 0.75, True), times=2),
    ],
    mistakes=[
        Mistake(
            lambda average, batch, momentum, training: momentum * average + (1 - momentum) * batch,
            "It moved outside training too: the answer for a picture would then depend on who asked before.",
        ),
        Mistake(
            lambda average, batch, momentum, training: (
                (1 - momentum) * average + momentum * batch if training else average
            ),
            "The two weights are swapped: momentum is how much of the old average stays, 0.99 in Keras.",
        ),
        Mistake(
            lambda average, batch, momentum, training: batch if training else average,
            "That forgets everything before the last batch: keep `momentum` of the old average.",
        ),
        Mistake(
            lambda average, batch, momentum, training: momentum * average + batch if training else average,
            "The batch's figure needs the weight 1 - momentum, or the average grows without bound.",
        ),
    ],
    hints=[
        "Two cases: in training, and not.",
        "The new average lies between the old one and the batch's figure, near the old one when momentum is near 1.",
        "`momentum * average + (1 - momentum) * batch if training else average`.",
    ],
    why="After k batches what it started with has the weight momentum^k: with 0.99 it takes some hundred batches until "
    "the averages can be trusted.",
)

ADAM = Exercise(
    id="06.4",
    title="Adam's first step",
    task=(
        "Adam with learning rate 0.002 and its usual other settings meets a first gradient of 1000. How far does the "
        "parameter move? Give a number above 0."
    ),
    kind="predict",
    solution=first_adam_step,
    tolerance=0.02,
    mistakes=[
        Mistake(2.0, "That is plain gradient descent, rate times gradient. Adam divides by the gradient's size."),
        Mistake(0.2, "That is a tenth of rate times gradient: m is divided by √v as well, and both are corrected."),
        Mistake(
            0.002 * 0.1 / np.sqrt(0.001),
            "You left out the correction: at step 1 m is divided by 1 - 0.9 and v by 1 - 0.999.",
        ),
        Mistake(0.0002, "m alone is a tenth of the gradient at first, but the correction divides it by 1 - 0.9."),
        Mistake(2e-6, "The gradient does not divide the step twice: m grows with g as √v does, and their ratio is 1."),
    ],
    otherwise="Write down m and v after the first step, correct both, and divide m by the root of v.",
    hints=[
        "After one step m = 0.1 g and v = 0.001 g².",
        "The corrections divide m by 1 - 0.9 and v by 1 - 0.999. What is left of each?",
        "g / √(g²) is 1, whatever g is.",
    ],
    why="Adam's first step has the learning rate's length in every parameter: of the gradient only the sign counts.",
)

CHANCE = Exercise(
    id="06.5",
    title="The best of twenty",
    task=(
        "Twenty people train the same network with different seeds. Their accuracies spread with a standard deviation "
        "of 0.4 points. By how many points does the best of the twenty beat their mean, on average? Simulate it, or "
        "estimate."
    ),
    kind="investigate",
    solution=best_of_twenty,
    tolerance=0.1,
    mistakes=[
        Mistake(0.4, "That is one standard deviation: one in six does better than that, and there are twenty."),
        Mistake(0.0, "Their mean would be that. The best of many lies above it by chance alone."),
        Mistake(0.4 / np.sqrt(20), "That is the standard error of the mean of twenty; asked is the highest of them."),
        Mistake(8.0, "Twenty times the spread: the highest of twenty lies about two standard deviations up."),
        Mistake(
            1.87, "That is in standard deviations. Multiply by 0.4 points.", when=lambda answer: 1.7 < answer < 2.0
        ),
    ],
    otherwise="Draw many rows of 20 normal numbers with standard deviation 0.4, and average the highest of each row.",
    hints=[
        "`np.random.default_rng(0).normal(0, 0.4, size=(10000, 20))` is ten thousand such contests.",
        "`.max(axis=1)` is the best of each.",
        "Their mean is the answer: somewhat under two standard deviations.",
    ],
    why="Whoever tries twenty seeds and tells of the best has gained three quarters of a point without doing anything: "
    "more than most changes of the chapter's table are worth.",
)

EXERCISES = [BACKWARD, DROP, FOLLOW, ADAM, CHANCE]
