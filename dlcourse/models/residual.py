"""Residual networks for small pictures, and the plain networks they are compared with."""

import keras
from keras import layers

from dlcourse.layers import BottleneckBlock, ResidualBlock

STAGES = 3


def resnet(
    depth: int = 20,
    shortcut: bool = True,
    *,
    input_shape: tuple[int | None, int | None, int] = (28, 28, 1),
    classes: int = 10,
    width: int = 16,
    batch_norm: bool = True,
    preactivation: bool = False,
    bottleneck: bool = False,
    name: str | None = None,
) -> keras.Model:
    """A network of `depth` weighted layers as a functional Keras model, pictures in and logits out.

    A 3 x 3 convolution, three stages of equally many blocks with width, 2 width and 4 width channels (four times as
    many at a bottleneck's end), the second and third beginning with stride 2; the average of each map; a dense layer.
    Projections on the shortcuts are not counted in `depth`, as in the paper. Their option A, an identity padded with
    zeros, is not offered. Input `(batch, height, width, channels)`, output logits `(batch, classes)`, float32.

    Args:
        depth: 6n + 2 (8, 14, 20 … 56), or 9n + 2 (11, 20 … 56) with bottlenecks.
        shortcut: False for the plain network.
        input_shape: height, width, channels.
        classes: how many.
        width: channels of the first stage; 16 in the paper.
        batch_norm: False for convolutions with biases and no normalisation.
        preactivation: normalisation and ReLU before each convolution, and once more at the end.
        bottleneck: blocks of three convolutions instead of two.
        name: of the model; says what it is if left out.

    Raises:
        ValueError: a depth of another kind, or a width or number of classes that is no whole number from 1.

    Sources: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2015), section 4.2; "Identity
    mappings in deep residual networks" (2016) for the pre-activation.
    """
    _check(width=width, classes=classes)
    blocks = _blocks_a_stage(depth, 9 if bottleneck else 6)
    kind = BottleneckBlock if bottleneck else ResidualBlock
    settings = {"shortcut": shortcut, "batch_norm": batch_norm, "preactivation": preactivation}
    inputs = keras.Input(input_shape, name="pixels")
    x = _convolution(inputs, width, batch_norm)
    x = x if preactivation else _bend(x, batch_norm, "stem")
    for stage in range(STAGES):
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            x = kind(width * 2**stage, stride, **settings, name=f"stage{stage + 1}_block{block + 1}")(x)
    x = _bend(x, batch_norm, "end") if preactivation else x
    x = layers.GlobalAveragePooling2D(name="pooled")(x)
    outputs = layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(inputs, outputs, name=name or f"{'resnet' if shortcut else 'plain'}{depth}")


def _convolution(x, width, batch_norm):
    start = {"use_bias": not batch_norm, "kernel_initializer": "he_normal"}
    return layers.Conv2D(width, 3, padding="same", **start, name="stem")(x)


def _bend(x, batch_norm, name):
    x = layers.BatchNormalization(name=f"{name}_norm")(x) if batch_norm else x
    return layers.ReLU(name=f"{name}_relu")(x)


def _blocks_a_stage(depth, layers_a_round):
    """n in depth = 6n + 2 or 9n + 2."""
    whole = isinstance(depth, int) and not isinstance(depth, bool)
    if not whole or depth < layers_a_round + 2 or (depth - 2) % layers_a_round:
        first = [layers_a_round * n + 2 for n in (1, 2, 3)]
        raise ValueError(f"depth is {layers_a_round}n + 2, such as {first[0]}, {first[1]}, {first[2]}, not {depth!r}.")
    return (depth - 2) // layers_a_round


def _check(**numbers):
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} is a whole number from 1, not {value!r}.")
