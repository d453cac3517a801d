"""The other half of a Transformer block: two dense layers, the same at every place."""

import keras
from keras import layers

from dlcourse.layers.attending import check_positive


@keras.saving.register_keras_serializable("dlcourse")
class FeedForward(layers.Layer):
    """y_t = W2 f(W1 x_t + b1) + b2, as wide as x.

    Args:
        hidden: units between the two.
        activation: f, a name or function that Keras knows.

    Input and output shape: (batch, places, d).

    Reference: Vaswani et al., "Attention is all you need" (2017), section 3.3.

    Raises:
        ValueError: hidden is no whole number from 1, or the activation is unknown.
    """

    def __init__(self, hidden, activation="relu", **kwargs):
        super().__init__(**kwargs)
        check_positive(hidden=hidden)
        self.hidden, self.activation = hidden, keras.activations.get(activation)
        self.supports_masking = True
        self.inner = layers.Dense(hidden, activation=self.activation, dtype=self.dtype_policy, name="inner")

    def build(self, input_shape):
        self.outer = layers.Dense(input_shape[-1], dtype=self.dtype_policy, name="outer")
        self.inner.build(input_shape)
        self.outer.build((*input_shape[:-1], self.hidden))
        self.built = True

    def call(self, inputs):
        """(batch, places, d) -> (batch, places, d)."""
        return self.outer(self.inner(inputs))

    def compute_output_shape(self, input_shape):
        """The input's."""
        return tuple(input_shape)

    def get_config(self):
        """All arguments."""
        activation = keras.activations.serialize(self.activation)
        return {**super().get_config(), "hidden": self.hidden, "activation": activation}
