"""The bottleneck block: a 3 x 3 convolution between two of 1 x 1, for nets of fifty layers and more."""

import keras

from dlcourse.layers.shortcut import ShortcutBlock

EXPANSION = 4  # channels of the output for each channel inside, as in the paper


@keras.saving.register_keras_serializable("dlcourse")
class BottleneckBlock(ShortcutBlock):
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
        >>> import numpy as np
        >>> tuple(BottleneckBlock(16)(np.zeros((2, 8, 8, 64))).shape)  # the 3 x 3 convolution has 16 channels
        (2, 8, 8, 64)

    Reference: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2015), figure 5.

    Raises:
        ValueError: filters or stride is no whole number from 1.
    """

    def _row(self):
        inside = self.filters
        return [("narrow", inside, 1, self.stride), ("middle", inside, 3, 1), ("wide", EXPANSION * inside, 1, 1)]
