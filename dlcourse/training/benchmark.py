"""How long a training step takes, and how much of the machine it uses. A measurement, not a test."""

import time
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from dlcourse.training import state
from dlcourse.training.operations import forward_flops, matrix_product_peak


@dataclass(frozen=True)
class StepTime:
    """A training step on one batch.

    Attributes:
        seconds: the median over the steps: on a shared machine a mean tells of its neighbours.
        spread: between the quartiles, seconds.
        first_seconds: of the first step, which traces and compiles.
        examples_per_second: for the batch given.
        flops: multiplications and additions of a step, estimated as three times those of the forward pass; None for a
            model with a loop, such as an LSTM.
        peak: those of a large matrix product on the same device, per second, measured beside it.
    """

    seconds: float
    spread: float
    first_seconds: float
    examples_per_second: float
    flops: float | None
    peak: float

    @property
    def share_of_peak(self) -> float | None:
        """The step's floating-point rate as a share of the matrix product's."""
        return None if self.flops is None else self.flops / self.seconds / self.peak

    def __str__(self):
        text = (
            f"{1e3 * self.seconds:.3g} ms a step (spread {1e3 * self.spread:.2g} ms), "
            f"{self.examples_per_second:,.0f} examples/s"
        )
        if self.flops is None:
            return text
        rate = f"{self.flops / self.seconds / 1e9:.3g} GFLOP/s"
        return f"{text}, {rate}: {100 * self.share_of_peak:.0f} % of a matrix product's {self.peak / 1e9:.3g}"


def benchmark_step(model, batch: tuple, *, steps: int = 50) -> StepTime:
    """Time Keras's own training step on one batch, over and over, and leave the model as it was.

    Args:
        model: compiled, as it is to be trained (with or without XLA).
        batch: `(x, y)` or `(x, y, sample_weight)`.
        steps: timed, after a first one.

    Raises:
        ValueError: the model is not compiled, or there are fewer than four steps.
    """
    if not getattr(model, "compiled", False):
        raise ValueError("model is not compiled: call model.compile(optimizer, loss) first.")
    if steps < 4:
        raise ValueError(f"steps is at least 4, not {steps!r}.")
    dataset = tf.data.Dataset.from_tensors(batch).repeat(steps + 1)
    model._symbolic_build(data_batch=next(iter(dataset)))
    before = state.snapshot(model)
    watch = _Stopwatch()
    try:
        model.fit(dataset, callbacks=[watch], verbose=0, shuffle=False)
    finally:
        state.restore(model, before)
    low, seconds, high = np.quantile(watch.seconds[1:], (0.25, 0.5, 0.75))
    flops = forward_flops(model, batch[0])
    return StepTime(
        seconds=float(seconds),
        spread=float(high - low),
        first_seconds=watch.seconds[0],
        examples_per_second=len(tf.nest.flatten(batch)[0]) / float(seconds),
        flops=None if flops is None else 3 * flops,
        peak=matrix_product_peak(),
    )


class _Stopwatch(keras.callbacks.Callback):
    """The seconds of each step, the wait for its result included."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_train_batch_begin(self, batch, logs=None):
        self._began = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        float(logs["loss"])  # waits for the device
        self.seconds.append(time.perf_counter() - self._began)
