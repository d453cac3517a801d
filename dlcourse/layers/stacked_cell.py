"""Several LSTM cells on top of each other as one cell, so that a whole stack goes through time in one loop."""

import keras
from keras import layers

from dlcourse.layers.attending import check_positive


@keras.saving.register_keras_serializable("dlcourse")
class StackedCell(layers.Layer):
    """x_1 = LSTM_1(x), x_l = LSTM_l(x_(l-1)), or x_(l-1) + LSTM_l(x_(l-1)) with skips: all at one step in time.

    For `keras.layers.RNN`. One loop over time instead of `depth` of them: the same numbers as layers on top of each
    other, in a fraction of the time on a CPU. Keras's StackedRNNCells nests its states, which its loop does not take
    on TensorFlow; here they stand in one row, h and c of each cell.

    Args:
        units: of each cell.
        depth: how many cells.
        skips: from the second cell on, add its input to its output.

    Input shape of a step: (batch, features). Output shape: (batch, units).

    Raises:
        ValueError: units or depth that is no whole number from 1.
    """

    def __init__(self, units, depth, skips=False, **kwargs):
        super().__init__(**kwargs)
        check_positive(units=units, depth=depth)
        self.units, self.depth, self.skips = units, depth, bool(skips)
        self.cells = [layers.LSTMCell(units, dtype=self.dtype_policy, name=f"cell_{n}") for n in range(1, depth + 1)]
        self.state_size, self.output_size = [units] * (2 * depth), units

    def build(self, input_shape):
        for number, cell in enumerate(self.cells):
            cell.build(input_shape if not number else (*input_shape[:-1], self.units))
        self.built = True

    def call(self, inputs, states, training=False):
        """(batch, features) and 2 depth states (batch, units) -> (batch, units) and the new states."""
        x, after = inputs, []
        for number, cell in enumerate(self.cells):
            y, new = cell(x, list(states[2 * number : 2 * number + 2]), training=training)
            x = x + y if self.skips and number else y
            after += new
        return x, after

    def get_initial_state(self, batch_size=None):
        """Zeros."""
        return [state for cell in self.cells for state in cell.get_initial_state(batch_size)]

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), "units": self.units, "depth": self.depth, "skips": self.skips}
