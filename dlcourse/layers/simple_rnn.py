"""The simple recurrent layer: what the state was and what comes in make the state."""

import keras

from dlcourse.layers.recurrence import RecurrentCell, RecurrentLayer


@keras.saving.register_keras_serializable("dlcourse")
class SimpleRNNCell(RecurrentCell):
    """One step of a simple recurrent network, with `activation` (tanh) for φ:

        h⟨t⟩ = φ(x⟨t⟩ W + h⟨t−1⟩ U + b)

    Args: those of SimpleRNN without dropout and without what runs it along a sequence.
    """  # fmt: skip

    def call(self, x, states):
        """x (batch, n_in), [h (batch, units)] -> the new h, and it as a list."""
        h = self.activation(self.weighted(x, states[0]))
        return h, [h]


@keras.saving.register_keras_serializable("dlcourse")
class SimpleRNN(RecurrentLayer):
    """h⟨t⟩ = tanh(x⟨t⟩ W + h⟨t−1⟩ U + b), along a sequence; weights as in Keras's SimpleRNN.

    Args:
        units: the size of the state.
        activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer: as in Keras.
        dropout, recurrent_dropout: share of the inputs' features, and of the state's units as the step sees them, set
            to 0 in training; the same ones at all steps of a sequence.
        seed: of the dropout.
        return_sequences, return_state, go_backwards, stateful, zero_output_for_mask: as in `keras.layers.RNN`.

    Call arguments: sequences; mask (batch, time), False for steps to skip; initial_state; training.
    Input shape: (batch, time, n_in).
    Output shape: (batch, units), or with return_sequences (batch, time, units); with return_state the last state too.

    Example:
        >>> import numpy as np
        >>> tuple(SimpleRNN(16)(np.zeros((8, 20, 4))).shape)
        (8, 16)

    Reference: Elman, "Finding structure in time" (1990).

    Raises:
        ValueError: units is no whole number from 1; a dropout below 0, or 1 and more.
    """

    cell_class = SimpleRNNCell
