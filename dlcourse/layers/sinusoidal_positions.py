"""Positions told by waves: without them attention does not know which word came first."""

import keras
import numpy as np
from keras import layers, ops

from dlcourse.layers.attending import check_positive


@keras.saving.register_keras_serializable("dlcourse")
class SinusoidalPositions(layers.Layer):
    """x_t + p_t with p_{t, 2i} = sin(t / 10000^(2i/d)) and p_{t, 2i+1} = cos(t / 10000^(2i/d)).

    Nothing is learned; places that training never reached have their wave, too.

    Args:
        wavelength: the longest wave is 2 pi times this.

    Call arguments:
        inputs: (batch, places, d).
        index: place of the first; more than 0 when a sequence is generated piece by piece.

    Output shape: the inputs'.

    Reference: Vaswani et al., "Attention is all you need" (2017), section 3.5.

    Raises:
        ValueError: wavelength is no whole number from 1.
    """

    def __init__(self, wavelength=10_000, **kwargs):
        super().__init__(**kwargs)
        check_positive(wavelength=wavelength)
        self.wavelength = wavelength
        self.supports_masking = True

    def call(self, inputs, index=0):
        """(batch, places, d) -> (batch, places, d)."""
        places, width = ops.shape(inputs)[1], inputs.shape[-1]
        at = ops.cast(ops.arange(places) + index, "float32")[:, None]
        angles = at * self._frequencies(width)
        # The sine for even numbers, for odd ones the cosine: a sine a quarter of a turn ahead.
        return inputs + ops.cast(ops.sin(angles + self._quarter(width)), inputs.dtype)

    def compute_output_shape(self, input_shape):
        """The input's."""
        return tuple(input_shape)

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), "wavelength": self.wavelength}

    def _frequencies(self, width):
        """(width,): 1 / wavelength^(2i/d), each twice."""
        pair = np.arange(width) // 2
        return (float(self.wavelength) ** (-2 * pair / width)).astype("float32")

    def _quarter(self, width):
        return (np.pi / 2 * (np.arange(width) % 2)).astype("float32")
