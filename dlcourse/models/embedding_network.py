"""A small convolutional network that gives a picture a direction: near for the same person, apart for others."""

import keras
from keras import layers

from dlcourse.layers import L2Normalize

SMALLEST = 16  # pixels a side: halved three times, two places are left


def embedding_net(
    input_shape: tuple[int, int, int] = (56, 48, 1),
    dimensions: int = 64,
    *,
    filters: tuple[int, int, int, int] = (16, 32, 64, 64),
    dropout: float = 0.0,
    name: str = "embedding_net",
) -> keras.Model:
    """Pictures `(batch, height, width, channels)` -> vectors of length 1, `(batch, dimensions)`, float32.

    Four convolutions, each with batch normalisation and ReLU: 5 x 5 with stride 2, then three of 3 x 3 with a pooling
    after the second and the third. Then each channel is summed over the places with weights of its own (a depthwise
    convolution as large as the map), so that where a thing is in the face counts, which an average would forget; then
    a dense layer, and the length is made 1. For the sizes given, 68,000 weights.

    Train it with the losses of `dlcourse.verification`. `Siamese` is what the pair of it is called: one network, used
    on both pictures, and the distance of its two answers.

    Args:
        input_shape: height, width, channels; sides from 16.
        dimensions: of the vectors.
        filters: of the four convolutions.
        dropout: share of numbers left out before the dense layer, in training.
        name: of the model.

    Raises:
        ValueError: an argument that is not allowed; says what came and what is allowed.

    Source: Bromley and others, "Signature verification using a 'Siamese' time delay neural network" (1993); Chen and
    others, "MobileFaceNets" (2018), for the weighted sum over places.
    """
    _check(input_shape, dimensions, filters, dropout)
    x = inputs = keras.Input(input_shape, name="pixels")
    x = _convolution(x, filters[0], 5, 2, "conv1")
    x = _convolution(x, filters[1], 3, 1, "conv2")
    x = _convolution(layers.MaxPooling2D(2, name="pool2")(x), filters[2], 3, 1, "conv3")
    x = _convolution(layers.MaxPooling2D(2, name="pool3")(x), filters[3], 3, 1, "conv4")
    x = layers.DepthwiseConv2D(x.shape[1:3], use_bias=False, name="places")(x)
    x = layers.BatchNormalization(momentum=0.9, name="places_norm")(layers.Flatten(name="flat")(x))
    if dropout:
        x = layers.Dropout(dropout, name="dropout")(x)
    x = layers.Dense(dimensions, use_bias=False, name="vector")(x)
    return keras.Model(inputs, L2Normalize(dtype="float32", name="direction")(x), name=name)


def _convolution(x, filters, kernel, stride, name):
    convolution = layers.Conv2D(
        filters, kernel, stride, "same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_kernel"
    )
    # Statistics that follow within ten steps: a training on few pictures has only hundreds.
    return layers.ReLU(name=name)(layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(convolution(x)))


def _check(input_shape, dimensions, filters, dropout):
    sides = tuple(input_shape)
    if len(sides) != 3 or not all(map(_whole, sides)) or min(sides[:2]) < SMALLEST:
        raise ValueError(f"input_shape is (height, width, channels), sides from {SMALLEST}, not {input_shape!r}.")
    if not _whole(dimensions):
        raise ValueError(f"dimensions is a whole number from 1, not {dimensions!r}.")
    if len(filters) != 4 or not all(map(_whole, filters)):
        raise ValueError(f"filters is four whole numbers from 1, not {filters!r}.")
    if isinstance(dropout, bool) or not isinstance(dropout, (int, float)) or not 0 <= dropout < 1:
        raise ValueError(f"dropout is a number from 0 to below 1, not {dropout!r}.")


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
