"""Inception networks: GoogLeNet, and small ones of the same make."""

import keras
from keras import layers

from dlcourse.layers import InceptionBlock

# A network is a tuple of stages, a stage a tuple of modules, a module the arguments of an InceptionBlock.
SMALL = (
    ({"one": 8, "three": 16, "five": 8, "pool": 8, "three_reduced": 8, "five_reduced": 4},),
    ({"one": 16, "three": 32, "five": 16, "pool": 16, "three_reduced": 16, "five_reduced": 8},),
)


def _module(one, three_reduced, three, five_reduced, five, pool):
    """A row of the paper's table 1, in its order."""
    return {
        "one": one, "three": three, "five": five, "pool": pool,
        "three_reduced": three_reduced, "five_reduced": five_reduced,
    }  # fmt: skip


GOOGLENET = (
    (_module(64, 96, 128, 16, 32, 32), _module(128, 128, 192, 32, 96, 64)),  # 3a, 3b at 28 x 28
    (
        _module(192, 96, 208, 16, 48, 64),  # 4a to 4e at 14 x 14
        _module(160, 112, 224, 24, 64, 64),
        _module(128, 128, 256, 24, 64, 64),
        _module(112, 144, 288, 32, 64, 64),
        _module(256, 160, 320, 32, 128, 128),
    ),
    (_module(256, 160, 320, 32, 128, 128), _module(384, 192, 384, 48, 128, 128)),  # 5a, 5b at 7 x 7
)


def inception(
    input_shape: tuple[int | None, int | None, int] = (28, 28, 1),
    classes: int = 10,
    *,
    stages=SMALL,
    stem: int | str = 16,
    batch_norm: bool = True,
    dropout: float = 0.0,
    name: str = "inception",
) -> keras.Model:
    """A network of inception modules as a functional Keras model, pictures in and logits out.

    A stem, stages of `InceptionBlock`s with a max pooling of 3 x 3 and stride 2 between stages, the average of each
    map, dropout and a dense layer. Input `(batch, height, width, channels)`, output logits `(batch, classes)`, float32.
    Modules are named "stage1_module1" and so on.

    GoogLeNet, with the weights of the paper's table 1 and 7.0 million in all, is

        inception((224, 224, 3), 1000, stages=GOOGLENET, stem="googlenet", batch_norm=False, dropout=0.4)

    Left out of it: the two auxiliary classifiers, and local response normalisation, which has no weights.

    Args:
        input_shape: height, width, channels.
        classes: how many.
        stages: a sequence of stages, each a sequence of modules, each a dict of `InceptionBlock`'s arguments.
        stem: channels of a 3 x 3 convolution with stride 2; or "googlenet" for the paper's three convolutions and two
            poolings, which leave an eighth of height and width.
        batch_norm: normalisation after every convolution.
        dropout: share of the averages dropped in training, 0.4 in the paper.
        name: of the model.

    Raises:
        ValueError: classes, stem or dropout out of range, no stages, or a module that `InceptionBlock` refuses.

    Source: Szegedy et al., "Going deeper with convolutions" (2014), table 1 and section 5.
    """
    _check(classes, stages, stem, dropout)
    inputs = keras.Input(input_shape, name="pixels")
    x = _googlenet_stem(inputs, batch_norm) if stem == "googlenet" else _bend(inputs, stem, 3, 2, batch_norm, "stem")
    for stage, modules in enumerate(stages, start=1):
        if stage > 1:
            x = layers.MaxPooling2D(3, 2, padding="same", name=f"pool{stage - 1}")(x)
        for module, arguments in enumerate(modules, start=1):
            x = InceptionBlock(**{"batch_norm": batch_norm, **arguments}, name=f"stage{stage}_module{module}")(x)
    x = layers.GlobalAveragePooling2D(name="pooled")(x)
    x = layers.Dropout(dropout, name="dropout")(x) if dropout else x
    return keras.Model(inputs, layers.Dense(classes, dtype="float32", name="logits")(x), name=name)


def _googlenet_stem(x, batch_norm):
    x = _bend(x, 64, 7, 2, batch_norm, "stem1")
    x = layers.MaxPooling2D(3, 2, padding="same", name="stem_pool1")(x)
    x = _bend(_bend(x, 64, 1, 1, batch_norm, "stem2_reduced"), 192, 3, 1, batch_norm, "stem2")
    return layers.MaxPooling2D(3, 2, padding="same", name="stem_pool2")(x)


def _bend(x, filters, kernel, stride, batch_norm, name):
    """A convolution, normalised if wanted, and a ReLU."""
    convolution = layers.Conv2D(
        filters, kernel, stride, padding="same", use_bias=not batch_norm, kernel_initializer="he_normal", name=name
    )
    x = convolution(x)
    x = layers.BatchNormalization(name=f"{name}_norm")(x) if batch_norm else x
    return layers.ReLU(name=f"{name}_relu")(x)


def _check(classes, stages, stem, dropout):
    if not _whole(classes):
        raise ValueError(f"classes is a whole number from 1, not {classes!r}.")
    if stem != "googlenet" and not _whole(stem):
        raise ValueError(f"stem is a number of channels from 1, or 'googlenet', not {stem!r}.")
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout is a share from 0 to below 1, not {dropout!r}.")
    if not stages or not all(stages):
        raise ValueError(f"stages is a sequence of stages of at least one module each, not {stages!r}.")


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
