"""The gated recurrent unit: one state, one gate between old and new, one for what the new content sees of the old."""

import keras
from keras import ops

from dlcourse.layers.recurrence import RecurrentCell, RecurrentLayer


@keras.saving.register_keras_serializable("dlcourse")
class GRUCell(RecurrentCell):
    """One step of a GRU. With weights in Keras's order z, r, g and x = x⟨t⟩, h = h⟨t−1⟩:

        z, r = σ(x W + h U + b)                     update and reset gate
        g = tanh(x W_g + b_g + r (h U_g + b′_g))    the new content
        g = tanh(x W_g + b_g + (r h) U_g)           the same with reset_after=False
        h⟨t⟩ = z h + (1 − z) g                      z = 1 keeps the old state

    Args: those of GRU without dropout and without what runs it along a sequence.
    """  # fmt: skip

    gates = 3
    other_settings = ("recurrent_activation", "reset_after")

    def __init__(self, units, *, recurrent_activation="sigmoid", reset_after=True, **kwargs):
        super().__init__(units, **kwargs)
        self.recurrent_activation = keras.activations.get(recurrent_activation)
        self.reset_after = reset_after

    def call(self, x, states):
        """x (batch, n_in), [h (batch, units)] -> the new h, and it as a list."""
        h, n = states[0], self.units
        x_zr, x_g = ops.split(self.from_input(x), [2 * n], axis=-1)
        seen = self.as_seen(h)
        if self.reset_after:
            h_zr, h_g = ops.split(self.from_state(seen), [2 * n], axis=-1)
        else:
            h_zr = ops.matmul(seen, self.U[:, : 2 * n])
        z, r = ops.split(self.recurrent_activation(x_zr + h_zr), 2, axis=-1)
        g = self.activation(x_g + (r * h_g if self.reset_after else ops.matmul(r * seen, self.U[:, 2 * n :])))
        h = z * h + (1 - z) * g
        return h, [h]

    def from_input(self, x):
        """x W + b: the first row of the bias, or the only one."""
        product = ops.matmul(x, self.W)
        return product if self.b is None else product + (self.b[0] if self.reset_after else self.b)

    def from_state(self, h):
        """h U + b′."""
        product = ops.matmul(h, self.U)
        return product if self.b is None else product + self.b[1]

    def bias_shape(self):
        """(2, 3 units), a row beside W and one beside U, or (3 units,) with reset_after=False."""
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)


@keras.saving.register_keras_serializable("dlcourse")
class GRU(RecurrentLayer):
    """A gated recurrent unit along a sequence; the equations are in GRUCell, the weights as in Keras's GRU.

    Args:
        units: the size of the state.
        activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer: as in
            Keras.
        reset_after: whether the reset gate acts after the product with U (Keras, PyTorch, cuDNN) or before it (2014).
        dropout, recurrent_dropout: share of the inputs' features, and of the state's units as the gates see them, set
            to 0 in training; the same ones at all steps, and for all gates (Keras draws others for each gate).
        seed: of the dropout.
        return_sequences, return_state, go_backwards, stateful, zero_output_for_mask: as in `keras.layers.RNN`.

    Call arguments: sequences; mask (batch, time), False for steps to skip; initial_state; training.
    Input shape: (batch, time, n_in).
    Output shape: (batch, units), or with return_sequences (batch, time, units); with return_state the last state too.

    Example:
        >>> import numpy as np
        >>> tuple(GRU(16)(np.zeros((8, 20, 4))).shape)
        (8, 16)

    Reference: Cho et al., "Learning phrase representations using RNN encoder-decoder" (2014).

    Raises:
        ValueError: units is no whole number from 1; a dropout below 0, or 1 and more.
    """

    cell_class = GRUCell
