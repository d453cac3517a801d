"""The inception module: kernels of several sizes side by side, with 1 x 1 convolutions to keep the cost down."""

import keras
from keras import layers


@keras.saving.register_keras_serializable("dlcourse")
class InceptionBlock(layers.Layer):
    """Up to four branches over the same input, put together along the channels: 1 x 1, 3 x 3, 5 x 5 and pooling.

    The branches of 3 x 3 and 5 x 5 begin with a 1 x 1 convolution to fewer channels (the bottleneck), that of pooling
    (the largest value of 3 x 3, stride 1) ends with one. A ReLU follows every convolution. A branch of no channels is
    left out: `InceptionBlock(0, 64, 0, 0)` is a 3 x 3 convolution.

    Args:
        one, three, five, pool: channels of the four branches; 0 leaves the branch out, not all of them.
        three_reduced, five_reduced: channels after the bottleneck; None leaves it out.
        factorised: two convolutions of 3 x 3 in place of the one of 5 x 5, the first of them with the channels it gets.
        batch_norm: normalisation before every ReLU; the convolutions then have no biases.

    Input shape: (batch, height, width, channels).
    Output shape: (batch, height, width, one + three + five + pool).

    Example:
        >>> import numpy as np
        >>> block = InceptionBlock(64, 128, 32, 32, three_reduced=96, five_reduced=16)  # module 3a of GoogLeNet
        >>> tuple(block(np.zeros((1, 7, 7, 192))).shape)
        (1, 7, 7, 256)

    Reference: Szegedy et al., "Going deeper with convolutions" (2014); Ioffe and Szegedy, "Batch normalization" (2015)
    for `batch_norm`; Szegedy et al., "Rethinking the Inception architecture" (2015) for `factorised`.

    Raises:
        ValueError: a number of channels is no whole number, all are 0, or a bottleneck belongs to no branch.
    """

    _BRANCHES = ("one", "three", "five", "pool")
    _BOTTLENECKS = ("three_reduced", "five_reduced")
    _ARGUMENTS = (*_BRANCHES, *_BOTTLENECKS, "factorised", "batch_norm")

    def __init__(
        self, one, three, five, pool, *, three_reduced=None, five_reduced=None, factorised=False, batch_norm=False,
        **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        values = (one, three, five, pool, three_reduced, five_reduced, bool(factorised), bool(batch_norm))
        for name, value in zip(self._ARGUMENTS, values, strict=True):
            setattr(self, name, value)
        self._check()
        made = [self._ones(), self._threes(), self._fives(), self._pools()]
        self.branches = [branch for name, branch in zip(self._BRANCHES, made, strict=True) if getattr(self, name)]

    def build(self, input_shape):
        for branch in self.branches:
            shape = input_shape
            for layer in branch:
                layer.build(shape)
                shape = layer.compute_output_shape(shape)
        self.built = True

    def call(self, inputs, training=None):
        """(batch, height, width, channels) -> (batch, height, width, one + three + five + pool)."""
        outputs = []
        for branch in self.branches:
            x = inputs
            for layer in branch:
                x = layer(x, training=training) if isinstance(layer, layers.BatchNormalization) else layer(x)
            outputs.append(x)
        return keras.ops.concatenate(outputs, axis=-1)

    def compute_output_shape(self, input_shape):
        """The channels of the branches together."""
        return (*input_shape[:-1], sum(getattr(self, name) for name in self._BRANCHES))

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), **{name: getattr(self, name) for name in self._ARGUMENTS}}

    def _check(self):
        for name in self._BRANCHES + self._BOTTLENECKS:
            value, least = getattr(self, name), int(name in self._BOTTLENECKS)
            left_out = value is None and name in self._BOTTLENECKS
            if not left_out and (isinstance(value, bool) or not isinstance(value, int) or value < least):
                raise ValueError(f"{name} is a whole number from {least}, not {value!r}.")
        if not any(getattr(self, name) for name in self._BRANCHES):
            raise ValueError("one, three, five, pool: at least one of them needs channels; all are 0.")
        for name in self._BOTTLENECKS:
            branch = name.removesuffix("_reduced")
            if getattr(self, name) and not getattr(self, branch):
                raise ValueError(f"{name} is {getattr(self, name)}, but {branch} is 0: there is no branch to reduce.")

    def _ones(self):
        return self._convolution(self.one, 1, "one")

    def _threes(self):
        return [*self._bottleneck(self.three_reduced, "three"), *self._convolution(self.three, 3, "three")]

    def _fives(self):
        before = self._bottleneck(self.five_reduced, "five")
        if not self.factorised:
            return [*before, *self._convolution(self.five, 5, "five")]
        between = self.five_reduced or self.five
        return [*before, *self._convolution(between, 3, "five_first"), *self._convolution(self.five, 3, "five_second")]

    def _pools(self):
        pooling = layers.MaxPooling2D(3, 1, padding="same", dtype=self.dtype_policy, name="pooling")
        return [pooling, *self._convolution(self.pool, 1, "pool")]

    def _bottleneck(self, filters, name):
        return [] if filters is None else self._convolution(filters, 1, f"{name}_reduced")

    def _convolution(self, filters, kernel, name):
        """A convolution and its ReLU, with normalisation between them if wanted; nothing without filters."""
        if not filters:
            return []
        convolution = layers.Conv2D(
            filters, kernel, padding="same", activation=None if self.batch_norm else "relu",
            use_bias=not self.batch_norm, kernel_initializer="he_normal", dtype=self.dtype_policy, name=name,
        )  # fmt: skip
        if not self.batch_norm:
            return [convolution]
        norm = layers.BatchNormalization(dtype=self.dtype_policy, name=f"{name}_norm")
        return [convolution, norm, layers.ReLU(dtype=self.dtype_policy, name=f"{name}_relu")]
