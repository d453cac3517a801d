"""Channels divided into equal groups, on an axis of their own."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("dlcourse")
class SplitChannels(layers.Layer):
    """(..., channels) becomes (..., groups, channels / groups): the first group holds the first channels.

    A detector's last convolution answers for all anchors of a cell at once; this gives each its own row. Unlike
    Reshape it works where height and width are not known.

    Args:
        groups: how many; the channels are a multiple of it.

    Input shape: (..., channels).
    Output shape: (..., groups, channels / groups).

    Example:
        >>> import numpy as np
        >>> tuple(SplitChannels(3)(np.zeros((8, 12, 12, 45))).shape)
        (8, 12, 12, 3, 15)

    Raises:
        ValueError: groups is no whole number from 1, or does not divide the channels.
    """

    def __init__(self, groups, **kwargs):
        super().__init__(**kwargs)
        if isinstance(groups, bool) or not isinstance(groups, int) or groups < 1:
            raise ValueError(f"groups is a whole number from 1, not {groups!r}.")
        self.groups = groups

    def call(self, inputs):
        """(..., channels) -> (..., groups, channels / groups)."""
        sides = [known or got for known, got in zip(inputs.shape[:-1], ops.shape(inputs)[:-1], strict=True)]
        return ops.reshape(inputs, (*sides, *self._last(inputs.shape)))

    def compute_output_shape(self, input_shape):
        """The same but for the last axis, which is divided."""
        return (*input_shape[:-1], *self._last(input_shape))

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), "groups": self.groups}

    def _last(self, shape):
        if shape[-1] is None or shape[-1] % self.groups:
            raise ValueError(f"groups={self.groups} must divide the channels, of which there are {shape[-1]}.")
        return self.groups, shape[-1] // self.groups
