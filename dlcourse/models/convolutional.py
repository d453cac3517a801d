"""A plain convolutional network: blocks of convolution, pooling and normalisation, then the answers."""

import keras
from keras import layers

POOLINGS = {"max": layers.MaxPooling2D, "average": layers.AveragePooling2D}


def cnn(
    input_shape: tuple[int, int, int] = (28, 28, 1),
    classes: int = 10,
    *,
    filters: tuple[int, ...] = (24, 48, 64),
    kernel_size: int = 3,
    pooling: str = "max",
    dropout: float = 0.2,
    name: str = "cnn",
) -> keras.Model:
    """A small convolutional network as a functional Keras model, pictures in and logits out, on any backend of Keras.

    Each block is a convolution without bias, batch normalisation and ReLU; all blocks but the last halve the picture in
    between. Input `(batch, height, width, channels)`, output `(batch, classes)` logits, float32. For 28 x 28:

        block1 (14, 14, 24) → block2 (7, 7, 48) → block3 (7, 7, 64) → logits (10)

    with 70,146 weights. The pooling stands before normalisation and ReLU, which then have a quarter of the work. With
    max pooling that changes no answer where the normalisation's factors are positive, as they are at the start: the
    largest value of a window stays the largest under any rising function.

    Args:
        input_shape: height, width, channels; sides long enough to be halved once for each block but the last.
        classes: how many.
        filters: of the convolutions, one a block.
        kernel_size: of all convolutions, in pixels.
        pooling: of 2 x 2: "max" or "average".
        dropout: share of the last block's outputs left out in training.
        name: of the model.

    Raises:
        ValueError: an argument that is not allowed; says what came and what is allowed.

    Source: Ioffe and Szegedy, "Batch normalization" (2015); Simonyan and Zisserman, "Very deep convolutional networks
    for large-scale image recognition" (2015), for kernels of 3 x 3 and filters that double as the picture halves.
    """
    _check(input_shape, classes, filters, kernel_size, pooling, dropout)
    x = inputs = keras.Input(input_shape, name="pixels")
    for block, count in enumerate(filters, start=1):
        x = layers.Conv2D(count, kernel_size, padding="same", use_bias=False, name=f"block{block}_conv")(x)
        if block < len(filters):
            x = POOLINGS[pooling](2, name=f"block{block}_pool")(x)
        # A short memory: a training of some hundred steps would not outgrow Keras's own 0.99.
        x = layers.BatchNormalization(momentum=0.9, name=f"block{block}_norm")(x)
        x = layers.ReLU(name=f"block{block}")(x)
    x = layers.Dropout(dropout, name="dropout")(layers.Flatten(name="flat")(x))
    return keras.Model(inputs, layers.Dense(classes, dtype="float32", name="logits")(x), name=name)


def _check(input_shape, classes, filters, kernel_size, pooling, dropout):
    if not len(filters) or not all(map(_whole, filters)):
        raise ValueError(f"filters is whole numbers from 1, one a block, not {filters!r}.")
    sides, smallest = tuple(input_shape), 2 ** (len(filters) - 1)
    if len(sides) != 3 or not all(map(_whole, sides)) or min(sides[:2]) < smallest:
        raise ValueError(
            f"input_shape is (height, width, channels), for {len(filters)} blocks with sides from {smallest}, "
            f"not {input_shape!r}."
        )
    for label, value in (("classes", classes), ("kernel_size", kernel_size)):
        if not _whole(value):
            raise ValueError(f"{label} is a whole number from 1, not {value!r}.")
    if pooling not in POOLINGS:
        raise ValueError(f"pooling is one of {', '.join(map(repr, POOLINGS))}, not {pooling!r}.")
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout is a share from 0 to below 1, not {dropout!r}.")


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
