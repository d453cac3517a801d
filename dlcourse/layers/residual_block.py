"""The residual block: two convolutions, and what came in added to what comes out."""

import keras

from dlcourse.layers.shortcut import ShortcutBlock


@keras.saving.register_keras_serializable("dlcourse")
class ResidualBlock(ShortcutBlock):
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
        >>> import numpy as np
        >>> tuple(ResidualBlock(32, stride=2)(np.zeros((8, 28, 28, 16))).shape)
        (8, 14, 14, 32)

    Reference: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2015).

    Raises:
        ValueError: filters or stride is no whole number from 1.
    """

    def _row(self):
        return [("first", self.filters, 3, self.stride), ("second", self.filters, 3, 1)]

    @property
    def first(self):
        """The first convolution, which has the stride."""
        return self.convolutions[0]

    @property
    def second(self):
        """The second convolution."""
        return self.convolutions[1]
