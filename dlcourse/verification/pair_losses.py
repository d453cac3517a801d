"""Losses of one pair and of one triplet of examples, on any backend of Keras, in float32 whatever the inputs are.

Each gives one loss an example, so that it can be looked at; as a loss of `model.compile`, Keras takes the mean.
"""

import math
import numbers

import keras
from keras import ops


def euclidean_distance(a, b):
    """The distance of a[i] from b[i]: `(batch, features)` twice -> `(batch,)`.

    Its gradient at distance 0, where there is none, is taken to be 0, and not the NaN of a bare square root.

    Raises:
        ValueError: the shapes differ.
    """
    a, b = as_floats(a), as_floats(b)
    _same_shape("a", a, "b", b)
    return safe_root(ops.sum(ops.square(a - b), axis=-1))


def contrastive_loss(same, distance, margin: float = 1.0):
    """½ d² for a pair of the same, ½ max(0, margin - d)² for a pair of different ones: `(batch,)`.

    Pulls what is the same together for ever; pushes what is different apart until the margin. (The paper writes Y = 0
    for similar pairs; here `same` is 1 for them.)

    Args:
        same: `(batch,)` or any shape; 1 or True where both are the same.
        distance: of that shape (a last axis of 1 is ignored), from 0.
        margin: beyond which a pair of different ones costs nothing.

    Raises:
        ValueError: margin is no number above 0, or the shapes differ.

    Source: Hadsell, Chopra and LeCun, "Dimensionality reduction by learning an invariant mapping" (2006), equation 4.
    """
    check_above_zero("margin", margin)
    distance = as_floats(distance)
    same = ops.cast(ops.convert_to_tensor(same), distance.dtype)
    same, distance = _without_last_one(same, distance)
    _same_shape("same", same, "distance", distance)
    pull, push = ops.square(distance), ops.square(ops.relu(margin - distance))
    return 0.5 * (same * pull + (1 - same) * push)


def triplet_loss(anchor, positive, negative, margin: float | None = 0.2, *, squared: bool = True, scale: float = 1.0):
    """max(0, d(anchor, positive) - d(anchor, negative) + margin) of each triplet: `(batch,)`.

    Args:
        anchor, positive, negative: `(batch, features)`; the first two are the same, the third is another.
        margin: by which the other must be further away; None for the soft margin, log(1 + e^(scale · x)) / scale in
            place of max(0, x + margin), which never stops to pull.
        squared: distances squared, as in FaceNet; False for plain ones.
        scale: of the soft margin: the larger, the sharper the bend at 0.

    Raises:
        ValueError: an argument that is not allowed, or shapes that differ.

    Source: Schroff, Kalenichenko and Philbin, "FaceNet" (2015), equation 3; Hermans, Beyer and Leibe, "In defense of
    the triplet loss" (2017), for the soft margin.
    """
    check_margin(margin, scale)
    anchor, positive, negative = (as_floats(each) for each in (anchor, positive, negative))
    _same_shape("anchor", anchor, "positive", positive)
    _same_shape("anchor", anchor, "negative", negative)
    near = ops.sum(ops.square(anchor - positive), axis=-1)
    far = ops.sum(ops.square(anchor - negative), axis=-1)
    if not squared:
        near, far = safe_root(near), safe_root(far)
    return bent(near - far, margin, scale)


# What mining shares.


def as_floats(x):
    """A tensor of float32, or of float64 if it was that: half precision loses the small differences that matter."""
    x = ops.convert_to_tensor(x)
    return x if keras.backend.standardize_dtype(x.dtype) == "float64" else ops.cast(x, "float32")


def safe_root(x):
    """√x, with the gradient 0 where x is 0."""
    zero = ops.equal(x, 0)
    # The outer choice alone would multiply the root's endless slope by 0, which is NaN.
    return ops.where(zero, ops.zeros_like(x), ops.sqrt(ops.where(zero, ops.ones_like(x), x)))


def bent(violation, margin, scale):
    """The hinge at the margin, or for None the soft one."""
    if margin is None:
        return ops.softplus(scale * violation) / scale
    return ops.relu(violation + margin)


def check_margin(margin, scale):
    """ValueError for a margin or a scale that is not allowed."""
    if margin is not None and not _finite(margin):
        raise ValueError(f"margin is a number from 0, or None for the soft margin, not {margin!r}.")
    if margin is not None and margin < 0:
        raise ValueError(f"margin is a number from 0, or None for the soft margin, not {margin!r}.")
    check_above_zero("scale", scale)


def check_above_zero(name, value):
    """ValueError for what is no number above 0."""
    if not _finite(value) or value <= 0:
        raise ValueError(f"{name} is a number above 0, not {value!r}.")


def _finite(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)


def _without_last_one(same, distance):
    """(batch, 1) beside (batch,) are meant alike: without this they would multiply to (batch, batch)."""
    if len(distance.shape) == len(same.shape) + 1 and distance.shape[-1] == 1:
        distance = ops.squeeze(distance, axis=-1)
    elif len(same.shape) == len(distance.shape) + 1 and same.shape[-1] == 1:
        same = ops.squeeze(same, axis=-1)
    return same, distance


def _same_shape(name, a, other, b):
    known = [one for one in zip(a.shape, b.shape, strict=False) if None not in one]
    if len(a.shape) != len(b.shape) or any(x != y for x, y in known):
        raise ValueError(f"{name} and {other} have the same shape, not {tuple(a.shape)} and {tuple(b.shape)}.")
