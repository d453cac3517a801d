"""Exercises of chapter 17, LSTM and GRU: a step of each, what a gate holds, weights, PyTorch, how far a cell counts."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_step(z, c):
    """The new state and cell from the weighted sums z (batch, 4 units) in the order i, f, g, o and the old cell."""
    i, f, g, o = np.split(z, 4, axis=1)
    c = 1 / (1 + np.exp(-f)) * c + 1 / (1 + np.exp(-i)) * np.tanh(g)
    return 1 / (1 + np.exp(-o)) * np.tanh(c), c


def gru_state(z, h, g):
    """The new state from the update gate z, the old state h and the new content g, as Keras has it."""
    return z * h + (1 - z) * g


def forget_bias(steps):
    """The bias with which a forget gate without other inputs has let half the cell go after so many steps."""
    kept = 0.5 ** (1 / steps)
    return np.log(kept / (1 - kept))


def count_weights(n_in, units):
    """Weights and biases of an LSTM, and of a GRU as Keras starts it (two rows of biases)."""
    gate = n_in * units + units**2
    return 4 * (gate + units), 3 * (gate + 2 * units)


def gru_to_pytorch(W):
    """Keras's W (n_in, 3 units) in the order z, r, g as PyTorch's (3 units, n_in) in the order r, z, n."""
    z, r, g = np.split(W, 3, axis=1)
    return np.concatenate([r, z, g], axis=1).T


def _lstm(order=(0, 1, 2, 3), cell=None, bent=np.tanh):
    """lstm_step with the gates in another order, another cell, or another function at the output."""

    def step(z, c):
        parts = np.split(z, 4, axis=1)
        i, f, g, o = (parts[k] for k in order)
        make = cell or (lambda i, f, g, c: f * c + i * g)
        c = make(_sigmoid(i), _sigmoid(f), np.tanh(g), c)
        return _sigmoid(o) * bent(c), c

    return step


def _order(*parts):
    return lambda W: np.concatenate([np.split(W, 3, axis=1)[k] for k in parts], axis=1).T


EXERCISES = [
    Exercise(
        id="17.1",
        title="A step of the LSTM",
        task=(
            "Write `my_lstm_step(z, c)`: z (batch, 4 units) holds the weighted sums x W + h U + b of the gates, in the "
            "order i, f, g, o, and c (batch, units) the old cell. Return the new state h and the new cell c."
        ),
        solution=lstm_step,
        cases=[*drawn(lambda rng: (2 * rng.normal(size=(3, 8)), rng.normal(size=(3, 2))))],
        mistakes=[
            Mistake(_lstm(order=(1, 0, 2, 3)), "Input and forget gate have changed places: the order is i, f, g, o."),
            Mistake(_lstm(order=(0, 1, 3, 2)), "Content and output gate have changed places: the order is i, f, g, o."),
            Mistake(
                _lstm(cell=lambda i, f, g, c: f * c + (1 - f) * g),
                "That is a GRU's habit: the LSTM has an input gate of its own, i, beside the forget gate.",
            ),
            Mistake(
                _lstm(cell=lambda i, f, g, c: c + i * g),
                "The forget gate is missing, as in the LSTM of 1997: the old cell is multiplied by it.",
            ),
            Mistake(_lstm(bent=lambda c: c), "The cell goes through tanh before the output gate lets it out."),
        ],
        hints=[
            "`i, f, g, o = np.split(z, 4, axis=1)`; three of them go through σ, one through tanh.",
            "The cell: what is kept of the old, plus what is written of the new.",
            "`c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)`, then `sigmoid(o) * np.tanh(c), c`.",
        ],
        why="Old and new are added, not multiplied by a matrix: that is why the gradient gets through.",
    ),
    Exercise(
        id="17.2",
        title="Which way round is z?",
        task=(
            "Write `gru_state(z, h, g)`: the new state from the update gate z, the old state h and the new content g, "
            "with the convention of Keras and PyTorch: z = 1 keeps the old state."
        ),
        solution=gru_state,
        cases=[
            case(np.array([[1.0, 0.0, 0.5]]), np.array([[0.3, -0.2, 0.8]]), np.array([[-0.5, 0.6, 0.1]])),
            *drawn(lambda rng: (rng.random((2, 3)), rng.normal(size=(2, 3)), rng.normal(size=(2, 3)))),
        ],
        mistakes=[
            Mistake(
                lambda z, h, g: (1 - z) * h + z * g,
                "This is the convention of Chung et al. (2014), and the report's: here z = 1 keeps the old state.",
            ),
            Mistake(
                lambda z, h, g: z * h + g, "The new content is let in only as far as the old goes: its share is 1 - z."
            ),
            Mistake(lambda z, h, g: z * h + z * g, "Both have the same share: together they should make a whole."),
        ],
        hints=[
            "A weighted mean of h and g: the two shares make 1.",
            "z = 1 must give h.",
            "`z * h + (1 - z) * g`.",
        ],
        why="One gate both keeps and writes; the LSTM has two, and pays for it with a third more weights.",
    ),
    Exercise(
        id="17.3",
        title="How long does a gate hold?",
        task=(
            "Write `forget_bias(steps)`: a forget gate that sees only its bias b lets σ(b) of the cell through at each "
            "step. With which b is half of the cell left after `steps` steps?"
        ),
        solution=forget_bias,
        cases=[case(1), case(10), case(200, note="the long memory of this chapter")],
        mistakes=[
            Mistake(lambda steps: 0.5 ** (1 / steps), "This is the gate's value; the bias is what σ makes it from."),
            Mistake(
                lambda steps: np.log((1 - 0.5 / steps) / (0.5 / steps)),
                "You let the same amount go at each step: but the cell is multiplied by the gate, σ(b), at each.",
            ),
            Mistake(
                lambda steps: -np.log(0.5 ** (1 / steps) / (1 - 0.5 ** (1 / steps))) if steps > 1 else 1.0,
                "The sign: a gate that holds long needs a large bias.",
            ),
        ],
        hints=[
            "σ(b) to the power of `steps` shall be 1/2.",
            "So σ(b) = 0.5 ** (1 / steps); now undo σ.",
            "σ's inverse is log(p / (1 - p)).",
        ],
        why="For long times b is about log(1.44 steps): a logarithm, so 5 is enough for a hundred steps.",
    ),
    Exercise(
        id="17.4",
        title="How much less space?",
        task=(
            "Write `count_weights(n_in, units)`: two numbers, the weights and biases of an LSTM layer, and those of a "
            "GRU layer as Keras makes it, with two rows of biases (`reset_after`)."
        ),
        solution=count_weights,
        cases=[case(24, 64), case(1, 1, note="the smallest"), case(300, 128)],
        mistakes=[
            Mistake(
                lambda n, u: (4 * (n * u + u * u + u), 3 * (n * u + u * u + u)),
                "Keras's GRU has two rows of biases, one beside W and one beside U.",
            ),
            Mistake(
                lambda n, u: (4 * (n * u + u * u), 3 * (n * u + u * u)),
                "The biases are missing: one for each gate and unit, and in the GRU two.",
            ),
            Mistake(
                lambda n, u: (3 * (n * u + u * u + u), 2 * (n * u + u * u + 2 * u)),
                "Beside the gates there is the content: an LSTM has four such blocks, a GRU three.",
            ),
            Mistake(
                lambda n, u: (4 * (n * u + u), 3 * (n * u + 2 * u)),
                "The state has weights, too: U is (units, units) for each block.",
            ),
        ],
        hints=[
            "One block, a gate or the content, has n_in · units + units² weights.",
            "LSTM: four blocks, a bias each. GRU: three blocks, two biases each.",
            "`4 * (block + units), 3 * (block + 2 * units)`.",
        ],
        why="Three quarters, whatever the size: less, but not another order of magnitude.",
    ),
    Exercise(
        id="17.5",
        title="From Keras to PyTorch",
        task=(
            "Write `gru_to_pytorch(W)`: Keras keeps a GRU's input weights as (n_in, 3 units) in the order z, r, g; "
            "PyTorch as (3 units, n_in) in the order r, z, n, where n is g."
        ),
        solution=gru_to_pytorch,
        cases=[case(np.arange(12.0).reshape(2, 6)), *drawn(lambda rng: (rng.normal(size=(4, 9)),))],
        mistakes=[
            Mistake(_order(0, 1, 2), "Transposed, but still in Keras's order: PyTorch has the reset gate first."),
            Mistake(lambda W: _order(1, 0, 2)(W).T, "The order is right; PyTorch's weights are transposed, too."),
            Mistake(_order(2, 1, 0), "All three turned round: only z and r change places."),
            Mistake(
                lambda W: W.reshape(3, -1, W.shape[0])[[1, 0, 2]].reshape(-1, W.shape[0]),
                "Reshaping does not transpose: split the columns, put them in order, then take `.T`.",
            ),
        ],
        hints=[
            "Split the columns in three, put them together in another order, transpose.",
            "`z, r, g = np.split(W, 3, axis=1)`.",
            "`np.concatenate([r, z, g], axis=1).T`.",
        ],
        why="The same equations in another order: nothing warns you, the answers are simply wrong.",
    ),
    Exercise(
        id="17.6",
        title="How far up it can count",
        task=(
            "An LSTM begins with c = 0 and h = 0 and takes 50 steps, whatever its weights and inputs. Below which "
            "bound does the absolute value of every number in c stay, and below which that of every number in h? Give "
            "the two smallest bounds, c's first, as whole numbers."
        ),
        kind="predict",
        solution=(50, 1),
        mistakes=[
            Mistake((1, 1), "Only what enters the cell at a step, i · g, is below 1: the cell is the sum of it."),
            Mistake((50, 50), "The state is o · tanh(c): however large the cell is, it stays below 1."),
            Mistake((1, 50), "The other way round: the cell's bound comes first."),
            Mistake((49, 1), "Count again: each of the 50 steps, the first too, can add nearly 1."),
            Mistake((51, 1), "At the beginning the cell is 0, and each of the 50 steps adds less than 1."),
        ],
        otherwise="From c = f · c + i · g: by how much can the cell grow in one step? Then look at h = o · tanh(c).",
        hints=[
            "f and i lie between 0 and 1, g between -1 and 1.",
            "With f, i and g all near 1 a step adds nearly 1 to the cell, and nothing is lost.",
            "h = o · tanh(c), and neither o nor tanh reaches 1.",
        ],
        why=(
            "A cell can count steps or brackets. A GRU's state is a mean of the old and the new one and stays below 1, "
            "so it cannot (Weiss, Goldberg and Yahav, 2018)."
        ),
    ),
]
