"""Long short-term memory by hand, forward and backward through time.

    i = σ(x W_i + h U_i + b_i)      input gate: what is written
    f = σ(x W_f + h U_f + b_f)      forget gate: what is kept
    g = tanh(x W_g + h U_g + b_g)   the new content
    o = σ(x W_o + h U_o + b_o)      output gate: what is read
    c⟨t⟩ = f c⟨t−1⟩ + i g           the cell
    h⟨t⟩ = o tanh(c⟨t⟩)             the state that is seen

with x = x⟨t⟩ and h = h⟨t−1⟩. Weights lie as in Keras, the four side by side in the order i, f, g, o: W (n_in, 4 units),
U (units, 4 units), b (4 units,). PyTorch has the same order, W and U transposed, and two biases, of which only the sum
matters. The cell of 1997 had no forget gate (f = 1); Gers, Schmidhuber and Cummins added it (1999, printed in 2000).
"""

from typing import NamedTuple

import numpy as np

from dlcourse.scratch.activations import sigmoid, tanh
from dlcourse.scratch.sequences import as_gradient, as_mask, as_sequences, as_weights, states_from


class LSTMTrace(NamedTuple):
    """What the way forward computed: gates and content (batch, time, units), H and C (batch, time + 1, units)."""

    X: np.ndarray
    W: np.ndarray
    U: np.ndarray
    i: np.ndarray
    f: np.ndarray
    g: np.ndarray
    o: np.ndarray
    C: np.ndarray
    H: np.ndarray
    mask: np.ndarray


class LSTMGradients(NamedTuple):
    """Gradients of the loss, each in the shape of what it belongs to; dh[:, t] is that of h⟨t⟩, dc[:, t] of c⟨t⟩."""

    dX: np.ndarray
    dW: np.ndarray
    dU: np.ndarray
    db: np.ndarray
    dh: np.ndarray  # (batch, time + 1, units); number 0 belongs to h0
    dc: np.ndarray  # the same of the cell; number 0 belongs to c0


def lstm_forward(X, W, U, b=None, *, h0=None, c0=None, mask=None) -> tuple[np.ndarray, LSTMTrace]:
    """All states of an LSTM, equal to Keras's LSTM.

    Args:
        X: (batch, time, n_in).
        W, U, b: (n_in, 4 units), (units, 4 units), (4 units,) or None; gates in the order i, f, g, o.
        h0, c0: state and cell before the first step, (batch, units); None for zeros.
        mask: (batch, time), False for steps to skip: state and cell stay as they were. None for none.

    Returns:
        H (batch, time, units), and the trace, with every gate and the cell C, that `lstm_backward` needs.

    Raises:
        ValueError: shapes that do not fit, or numbers that are not real.
    """
    W, U, b = as_weights(W, U, b, gates=4)
    X = as_sequences(X, W)
    mask, H, C = as_mask(mask, X), states_from("h0", h0, X, len(U)), states_from("c0", c0, X, len(U))
    i, f, g, o = (np.empty_like(H[:, 1:]) for _ in range(4))
    for t in range(X.shape[1]):
        zi, zf, zg, zo = np.split(X[:, t] @ W + H[:, t] @ U + b, 4, axis=1)
        i[:, t], f[:, t], g[:, t], o[:, t] = sigmoid(zi), sigmoid(zf), tanh(zg), sigmoid(zo)
        c = f[:, t] * C[:, t] + i[:, t] * g[:, t]
        C[:, t + 1] = np.where(mask[:, t], c, C[:, t])
        H[:, t + 1] = np.where(mask[:, t], o[:, t] * tanh(c), H[:, t])
    return H[:, 1:], LSTMTrace(X, W, U, i, f, g, o, C, H, mask)


def lstm_backward(dH, trace: LSTMTrace, *, dc_last=None) -> LSTMGradients:
    """Backpropagation through time, given a loss's direct gradient dH (batch, time, units) at H.

    `dc_last` (batch, units) is its gradient at the last cell, None for zero. Raises ValueError for other shapes.
    """
    X, W, U, i, f, g, o, C, H, mask = trace
    dH = as_gradient("dH", dH, i.shape)
    dX, dW, dU, db, dh, dc = map(np.zeros_like, (X, W, U, W[0], H, C))
    dc[:, -1] = as_gradient("dc_last", dc_last, C[:, 0].shape)
    for t in reversed(range(X.shape[1])):
        dh[:, t + 1] += dH[:, t]
        bent, last = tanh(C[:, t + 1]), C[:, t]
        dc[:, t + 1] += np.where(mask[:, t], dh[:, t + 1] * o[:, t] * (1 - bent**2), 0)
        di, df, dg = dc[:, t + 1] * g[:, t], dc[:, t + 1] * last, dc[:, t + 1] * i[:, t]
        do = dh[:, t + 1] * bent
        slopes = [i[:, t] * (1 - i[:, t]), f[:, t] * (1 - f[:, t]), 1 - g[:, t] ** 2, o[:, t] * (1 - o[:, t])]
        dZ = np.where(mask[:, t], np.hstack([di, df, dg, do]) * np.hstack(slopes), 0)
        dW += X[:, t].T @ dZ
        dU += H[:, t].T @ dZ
        db += dZ.sum(axis=0)
        dX[:, t] = dZ @ W.T
        dh[:, t] = np.where(mask[:, t], dZ @ U.T, dh[:, t + 1])
        dc[:, t] = np.where(mask[:, t], dc[:, t + 1] * f[:, t], dc[:, t + 1])  # no U here: f alone decides
    return LSTMGradients(dX, dW, dU, db, dh, dc)
