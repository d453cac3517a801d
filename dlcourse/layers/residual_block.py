"""The residual block: two convolutions, and what came in added to what comes out."""

import keras
from keras import layers


@keras.saving.register_keras_serializable("dlcourse")
class ResidualBlock(layers.Layer):
    """y = relu(F(x) + shortcut(x)) with F of two 3 x 3 convolutions, batch normalisation after each.

    The shortcut is x itself where x has the shape of F(x), else a 1 x 1 convolution with batch normalisation (option B
    of the paper). `preactivation` puts normalisation and ReLU before each convolution, and nothing after the sum.

    Args:
        filters: channels of the output.
        stride: of the first convolution; 2 halves height and width.
        shortcut: False leaves the shortcut out, the plain block that a residual one is compared with.
        batch_norm: False leaves normalisation out; the convolutions then have biases.
        preactivation: the order of He et al., "Identity mappings" (2016).

    Input shape: (batch, height, width, channels).
    Output shape: (batch, ceil(height / stride), ceil(width / stride), filters).

    Example:
        y = ResidualBlock(32, stride=2)(x)  # (8, 28, 28, 16) -> (8, 14, 14, 32)

    Reference: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2015).

    Raises:
        ValueError: filters or stride is no whole number from 1.
    """

    def __init__(self, filters, stride=1, *, shortcut=True, batch_norm=True, preactivation=False, **kwargs):
        super().__init__(**kwargs)
        for name, value in {"filters": filters, "stride": stride}.items():
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} is a whole number from 1, not {value!r}.")
        self.filters, self.stride, self.shortcut = filters, stride, shortcut
        self.batch_norm, self.preactivation = batch_norm, preactivation
        self.first, self.second = self._convolution(3, stride, "first"), self._convolution(3, 1, "second")
        self.first_norm, self.second_norm = self._normalisation("first"), self._normalisation("second")
        self.projection = self.projection_norm = None

    def build(self, input_shape):
        inside = self.compute_output_shape(input_shape)
        between = input_shape if self.preactivation else inside
        self.first.build(input_shape)
        self.second.build(inside)
        self._build_norm(self.first_norm, between)
        self._build_norm(self.second_norm, inside)
        if self.shortcut and (self.stride > 1 or input_shape[-1] != self.filters):
            self.projection = self._convolution(1, self.stride, "projection")
            self.projection.build(input_shape)
            if not self.preactivation:
                self.projection_norm = self._normalisation("projection")
                self._build_norm(self.projection_norm, inside)
        self.built = True

    def call(self, inputs, training=None):
        """(batch, height, width, channels) -> (batch, height / stride, width / stride, filters)."""
        if self.preactivation:
            bent = self._normalised_relu(self.first_norm, inputs, training)
            # A projection sees the bent input, as the paper has it; the identity sees the input itself.
            straight = inputs if self.projection is None else self.projection(bent)
            outputs = self.second(self._normalised_relu(self.second_norm, self.first(bent), training))
            return outputs + straight if self.shortcut else outputs
        outputs = self._normalised_relu(self.first_norm, self.first(inputs), training)
        outputs = _normalised(self.second_norm, self.second(outputs), training)
        if self.shortcut:
            straight = inputs if self.projection is None else self.projection(inputs)
            outputs = outputs + _normalised(self.projection_norm, straight, training)
        return keras.ops.relu(outputs)

    def compute_output_shape(self, input_shape):
        """Height and width divided by the stride, rounded up."""
        sides = [None if side is None else -(-side // self.stride) for side in input_shape[1:3]]
        return (input_shape[0], *sides, self.filters)

    def get_config(self):
        """All arguments."""
        own = {name: getattr(self, name) for name in ("filters", "stride", "shortcut", "batch_norm", "preactivation")}
        return {**super().get_config(), **own}

    def _convolution(self, kernel, stride, name):
        return layers.Conv2D(
            self.filters, kernel, stride, padding="same", use_bias=not self.batch_norm,
            kernel_initializer="he_normal", dtype=self.dtype_policy, name=name,
        )  # fmt: skip

    def _normalisation(self, name):
        return layers.BatchNormalization(dtype=self.dtype_policy, name=f"{name}_norm") if self.batch_norm else None

    def _build_norm(self, norm, shape):
        if norm is not None:
            norm.build(shape)

    def _normalised_relu(self, norm, x, training):
        return keras.ops.relu(_normalised(norm, x, training))


def _normalised(norm, x, training):
    return x if norm is None else norm(x, training=training)
