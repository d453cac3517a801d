"""The power law e = a n^b by hand: a straight line on paper with two logarithmic axes."""

from typing import NamedTuple

import numpy as np


class PowerLaw(NamedTuple):
    """e = scale · n^exponent; both numbers, or both arrays of the same shape for several laws at once."""

    scale: np.ndarray | float
    exponent: np.ndarray | float

    def predict(self, n):
        """The error that the law gives for n: a number or an array, which broadcasts against several laws."""
        return self.scale * np.asarray(n, dtype=np.float64) ** self.exponent


def power_law(sizes, errors) -> PowerLaw:
    """The a and b of e = a n^b whose logarithms have the smallest Σ_k (log a + b log n_k − log e_k)².

    Shapes: sizes (k,), errors (k,) -> two numbers; errors (…, k), many curves over the same sizes -> two arrays (…).

    With x = log n and y = log e it is least squares for a straight line:
    b = Σ (x − x̄)(y − ȳ) / Σ (x − x̄)², log a = ȳ − b x̄.
    Raises ValueError for fewer than two different sizes, a size or error that is not above 0, or shapes that differ.
    """
    n, e = _positive("sizes", sizes), _positive("errors", errors)
    if n.ndim != 1 or len(np.unique(n)) < 2:
        raise ValueError(f"sizes must hold at least two different sizes along one axis, not {sizes!r}.")
    if e.ndim == 0 or e.shape[-1] != len(n):
        raise ValueError(f"errors must hold one error for each of the {len(n)} sizes on its last axis, not {e.shape}.")
    x, y = np.log(n), np.log(e)
    from_mean = x - x.mean()  # (k,)
    exponent = y @ from_mean / (from_mean @ from_mean)  # Σ (x − x̄) ȳ = 0, so ȳ need not be taken off
    return PowerLaw(np.exp(y.mean(axis=-1) - exponent * x.mean()), exponent)


def _positive(name, values):
    values = np.asarray(values, dtype=np.float64)
    wrong = values[~(np.isfinite(values) & (values > 0))]
    if wrong.size:
        raise ValueError(f"{name} must be finite and above 0, for their logarithms are taken; one is {wrong[0]:g}.")
    return values
