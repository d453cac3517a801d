"""Where a kernel stands as it slides: padding, stride, and every window of an array at once, without copying it.

Arrays are X (batch, *spatial, channels) with one to three spatial axes, as Keras has them.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Places(NamedTuple):
    """The places of a kernel, one entry a spatial axis: kernel's length, stride, zeros (before, after), windows."""

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    pads: tuple[tuple[int, int], ...]
    out: tuple[int, ...]


def same_padding(n: int, k: int, stride: int = 1) -> tuple[int, int]:
    """Zeros (before, after) with which a kernel of length k gives ceil(n / stride) outputs: TensorFlow's rule.

    The total is max((ceil(n / stride) - 1) stride + k - n, 0), and the smaller half stands first. For an even k the
    window of output i therefore begins at i - (k / 2 - 1). SciPy differs there: its mode "same" is the middle of the
    full result, which for `correlate`, `ndimage.correlate` too, begins at i - k / 2; use padding=(k // 2, (k - 1) // 2)
    for that.

    Example:
        >>> same_padding(6, 2)  # an even kernel: the smaller half stands first
        (0, 1)
    """
    total = max((-(-n // stride) - 1) * stride + k - n, 0)
    return total // 2, total - total // 2


def output_length(n: int, k: int, stride: int = 1, padding="valid") -> int:
    """How many outputs a kernel of length k has on n values: floor((n + padding - k) / stride) + 1.

    padding: "valid" (none), "same" (`same_padding`), "full" (k - 1 on both sides), or zeros (before, after).
    Raises ValueError when the kernel does not fit.

    Example:
        >>> output_length(28, 5)
        24
        >>> output_length(28, 3, stride=2, padding="same")
        14
    """
    return places((n,), (k,), stride, padding).out[0]


def places(sizes, kernel, stride, padding) -> Places:
    """The places of a kernel on an input, both given as lengths of the spatial axes.

    stride: a whole number or one an axis. padding: "valid", "same", "full", (before, after) for each axis alike, or one
    such pair an axis.
    Raises ValueError for a kernel that fits nowhere, an empty axis, a wrong stride or padding.
    """
    d = len(sizes)
    if min(*sizes, *kernel) < 1:
        raise ValueError(f"input and kernel must have a length above 0 on every axis, not {sizes} and {kernel}.")
    stride = _strides(stride, d)
    pads = tuple(_pads(padding, *axis, d, i) for i, axis in enumerate(zip(sizes, kernel, stride, strict=True)))
    room = [n + sum(pad) - k for n, k, pad in zip(sizes, kernel, pads, strict=True)]
    if min(room) < 0:
        raise ValueError(
            f"kernel {tuple(kernel)} must not be longer than the padded input; with padding={padding!r} that is "
            f"{tuple(n + sum(pad) for n, pad in zip(sizes, pads, strict=True))}. padding='same' always fits."
        )
    return Places(tuple(kernel), stride, pads, tuple(r // s + 1 for r, s in zip(room, stride, strict=True)))


def windows(X, at: Places, fill=0.0) -> np.ndarray:
    """What lies under the kernel at each place: a view (batch, *out, *kernel, channels) of the padded X.

    fill: what stands outside X.
    """
    d = len(at.kernel)
    padded = np.pad(X, ((0, 0), *at.pads, (0, 0)), constant_values=fill) if np.any(at.pads) else X
    view = sliding_window_view(padded, at.kernel, tuple(range(1, d + 1)))  # (batch, *all places, channels, *kernel)
    view = view[(slice(None), *(slice(None, None, s) for s in at.stride))]
    return np.moveaxis(view, d + 1, -1)


def gather(part: Callable, X, at: Places) -> np.ndarray:
    """The way back from windows to X: at each input, the sum of what the windows that held it say.

    part: offset within the kernel (a tuple) -> (batch, *out, channels), what every window says of its input there.
    """
    sizes = [n + sum(pad) for n, pad in zip(X.shape[1:-1], at.pads, strict=True)]
    total = np.zeros((len(X), *sizes, X.shape[-1]), X.dtype)
    for offset in np.ndindex(at.kernel):
        reached = (slice(o, o + s * n, s) for o, s, n in zip(offset, at.stride, at.out, strict=True))
        total[(slice(None), *reached)] += part(offset)
    inside = (slice(before, before + n) for (before, _), n in zip(at.pads, X.shape[1:-1], strict=True))
    return total[(slice(None), *inside)]


def real(name: str, values, axes) -> np.ndarray:
    """`values` as a floating array (float32 stays, whole numbers become float64) that has one of these numbers of axes.

    Raises ValueError for other numbers than real ones or another number of axes.
    """
    values = np.asarray(values)
    if values.dtype.kind not in "fiub":
        raise ValueError(f"{name} must hold real numbers, not {values.dtype}.")
    if values.ndim not in axes:
        wanted = ", ".join(map(str, axes))
        raise ValueError(f"{name} must have {wanted} axes (one to three of them spatial); it has shape {values.shape}.")
    return values if values.dtype.kind == "f" else values.astype(np.float64)


def _strides(stride, d):
    given = stride if np.ndim(stride) else (stride,) * d
    if len(given) != d or any(not isinstance(s, int | np.integer) or s < 1 for s in given):
        raise ValueError(f"stride must be a whole number above 0, or {d} of them, one an axis; it is {stride!r}.")
    return tuple(int(s) for s in given)


def _pads(padding, n, k, stride, d, axis):
    """Zeros (before, after) on one axis."""
    if isinstance(padding, str) and padding in ("valid", "same", "full"):
        return {"valid": (0, 0), "same": same_padding(n, k, stride), "full": (k - 1, k - 1)}[padding]
    try:
        pads = np.broadcast_to(np.asarray(padding), (d, 2))[axis]
    except ValueError:
        pads = None
    if isinstance(padding, str) or pads is None or pads.dtype.kind not in "iu" or pads.min() < 0:
        raise ValueError(
            f"padding must be 'valid', 'same', 'full', (before, after), or one such pair for each of the {d} axes; "
            f"it is {padding!r}."
        )
    return int(pads[0]), int(pads[1])
