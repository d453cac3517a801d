"""What the recurrent layers share; the equations of one step stand in simple_rnn.py, lstm.py and gru.py.

A cell holds the weights and computes one step. A recurrent layer runs its cell along the sequence: `keras.layers.RNN`
does that (masks, states, direction), so that ours work wherever Keras's recurrent layers do, in `Bidirectional` too.
"""

import keras
from keras import ops


class RecurrentCell(keras.layers.Layer):
    """The weights of a recurrent cell, in Keras's layout: W (n_in, gates units), U (units, gates units), b.

    Its `call(x, states)` computes one step from x (batch, n_in) and the states (batch, units) before it: (h, states).
    """

    gates = 1  # how many products of the input with (n_in, units) weights a step needs
    states = 1  # how many states it keeps
    other_settings = ()  # arguments of a cell beside those below

    def __init__(
        self,
        units,
        *,
        activation="tanh",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if isinstance(units, bool) or not isinstance(units, int) or units < 1:
            raise ValueError(f"units is a whole number from 1, not {units!r}.")
        self.units, self.use_bias = units, use_bias
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.state_size = units if self.states == 1 else [units] * self.states
        self.output_size = units
        self.kept = None  # recurrent dropout's mask, set by the layer while it runs

    def build(self, input_shape):
        columns = self.gates * self.units
        self.W = self.add_weight((input_shape[-1], columns), self.kernel_initializer, name="kernel")
        self.U = self.add_weight((self.units, columns), self.recurrent_initializer, name="recurrent_kernel")
        self.b = self.add_weight(self.bias_shape(), self.first_bias, name="bias") if self.use_bias else None
        self.built = True

    def weighted(self, x, h):
        """x W + h U + b, the weighted sums of all gates side by side."""
        z = ops.matmul(x, self.W) + ops.matmul(self.as_seen(h), self.U)
        return z if self.b is None else z + self.b

    def as_seen(self, h):
        """The state as the gates see it: without the units that recurrent dropout has set to 0."""
        return h if self.kept is None else h * self.kept

    def bias_shape(self):
        """(gates units,); a GRU has two rows of it."""
        return (self.gates * self.units,)

    def first_bias(self, shape, dtype=None):
        """The bias before training."""
        return self.bias_initializer(shape, dtype=dtype)

    def get_initial_state(self, batch_size=None):
        """Zeros (batch, units), one for each state."""
        return [ops.zeros((batch_size, self.units), dtype=self.compute_dtype) for _ in range(self.states)]

    @classmethod
    def settings(cls):
        """The names of a cell's own arguments."""
        initializers = [f"{name}_initializer" for name in ("kernel", "recurrent", "bias")]
        return ["units", "activation", "use_bias", *initializers, *cls.other_settings]

    def own_config(self):
        """Its own arguments as plain values."""
        config = {name: getattr(self, name) for name in self.settings()}
        for name, value in config.items():
            if name.endswith("activation"):
                config[name] = keras.activations.serialize(value)
            elif name.endswith("initializer"):
                config[name] = keras.initializers.serialize(value)
        return config

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), **self.own_config()}


class RecurrentLayer(keras.layers.RNN):
    """A cell of its kind, run along the sequence by Keras, with one dropout mask for all steps of a sequence.

    Source of the dropout: Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent neural
    networks" (2016).
    """

    cell_class = None

    def __init__(self, units, *, dropout=0.0, recurrent_dropout=0.0, seed=None, **kwargs):
        for name, value in {"dropout": dropout, "recurrent_dropout": recurrent_dropout}.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
                raise ValueError(f"{name} is at least 0 and below 1, not {value!r}.")
        own = {name: kwargs.pop(name) for name in self.cell_class.settings() if name in kwargs}
        cell = self.cell_class(units, **own, dtype=kwargs.get("dtype"), name="cell")
        super().__init__(cell, **kwargs)
        self.dropout, self.recurrent_dropout, self.seed = dropout, recurrent_dropout, seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    @property
    def units(self):
        """The size of the state."""
        return self.cell.units

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """Keras's loop over the steps, between drawing the dropout masks and forgetting them."""
        if training and self.dropout:
            kept = self._kept(sequences[:, 0], self.dropout)
            sequences = sequences * ops.expand_dims(kept, 1)
        if training and self.recurrent_dropout:
            self.cell.kept = self._kept(initial_state[0], self.recurrent_dropout)
        try:
            return super().inner_loop(sequences, initial_state, mask, training)
        finally:
            self.cell.kept = None

    def get_config(self):
        """All arguments, the cell's among them."""
        config = {name: value for name, value in super().get_config().items() if name != "cell"}
        own = {name: getattr(self, name) for name in ("dropout", "recurrent_dropout", "seed")}
        return {**config, **self.cell.own_config(), **own}

    @classmethod
    def from_config(cls, config):
        """The layer with these arguments."""
        return cls(**config)

    def _kept(self, like, rate):
        return keras.random.dropout(ops.ones_like(like), rate, seed=self.seed_generator)
