"""EfficientNet-lite0, a small convolutional network for photographs, with weights trained on ImageNet.

    from dlcourse.models.efficientnet import efficientnet_lite0, features, prepare

    model = efficientnet_lite0()
    probabilities = model.predict(np.stack([prepare(photograph)]))  # (1, 1000)
    maps = features(model).predict(…)                               # {"stem": (1, 112, 112, 32), …}

A stem, seven stages of inverted residual blocks, and a head: 4.65 million weights and 0.39 thousand million
multiply-adds for a picture of 224 x 224. "Lite" leaves out what small devices compute badly: squeeze-and-excitation
and swish, whose place ReLU6 takes.

Sources: Tan and Le, "EfficientNet" (2019), arXiv:1905.11946; Sandler and others, "MobileNetV2" (2018),
arXiv:1801.04381, for the blocks; the lite variants are the first author's, published with TensorFlow (2020).
"""

import math
import numbers

import keras
import numpy as np
from keras import layers

from dlcourse.data import load

# Stages 1 to 7: (blocks, kernel size, stride of the first block, expansion, channels).
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
# The layers whose outputs `features` gives, from the picture upwards.
DEPTHS = ("stem", "stage1", "stage2", "stage3", "stage4", "stage5", "stage6", "stage7", "head")
SIZE = 224  # pixels a side, of the pictures it was trained on
SMALLEST = 32  # pixels a side: the network halves five times
WEIGHTS = (None, "imagenet", "imagenet-float32")

_PIXEL_MEAN, _PIXEL_SCALE = 127.0, 128.0
_DROP_CONNECT, _DROPOUT = 0.2, 0.2


def efficientnet_lite0(
    weights: str | None = "imagenet",
    *,
    include_top: bool = True,
    pooling: str | None = None,
    input_shape: tuple[int | None, int | None, int] = (None, None, 3),
    classes: int = 1000,
    classifier_activation: str | None = "softmax",
    name: str = "efficientnet_lite0",
) -> keras.Model:
    """EfficientNet-lite0 as a functional Keras model, on whichever backend Keras runs.

    Input: pixels `(batch, height, width, 3)`, red green blue, 0 to 255, integers or floats; the model itself subtracts
    127 and divides by 128. The weights were trained on squares of 224 pixels, cut as `prepare` does; other sizes
    from 32 up work, less well the further from it. Output, with float32 values under every precision policy:

    - `include_top=True`: probabilities `(batch, classes)`, or logits with `classifier_activation=None`;
    - `include_top=False`: the last feature maps `(batch, ⌈height/32⌉, ⌈width/32⌉, 1280)`, or with `pooling="avg"` or
      "max" one number for each map, `(batch, 1280)`.

    Layers are named for what they are: "stage4_block2_expand", and "stem", "stage1" … "stage7", "head" for the end of
    each stage (see `features`). The class names are `dlcourse.data.class_names("efficientnet_lite0")`.

    Args:
        weights: "imagenet" (bundled, half precision), "imagenet-float32" (as published; fetched, 19 MB), or None for
            random ones.
        include_top: with the pooling and the classifier.
        pooling: "avg", "max" or None; only without the top.
        input_shape: height, width, 3; None for a size that may vary.
        classes: how many, if the weights are not ImageNet's or the top is left out.
        classifier_activation: any activation of Keras, or None for logits.
        name: of the model.

    Raises:
        ValueError: an argument that is not allowed; says what came and what is allowed.
    """
    _check(weights, include_top, pooling, input_shape, classes)
    inputs = keras.Input(input_shape, name="pixels")
    x = layers.Rescaling(1 / _PIXEL_SCALE, -_PIXEL_MEAN / _PIXEL_SCALE, name="scaled")(inputs)
    x = _end(_bend(_convolution(x, 32, 3, "stem_conv", stride=2), "stem_bn"), "stem")
    x = _stages(x)
    x = _end(_bend(_convolution(x, 1280, 1, "head_conv"), "head_bn"), "head")
    x = _top(x, classes, classifier_activation) if include_top else _pooled(x, pooling)
    model = keras.Model(inputs, x, name=name)
    if weights is not None:
        _set_weights(model, load("efficientnet_lite0", lossless=weights == "imagenet-float32"))
    return model


def features(model: keras.Model, depths=DEPTHS) -> keras.Model:
    """A model from the same input to a dict of feature maps `(batch, height, width, channels)`, one for each depth.

    `depths` are names of layers; without them the ends of the stem, of each stage and of the head.

    Raises:
        ValueError: a name that is no layer of the model.
    """
    known = [layer.name for layer in model.layers]
    for each in depths:
        if each not in known:
            raise ValueError(f"depths: {each!r} is no layer of {model.name}; the ends of its stages are {DEPTHS}.")
    return keras.Model(model.input, {each: model.get_layer(each).output for each in depths}, name="features")


def prepare(picture, size: int = SIZE) -> np.ndarray:
    """The central square of a picture, resized as the network was tested: `(size, size, 3)` uint8.

    picture: `(height, width, 3)` uint8, red green blue. The square's side is size / (size + 32) of the shorter side,
    and it is resized by bicubic interpolation.

    Raises:
        ValueError: another shape or type, or a size under 32.
    """
    from PIL import Image

    picture = np.asarray(picture)
    if picture.ndim != 3 or picture.shape[-1] != 3 or picture.dtype != np.uint8:
        raise ValueError(f"picture is (height, width, 3) uint8, not {picture.shape} {picture.dtype}.")
    if size < SMALLEST:
        raise ValueError(f"size is a number of pixels from {SMALLEST}, not {size!r}.")
    height, width = picture.shape[:2]
    side = min(height, width) * size / (size + 32)
    left, top = (width - side) / 2, (height - side) / 2
    square = Image.fromarray(picture).resize(
        (size, size), Image.Resampling.BICUBIC, (left, top, left + side, top + side)
    )
    return np.asarray(square)


def _stages(x):
    """Stages 1 to 7; the share of examples for which a block is skipped in training grows with depth."""
    total = sum(blocks for blocks, *_ in STAGES)
    done = 0
    for stage, (blocks, kernel, stride, expansion, channels) in enumerate(STAGES, start=1):
        for block in range(1, blocks + 1):
            first = block == 1
            x = _block(
                x, f"stage{stage}_block{block}_", kernel, stride if first else 1, expansion, channels,
                drop=_DROP_CONNECT * done / total,
            )  # fmt: skip
            done += 1
        x = _end(x, f"stage{stage}")
    return x


def _block(x, name, kernel, stride, expansion, channels, drop):
    """An inverted residual block: widen, look at each channel's surroundings, narrow; no bend at its end."""
    inputs, width = x, x.shape[-1]
    if expansion != 1:
        x = _bend(_convolution(x, width * expansion, 1, f"{name}expand"), f"{name}expand_bn")
    x = layers.DepthwiseConv2D(
        kernel, stride, "same", use_bias=False, depthwise_initializer=_start(kernel * kernel), name=f"{name}depthwise"
    )(x)
    x = _bend(x, f"{name}depthwise_bn")
    x = _norm(f"{name}project_bn")(_convolution(x, channels, 1, f"{name}project"))
    if stride != 1 or width != channels:
        return x
    if drop:
        x = layers.Dropout(drop, noise_shape=(None, 1, 1, 1), name=f"{name}drop")(x)
    return layers.Add(name=f"{name}add")([inputs, x])


def _convolution(x, channels, kernel, name, stride=1):
    """A convolution without bias; "same" pads as TensorFlow does, the larger half at the right and at the bottom."""
    start = _start(kernel * kernel * channels)
    return layers.Conv2D(channels, kernel, stride, "same", use_bias=False, kernel_initializer=start, name=name)(x)


def _start(fan_out):
    """Starting weights of variance 2 / fan_out, the network's own."""
    return keras.initializers.RandomNormal(stddev=math.sqrt(2 / fan_out))


def _norm(name):
    return layers.BatchNormalization(momentum=0.99, epsilon=1e-3, name=name)


def _bend(x, name):
    return layers.ReLU(max_value=6, name=f"{name}_relu6")(_norm(name)(x))


def _end(x, name):
    """Gives the end of a stage a name of its own."""
    return layers.Identity(name=name)(x)


def _pooled(x, pooling):
    if pooling is None:
        return layers.Activation("linear", dtype="float32", name="float32")(x)
    kind = layers.GlobalAveragePooling2D if pooling == "avg" else layers.GlobalMaxPooling2D
    return kind(dtype="float32", name="pooled")(x)


def _top(x, classes, activation):
    x = layers.Dropout(_DROPOUT, name="dropout")(_pooled(x, "avg"))
    x = layers.Dense(classes, dtype="float32", name="logits")(x)
    return x if activation is None else layers.Activation(activation, dtype="float32", name="answer")(x)


def _set_weights(model, arrays):
    for layer in model.layers:
        for variable in layer.weights:
            variable.assign(arrays[f"{layer.name}/{variable.name}"])


def _check(weights, include_top, pooling, input_shape, classes):
    if weights not in WEIGHTS:
        raise ValueError(f"weights is one of {', '.join(map(repr, WEIGHTS))}, not {weights!r}.")
    if pooling not in (None, "avg", "max"):
        raise ValueError(f"pooling is 'avg', 'max' or None, not {pooling!r}.")
    if include_top and pooling is not None:
        raise ValueError(f"pooling={pooling!r} is for include_top=False: the top has its own, the average.")
    if isinstance(classes, bool) or not isinstance(classes, numbers.Integral) or classes < 1:
        raise ValueError(f"classes is a whole number from 1, not {classes!r}.")
    if include_top and weights is not None and classes != 1000:
        raise ValueError(f"classes is 1000 with the weights of ImageNet, not {classes}; use include_top=False.")
    _check_input_shape(input_shape)


def _check_input_shape(shape):
    sides, good = tuple(shape)[:2], len(tuple(shape)) == 3 and tuple(shape)[2] == 3
    if not good or any(each is not None and each < SMALLEST for each in sides):
        raise ValueError(f"input_shape is (height, width, 3), sides from {SMALLEST} pixels or None, not {shape!r}.")
