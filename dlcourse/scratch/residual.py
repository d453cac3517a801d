"""The residual block by hand: two convolutions, the input added to what they make of it, and the way back.

    Z1 = W1 ⋆ X + b1      A1 = relu(Z1)      F = W2 ⋆ A1 + b2      Y = relu(F + shortcut(X))

Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2015). Normalisation is left out.
"""

from dataclasses import dataclass

import numpy as np

from dlcourse.scratch.convolution import conv_backward, conv_forward


@dataclass(frozen=True)
class ResidualPass:
    """What a forward pass keeps for the way back: the output `Y`, and what was computed on the way to it.

    `X` (batch, height, width, channels), `Z1` and `Y` (batch, places, places, filters); `Z` is the sum before the ReLU.
    """

    X: np.ndarray
    Z1: np.ndarray
    Z: np.ndarray
    weights: dict
    stride: int
    shortcut: bool

    @property
    def Y(self) -> np.ndarray:  # noqa: N802
        """The block's output."""
        return np.maximum(self.Z, 0)


def residual_forward(X, weights: dict, *, stride: int = 1, shortcut: bool = True) -> ResidualPass:
    """Y = relu(F(X) + shortcut(X)), with "same" padding.

    Args:
        X: (batch, height, width, channels).
        weights: "W1" (3, 3, channels, filters), "b1" (filters,), "W2" (3, 3, filters, filters), "b2" (filters,). With
            "Wp" (1, 1, channels, filters) and "bp" (filters,) the shortcut is that projection, else X itself.
        stride: of the first convolution, and of the projection.
        shortcut: False leaves it out: Y = relu(F(X)), the plain block.

    Raises:
        ValueError: X itself does not have the shape of F(X), and there is no projection; or what `conv_forward` raises.
    """
    Z1 = conv_forward(X, weights["W1"], weights["b1"], stride=stride, padding="same")
    Z = conv_forward(np.maximum(Z1, 0), weights["W2"], weights["b2"], padding="same")
    if shortcut:
        Z = Z + _straight(np.asarray(X), Z, weights, stride)
    return ResidualPass(np.asarray(X), Z1, Z, weights, stride, shortcut)


def residual_backward(dY, kept: ResidualPass) -> tuple[np.ndarray, dict]:
    """The gradients (dX, {name: gradient of that weight}) of a cost, from its gradient dY in the block's output.

    The sum hands its gradient to both of its terms, so dX is what comes back through the two convolutions *plus* what
    comes back through the shortcut.

    Raises:
        ValueError: dY does not have the shape of Y.
    """
    if np.shape(dY) != kept.Z.shape:
        raise ValueError(f"dY must have Y's shape {kept.Z.shape}; it has {np.shape(dY)}.")
    W = kept.weights
    dZ = dY * (kept.Z > 0)
    dA1, dW2, db2 = conv_backward(dZ, np.maximum(kept.Z1, 0), W["W2"], padding="same")
    dX, dW1, db1 = conv_backward(dA1 * (kept.Z1 > 0), kept.X, W["W1"], stride=kept.stride, padding="same")
    gradients = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    if kept.shortcut and "Wp" in W:
        through, dWp, dbp = conv_backward(dZ, kept.X, W["Wp"], stride=kept.stride, padding="same")
        return dX + through, gradients | {"Wp": dWp, "bp": dbp}
    return dX + dZ if kept.shortcut else dX, gradients


def _straight(X, Z, weights, stride):
    if "Wp" in weights:
        return conv_forward(X, weights["Wp"], weights["bp"], stride=stride, padding="same")
    if X.shape != Z.shape:
        raise ValueError(f"X {X.shape} cannot be added to F(X) {Z.shape}: weights need a projection, 'Wp' and 'bp'.")
    return X
