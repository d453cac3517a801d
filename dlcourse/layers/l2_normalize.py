"""Vectors brought to length 1, so that only their direction is compared."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("dlcourse")
class L2Normalize(layers.Layer):
    """y = x / max(‖x‖, epsilon) along an axis: between such vectors, squared distance is 2 - 2 cos of their angle.

    The length is computed in float32 under mixed precision; a vector of zeros stays one, with a finite gradient. A mask
    is passed on.

    Args:
        axis: along which vectors lie, or several.
        epsilon: the smallest length divided by.

    Input shape: any, with that axis.
    Output shape: the same.

    Example:
        >>> import numpy as np
        >>> print(np.asarray(L2Normalize()(np.array([[3.0, 4.0]]))))
        [[0.6 0.8]]

    Raises:
        ValueError: axis is no whole number or list of them, or epsilon is no number above 0.
    """

    def __init__(self, axis=-1, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
        if not axes or any(isinstance(each, bool) or not isinstance(each, int) for each in axes):
            raise ValueError(f"axis is a whole number or several, not {axis!r}.")
        if isinstance(epsilon, bool) or not isinstance(epsilon, (int, float)) or not epsilon > 0:
            raise ValueError(f"epsilon is a number above 0, not {epsilon!r}.")
        self.axis, self.epsilon = axis if isinstance(axis, int) else axes, epsilon
        self.supports_masking = True
        self.built = True

    def call(self, inputs):
        """Any shape -> the same, each vector along the axis of length 1."""
        x = inputs if self.compute_dtype == "float64" else ops.cast(inputs, "float32")
        axes = self.axis if isinstance(self.axis, int) else tuple(self.axis)
        squared = ops.sum(ops.square(x), axis=axes, keepdims=True)
        # The larger of the squares, before the root: at a vector of zeros the root's slope would be endless.
        length = ops.sqrt(ops.maximum(squared, self.epsilon**2))
        return ops.cast(x / length, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        """The input's."""
        return input_shape

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), "axis": self.axis, "epsilon": self.epsilon}
