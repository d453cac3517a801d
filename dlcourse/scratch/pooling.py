"""Pooling: each channel by itself, the largest or the mean value of every window, and the way back for gradients."""

import numpy as np

from dlcourse.scratch.windows import gather, places, real, windows


def max_pool(X, size=2, *, stride=None, padding="valid") -> np.ndarray:
    """The largest value of each window, channel by channel.

    Args:
        X: (batch, *spatial, channels), with one to three spatial axes.
        size: the window's length, a whole number or one an axis.
        stride: how far the window moves; None for its size, so that windows touch and do not overlap.
        padding: "valid" (what does not fill a window at the end is dropped) or "same" (ceil(n / stride) windows; what
            lies outside X does not count).

    Returns:
        (batch, *places, channels).

    Raises:
        ValueError: a wrong number of axes, size, stride or padding, or a window larger than X under "valid".

    Example:
        >>> import numpy as np
        >>> max_pool(np.array([1, 5, 2, 3, 9]).reshape(1, 5, 1)).ravel()  # what does not fill a window is dropped
        array([5., 3.])
    """
    X, at = _checked(X, size, stride, padding)
    return windows(X, at, fill=-np.inf).max(axis=_under(at))


def max_pool_backward(dZ, X, size=2, *, stride=None, padding="valid") -> np.ndarray:
    """dX from dZ: each window's gradient goes to its largest input, the first of them if several are equal.

    dZ: (batch, *places, channels). X, size, stride, padding: as they were given to `max_pool`.
    Raises ValueError as `max_pool`, and for a dZ of another shape than its result.
    """
    X, at = _checked(X, size, stride, padding)
    dZ = _same_shape(dZ, X, at)
    view = windows(X, at, fill=-np.inf)
    winner = view.reshape(*dZ.shape[:-1], -1, dZ.shape[-1]).argmax(axis=-2)  # (batch, *places, channels)
    return gather(lambda offset: dZ * (winner == np.ravel_multi_index(offset, at.kernel)), X, at)


def average_pool(X, size=2, *, stride=None, padding="valid") -> np.ndarray:
    """The mean of each window, channel by channel; what lies outside X does not count. Arguments as `max_pool`.

    Example:
        >>> import numpy as np
        >>> average_pool(np.array([1, 5, 2, 3, 9]).reshape(1, 5, 1), padding="same").ravel()
        array([3. , 2.5, 9. ])
    """
    X, at = _checked(X, size, stride, padding)
    return windows(X, at).sum(axis=_under(at)) / _counted(X, at)


def average_pool_backward(dZ, X, size=2, *, stride=None, padding="valid") -> np.ndarray:
    """dX from dZ: each window's gradient is shared out equally among its inputs. Arguments as `max_pool_backward`."""
    X, at = _checked(X, size, stride, padding)
    share = _same_shape(dZ, X, at) / _counted(X, at)
    return gather(lambda offset: share, X, at)


def _checked(X, size, stride, padding):
    X = real("X", X, (3, 4, 5))
    d = X.ndim - 2
    given = tuple(size) if np.ndim(size) else (size,) * d
    if len(given) != d or any(not isinstance(k, int | np.integer) or k < 1 for k in given):
        raise ValueError(f"size must be a whole number above 0, or {d} of them, one an axis; it is {size!r}.")
    if padding not in ("valid", "same"):
        raise ValueError(f"padding must be 'valid' or 'same' in pooling; it is {padding!r}.")
    return X, places(X.shape[1:-1], given, given if stride is None else stride, padding)


def _under(at):
    """The axes of the windows' insides."""
    d = len(at.kernel)
    return tuple(range(d + 1, 2 * d + 1))


def _counted(X, at):
    """How many inputs, not counting padding, each window has: (1, *places, 1)."""
    return windows(np.ones((1, *X.shape[1:-1], 1), X.dtype), at).sum(axis=_under(at))


def _same_shape(dZ, X, at):
    dZ = np.asarray(dZ)
    if dZ.shape != (len(X), *at.out, X.shape[-1]):
        raise ValueError(f"dZ must have the result's shape {(len(X), *at.out, X.shape[-1])}; it has {dZ.shape}.")
    return dZ
