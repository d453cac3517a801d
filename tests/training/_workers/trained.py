"""Small networks and data for the processes of the distribution tests."""

import keras
import numpy as np
from keras import layers

ROWS, BATCH = 41, 8  # the last batch is of one row: one of two replicas has none
rng = np.random.default_rng(3)
IMAGES = rng.normal(size=(ROWS, 6, 6, 1)).astype("float32")
LABELS = rng.integers(3, size=ROWS)
WEIGHTS = rng.uniform(0.2, 2, ROWS).astype("float32")
LENGTHS = rng.integers(1, 9, ROWS)
WORDS = np.where(np.arange(8) < LENGTHS[:, None], rng.integers(1, 6, (ROWS, 8)), 0)
TAGS = WORDS % 3


def dense():
    return [layers.Flatten(), layers.Dense(8, activation="tanh", kernel_regularizer="l2")]


def convolution():
    return [layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten()]


def normalized(synchronized):
    return [layers.Flatten(), layers.Dense(8), layers.BatchNormalization(synchronized=synchronized)]


def tagger():
    return [layers.Embedding(6, 4, mask_zero=True), layers.Dense(4, activation="tanh")]


def build(body, optimizer, shape=(6, 6, 1), reduction="sum_over_batch_size", eager=False):
    """A compiled model, the same every time; `body` makes its layers, which draw their seeds as they are made.

    `eager` spares the tracing, most of the time of a training of a few steps.
    """
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input(shape), *body(), layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction=reduction)
    model.compile(optimizer, loss, metrics=["accuracy"], run_eagerly=eager)
    return model


def momentum():
    return keras.optimizers.SGD(0.1, momentum=0.9)


def adam():
    return keras.optimizers.Adam(0.01)


def difference(one, other):
    """The largest between two models' weights."""
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return max(float(np.abs(mine - yours).max()) for mine, yours in pairs)
