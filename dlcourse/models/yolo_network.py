"""A small YOLO: a residual network that keeps its grid, and a head that answers for each cell and anchor."""

import math
import numbers
from collections.abc import Sequence

import keras
from keras import layers

from dlcourse.layers import ResidualBlock, SplitChannels

PRIOR = 0.02  # share of places taken for objects before training: without it the first steps only unlearn them


def yolo(
    input_shape: tuple[int | None, int | None, int] = (96, 96, 1),
    classes: int = 10,
    anchors: int = 3,
    *,
    widths: Sequence[int] = (24, 48, 64),
    more_blocks: int = 1,
    objectness: bool = True,
    name: str = "yolo",
) -> keras.Model:
    """A detector in one pass, as a functional Keras model: pixels in, logits for a grid of cells out.

    A 3 x 3 convolution; for each of `widths` a residual block that halves height and width; `more_blocks` that do not;
    the head. Input (batch, height, width, channels), values 0 to 255, divided by 255 in the model. Output (batch, rows,
    columns, anchors, 5 + classes), or 4 + classes without objectness, float32, as `dlcourse.detection.encode` says; the
    stride is 2 to the number of widths (8 pixels), rows and columns are height and width divided by it, rounded up.

    Args:
        input_shape: height, width, channels; None for a size that may vary.
        classes: how many.
        anchors: how many for each cell.
        widths: channels of the blocks.
        more_blocks: blocks at the end, of the last width.
        objectness: whether the network says that there is something apart from what it is.
        name: of the model.

    Raises:
        ValueError: a number that is not allowed.

    Source: Redmon et al. (2016), "You only look once", arXiv:1506.02640; ours is smaller, residual and of one scale.
    """
    _check(widths=list(widths), classes=classes, anchors=anchors)
    inputs = keras.Input(input_shape, name="pixels")
    x = layers.Rescaling(1 / 255, name="scaled")(inputs)
    x = layers.Conv2D(widths[0], 3, padding="same", use_bias=False, kernel_initializer="he_normal", name="stem")(x)
    x = layers.ReLU(name="stem_relu")(layers.BatchNormalization(name="stem_norm")(x))
    for number, width in enumerate(widths, start=1):
        x = ResidualBlock(width, 2, name=f"block{number}")(x)
    for number in range(len(widths) + 1, len(widths) + 1 + more_blocks):
        x = ResidualBlock(widths[-1], name=f"block{number}")(x)
    return keras.Model(inputs, _answers(x, classes, anchors, objectness), name=name)


def yolo_head(
    channels: int,
    classes: int = 1,
    anchors: int = 3,
    *,
    width: int = 64,
    blocks: int = 1,
    dropout: float = 0.0,
    objectness: bool = True,
    name: str = "yolo_head",
) -> keras.Model:
    """The end of a YOLO, on feature maps of another network: (batch, rows, columns, channels) in, as `yolo` out.

    A 1 x 1 convolution to `width` channels with normalisation, dropout of whole maps, residual blocks, the answers.

    Args:
        channels: of the feature maps.
        classes: how many.
        anchors: how many for each cell.
        width: channels within.
        blocks: how many.
        dropout: share of the narrowed maps left out in training.
        objectness: as in `yolo`.
        name: of the model.

    Raises:
        ValueError: a number that is not allowed.
    """
    _check(channels=channels, classes=classes, anchors=anchors, width=width)
    inputs = keras.Input((None, None, channels), name="features")
    x = layers.Conv2D(width, 1, use_bias=False, kernel_initializer="he_normal", name="narrow")(inputs)
    x = layers.ReLU(name="narrow_relu")(layers.BatchNormalization(name="narrow_norm")(x))
    x = layers.SpatialDropout2D(dropout, name="dropout")(x) if dropout else x
    for number in range(1, blocks + 1):
        x = ResidualBlock(width, name=f"block{number}")(x)
    return keras.Model(inputs, _answers(x, classes, anchors, objectness), name=name)


def _answers(x, classes, anchors, objectness):
    """The last convolution: 1 x 1, one group of channels for each anchor. In the beginning most places say: nothing."""
    certain = [0.0] * 4 + [math.log(PRIOR / (1 - PRIOR))] * (1 if objectness else classes)
    bias = (certain + [0.0] * (classes if objectness else 0)) * anchors
    x = layers.Conv2D(
        len(bias), 1, dtype="float32", name="answers",
        kernel_initializer=keras.initializers.RandomNormal(stddev=0.01), bias_initializer=_Given(bias),
    )(x)  # fmt: skip
    return SplitChannels(anchors, dtype="float32", name="grid")(x)


@keras.saving.register_keras_serializable("dlcourse")
class _Given(keras.initializers.Initializer):
    """Starts a variable with given values."""

    def __init__(self, values):
        self.values = values

    def __call__(self, shape, dtype=None):
        return keras.ops.reshape(keras.ops.convert_to_tensor(self.values, dtype), shape)

    def get_config(self):
        return {"values": self.values}


def _check(**numbers_from_one):
    for name, value in numbers_from_one.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, bool) or not isinstance(each, numbers.Integral) or each < 1:
                raise ValueError(f"{name} is a whole number from 1, not {each!r}.")
