"""Trains on one device and on two halves of the processor, and prints as JSON how far the weights are apart."""

import json

import keras
import numpy as np
import tensorflow as tf
import trained
from trained import BATCH, IMAGES, LABELS, TAGS, WEIGHTS, WORDS, adam, build, difference, momentum

from dlcourse.training import fit, setup
from dlcourse.training.distribution import strategy

setup(1)
two = strategy("mirrored", replicas=2)


def train(make, place, data, rows=41, epochs=1, with_fit=False):
    data = tuple(part[:rows] for part in data)
    with place.scope():
        model = make()
        if with_fit:
            fit(model, data, epochs=epochs, batch_size=BATCH, progress="off")
        else:
            model.fit(tf.data.Dataset.from_tensor_slices(data).batch(BATCH), epochs=epochs, verbose=0)
    return model


def apart(make, data, **settings):
    """The difference after the same batches, and both models."""
    models = [train(make, place, data, **settings) for place in (strategy("none"), two)]
    return difference(*models), models


def normalized(synchronized):
    return lambda: build(lambda: trained.normalized(synchronized), momentum(), eager=True)


def weighted(reduction):
    return lambda: build(trained.dense, keras.optimizers.SGD(0.01), reduction=reduction, eager=True)


def clipping():
    return keras.optimizers.SGD(0.1, momentum=0.9, global_clipnorm=0.05)


def refused(optimizer):
    try:
        train(lambda: build(trained.dense, optimizer(), eager=True), two, images, rows=15)
    except ValueError as error:
        return str(error)
    return "nothing"


images = (IMAGES, LABELS)
found = {"replicas": two.num_replicas_in_sync, "same": two is strategy("mirrored", replicas=2)}
found["dense, momentum"], _ = apart(lambda: build(trained.dense, momentum()), images, rows=15, epochs=2)
found["convolution, adam"], models = apart(lambda: build(trained.convolution, adam()), images, epochs=2, with_fit=True)
found["masked"], _ = apart(lambda: build(trained.tagger, momentum(), shape=(8,), eager=True), (WORDS, TAGS), rows=9)
found["clipped"], _ = apart(lambda: build(trained.tagger, clipping(), shape=(8,), eager=True), (WORDS, TAGS), rows=9)
found["sum"], _ = apart(weighted("sum"), images, rows=15)
found["by weight"], _ = apart(weighted("mean_with_sample_weight"), (*images, WEIGHTS), rows=15)
found["normalized together"], pair = apart(normalized(True), images, rows=15)
found["normalized apart"] = difference(pair[0], train(normalized(False), two, images, rows=15))

one, both = (model.predict(IMAGES, batch_size=BATCH, verbose=0) for model in models)
found["predictions"] = [list(both.shape), float(np.abs(one - both).max())]
one, both = (model.evaluate(IMAGES, LABELS, batch_size=BATCH, verbose=0) for model in models)
found["figures"] = float(np.abs(np.subtract(one, both)).max())
found["refused"] = refused(lambda: keras.optimizers.SGD(0.1, gradient_accumulation_steps=2))
print(json.dumps(found))
