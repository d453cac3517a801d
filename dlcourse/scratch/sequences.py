"""What the three recurrent networks by hand accept: sequences, their masks, weights of one shape, states."""

import numpy as np


def as_sequences(X, W) -> np.ndarray:
    """X as a floating array (batch, time, n_in) with W's n_in. Raises ValueError for anything else."""
    X = _floating("X", X)
    if X.ndim != 3 or 0 in X.shape[:2]:
        raise ValueError(f"X must have shape (batch, time, n_in), none of the first two 0; it has shape {X.shape}.")
    if X.shape[2] != np.shape(W)[0]:
        raise ValueError(f"X must have W's n_in = {np.shape(W)[0]} features; it has shape {X.shape}.")
    return X


def as_weights(W, U, b, gates: int, bias_rows: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W (n_in, gates · units), U (units, gates · units) and b as arrays; a b of None becomes zeros.

    b has shape (gates · units,), or (bias_rows, gates · units) with more than one row. Raises ValueError otherwise.
    """
    W, U = _floating("W", W), _floating("U", U)
    if U.ndim != 2 or U.shape[0] == 0 or U.shape[1] != gates * U.shape[0]:
        many = "units" if gates == 1 else f"{gates} · units"
        raise ValueError(f"U must have shape (units, {many}); it has shape {U.shape}.")
    if W.ndim != 2 or W.shape[1] != U.shape[1]:
        raise ValueError(f"W must have shape (n_in, {U.shape[1]}), as many columns as U; it has shape {W.shape}.")
    wanted = (U.shape[1],) if bias_rows == 1 else (bias_rows, U.shape[1])
    b = np.zeros(wanted, U.dtype) if b is None else _floating("b", b)
    if b.shape != wanted:
        raise ValueError(f"b must have shape {wanted}; it has shape {b.shape}.")
    return W, U, b


def as_mask(mask, X) -> np.ndarray:
    """`mask` as an array of bool (batch, time, 1), True for a step that counts; None means that all do."""
    if mask is None:
        return np.ones((*X.shape[:2], 1), bool)
    mask = np.asarray(mask)
    if mask.shape != X.shape[:2] or not np.isin(mask, (0, 1)).all():
        raise ValueError(f"mask must hold True and False, of shape {X.shape[:2]}; it is {mask.dtype} {mask.shape}.")
    return mask.astype(bool)[..., None]


def states_from(name: str, first, X, units: int) -> np.ndarray:
    """Room for all states (batch, time + 1, units), with `first` (batch, units), or zeros for None, as number 0."""
    states = np.zeros((len(X), X.shape[1] + 1, units), X.dtype)
    if first is not None:
        first = _floating(name, first)
        if first.shape != states[:, 0].shape:
            raise ValueError(f"{name} must have shape {states[:, 0].shape}, (batch, units); it has {first.shape}.")
        states[:, 0] = first
    return states


def as_gradient(name: str, gradient, shape) -> np.ndarray:
    """`gradient` as a floating array of exactly this shape; None becomes zeros. Raises ValueError otherwise."""
    gradient = np.zeros(shape) if gradient is None else _floating(name, gradient)
    if gradient.shape != shape:
        raise ValueError(f"{name} must have shape {shape}; it has shape {gradient.shape}.")
    return gradient


def _floating(name, values):
    values = np.asarray(values)
    if values.dtype.kind not in "fiub":
        raise ValueError(f"{name} must hold real numbers, not {values.dtype}.")
    return values if values.dtype.kind == "f" else values.astype(np.float64)
