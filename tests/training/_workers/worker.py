"""One worker of two: trains, and is killed, resumes or freezes as it is told. Prints what it found as JSON."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import keras
import tensorflow as tf
import trained
from trained import BATCH, IMAGES, LABELS, adam, build, difference, momentum

from dlcourse.training import conductor, fit, setup
from dlcourse.training.distribution import strategy
from dlcourse.training.distribution_workers import WorkerLostError, first_decides, worker_folder

part, folder = sys.argv[1], Path(sys.argv[2])
EPOCHS = 2
found = {}
setup(1)
workers = strategy("auto", start_seconds=200, lost_seconds=10)
index = workers.cluster.index


class Die(keras.callbacks.Callback):
    """Worker 1 is gone in the middle of the second epoch."""

    def on_train_batch_begin(self, batch, logs=None):
        if index == 1 and self.model.optimizer.iterations.numpy() == 9:
            os.kill(os.getpid(), signal.SIGKILL)


class Hurried:
    """A clock that runs a million times too fast."""

    def monotonic(self):
        return 1e6 * time.monotonic()


def trained_by_the_clock_of(hurried):
    """Steps and end of a training with a time budget that only the hurried worker's clock exceeds."""
    conductor.time = Hurried() if index == hurried else time
    conductor._ASK_EVERY = 4
    with workers.scope():
        model = build(trained.convolution, adam())
        mine = worker_folder(workers, folder / f"clock {hurried}" / str(index))
        training = fit(
            model, (IMAGES, LABELS), epochs=EPOCHS, batch_size=BATCH, progress="off",
            folder=mine, save_seconds=1000, max_seconds=1000,
        )  # fmt: skip
    conductor.time = time
    return [training.steps, training.stopped]


def train(callbacks=()):
    with workers.scope():
        model = build(trained.convolution, adam())
        mine = worker_folder(workers, folder / str(index))
        settings = {"folder": mine, "callbacks": callbacks, "progress": "off"}
        return model, fit(model, (IMAGES, LABELS), epochs=EPOCHS, batch_size=BATCH, **settings)


def lost(act):
    """What is said when the other worker is gone."""
    try:
        act()
    except WorkerLostError as error:
        return str(error)
    return "nothing"


def compare_with_one_device():
    batches = tf.data.Dataset.from_tensor_slices((IMAGES, LABELS)).batch(BATCH)
    with workers.scope():
        model = build(trained.dense, momentum())
        model.fit(batches, verbose=0)
        found["evaluated"] = model.evaluate(batches, verbose=0)
    if index == 0:
        alone = build(trained.dense, momentum())
        alone.fit(batches, verbose=0)
        found["alone"] = alone.evaluate(batches, verbose=0)
        found["apart"] = difference(alone, model)


def freeze():
    if index == 1:
        os.kill(os.getpid(), signal.SIGSTOP)
    with workers.scope():
        first_decides(workers, True)


if part == "killed":
    found["replicas"] = workers.num_replicas_in_sync
    found["decided"] = first_decides(workers, index == 0)
    compare_with_one_device()
    found["second worker hurries"] = trained_by_the_clock_of(1)
    found["first worker hurries"] = trained_by_the_clock_of(0)
    found["lost"] = lost(lambda: train([Die()]))
else:
    model, training = train()
    found["steps"] = training.steps
    found["weights"] = [each.tolist() for each in model.get_weights()]
    if index == 0:
        alone = build(trained.convolution, adam())
        fit(alone, (IMAGES, LABELS), epochs=EPOCHS, batch_size=BATCH, progress="off")
        found["apart"] = difference(alone, model)
    print(json.dumps(found), flush=True)
    found["lost"] = lost(freeze)
print(json.dumps(found), flush=True)
