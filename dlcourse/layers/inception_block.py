"""The inception module: kernels of several sizes side by side, with 1 x 1 convolutions to keep the cost down."""

import keras
from keras import layers


@keras.saving.register_keras_serializable("dlcourse")
class InceptionBlock(layers.Layer):
    """Four branches over the same input, put together along the channels: 1 x 1, 3 x 3, 5 x 5 and pooling.

    The branches of 3 x 3 and 5 x 5 begin with a 1 x 1 convolution to fewer channels (the bottleneck), that of pooling
    ends with one. A ReLU follows every convolution.

    Args:
        one, three, five, pool: channels of the four branches.
        three_reduced, five_reduced: channels after the bottleneck; None leaves it out.

    Input shape: (batch, height, width, channels).
    Output shape: (batch, height, width, one + three + five + pool).

    Example:
        InceptionBlock(64, 128, 32, 32, three_reduced=96, five_reduced=16)  # module 3a of GoogLeNet: 256 channels

    Reference: Szegedy et al., "Going deeper with convolutions" (2014).

    Raises:
        ValueError: a number of channels is no whole number from 1.
    """

    _ARGUMENTS = ("one", "three", "five", "pool", "three_reduced", "five_reduced")

    def __init__(self, one, three, five, pool, *, three_reduced=None, five_reduced=None, **kwargs):
        super().__init__(**kwargs)
        values = dict(zip(self._ARGUMENTS, (one, three, five, pool, three_reduced, five_reduced), strict=True))
        for name, value in values.items():
            left_out = value is None and name.endswith("reduced")
            if not left_out and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
                raise ValueError(f"{name} is a whole number from 1, not {value!r}.")
            setattr(self, name, value)
        self.pooling = layers.MaxPooling2D(3, 1, padding="same", dtype=self.dtype_policy, name="pooling")
        self.branches = [
            [self._convolution(one, 1, "one")],
            [*self._bottleneck(three_reduced, "three"), self._convolution(three, 3, "three")],
            [*self._bottleneck(five_reduced, "five"), self._convolution(five, 5, "five")],
            [self.pooling, self._convolution(pool, 1, "pool")],
        ]

    def build(self, input_shape):
        for branch in self.branches:
            shape = input_shape
            for layer in branch:
                layer.build(shape)
                shape = layer.compute_output_shape(shape)
        self.built = True

    def call(self, inputs):
        """(batch, height, width, channels) -> (batch, height, width, one + three + five + pool)."""
        outputs = []
        for branch in self.branches:
            x = inputs
            for layer in branch:
                x = layer(x)
            outputs.append(x)
        return keras.ops.concatenate(outputs, axis=-1)

    def compute_output_shape(self, input_shape):
        """The channels of the four branches together."""
        return (*input_shape[:-1], self.one + self.three + self.five + self.pool)

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), **{name: getattr(self, name) for name in self._ARGUMENTS}}

    def _convolution(self, filters, kernel, name):
        return layers.Conv2D(
            filters, kernel, padding="same", activation="relu", kernel_initializer="he_normal",
            dtype=self.dtype_policy, name=name,
        )  # fmt: skip

    def _bottleneck(self, filters, name):
        return [] if filters is None else [self._convolution(filters, 1, f"{name}_reduced")]
