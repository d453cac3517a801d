"""The bottleneck block: a 3 x 3 convolution between two of 1 x 1, for nets of fifty layers and more."""

import keras
from keras import layers

EXPANSION = 4  # channels of the output for each channel inside, as in the paper


@keras.saving.register_keras_serializable("dlcourse")
class BottleneckBlock(layers.Layer):
    """y = relu(F(x) + shortcut(x)) with F of 1 x 1 to few channels, 3 x 3 there, and 1 x 1 to four times as many.

    The shortcut is x itself where x has the shape of F(x), else a 1 x 1 convolution with batch normalisation (option B
    of the paper). `preactivation` puts normalisation and ReLU before each convolution, and nothing after the sum.

    Args:
        filters: channels inside; the output has four times as many.
        stride: of the first convolution; 2 halves height and width. (Later nets give it to the 3 x 3 one.)
        shortcut: False leaves the shortcut out, the plain block that a residual one is compared with.
        batch_norm: False leaves normalisation out; the convolutions then have biases.
        preactivation: the order of He et al., "Identity mappings" (2016).

    Input shape: (batch, height, width, channels).
    Output shape: (batch, ceil(height / stride), ceil(width / stride), 4 * filters).

    Example:
        y = BottleneckBlock(64)(x)  # (8, 56, 56, 256) -> (8, 56, 56, 256), the 3 x 3 convolution with 64 channels

    Reference: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2015), figure 5.

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
        wide = EXPANSION * filters
        self.convolutions = [
            self._convolution(filters, 1, stride, "narrow"),
            self._convolution(filters, 3, 1, "middle"),
            self._convolution(wide, 1, 1, "wide"),
        ]
        self.norms = [self._normalisation(name) for name in ("narrow", "middle", "wide")]
        self.projection = self.projection_norm = None

    def build(self, input_shape):
        shape = input_shape
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            convolution.build(shape)
            after = convolution.compute_output_shape(shape)
            _build_norm(norm, shape if self.preactivation else after)
            shape = after
        if self.shortcut and (self.stride > 1 or input_shape[-1] != shape[-1]):
            self.projection = self._convolution(shape[-1], 1, self.stride, "projection")
            self.projection.build(input_shape)
            if not self.preactivation:
                self.projection_norm = self._normalisation("projection")
                _build_norm(self.projection_norm, shape)
        self.built = True

    def call(self, inputs, training=None):
        """(batch, height, width, channels) -> (batch, height / stride, width / stride, 4 * filters)."""
        return self._before(inputs, training) if self.preactivation else self._after(inputs, training)

    def compute_output_shape(self, input_shape):
        """Height and width divided by the stride, rounded up; four times `filters` channels."""
        sides = [None if side is None else -(-side // self.stride) for side in input_shape[1:3]]
        return (input_shape[0], *sides, EXPANSION * self.filters)

    def get_config(self):
        """All arguments."""
        own = {name: getattr(self, name) for name in ("filters", "stride", "shortcut", "batch_norm", "preactivation")}
        return {**super().get_config(), **own}

    def _after(self, inputs, training):
        """Convolution, normalisation, ReLU: the last ReLU after the sum."""
        outputs = inputs
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            bent = outputs if convolution is self.convolutions[0] else keras.ops.relu(outputs)
            outputs = _normalised(norm, convolution(bent), training)
        if self.shortcut:
            straight = inputs if self.projection is None else self.projection(inputs)
            outputs = outputs + _normalised(self.projection_norm, straight, training)
        return keras.ops.relu(outputs)

    def _before(self, inputs, training):
        """Normalisation, ReLU, convolution: nothing after the sum."""
        bent = keras.ops.relu(_normalised(self.norms[0], inputs, training))
        outputs = self.convolutions[0](bent)
        for convolution, norm in zip(self.convolutions[1:], self.norms[1:], strict=True):
            outputs = convolution(keras.ops.relu(_normalised(norm, outputs, training)))
        if not self.shortcut:
            return outputs
        # A projection sees the bent input, as the paper has it; the identity sees the input itself.
        return outputs + (inputs if self.projection is None else self.projection(bent))

    def _convolution(self, filters, kernel, stride, name):
        return layers.Conv2D(
            filters, kernel, stride, padding="same", use_bias=not self.batch_norm,
            kernel_initializer="he_normal", dtype=self.dtype_policy, name=name,
        )  # fmt: skip

    def _normalisation(self, name):
        return layers.BatchNormalization(dtype=self.dtype_policy, name=f"{name}_norm") if self.batch_norm else None


def _build_norm(norm, shape):
    if norm is not None:
        norm.build(shape)


def _normalised(norm, x, training):
    return x if norm is None else norm(x, training=training)
