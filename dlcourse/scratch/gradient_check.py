"""Is the gradient on paper the slope of the function? Ask the function."""

from typing import NamedTuple

import numpy as np


class GradientCheck(NamedTuple):
    """The worst relative error of a gradient, the index of the component that has it, and both gradients."""

    error: float
    where: tuple
    analytic: np.ndarray
    numeric: np.ndarray


def check_gradient(f, gradient, x, eps=1e-5, floor=0.01) -> GradientCheck:
    """Compare a gradient with central differences (f(x + eps) − f(x − eps)) / (2 eps), one component at a time.

    f: array of x's shape -> number. gradient: the same array -> array of x's shape. All in float64.
    The error of a component is |analytic − numeric| / max(|analytic|, |numeric|); components below `floor` times the
    largest one are measured against that, because for them the difference of two nearly equal f is mostly rounding.
    eps = 1e-5 is near the best choice for functions of size 1: rounding costs about 1e-16 / eps, curvature eps².
    Raises ValueError when the gradient has another shape than x or is not finite.
    """
    x = np.array(x, dtype=np.float64)
    if not eps > 0:
        raise ValueError(f"eps must be above 0, not {eps!r}.")
    analytic = np.asarray(gradient(x.copy()), dtype=np.float64)
    if analytic.shape != x.shape:
        raise ValueError(f"gradient must return an array of x's shape {x.shape}; it returned shape {analytic.shape}.")
    if not np.all(np.isfinite(analytic)):
        raise ValueError("gradient must return finite numbers; it returned NaN or infinity.")
    numeric = central_differences(f, x, eps)
    size = np.maximum(np.abs(analytic), np.abs(numeric))
    size = np.maximum(size, max(floor * size.max(initial=0), np.finfo(float).tiny))
    error = np.abs(analytic - numeric) / size
    where = np.unravel_index(np.argmax(error), x.shape)
    return GradientCheck(float(error[where]), tuple(int(i) for i in where), analytic, numeric)


def central_differences(f, x, eps=1e-5) -> np.ndarray:
    """(f(x + eps e_j) − f(x − eps e_j)) / (2 eps) for each component j: an array of x's shape, float64.

    The error falls as eps², against eps for the one-sided difference.

    Example:
        >>> central_differences(lambda x: x[0] ** 2 + 3 * x[1], [2.0, 5.0]).round(6)
        array([4., 3.])
    """
    x = np.array(x, dtype=np.float64)
    slope = np.empty_like(x)
    for j in np.ndindex(x.shape):
        there, back = x.copy(), x.copy()
        there[j] += eps
        back[j] -= eps
        slope[j] = (float(f(there)) - float(f(back))) / (2 * eps)
    return slope
