"""Long short-term memory: a cell that is written, kept and read through gates."""

import keras
from keras import ops

from dlcourse.layers.recurrence import RecurrentCell, RecurrentLayer


@keras.saving.register_keras_serializable("dlcourse")
class LSTMCell(RecurrentCell):
    """One step of an LSTM. From the weighted sums x⟨t⟩ W + h⟨t−1⟩ U + b, in Keras's order i, f, g, o:

        i, f, o = σ(…), g = tanh(…)     input, forget and output gate; the new content
        c⟨t⟩ = f c⟨t−1⟩ + i g           the cell
        h⟨t⟩ = o tanh(c⟨t⟩)             the state that is seen

    Args: those of LSTM without dropout and without what runs it along a sequence.
    """  # fmt: skip

    gates = 4
    states = 2
    other_settings = ("recurrent_activation", "unit_forget_bias")

    def __init__(self, units, *, recurrent_activation="sigmoid", unit_forget_bias=True, **kwargs):
        super().__init__(units, **kwargs)
        self.recurrent_activation = keras.activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias

    def call(self, x, states):
        """x (batch, n_in), [h, c] (batch, units) each -> the new h, and [h, c]."""
        h, c = states
        i, f, g, o = ops.split(self.weighted(x, h), 4, axis=-1)
        i, f, o = self.recurrent_activation(i), self.recurrent_activation(f), self.recurrent_activation(o)
        c = f * c + i * self.activation(g)
        h = o * self.activation(c)
        return h, [h, c]

    def first_bias(self, shape, dtype=None):
        """With `unit_forget_bias` the forget gate's is 1, so that an untrained cell keeps most of what it holds."""
        bias = super().first_bias(shape, dtype)
        if not self.unit_forget_bias:
            return bias
        n = self.units
        return ops.concatenate([bias[:n], ops.ones((n,), dtype=bias.dtype), bias[2 * n :]])


@keras.saving.register_keras_serializable("dlcourse")
class LSTM(RecurrentLayer):
    """Long short-term memory along a sequence; the equations are in LSTMCell, the weights as in Keras's LSTM.

    Args:
        units: the size of state and cell.
        activation, recurrent_activation, use_bias, unit_forget_bias, kernel_initializer, recurrent_initializer,
            bias_initializer: as in Keras.
        dropout, recurrent_dropout: share of the inputs' features, and of the state's units as the gates see them, set
            to 0 in training; the same ones at all steps, and for all gates (Keras draws others for each gate).
        seed: of the dropout.
        return_sequences, return_state, go_backwards, stateful, zero_output_for_mask: as in `keras.layers.RNN`.

    Call arguments: sequences; mask (batch, time), False for steps to skip; initial_state, [h, c]; training.
    Input shape: (batch, time, n_in).
    Output shape: (batch, units), or with return_sequences (batch, time, units); with return_state the last h and c too.

    Example:
        >>> import numpy as np
        >>> tuple(LSTM(16, return_sequences=True)(np.zeros((8, 20, 4))).shape)
        (8, 20, 16)

    References: Hochreiter and Schmidhuber, "Long short-term memory" (1997); Gers, Schmidhuber and Cummins, "Learning to
    forget" (2000), the forget gate.

    Raises:
        ValueError: units is no whole number from 1; a dropout below 0, or 1 and more.
    """

    cell_class = LSTMCell
