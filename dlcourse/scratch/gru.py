"""The gated recurrent unit by hand, forward and backward through time.

    z = σ(x W_z + h U_z + b_z)                        update gate: how much of the old state is kept
    r = σ(x W_r + h U_r + b_r)                        reset gate: how much of it the new content sees
    g = tanh(x W_g + b_g + r (h U_g + b′_g))          the new content (`reset_after`)
    g = tanh(x W_g + b_g + (r h) U_g)                 the same in the paper of 2014 (`reset_after=False`)
    h⟨t⟩ = z h + (1 − z) g

with x = x⟨t⟩ and h = h⟨t−1⟩. Weights lie as in Keras, in the order z, r, g (Keras says h for g): W (n_in, 3 units),
U (units, 3 units), and b (2, 3 units): row 0 beside W, row 1 beside U; with `reset_after=False` b (3 units,).
PyTorch has the order r, z, n, W and U transposed, the two biases in two vectors, and only the first form; z means the
same. In Chung et al. (2014) it means the opposite: h⟨t⟩ = (1 − z) h + z g.
"""

from typing import NamedTuple

import numpy as np

from dlcourse.scratch.activations import sigmoid, tanh
from dlcourse.scratch.sequences import as_gradient, as_mask, as_sequences, as_weights, states_from


class GRUTrace(NamedTuple):
    """What the way forward computed: gates z, r and content g (batch, time, units), H (batch, time + 1, units)."""

    X: np.ndarray
    W: np.ndarray
    U: np.ndarray
    z: np.ndarray
    r: np.ndarray
    g: np.ndarray
    seen: np.ndarray  # h U_g + b′_g, which the reset gate multiplies; with reset_after=False the product r h
    H: np.ndarray
    mask: np.ndarray
    reset_after: bool


class GRUGradients(NamedTuple):
    """Gradients of the loss, each in the shape of what it belongs to; dh[:, t] is that of h⟨t⟩ by all its ways."""

    dX: np.ndarray
    dW: np.ndarray
    dU: np.ndarray
    db: np.ndarray
    dh: np.ndarray  # (batch, time + 1, units); number 0 belongs to h0


def gru_forward(X, W, U, b=None, *, h0=None, mask=None, reset_after=True) -> tuple[np.ndarray, GRUTrace]:
    """All states of a GRU, equal to Keras's GRU.

    Args:
        X: (batch, time, n_in).
        W, U, b: (n_in, 3 units), (units, 3 units), (2, 3 units) or None; gates in the order z, r, g.
        h0: the state before the first step, (batch, units); None for zeros.
        mask: (batch, time), False for steps to skip: the state stays as it was. None for none.
        reset_after: whether the reset gate acts after the product with U_g; if not, b is (3 units,).

    Returns:
        H (batch, time, units), and the trace, with both gates, that `gru_backward` needs.

    Raises:
        ValueError: shapes that do not fit, or numbers that are not real.
    """
    W, U, b = as_weights(W, U, b, gates=3, bias_rows=2 if reset_after else 1)
    X, n = as_sequences(X, W), len(U)
    mask, H = as_mask(mask, X), states_from("h0", h0, X, n)
    beside_W, beside_U = b if reset_after else (b, np.zeros_like(b))
    z, r, g, seen = (np.empty_like(H[:, 1:]) for _ in range(4))
    for t in range(X.shape[1]):
        h, x = H[:, t], X[:, t] @ W + beside_W
        gates = x[:, : 2 * n] + h @ U[:, : 2 * n] + beside_U[: 2 * n]
        z[:, t], r[:, t] = sigmoid(gates[:, :n]), sigmoid(gates[:, n:])
        if reset_after:
            seen[:, t] = h @ U[:, 2 * n :] + beside_U[2 * n :]
            g[:, t] = tanh(x[:, 2 * n :] + r[:, t] * seen[:, t])
        else:
            seen[:, t] = r[:, t] * h
            g[:, t] = tanh(x[:, 2 * n :] + seen[:, t] @ U[:, 2 * n :])
        H[:, t + 1] = np.where(mask[:, t], z[:, t] * h + (1 - z[:, t]) * g[:, t], h)
    return H[:, 1:], GRUTrace(X, W, U, z, r, g, seen, H, mask, reset_after)


def gru_backward(dH, trace: GRUTrace) -> GRUGradients:
    """Backpropagation through time, given a loss's direct gradient dH (batch, time, units) at H.

    Raises ValueError for another shape.
    """
    X, W, U, z, r, g, seen, H, mask, reset_after = trace
    dH, n = as_gradient("dH", dH, z.shape), len(U)
    dX, dW, dU, dh = map(np.zeros_like, (X, W, U, H))
    db = np.zeros((2, 3 * n), W.dtype)
    for t in reversed(range(X.shape[1])):
        dh[:, t + 1] += dH[:, t]
        d = np.where(mask[:, t], dh[:, t + 1], 0)
        dz = d * (H[:, t] - g[:, t]) * z[:, t] * (1 - z[:, t])
        dg = d * (1 - z[:, t]) * (1 - g[:, t] ** 2)
        if reset_after:
            into_r, at_U, onward = dg * seen[:, t], dg * r[:, t], 0
        else:
            through = dg @ U[:, 2 * n :].T  # gradient of the product r h
            into_r, at_U, onward = through * H[:, t], np.zeros_like(dg), through * r[:, t]
            dU[:, 2 * n :] += seen[:, t].T @ dg
        dr = into_r * r[:, t] * (1 - r[:, t])
        beside_W, beside_U = np.hstack([dz, dr, dg]), np.hstack([dz, dr, at_U])
        dW += X[:, t].T @ beside_W
        dU += H[:, t].T @ beside_U
        db += beside_W.sum(axis=0), beside_U.sum(axis=0)
        dX[:, t] = beside_W @ W.T
        dh[:, t] = np.where(mask[:, t], d * z[:, t] + beside_U @ U.T + onward, dh[:, t + 1])
    return GRUGradients(dX, dW, dU, db if reset_after else db[0], dh)
