"""What all attention shares: weights from scores, with masks, and the checks of arguments."""

import keras
from keras import ops

FAR = -1e9  # a score that the softmax turns into exactly 0 beside any other


def attention_weights(scores, mask=None):
    """Softmax over the last axis, in float32 at least; what `mask` leaves out gets 0.

    Args:
        scores: (..., queries, keys).
        mask: booleans that broadcast to it, True where a query may look. A query that may look nowhere gets zeros
            (a bare softmax would give NaN, or equal weights).

    Returns:
        weights of the scores' dtype; each row sums to 1, or to 0 where nothing may be looked at.
    """
    precise = scores if scores.dtype == "float64" else ops.cast(scores, "float32")
    if mask is None:
        return ops.cast(ops.softmax(precise, axis=-1), scores.dtype)
    weights = ops.softmax(ops.where(mask, precise, FAR), axis=-1)
    return ops.cast(ops.where(mask, weights, 0.0), scores.dtype)


def over_keys(mask):
    """(batch, keys) to (batch, 1, keys): the same for every query. None stays None."""
    return None if mask is None else ops.cast(mask, "bool")[:, None, :]


def causal_mask(queries: int, keys: int, first=0):
    """(queries, keys): query i stands at place `first` + i and may look at places up to its own."""
    return ops.arange(queries)[:, None] + first >= ops.arange(keys)[None, :]


def both(one, other):
    """Two masks, either of which may be None: True where both are."""
    if one is None or other is None:
        return one if other is None else other
    return ops.logical_and(one, other)


class ShapesByCall:
    """For a layer whose number of outputs depends on the call: symbolic outputs come from tracing the call itself.

    Keras would else take `compute_output_shape`, which knows the first output only.
    """

    def compute_output_spec(self, *args, **kwargs):
        """What `call` gives for these inputs."""
        return keras.Operation.compute_output_spec(self, *args, **kwargs)


def check_positive(**numbers):
    """ValueError for an argument that is no whole number from 1."""
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} is a whole number from 1, not {value!r}.")


def check_rate(**rates):
    """ValueError for a rate of dropout outside 0 <= rate < 1."""
    for name, value in rates.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1:
            raise ValueError(f"{name} is a number from 0, below 1, not {value!r}.")
