"""The simple recurrent network by hand, forward and backward through time.

    h⟨t⟩ = tanh(x⟨t⟩ W + h⟨t−1⟩ U + b)

The same W, U and b at every step. Backward, the chain rule runs through every step to the first: each step multiplies
the gradient by U and by the slope of tanh, and that is where it grows or shrinks exponentially.

Weights lie as in Keras: W (n_in, units), U (units, units), b (units,). PyTorch keeps W and U transposed and two biases,
of which only the sum matters.
"""

from typing import NamedTuple

import numpy as np

from dlcourse.scratch import activations
from dlcourse.scratch.sequences import as_gradient, as_mask, as_sequences, as_weights, states_from


class RNNTrace(NamedTuple):
    """What the way forward took and computed: sums Z (batch, time, units), H (batch, time + 1, units) from h0 on."""

    X: np.ndarray
    W: np.ndarray
    U: np.ndarray
    Z: np.ndarray
    H: np.ndarray
    mask: np.ndarray
    activation: activations.Activation


class RNNGradients(NamedTuple):
    """Gradients of the loss, each in the shape of what it belongs to; dh[:, t] is that of h⟨t⟩ by all its ways."""

    dX: np.ndarray
    dW: np.ndarray
    dU: np.ndarray
    db: np.ndarray
    dh: np.ndarray  # (batch, time + 1, units); dh[:, 0] is the gradient of h0


def rnn_forward(X, W, U, b=None, *, h0=None, mask=None, activation=activations.tanh) -> tuple[np.ndarray, RNNTrace]:
    """All states of a simple recurrent network, equal to Keras's SimpleRNN.

    Args:
        X: (batch, time, n_in).
        W, U, b: (n_in, units), (units, units), (units,) or None for no bias.
        h0: the state before the first step, (batch, units); None for zeros.
        mask: (batch, time), False for steps to skip: the state stays as it was. None for none.
        activation: one of `dlcourse.scratch.activations`; `linear` leaves only the products with U.

    Returns:
        H (batch, time, units), of which H[:, -1] is the last state, and the trace that `rnn_backward` needs. Keras puts
        zeros, not h0, in the place of skipped steps before the first that counts.

    Raises:
        ValueError: shapes that do not fit, or numbers that are not real.
    """
    W, U, b = as_weights(W, U, b, gates=1)
    X = as_sequences(X, W)
    mask, H = as_mask(mask, X), states_from("h0", h0, X, len(U))
    Z = np.empty_like(H[:, 1:])
    for t in range(X.shape[1]):
        Z[:, t] = X[:, t] @ W + H[:, t] @ U + b
        H[:, t + 1] = np.where(mask[:, t], activation(Z[:, t]), H[:, t])
    return H[:, 1:], RNNTrace(X, W, U, Z, H, mask, activation)


def rnn_backward(dH, trace: RNNTrace) -> RNNGradients:
    """Backpropagation through time: the gradients of a loss, given its direct gradient dH (batch, time, units) at H.

    A loss that looks at the last state alone has a dH of zeros but for dH[:, -1]. Raises ValueError for another shape.

    Source: Rumelhart, Hinton and Williams (1986); Werbos, "Backpropagation through time" (1990).
    """
    X, W, U, Z, H, mask, activation = trace
    dH = as_gradient("dH", dH, Z.shape)
    dX, dW, dU, db, dh = map(np.zeros_like, (X, W, U, W[0], H))
    for t in reversed(range(X.shape[1])):
        dh[:, t + 1] += dH[:, t]  # what the loss says at this step, beside what came back from the next
        dZ = np.where(mask[:, t], dh[:, t + 1] * activation.derivative(Z[:, t]), 0)
        dW += X[:, t].T @ dZ
        dU += H[:, t].T @ dZ
        db += dZ.sum(axis=0)
        dX[:, t] = dZ @ W.T
        dh[:, t] = np.where(mask[:, t], dZ @ U.T, dh[:, t + 1])
    return RNNGradients(dX, dW, dU, db, dh)
