"""Convolution and cross-correlation in one, two and three dimensions, and the layer that is built on them.

Both slide a kernel k over x, multiply and sum. Cross-correlation, which deep learning calls convolution, takes the
kernel as it is, convolution turns it round on every axis first:

    correlate: y[i] = Σ_j k[j] x[i + j]        convolve: y[i] = Σ_j k[K - 1 - j] x[i + j]
"""

import numpy as np

from dlcourse.scratch.windows import gather, places, real, windows


def correlate(x, kernel, *, stride=1, padding="valid") -> np.ndarray:
    """Cross-correlation: the kernel slides over x, and each output is the sum of products under it.

    Args:
        x: (n,), (height, width) or (depth, height, width); with channels, one more axis at the end.
        kernel: as many axes as x, and no channels; or one axis more, (*lengths, channels, filters), and x has channels:
            each filter sums over all channels, as a layer does.
        stride: how far the kernel moves, a whole number or one an axis.
        padding: zeros round x. "valid": none; "same": as `same_padding`, so that stride 1 keeps the shape; "full": for
            every place where the two touch; (before, after), or such a pair for each axis.

    Returns:
        y (*places) or (*places, filters), of the inputs' floating type; whole numbers become float64.

    Raises:
        ValueError: axes or channels that do not match, a kernel that fits nowhere, a wrong stride or padding.

    Example:
        >>> correlate([1, 2, 4, 8, 16], [1, 0, -1])
        array([ -3.,  -6., -12.])
        >>> correlate([1, 2, 4, 8, 16], [1, 0, -1], stride=2)
        array([ -3., -12.])
    """
    x, kernel = real("x", x, (1, 2, 3, 4)), real("kernel", kernel, (1, 2, 3, 4, 5))
    if kernel.ndim == x.ndim + 1 and x.ndim > 1:
        return conv_forward(x[None], kernel, stride=stride, padding=padding)[0]
    if kernel.ndim != x.ndim or x.ndim > 3:
        raise ValueError(
            f"kernel must have the axes of x (no channels, at most 3), or one more, (*lengths, channels, filters); "
            f"x has shape {x.shape} and kernel {kernel.shape}."
        )
    d = x.ndim
    view = windows(x[None, ..., None], places(x.shape, kernel.shape, stride, padding))[0, ..., 0]
    here, under = list(range(d)), list(range(d, 2 * d))
    return np.einsum(view, here + under, kernel, under, here)  # Σ over what is under the kernel


def convolve(x, kernel, *, stride=1, padding="valid") -> np.ndarray:
    """Convolution: cross-correlation with the kernel turned round on every spatial axis. Arguments as `correlate`.

    padding="same" places the turned kernel as `correlate` would (TensorFlow's rule). SciPy's `convolve(mode="same")`
    is the same for odd lengths; for even ones it is padding=(k // 2, (k - 1) // 2).

    Example:
        >>> convolve([1, 2, 4, 8, 16], [1, 0, -1])  # the kernel turned round: -1, 0, 1
        array([ 3.,  6., 12.])
    """
    x, kernel = np.asarray(x), np.asarray(kernel)
    spatial = x.ndim if kernel.ndim == x.ndim else x.ndim - 1
    return correlate(x, np.flip(kernel, tuple(range(spatial))), stride=stride, padding=padding)


def conv_forward(X, W, b=None, *, stride=1, padding="valid") -> np.ndarray:
    """A convolutional layer's weighted sums, Z = W ⋆ X + b: what Keras's Conv1D, Conv2D and Conv3D compute.

    All windows are laid out as the rows of one matrix, so that the sliding becomes a single matrix product
    (Chellapilla, Puri and Simard, 2006; known as im2col).

    Args:
        X: (batch, *spatial, channels), with one to three spatial axes.
        W: (*kernel, channels, filters).
        b: (filters,), or None for none.
        stride, padding: as for `correlate`.

    Returns:
        Z (batch, *places, filters).

    Raises:
        ValueError: axes, channels or filters that do not match, a kernel that fits nowhere, a wrong stride or padding.
    """
    X, W, at = _checked(X, W, stride, padding)
    rows = windows(X, at).reshape(-1, W[..., 0].size)  # (batch · places, kernel · channels): here the view is copied
    Z = (rows @ W.reshape(-1, W.shape[-1])).reshape(len(X), *at.out, W.shape[-1])
    return Z if b is None else Z + _bias(b, W.shape[-1])


def conv_backward(dZ, X, W, *, stride=1, padding="valid") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients (dX, dW, db) of a cost, from its gradient dZ in the layer's output.

    A weight met one input in each window: dW sums their products, itself a cross-correlation of X with dZ. An input was
    met by one weight in each window that held it: dX is the full convolution of dZ with W, at stride 1.

    Args:
        dZ: (batch, *places, filters), as `conv_forward` returned Z.
        X, W, stride, padding: as they were given to `conv_forward`.

    Returns:
        dX as X, dW as W, db (filters,).

    Raises:
        ValueError: as `conv_forward`, and for a dZ of another shape than Z.
    """
    X, W, at = _checked(X, W, stride, padding)
    dZ = np.asarray(dZ)
    if dZ.shape != (len(X), *at.out, W.shape[-1]):
        raise ValueError(f"dZ must have Z's shape {(len(X), *at.out, W.shape[-1])}; it has {dZ.shape}.")
    flat = dZ.reshape(-1, W.shape[-1])  # (batch · places, filters)
    dW = (windows(X, at).reshape(len(flat), -1).T @ flat).reshape(W.shape)
    dX = gather(lambda offset: dZ @ W[offset].T, X, at)
    return dX, dW, flat.sum(axis=0)


def _checked(X, W, stride, padding):
    X, W = real("X", X, (3, 4, 5)), real("W", W, (3, 4, 5))
    if W.ndim != X.ndim or W.shape[-2] != X.shape[-1]:
        raise ValueError(
            f"W must be (*kernel, channels, filters) for X (batch, *spatial, channels), with equal channels; "
            f"X has shape {X.shape} and W {W.shape}."
        )
    return X, W, places(X.shape[1:-1], W.shape[:-2], stride, padding)


def _bias(b, filters):
    b = np.asarray(b)
    if b.shape != (filters,):
        raise ValueError(f"b must have shape ({filters},), one for each filter of W; it has {b.shape}.")
    return b
