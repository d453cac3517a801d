"""What residual blocks of every kind share: a row of convolutions, and the shortcut past them."""

import keras
from keras import layers


class ShortcutBlock(layers.Layer):
    """y = relu(F(x) + shortcut(x)); a subclass says in `_row` which convolutions F has.

    The shortcut is x itself where x has the shape of F(x), else a 1 x 1 convolution with batch normalisation (option B
    of the paper). `preactivation` puts normalisation and ReLU before each convolution, and nothing after the sum.

    Reference: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2015); "Identity mappings in
    deep residual networks" (2016) for the pre-activation.

    Raises:
        ValueError: filters or stride is no whole number from 1.
    """

    _ARGUMENTS = ("filters", "stride", "shortcut", "batch_norm", "preactivation")

    def __init__(self, filters, stride=1, *, shortcut=True, batch_norm=True, preactivation=False, **kwargs):
        super().__init__(**kwargs)
        for name, value in {"filters": filters, "stride": stride}.items():
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} is a whole number from 1, not {value!r}.")
        self.filters, self.stride = filters, stride
        self.shortcut, self.batch_norm, self.preactivation = bool(shortcut), bool(batch_norm), bool(preactivation)
        row = self._row()
        self.convolutions = [self._convolution(*each) for each in row]
        self.norms = [self._normalisation(name) for name, *_ in row]
        self.projection = self.projection_norm = None

    def build(self, input_shape):
        shape = input_shape
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            convolution.build(shape)
            after = convolution.compute_output_shape(shape)
            _build(norm, shape if self.preactivation else after)
            shape = after
        if self.shortcut and (self.stride > 1 or input_shape[-1] != shape[-1]):
            self.projection = self._convolution("projection", shape[-1], 1, self.stride)
            self.projection.build(input_shape)
            if not self.preactivation:
                self.projection_norm = self._normalisation("projection")
                _build(self.projection_norm, shape)
        self.built = True

    def call(self, inputs, training=None):
        """(batch, height, width, channels) -> (batch, height / stride, width / stride, channels of the output)."""
        return self._before(inputs, training) if self.preactivation else self._after(inputs, training)

    def compute_output_shape(self, input_shape):
        """Height and width divided by the stride, rounded up; the channels of the last convolution."""
        sides = [None if side is None else -(-side // self.stride) for side in input_shape[1:3]]
        return (input_shape[0], *sides, self.convolutions[-1].filters)

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), **{name: getattr(self, name) for name in self._ARGUMENTS}}

    def _row(self):
        """The convolutions of F in their order, each (name, filters, kernel, stride)."""
        raise NotImplementedError

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

    def _convolution(self, name, filters, kernel, stride):
        return layers.Conv2D(
            filters, kernel, stride, padding="same", use_bias=not self.batch_norm,
            kernel_initializer="he_normal", dtype=self.dtype_policy, name=name,
        )  # fmt: skip

    def _normalisation(self, name):
        return layers.BatchNormalization(dtype=self.dtype_policy, name=f"{name}_norm") if self.batch_norm else None


def _build(norm, shape):
    if norm is not None:
        norm.build(shape)


def _normalised(norm, x, training):
    return x if norm is None else norm(x, training=training)
