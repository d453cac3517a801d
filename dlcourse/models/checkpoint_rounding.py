"""How the weights of a checkpoint are rounded, and read back.

In 8 bits, a matrix is kept as whole numbers from -127 to 127 and a scale for every row or every column, whichever is
the nearer: w ≈ scale · q. It takes half the bytes of half precision, and moves a weight by 0.4 % of the largest in its
row at most; a chapter that ships such a checkpoint measures what that costs, since it measures the checkpoint.

Source: Krishnamoorthi, "Quantizing deep convolutional networks for efficient inference" (2018), arXiv:1806.08342, for
symmetric scales by channel.
"""

import numpy as np

PRECISIONS = ("float16", "float32", "int8")
SCALE = "#scale"  # behind a weight's path: its scales
SMALL = 1024  # numbers; what has fewer is not worth rounding to 8 bits
_MOVING = ("moving_mean", "moving_variance")  # of a normalisation: tiny in bytes, and some are tiny numbers too


def rounded(path: str, array: np.ndarray, precision: str) -> dict[str, np.ndarray]:
    """What is kept of one weight, by name: the array itself, rounded, and for 8 bits its scales beside it.

    What half precision cannot hold, and moving statistics, stay as they are. "int8" rounds float32 matrices (and
    tensors of more axes) of at least 1024 numbers; the rest is kept in half precision.
    """
    if precision == "int8" and array.dtype == np.float32 and array.ndim > 1 and array.size >= SMALL:
        whole, scale = _nearest(array)
        return {path: whole, path + SCALE: scale}
    fits = array.dtype == np.float32 and np.abs(array).max(initial=0) <= np.finfo(np.float16).max
    if precision == "float32" or not fits or path.endswith(_MOVING):
        return {path: array}
    return {path: array.astype(np.float16)}


def restored(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The weights by path, from what `rounded` kept of all of them."""
    return {
        path: array.astype(np.float32) * arrays[path + SCALE] if path + SCALE in arrays else array
        for path, array in arrays.items()
        if not path.endswith(SCALE)
    }


def _nearest(array):
    """8-bit numbers and float32 scales, by the first axis or by the last: by which less is lost."""
    tried = []
    for kept in (0, array.ndim - 1):
        others = tuple(axis for axis in range(array.ndim) if axis != kept)
        scale = np.abs(array).max(axis=others, keepdims=True) / 127
        scale = np.where(scale == 0, 1, scale).astype(np.float32)
        whole = np.rint(array / scale).astype(np.int8)
        tried.append((np.square(whole * scale - array).sum(), whole, scale))
    return min(tried, key=lambda each: each[0])[1:]
