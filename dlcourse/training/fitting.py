"""`fit`: Keras's own training loop, with a memory. What it has done survives a kill at any moment."""

import contextlib
import math
import numbers
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import tensorflow as tf

from dlcourse.errors import CourseError
from dlcourse.training import job
from dlcourse.training.conductor import Conductor, Limits
from dlcourse.training.epochs import Epochs, in_order
from dlcourse.training.events import EventLog
from dlcourse.training.operations import forward_flops, matrix_product_peak
from dlcourse.training.pace import UNITS, Throughput
from dlcourse.training.progress import clock, reporter


@dataclass(frozen=True)
class Training:
    """What a training came to.

    Attributes:
        history: a dict for each whole epoch: "epoch" (from 1), the figures Keras reports, "seconds" since the start.
        stopped: "epochs" (all done), "time", "patience", or "callback" (one of Keras's stopped it).
        best_epoch: the epoch whose weights the model has now, with `restore_best`; else None.
        steps: steps taken by this call; 0 if the training had finished before.
        seconds: of all runs of this training together.
        seconds_per_step, examples_per_second: of this call, without its first step, which compiles; None if unknown.
        tokens_per_second: the same with `unit="tokens"`, else None.
        waiting_share: of the steps' time, spent waiting for the next batch; None if unknown.
    """

    history: list[dict]
    stopped: str
    best_epoch: int | None
    steps: int
    seconds: float
    seconds_per_step: float | None
    examples_per_second: float | None
    tokens_per_second: float | None = None
    waiting_share: float | None = None
    _count: Callable | None = field(default=None, repr=False, compare=False)

    def throughput(self) -> Throughput:
        """The speed beside what the machine can do: counts the model's operations, and times a matrix product now.

        Raises:
            ValueError: no step was timed (there was at most one), or the model is gone.
        """
        if self.seconds_per_step is None or self._count is None:
            raise ValueError("no step was timed: the first one compiles and is left out.")
        flops = self._count()
        tokens = self.tokens_per_second is not None
        return Throughput(
            seconds_per_step=self.seconds_per_step,
            per_second=self.tokens_per_second if tokens else self.examples_per_second,
            unit="tokens" if tokens else "examples",
            waiting_share=self.waiting_share,
            flops_per_second=None if flops is None else 3 * flops / self.seconds_per_step,
            peak=matrix_product_peak(),
        )

    def figures(self, name: str) -> list[float]:
        """One figure over the epochs, such as "val_loss".

        Raises:
            ValueError: there is none of this name.
        """
        if self.history and name not in self.history[-1]:
            raise ValueError(f"no figure {name!r}; there are {', '.join(self.history[-1])}.")
        return [row[name] for row in self.history if name in row]

    def __str__(self):
        if not self.steps:
            return f"Finished before ({len(self.history)} epochs): nothing to train."
        epochs = f"{len(self.history)} epoch{'' if len(self.history) == 1 else 's'}"
        speed = "" if self.examples_per_second is None else f", {self._speed()}"
        last = {name: value for name, value in (self.history or [{}])[-1].items() if name not in ("epoch", "seconds")}
        figures = ", ".join(f"{name} {value:.4g}" for name, value in last.items())
        why = {"time": "; stopped by its time budget", "patience": "; stopped, no longer better"}.get(self.stopped, "")
        best = "" if self.best_epoch is None else f"; weights of epoch {self.best_epoch}"
        return f"{epochs} in {clock(self.seconds)}{speed}{': ' if figures else ''}{figures}{why}{best}"

    def _speed(self):
        if self.tokens_per_second is not None:
            return f"{self.tokens_per_second:,.0f} tokens/s"
        return f"{self.examples_per_second:,.0f} examples/s"

    def _repr_mimebundle_(self, **_):
        return {"text/plain": str(self)}


def fit(
    model,
    data,
    *,
    epochs: int,
    validation_data=None,
    batch_size: int = 32,
    seed: int = 0,
    folder: str | Path | None = None,
    save_seconds: float = 60.0,
    max_seconds: float | None = None,
    restore_best: str | None = None,
    higher_is_better: bool | None = None,
    patience: int | None = None,
    callbacks=(),
    progress: str = "auto",
    unit: str = "examples",
    tensorboard: str | Path | None = None,
) -> Training:
    """Train a compiled Keras model.

    With a `folder`, the training is kept there: called again with the same model, data and settings (after a kill, an
    error or a reboot) it goes on where it was, and on a processor ends with the same weights to the last bit as if it
    had never been interrupted. Called again when finished, it trains nothing and gives the model its weights. That
    holds for what the model, its optimizer and `data` do; state of your own callbacks, and random numbers drawn in
    tf.data, are not kept (make `data` a function of the epoch instead).

    Args:
        model: compiled; see `jit_compile_for` for whether with XLA.
        data: `(x, y)` or `(x, y, sample_weight)` with examples along axis 0, in a new order each epoch; or a function:
            epoch (from 0) -> tf.data.Dataset of batches; or one such dataset, iterated anew each epoch.
        epochs: in all, whatever was done before.
        validation_data: arrays or a dataset, evaluated after each epoch.
        batch_size: for arrays. seed: of their order.
        folder: keeps `state.npz`, `log.csv` (a row an epoch) and the best weights; made if it is not there.
        save_seconds: between two saves within an epoch; 0 saves after each step. The end of an epoch is always saved.
        max_seconds: stop after the step that reaches this, counted over all runs of this training.
        restore_best: a figure such as "val_loss": the model ends with the weights of its best epoch.
        higher_is_better: its direction, where the name does not tell.
        patience: stop after this many epochs in which it did not improve.
        callbacks: Keras callbacks.
        progress: "auto" (a bar in a terminal, a line in a notebook, nothing where nobody watches), "terminal",
            "notebook" or "off".
        unit: what the speed is told in, "examples" or "tokens": positions of the targets, padding included.
        tensorboard: a folder for TensorBoard's event files, one point of each figure an epoch.

    Raises:
        ValueError: an argument that is not allowed; nothing has been trained.
        CheckpointError: the folder cannot be used, or holds a training of another model or with other settings.
        CourseError: the TensorBoard folder cannot be written.
        DivergedError: the loss is no longer a finite number; names the step.
    """
    _check(model, epochs, batch_size, save_seconds, max_seconds, patience, restore_best)
    if unit not in UNITS:
        raise ValueError(f"unit is one of {', '.join(UNITS)}, not {unit!r}.")
    higher = restore_best is not None and job.higher_is_better(restore_best, higher_is_better)
    limits = Limits(epochs, max_seconds, save_seconds, restore_best, higher, patience, unit)
    watch = reporter(progress)
    source = Epochs(data, batch_size, seed)
    settings = {"seed": seed, "batch_size": batch_size, "rows": source.rows, "restore_best": restore_best}
    validation = in_order(validation_data, batch_size)
    with contextlib.ExitStack() as open_until_the_end:
        events = tensorboard and open_until_the_end.enter_context(contextlib.closing(EventLog(tensorboard)))
        place = folder and open_until_the_end.enter_context(contextlib.closing(job.Folder(folder, settings)))
        return _trained(Conductor(model, source, validation, limits, place, events, watch, callbacks), watch)


def _trained(conductor, watch):
    try:
        conductor.train()
    except BaseException as error:
        watch.close(str(error) if isinstance(error, CourseError) else f"stopped by {type(error).__name__}")
        raise
    at, pace = conductor.at, conductor.pace
    training = Training(
        history=at.history,
        stopped=at.stopped,
        best_epoch=at.best_epoch,
        steps=conductor.taken,
        seconds=at.seconds,
        seconds_per_step=pace.seconds_per_step,
        examples_per_second=pace.per_second("examples"),
        tokens_per_second=pace.per_second("tokens") if conductor.limits.unit == "tokens" else None,
        waiting_share=pace.waiting_share,
        _count=_counter(conductor.model, conductor.inputs, pace.examples),
    )
    watch.close(str(training))
    return training


def _counter(model, inputs, examples):
    """Counts the operations of a forward pass over so many examples when asked, and keeps no model alive for it."""
    kept = weakref.ref(model)
    share = examples / tf.nest.flatten(inputs)[0].shape[0]  # of the first batch, which is a full one

    def count():
        if kept() is None:
            raise ValueError("the model of this training is gone.")
        flops = forward_flops(kept(), inputs)
        return None if flops is None else share * flops

    return count


def _check(model, epochs, batch_size, save_seconds, max_seconds, patience, restore_best):
    if not getattr(model, "compiled", False):
        raise ValueError("model is not compiled: call model.compile(optimizer, loss) first.")
    for name, value in {"epochs": epochs, "batch_size": batch_size, "patience": patience}.items():
        wanted = value is not None or name != "patience"
        if wanted and (isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1):
            raise ValueError(f"{name} is a whole number from 1, not {value!r}.")
    for name, value in {"save_seconds": save_seconds, "max_seconds": max_seconds}.items():
        if value is not None and not (isinstance(value, numbers.Real) and value >= 0 and math.isfinite(value)):
            raise ValueError(f"{name} is a number of seconds from 0, not {value!r}.")
    if patience is not None and restore_best is None:
        raise ValueError("patience needs restore_best: the figure that is to improve.")
