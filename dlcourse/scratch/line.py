"""The straight line through the data: least squares."""

from typing import NamedTuple

import numpy as np

from dlcourse.scratch.inputs import as_features, as_targets


class Line(NamedTuple):
    """The weights w (n,) and the intercept b of ŷ = X w + b."""

    w: np.ndarray
    b: float


def least_squares(X, y) -> Line:
    """The w and b with the smallest Σ_i (x^(i) · w + b − y^(i))².

    Shapes: X (m, n), or (m,) for one feature; y (m,) -> w (n,), b a number, so `w, b = least_squares(X, y)`.

    With A = [X 1] and θ = (w, b), the gradient 2 Aᵀ(A θ − y) is zero where the normal equations hold: AᵀA θ = Aᵀy.
    They are the theory; `lstsq` solves the same problem through the singular values of A, because forming AᵀA would
    square its condition number and lose half the digits. When columns depend on one another it gives the shortest θ.
    Raises ValueError for shapes that do not fit.

    Example:
        >>> w, b = least_squares([0, 1, 2], [1, 3, 5])
        >>> print(w.round(6), round(b, 6))
        [2.] 1.0
    """
    X = as_features(X)
    y = as_targets(y, len(X))
    A = np.column_stack([X, np.ones(len(X))]).astype(np.float64)  # (m, n + 1)
    theta = np.linalg.lstsq(A, y, rcond=None)[0]  # (n + 1,)
    return Line(theta[:-1], float(theta[-1]))
