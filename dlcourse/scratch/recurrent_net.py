"""A simple recurrent network with a readout, trained by hand: what is needed to watch backpropagation through time."""

import numpy as np

from dlcourse.scratch import activations
from dlcourse.scratch.activations import sigmoid
from dlcourse.scratch.rnn import rnn_backward, rnn_forward


def recurrent_matrix(units: int, radius: float, rng, *, orthogonal=False) -> np.ndarray:
    """Random weights (units, units) whose largest eigenvalue has the absolute value `radius`.

    Normally distributed, or `orthogonal`: then every eigenvalue and every singular value has that size.
    """
    U = rng.normal(size=(units, units))
    if orthogonal:
        return radius * np.linalg.qr(U)[0]
    return radius * U / spectral_radius(U)


def spectral_radius(U) -> float:
    """The largest absolute value among the eigenvalues of U (n, n).

    Example:
        >>> round(spectral_radius([[0.0, 0.5], [-0.5, 0.0]]), 6)  # a quarter turn that halves: eigenvalues ±0.5i
        0.5
    """
    return float(np.abs(np.linalg.eigvals(U)).max())


def clip_by_norm(gradients, limit: float | None) -> tuple[list[np.ndarray], float]:
    """All gradients made shorter by one factor if together they are longer than `limit`; and how long they were.

    The direction is kept. A limit of None leaves them as they are. Source: Pascanu, Mikolov and Bengio (2013).

    Example:
        >>> import numpy as np
        >>> clip_by_norm([np.array([3.0]), np.array([4.0])], 1.0)
        ([array([0.6]), array([0.8])], 5.0)
    """
    if limit is not None and not limit > 0:
        raise ValueError(f"limit must be above 0, or None, not {limit!r}.")
    norm = float(np.sqrt(sum(np.sum(np.square(g)) for g in gradients)))
    factor = 1.0 if limit is None or norm <= limit else limit / norm
    return [factor * g for g in gradients], norm


class RecurrentNet:
    """h⟨t⟩ = φ(x⟨t⟩ W + h⟨t−1⟩ U + b), and a linear readout V, c of one or more numbers from the states.

    Args:
        n_in, units, n_out: sizes.
        rng: draws the weights: W and V normally distributed, by the inputs' number; U by `recurrent_matrix`.
        radius, orthogonal: of U.
        activation: φ, one of `dlcourse.scratch.activations`.
        optimizer: one of `dlcourse.scratch.optimizers`, called on all weights.
        limit: gradients longer than this are clipped; None for never.
        loss: "logistic" for labels of 0 and 1, each number of the readout for itself, or "squares". The gradient is of
            the sum over these numbers, the loss that is told their mean; both are means over the batch.
        every_step: read out at every step; otherwise after the last.
    """

    def __init__(self, n_in, units, n_out, rng, *, optimizer, radius=1.0, orthogonal=True,
                 activation=activations.tanh, limit=1.0, loss="logistic", every_step=False):  # fmt: skip
        if loss not in ("logistic", "squares"):
            raise ValueError(f"loss is 'logistic' or 'squares', not {loss!r}.")
        self.W = rng.normal(size=(n_in, units)) / np.sqrt(n_in)
        self.U = recurrent_matrix(units, radius, rng, orthogonal=orthogonal)
        self.b = np.zeros(units)
        self.V, self.c = rng.normal(size=(units, n_out)) / np.sqrt(units), np.zeros(n_out)
        self.activation, self.optimizer, self.limit = activation, optimizer, limit
        self.loss, self.every_step = loss, every_step

    @property
    def weights(self):
        """W, U, b, V, c: the arrays themselves."""
        return [self.W, self.U, self.b, self.V, self.c]

    def outputs(self, X, mask=None, h0=None) -> np.ndarray:
        """The readout's numbers (batch, n_out), or with `every_step` (batch, time, n_out)."""
        H, _ = rnn_forward(X, self.W, self.U, self.b, h0=h0, mask=mask, activation=self.activation)
        return self._read(H) @ self.V + self.c

    def accuracy(self, X, y, mask=None) -> np.ndarray:
        """The share of labels y that the signs of the outputs tell, for each number of the readout: (n_out,)."""
        right = (self.outputs(X, mask) > 0) == _columns(y, self.every_step)
        return right.reshape(-1, right.shape[-1]).mean(axis=0)

    def train_step(self, X, y, mask=None, h0=None) -> tuple[float, float, np.ndarray]:
        """One step of the optimizer on a batch: the loss, the gradient's norm before clipping, the last states."""
        H, trace = rnn_forward(X, self.W, self.U, self.b, h0=h0, mask=mask, activation=self.activation)
        read, y = self._read(H), _columns(y, self.every_step)
        loss, error = self._loss(read @ self.V + self.c, y)
        dH = np.zeros_like(H)
        if self.every_step:
            dH[:] = error @ self.V.T
        else:
            dH[:, -1] = error @ self.V.T
        back = rnn_backward(dH, trace)
        flat = error.reshape(-1, error.shape[-1])
        dV = read.reshape(len(flat), -1).T @ flat
        gradients, norm = clip_by_norm([back.dW, back.dU, back.db, dV, flat.sum(axis=0)], self.limit)
        self.optimizer.step(self.weights, gradients)
        return loss, norm, H[:, -1]

    def _read(self, H):
        return H if self.every_step else H[:, -1]

    def _loss(self, z, y):
        """The mean loss of the outputs z, and its gradient at z."""
        count = z.size // z.shape[-1]
        if self.loss == "squares":
            return float(np.mean((z - y) ** 2)), 2 * (z - y) / count
        return float(np.mean(np.logaddexp(0, z) - y * z)), (sigmoid(z) - y) / count


def _columns(y, every_step):
    """y with an axis for the readout's numbers, if it has none."""
    y = np.asarray(y)
    return y[..., None] if y.ndim == (2 if every_step else 1) else y
