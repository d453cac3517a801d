"""What a network is trained to make small: a cost of its outputs, and the slope of that cost in each output.

A loss has `targets(y, m, n_out)`, which checks y and gives it the outputs' shape, `cost(outputs, T)`,
`gradient(outputs, T)` and `prediction(outputs)`. Both costs are means over the m examples.
"""

import numpy as np

from dlcourse.scratch.activations import log_softmax, softmax


class SquaredError:
    """J = (1 / (m n_out)) Σ (Ŷ − Y)², the mean over examples and outputs, as Keras has it."""

    def targets(self, y, m, n_out):
        """y of shape (m,) for one output, or (m, n_out) -> (m, n_out). Raises ValueError for another shape."""
        y = np.asarray(y)
        if y.shape != (m, n_out) and not (n_out == 1 and y.shape == (m,)):
            raise ValueError(f"y must have shape ({m}, {n_out}), as X and the outputs have; it has {y.shape}.")
        return y.reshape(m, n_out)

    def cost(self, outputs, T):
        """The mean squared error, a number in the square of y's unit."""
        return np.mean((outputs - T) ** 2)

    def gradient(self, outputs, T):
        """∂J/∂Ŷ = 2 (Ŷ − Y) / (m n_out), of the outputs' shape."""
        return 2 * (outputs - T) / T.size

    def prediction(self, outputs):
        """The outputs, (m,) when there is one output, else (m, n_out)."""
        return outputs[:, 0] if outputs.shape[1] == 1 else outputs


class CrossEntropy:
    """J = −(1/m) Σ_i log ŷ^(i)_k where k is the class of example i and ŷ = softmax(z): the outputs are logits z."""

    def targets(self, y, m, n_out):
        """Classes 0 … n_out − 1 of shape (m,) -> one-hot (m, n_out). Raises ValueError for any other y."""
        y = np.asarray(y)
        if y.shape != (m,) or y.dtype.kind not in "iub":
            raise ValueError(f"y must be whole numbers of shape ({m},), a class for each row of X; it has {y.shape}.")
        y = y.astype(np.int64)
        if y.min() < 0 or y.max() >= n_out:
            raise ValueError(f"y must hold classes 0 to {n_out - 1}; it holds {y.min()} to {y.max()}.")
        return np.eye(n_out)[y]

    def cost(self, outputs, T):
        """The mean of −log of the probability given to the true class, in nats."""
        return -np.mean(np.sum(T * log_softmax(outputs), axis=1))

    def gradient(self, outputs, T):
        """∂J/∂z = (softmax(z) − T) / m: logistic regression's error, for many classes."""
        return (softmax(outputs) - T) / len(T)

    def prediction(self, outputs):
        """The likeliest class of each row, (m,) integers."""
        return outputs.argmax(axis=1)


ALL = {"squared_error": SquaredError, "cross_entropy": CrossEntropy}


def get(loss):
    """The loss of a name in `ALL`; an object with the four methods is given back as it is."""
    if not isinstance(loss, str):
        return loss
    if loss not in ALL:
        raise ValueError(f"loss {loss!r} is not one of {', '.join(ALL)}.")
    return ALL[loss]()
