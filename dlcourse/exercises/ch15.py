"""Exercises of chapter 15, recurrent networks: a step, a sequence, its mask, its weights, what a state holds."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def rnn_step(x, h, W, U, b):
    """One step of the cell: the new state (units,) from the input x (inputs,) and the old state h (units,)."""
    return np.tanh(x @ W + h @ U + b)


def last_state(X, W, U, b):
    """The state (units,) after the last of the inputs X (steps, inputs), from a state of zeros."""
    h = np.zeros(len(b))
    for x in X:
        h = np.tanh(x @ W + h @ U + b)
    return h


def last_state_masked(X, mask, W, U, b):
    """The same where `mask` (steps,) is False for padding: there the state stays as it is."""
    h = np.zeros(len(b))
    for x, real in zip(X, mask, strict=True):
        if real:
            h = np.tanh(x @ W + h @ U + b)
    return h


def count_weights(inputs, units, steps):
    """Numbers that a simple recurrent layer learns; `steps` is how long the sequences are."""
    return inputs * units + units * units + units


def padding_share(lengths):
    """The share of padding in one batch, where every sequence is as long as the longest."""
    return 1 - sum(lengths) / (len(lengths) * max(lengths))


def last_wins():
    """Weights (w, u) of one unit that keeps the LAST command: +1 sets it, -1 clears it, 0 leaves it as it is."""
    return 6.0, 2.0


# What the mistakes share.


def _run(X, W, U, b, step, begin=0.0):
    h = np.full(len(b), begin)
    for x in X:
        h = step(x, h, W, U, b)
    return h


def _after_padding(X, mask, W, U, b, hold):
    """As `last_state_masked`, but at padding the state becomes `hold(state)`."""
    h = np.zeros(len(b))
    for x, real in zip(X, mask, strict=True):
        h = rnn_step(x, h, W, U, b) if real else hold(h)
    return h


def _sizes(rng, steps=6):
    """X, W, U, b of a small cell."""
    return rng.normal(size=(steps, 3)), rng.normal(size=(3, 4)), rng.normal(size=(4, 4)), rng.normal(size=4)


def _step_case(rng):
    X, W, U, b = _sizes(rng)
    return X[0], rng.uniform(-1, 1, 4), W, U, b


def _masked_case(rng):
    X, W, U, b = _sizes(rng)
    return X, np.array([True, True, True, True, False, False]), W, U, b


COMMANDS = ([1], [-1], [1, 0, 0, 0, 0, 0], [1, 0, -1], [-1, 0, 0, 1, 0, 0, 0], [1, -1, 1, -1, 0], [-1, -1, 0, 1, 1, 0])


def _ends_right(answer):
    """For one unit with weights (w, u): the first series of commands after which its sign is wrong, or None."""
    w, u = answer
    for commands in COMMANDS:
        h = 0.0
        for x in commands:
            h = np.tanh(w * x + u * h)
        last = [x for x in commands if x][-1]
        if abs(h) < 0.5 or np.sign(h) != last:
            return commands
    return None


def _judge_latch(got, expected):
    try:
        w, u = (float(each) for each in got)
    except (TypeError, ValueError):
        return "Give two numbers, (w, u): the weight of the input and the weight of the old state."
    wrong = _ends_right((w, u))
    if wrong is None:
        return None
    return f"After the commands {wrong} the state does not have the sign of the last one, or is weaker than 0.5."


EXERCISES = [
    Exercise(
        id="15.1",
        title="One step",
        task=(
            "Write `rnn_step(x, h, W, U, b)`: tanh of x W + h U + b, for one input x (inputs,), the old state h "
            "(units,), W (inputs, units), U (units, units), b (units,)."
        ),
        solution=rnn_step,
        cases=[*drawn(_step_case, times=4)],
        mistakes=[
            Mistake(lambda x, h, W, U, b: x @ W + h @ U + b, "tanh is missing: without it states grow without bound."),
            Mistake(
                lambda x, h, W, U, b: np.tanh(x @ W + b),
                "The old state is not used: this is a dense layer, which remembers nothing.",
            ),
            Mistake(
                lambda x, h, W, U, b: np.tanh(x @ W + U @ h + b),
                "U is applied from the wrong side: the state is a row, h @ U.",
            ),
            Mistake(lambda x, h, W, U, b: np.tanh(x @ W + h @ U), "The bias b is missing."),
            Mistake(
                lambda x, h, W, U, b: np.tanh(x @ W + b) + h @ U,
                "The state is added outside tanh: both sums go in together.",
            ),
        ],
        hints=[
            "Two matrix products and a bias make one sum.",
            "`x @ W` has the units' size, and so has `h @ U`.",
            "`np.tanh(x @ W + h @ U + b)`.",
        ],
        why="One line is the whole network; everything else is to repeat it.",
    ),
    Exercise(
        id="15.2",
        title="A sequence, and what is left of it",
        task=(
            "Write `last_state(X, W, U, b)`: begin with a state of zeros, take the inputs X (steps, inputs) one after "
            "the other, return the last state (units,)."
        ),
        solution=last_state,
        cases=[
            *drawn(_sizes),
            *drawn(lambda rng: _sizes(rng, steps=1), times=1),
            case(np.zeros((0, 3)), np.ones((3, 4)), np.ones((4, 4)), np.ones(4), note="a sequence without a step"),
        ],
        mistakes=[
            Mistake(
                lambda X, W, U, b: np.tanh(X[-1] @ W + b) if len(X) else np.zeros(len(b)),
                "Only the last input is used: the state has to be carried from step to step.",
            ),
            Mistake(
                lambda X, W, U, b: _run(X[::-1], W, U, b, rnn_step),
                "The sequence is read from its end: this is the backward half of a bidirectional network.",
            ),
            Mistake(
                lambda X, W, U, b: _run(X, W, U, b, rnn_step, begin=1.0),
                "The first state is ones: begin with zeros.",
            ),
            Mistake(
                lambda X, W, U, b: _run(X[:-1], W, U, b, rnn_step),
                "The last step is missing.",
            ),
            Mistake(
                lambda X, W, U, b: np.tanh(X.sum(axis=0) @ W + b),
                "The inputs are summed first: that is a bag, and the order is lost.",
            ),
        ],
        hints=[
            "A loop over the rows of X, with the state as the only thing that is kept.",
            "Before the loop `h = np.zeros(len(b))`.",
            "In the loop `h = np.tanh(x @ W + h @ U + b)`; after it return h.",
        ],
        why="The same three arrays serve every step, so the sequence may have any length.",
    ),
    Exercise(
        id="15.3",
        title="Padding that changes nothing",
        task=(
            "Write `last_state_masked(X, mask, W, U, b)`: as `last_state`, but where mask (steps,) is False the step "
            "is padding, and the result must be as if it were not there."
        ),
        solution=last_state_masked,
        cases=[
            *drawn(_masked_case),
            *drawn(lambda rng: (_sizes(rng)[0], np.ones(6, bool), *_sizes(rng)[1:]), times=1),
            *drawn(lambda rng: (_sizes(rng)[0], np.array([False, True, False, True, True, False]), *_sizes(rng)[1:])),
        ],
        mistakes=[
            Mistake(
                lambda X, mask, W, U, b: last_state(X, W, U, b),
                "The mask is not used: padding runs through the cell like any input.",
            ),
            Mistake(
                lambda X, mask, W, U, b: last_state(X * np.asarray(mask)[:, None], W, U, b),
                "The inputs are set to zero, but the cell still runs: the bias and U move the state. Skip the step.",
            ),
            Mistake(
                lambda X, mask, W, U, b: _after_padding(X, mask, W, U, b, np.zeros_like),
                "The state becomes zero at padding, and the sequence is forgotten: it has to stay as it is.",
            ),
            Mistake(
                lambda X, mask, W, U, b: last_state(X[: int(np.argmin(mask))], W, U, b) if not np.all(mask) else
                last_state(X, W, U, b),
                "You stop at the first padding: that is right only where padding stands at the end.",
            ),
        ],
        hints=[
            "What is the state after a step that is not there?",
            "Compute a new state only `if real`.",
            "`for x, real in zip(X, mask): if real: h = np.tanh(x @ W + h @ U + b)`.",
        ],
        why="A mask that keeps the old state makes a batch of different lengths equal to each sequence on its own.",
    ),
    Exercise(
        id="15.4",
        title="Weights, and what they do not depend on",
        task=(
            "Write `count_weights(inputs, units, steps)`: how many numbers a simple recurrent layer learns that reads "
            "sequences of `steps` steps."
        ),
        solution=count_weights,
        cases=[case(50, 64, 20), case(50, 64, 40, note="longer sequences"), case(1, 1, 7), case(24, 96, 17)],
        mistakes=[
            Mistake(
                lambda inputs, units, steps: steps * (inputs * units + units * units + units),
                "Every step uses the same weights: the length does not count.",
            ),
            Mistake(
                lambda inputs, units, steps: inputs * units + units,
                "This is a dense layer: the weights from the old state to the new one, U, are missing.",
            ),
            Mistake(
                lambda inputs, units, steps: inputs * units + units * units,
                "The biases are missing, one for each unit.",
            ),
            Mistake(
                lambda inputs, units, steps: steps * inputs * units + units,
                "This is a window over the whole sequence: a recurrent layer shares its weights between the steps.",
            ),
        ],
        hints=[
            "Three arrays: W, U and b.",
            "W is (inputs, units), U is (units, units).",
            "`inputs * units + units * units + units`.",
        ],
        why="A window's weights grow with its length, a recurrent layer's do not: it shares them over time.",
    ),
    Exercise(
        id="15.5",
        title="How much of a batch is padding?",
        task=(
            "Write `padding_share(lengths)`: the share of padding, 0 to 1, in a batch of sequences of these lengths, "
            "padded to the longest."
        ),
        solution=padding_share,
        cases=[
            case([5, 5, 5], note="sequences of one length"),
            case([1, 9]),
            case([3, 4, 20]),
            case([7], note="a single sequence"),
        ],
        mistakes=[
            Mistake(
                lambda lengths: sum(lengths) / (len(lengths) * max(lengths)),
                "This is the share of real steps: take it from one.",
            ),
            Mistake(
                lambda lengths: 1 - min(lengths) / max(lengths),
                "This is the share in the shortest sequence: count the padding of all of them.",
            ),
            Mistake(
                lambda lengths: len(lengths) * max(lengths) - sum(lengths),
                "This is how many places are padding: divide by all places of the batch.",
            ),
        ],
        hints=["The batch has `len(lengths) * max(lengths)` places.", "`sum(lengths)` of them are real."],
        why="Buckets of similar lengths bring this share down, and with it the time of an epoch.",
    ),
    Exercise(
        id="15.6",
        title="The last command wins",
        kind="investigate",
        task=(
            "The unit of this chapter kept the FIRST command. Give weights (w, u) for h = tanh(w x + u h) that keep "
            "the LAST one: +1 sets the state, -1 clears it, and 0 leaves its sign as it is, for as long as you like, "
            "with a strength of at least 0.5."
        ),
        solution=last_wins,
        judge=_judge_latch,
        mistakes=[
            Mistake((2.0, 3.0), "This keeps the first command: the input is too weak to turn a state that is set.",
                    when=lambda got: 0 < got[0] < got[1]),
            Mistake((6.0, 0.5), "With u of at most 1 the state fades: tanh(u h) is smaller than h.",
                    when=lambda got: got[0] > 0 and 0 <= got[1] <= 1),
            Mistake((-6.0, 2.0), "With a negative w a command of +1 clears the state: the sign is turned round.",
                    when=lambda got: got[0] < 0),
            Mistake((6.0, -2.0), "With a negative u the state changes its sign at every step.",
                    when=lambda got: got[0] > 0 and got[1] < 0),
        ],
        hints=[
            "To hold a state, u has to be above 1: then tanh(u h) = h has a solution besides 0.",
            "To turn a state near 1 round, w has to beat u.",
            "Try u = 2 and a w that is clearly larger.",
        ],
        why="u above 1 makes two stable states; w above u lets one input push the state from one to the other.",
    ),
]  # fmt: skip
