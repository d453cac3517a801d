"""LeNet-5, the convolutional network that read bank cheques, as it was and as it is built today."""

import keras
from keras import layers

POOLINGS = ("average", "max", "stride")
# What each variant chooses where an argument is left out.
VARIANTS = {
    "classic": {"activation": "tanh", "pooling": "average", "batch_norm": False},
    "modern": {"activation": "relu", "pooling": "max", "batch_norm": False},
}
SMALLEST = 12  # pixels a side: one pooling, a kernel of 5 without padding, one pooling leave a single place


def lenet(
    input_shape: tuple[int, int, int] = (28, 28, 1),
    classes: int = 10,
    *,
    variant: str = "classic",
    activation: str | None = None,
    pooling: str | None = None,
    batch_norm: bool | None = None,
    filters: tuple[int, int] = (6, 16),
    units: tuple[int, ...] = (120, 84),
    name: str = "lenet",
) -> keras.Model:
    """LeNet-5 as a functional Keras model, pictures in and logits out, on whichever backend Keras runs.

    Convolution 5 x 5, pooling, convolution 5 x 5, pooling, two dense layers and the answers. Input
    `(batch, height, width, channels)`, output `(batch, classes)` logits, float32. For pictures of 28 x 28:

        c1 (28, 28, 6) → s2 (14, 14, 6) → c3 (10, 10, 16) → s4 (5, 5, 16) → c5 (120) → f6 (84) → logits (10)

    with 156 + 2,416 + 48,120 + 10,164 + 850 = 61,706 weights. The first convolution pads two zeros at each side, as the
    paper put digits of 28 x 28 on squares of 32 x 32. Different from the paper: c3 sees all maps of s2, not chosen ones
    (2,416 weights for 1,516); poolings have no weights; tanh is not stretched; the answers are logits, not distances
    to drawn digits. c5, which the paper calls a convolution that fills the picture, is the dense layer that it equals.

    Args:
        input_shape: height, width, channels; sides from 12.
        classes: how many.
        variant: "classic" (1998: tanh, average pooling) or "modern" (ReLU, max pooling).
        activation: any activation of Keras; None for the variant's.
        pooling: of 2 x 2: "average", "max", or "stride", which keeps one pixel of four; None for the variant's.
        batch_norm: normalise after each convolution, before its activation; None for the variant's, which is False.
        filters: of the two convolutions.
        units: of the dense layers before the answers; may be empty.
        name: of the model.

    Raises:
        ValueError: an argument that is not allowed; says what came and what is allowed.

    Source: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition" (1998),
    section II.B.
    """
    chosen = _chosen(variant, activation=activation, pooling=pooling, batch_norm=batch_norm)
    _check(input_shape, classes, chosen["pooling"], filters, units)
    activation = chosen["activation"]
    x = inputs = keras.Input(input_shape, name="pixels")
    for place, count, padding in ((1, filters[0], "same"), (3, filters[1], "valid")):
        x = _convolution(x, count, padding, activation, chosen["batch_norm"], f"c{place}")
        x = _pooling(chosen["pooling"], f"s{place + 1}")(x)
    x = layers.Flatten(name="flat")(x)
    for place, count in enumerate(units, start=5):
        label = f"c{place}" if place == 5 else f"f{place}"
        x = layers.Dense(count, activation, kernel_initializer=_start(activation), name=label)(x)
    return keras.Model(inputs, layers.Dense(classes, dtype="float32", name="logits")(x), name=name)


def _chosen(variant, **given):
    """The arguments with the variant's own in place of None."""
    if variant not in VARIANTS:
        raise ValueError(f"variant is one of {', '.join(map(repr, VARIANTS))}, not {variant!r}.")
    return {name: VARIANTS[variant][name] if value is None else value for name, value in given.items()}


def _convolution(x, filters, padding, activation, batch_norm, name):
    """A convolution of 5 x 5, normalised if wanted, and its activation, which bears the name `name`."""
    convolution = layers.Conv2D(
        filters, 5, padding=padding, use_bias=not batch_norm, kernel_initializer=_start(activation), name=f"{name}_conv"
    )
    x = convolution(x)
    if batch_norm:
        x = layers.BatchNormalization(name=f"{name}_norm")(x)
    return layers.Activation(activation, name=name)(x)


def _start(activation):
    """Starting weights that keep a signal's size: He's after ReLU, Glorot's otherwise."""
    return "he_normal" if activation == "relu" else "glorot_uniform"


def _pooling(kind, name):
    if kind == "average":
        return layers.AveragePooling2D(2, name=name)
    return layers.MaxPooling2D(2 if kind == "max" else 1, strides=2, name=name)  # a window of one pixel just skips


def _check(input_shape, classes, pooling, filters, units):
    sides = tuple(input_shape)
    if len(sides) != 3 or not all(map(_whole, sides)) or min(sides[:2]) < SMALLEST:
        raise ValueError(f"input_shape is (height, width, channels), sides from {SMALLEST}, not {input_shape!r}.")
    if not _whole(classes):
        raise ValueError(f"classes is a whole number from 1, not {classes!r}.")
    if pooling not in POOLINGS:
        raise ValueError(f"pooling is one of {', '.join(map(repr, POOLINGS))}, not {pooling!r}.")
    if len(filters) != 2 or not all(map(_whole, filters)):
        raise ValueError(f"filters is two whole numbers from 1, not {filters!r}.")
    if not all(map(_whole, units)):
        raise ValueError(f"units is whole numbers from 1, one a layer, not {units!r}.")


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
