"""What the hand-made models accept: X of shape (m, n), one row an example, and one target y for each row."""

import numpy as np


def as_features(X, n: int | None = None) -> np.ndarray:
    """X as a floating array of shape (m, n); one axis is read as m examples of one feature.

    Raises ValueError when X is not numbers, not finite, has no examples, more than two axes, or another n than wanted.
    """
    X = _numbers("X", X)
    if X.ndim == 1:
        X = X[:, None]
    if X.ndim != 2:
        raise ValueError(f"X must have shape (m, n), one row an example; it has shape {X.shape}.")
    if X.shape[0] == 0:
        raise ValueError(f"X must hold at least one example; it has shape {X.shape}.")
    if n is not None and X.shape[1] != n:
        raise ValueError(f"X must have n = {n} features, as the weights have; it has shape {X.shape}.")
    return X


def as_targets(y, m: int) -> np.ndarray:
    """y as a floating array of shape (m,); (m, 1) is taken too. Raises ValueError for any other shape."""
    y = _numbers("y", y)
    if y.shape not in ((m,), (m, 1)):
        raise ValueError(f"y must have shape ({m},), one target for each of the m = {m} rows of X; it has {y.shape}.")
    return y.reshape(m)


def as_binary_labels(y, m: int) -> np.ndarray:
    """y as an array of 0.0 and 1.0 of shape (m,). Raises ValueError when any other label is in it."""
    y = as_targets(y, m)
    others = y[(y != 0) & (y != 1)]
    if others.size:
        raise ValueError(f"y must hold only 0 and 1; it holds {others[0]:g} as well.")
    return y


def positive(name: str, value, *, whole: bool = False):
    """`value` if it is above 0 (and a whole number if asked), else a ValueError that names it."""
    if not np.isscalar(value) or not np.isfinite(value) or value <= 0 or (whole and value != int(value)):
        kind = "whole number" if whole else "number"
        raise ValueError(f"{name} must be a {kind} above 0, not {value!r}.")
    return value


def fraction(name: str, value):
    """`value` if it is at least 0 and below 1, else a ValueError that names it."""
    if not np.isscalar(value) or not 0 <= value < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, not {value!r}.")
    return value


def _numbers(name: str, values) -> np.ndarray:
    values = np.asarray(values)
    if values.dtype.kind not in "fiub":
        raise ValueError(f"{name} must hold real numbers, not {values.dtype}.")
    if values.dtype.kind != "f":
        values = values.astype(np.float64)
    wrong = values.size - np.isfinite(values).sum()
    if wrong:
        raise ValueError(f"{name} must be finite; {wrong} of its {values.size} numbers are NaN or infinite.")
    return values
