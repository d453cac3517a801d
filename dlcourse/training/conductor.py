"""Leads Keras's training loop epoch by epoch, watches every step, and keeps the training's state.

Keras calls a CallbackList before and after everything it does. `Conductor` is one: it passes each call on to the
user's callbacks, and puts its own work before the first of them or after the last.
"""

import contextlib
import math
import time
import warnings
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from dlcourse.errors import CourseError
from dlcourse.training import job, state
from dlcourse.training.distribution_workers import first_decides, worker_count
from dlcourse.training.pace import Pace
from dlcourse.training.progress import clock

_CHECK_EVERY_ON_GPU = 16  # steps: looking at the loss waits for the GPU, which otherwise runs ahead
_ASK_EVERY = 16  # steps: clocks differ, so workers ask the first one whether to save or stop, which takes an exchange


class DivergedError(CourseError):
    """The loss is no longer a finite number. `epoch` and `step` count from 1, the step within its epoch."""

    def __init__(self, loss: float, epoch: int, step: int, steps: int, rate: float | None):
        self.epoch, self.step = epoch, step
        rate = "" if rate is None else f" (it is {rate:.4g})"
        super().__init__(
            f"The loss became {loss} at step {step} of epoch {epoch}, step {steps} in all: lower the learning "
            f"rate{rate}, clip the gradients, or look for a division by zero or a log(0) in the model, loss or data."
        )


class _OutOfTimeError(Exception):
    """Leaves Keras's loop in the middle of an epoch."""


@dataclass(frozen=True)
class Limits:
    """What ends a training, and which of its weights are kept. See `fit`."""

    epochs: int
    max_seconds: float | None
    save_seconds: float
    restore_best: str | None
    higher: bool
    patience: int | None
    unit: str


class Conductor(keras.callbacks.CallbackList):
    """One run of a training. `at` is where it stands, `taken` the steps of this run, `pace` how fast they went."""

    def __init__(self, model, source, validation, limits: Limits, place, events, watch, callbacks):
        super().__init__(list(callbacks), add_history=True, model=model, epochs=limits.epochs)
        self.source, self.validation, self.limits, self.place, self.watch = source, validation, limits, place, watch
        self.events = events
        self.at, self.taken = job.Progress(), 0
        self.pace, self._steps_per_epoch = Pace(model), None
        self._restored, self._best_weights = None, None
        self._offset = 0
        self._check_every = _CHECK_EVERY_ON_GPU if tf.config.list_physical_devices("GPU") else 1
        self._ask_every = _ASK_EVERY if worker_count(model.distribute_strategy) > 1 else 1

    def train(self) -> None:
        """Train to the first limit, from the start or from what the folder holds, and leave the weights asked for."""
        self._build()
        self._resume()
        self._began = time.monotonic() - self.at.seconds
        self._saved = time.monotonic()
        self.at.stopped = self._why_stop()
        if self.at.stopped is None:
            super().on_train_begin()
            with _postponed_averaging(self.model), contextlib.suppress(_OutOfTimeError):
                while self.at.stopped is None:
                    self._epoch()
            super().on_train_end(self.at.history[-1] if self.at.history else None)
        self._finish()

    # Before the first step.

    def _build(self):
        """Make every variable now, so that a saved state can be put in and a wrong one refused before any training."""
        dataset = self.source.dataset(0)
        batch = next(iter(dataset), None)
        if batch is None:
            raise ValueError("data has no batch.")
        if dataset.cardinality() == tf.data.INFINITE_CARDINALITY:
            raise ValueError("data never ends: limit the dataset with .take(steps).")
        self.model._symbolic_build(data_batch=batch)
        self.pace.learn(batch)
        self.inputs = tf.nest.map_structure(tf.TensorSpec.from_tensor, batch[0] if isinstance(batch, tuple) else batch)
        self._learn_length(dataset)
        self._check_figure()

    def _check_figure(self):
        names = list(self.model.get_metrics_result())
        names += [f"val_{name}" for name in names] if self.validation is not None else []
        wanted = self.limits.restore_best
        if wanted is not None and wanted not in names:
            raise ValueError(f"restore_best is one of {', '.join(names)}, not {wanted!r}.")

    def _resume(self):
        saved = self.place.load() if self.place else None
        if saved is None:
            if self.place:
                self._save()  # a folder that cannot be written is found out now
                self.place.tidy(self.at)
            return
        arrays, self.at, signature = saved
        state.require_same(signature, self.model, self.place.path / job.STATE)
        state.restore(self.model, arrays)
        self._restored = arrays
        if self.at.best_epoch is not None:
            self._best_weights = self.place.load_best(self.at.best_epoch)
        self.place.tidy(self.at)

    def _why_stop(self):
        if self.at.stopped in ("patience", "callback"):
            return self.at.stopped
        if self.at.epoch >= self.limits.epochs:
            return "epochs"
        return "time" if self._out_of_time() else None

    def _out_of_time(self):
        limit = self.limits.max_seconds
        return limit is not None and self._agreed(self.at.seconds >= limit)

    def _agreed(self, yes):
        return first_decides(self.model.distribute_strategy, yes)

    # The loop, which is Keras's.

    def _epoch(self):
        dataset = self.source.dataset(self.at.epoch, self.at.step)
        self._offset = self.at.step
        if self.at.step and next(iter(dataset.take(1)), None) is None:
            self._only_end_epoch()
            return
        dataset = self.pace.watched(dataset)
        with warnings.catch_warnings():
            # A dataset that does not tell its length ends like this in every epoch.
            warnings.filterwarnings("ignore", message="Your input ran out of data", category=UserWarning)
            self.model.fit(
                dataset,
                initial_epoch=self.at.epoch,
                epochs=self.at.epoch + 1,
                validation_data=self.validation,
                callbacks=self,
                shuffle=False,
                verbose=0,
            )

    def _only_end_epoch(self):
        """Every step of the epoch was taken when the state was saved: validation and the books are left."""
        self.on_epoch_begin(self.at.epoch)
        figures = self.model.get_metrics_result()
        if self.validation is not None:
            validated = self.model.evaluate(self.validation, return_dict=True, verbose=0)
            figures |= {f"val_{name}": value for name, value in validated.items()}
        self.on_epoch_end(self.at.epoch, figures)

    def on_train_begin(self, logs=None):
        """Keras begins a training each epoch; for the callbacks there is one, see `train`."""

    def on_train_end(self, logs=None):
        """As `on_train_begin`."""

    def on_epoch_begin(self, epoch, logs=None):
        if self._restored is not None and self.at.step:
            state.restore(self.model, self._restored)  # again: Keras has reset the metrics
        self._restored = None
        super().on_epoch_begin(epoch, logs)
        self.pace.begin()

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(batch, logs)
        before, self.at.step = self.at.step, self._offset + batch + 1
        self.at.steps += self.at.step - before
        self.taken += self.at.step - before
        if self.taken % self._check_every == 0:
            self._require_finite(logs)
        self.pace.step(self.at.step - before)
        self._clock()
        self.watch.step(self.at.steps, self._total(), lambda: self._describe(logs))
        if self.taken % self._ask_every == 0:
            self._stop_or_save()

    def _stop_or_save(self):
        if self._out_of_time():
            self.at.stopped = "time"
            self._save()
            raise _OutOfTimeError
        if self._agreed(bool(self.place) and time.monotonic() - self._saved >= self.limits.save_seconds):
            self._save()

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        figures = {name: float(value) for name, value in (logs or {}).items()}
        self._require_finite(figures)
        self._clock()
        self._steps_per_epoch = self.at.step
        self.at.history.append({"epoch": epoch + 1, **figures, "seconds": round(self.at.seconds, 3)})
        self._keep_best(epoch + 1, figures)
        self.at.epoch, self.at.step = epoch + 1, 0
        self.at.stopped = "callback" if self.model.stop_training else self._stop_by_patience() or self._why_stop()
        self._save()
        if self.place:
            self.place.tidy(self.at)
        if self.events:
            self.events.write(epoch + 1, {**figures, **self._circumstances()})

    # What is watched and kept.

    def _require_finite(self, logs):
        loss = float((logs or {}).get("loss", 0.0))
        if not math.isfinite(loss):
            raise DivergedError(loss, self.at.epoch + 1, self.at.step, self.at.steps, self._learning_rate())

    def _circumstances(self):
        """What TensorBoard shows beside the figures: the learning rate and the speed, where there are any."""
        rate, speed = self._learning_rate(), self.pace.per_second(self.limits.unit)
        figures = {"learning_rate": rate, f"{self.limits.unit}_per_second": speed}
        return {name: value for name, value in figures.items() if value is not None}

    def _learning_rate(self):
        rate = getattr(self.model.optimizer, "learning_rate", None)
        return None if rate is None else float(rate)

    def _clock(self):
        self.at.seconds = time.monotonic() - self._began

    def _keep_best(self, epoch, figures):
        name = self.limits.restore_best
        if name is None or not job.is_better(figures[name], self.at.best, self.limits.higher):
            return
        self.at.best, self.at.best_epoch = figures[name], epoch
        self._best_weights = [np.asarray(each) for each in self.model.weights]
        if self.place:
            self.place.save_best(self._best_weights, epoch)

    def _stop_by_patience(self):
        patience, best = self.limits.patience, self.at.best_epoch or 0
        return "patience" if patience is not None and self.at.epoch - best >= patience else None

    def _save(self):
        if self.place:
            self.place.save(self.model, self.at)
        self._saved = time.monotonic()

    def _finish(self):
        self.model.optimizer.finalize_variable_values(self.model.trainable_weights)
        if self._best_weights is not None:
            for variable, array in zip(self.model.weights, self._best_weights, strict=True):
                variable.assign(array)

    # What is shown.

    def _learn_length(self, dataset):
        length = int(dataset.cardinality())
        if length > 0:
            self._steps_per_epoch = length
            if self.source.rows:
                self.pace.fill(self.source.rows / (length * self.pace.examples))

    def _total(self):
        return self._steps_per_epoch and self._steps_per_epoch * self.limits.epochs

    def _describe(self, logs):
        parts = [f"epoch {self.at.epoch + 1}/{self.limits.epochs}"]
        parts += [f"{name} {float(value):.4g}" for name, value in (logs or {}).items()]
        pace, total = self.pace.seconds_per_step, self._total()
        if pace:
            parts.append(f"{self.pace.per_second(self.limits.unit):,.0f} {self.limits.unit}/s")
        if pace and total:
            parts.append(f"{clock(pace * (total - self.at.steps))} left")
        return "  ".join(parts)


@contextlib.contextmanager
def _postponed_averaging(model):
    """Keras puts averaged weights (use_ema) into the model when a call of its `fit` ends: that waits for our end."""
    optimizer = model.optimizer
    optimizer.finalize_variable_values = lambda weights: None
    try:
        yield
    finally:
        del optimizer.finalize_variable_values
