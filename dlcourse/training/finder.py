"""The learning-rate range test: raise the rate step by step and watch where the loss falls, and where it explodes."""

import math
from dataclasses import dataclass

import keras
import numpy as np

from dlcourse.training import state
from dlcourse.training.epochs import Epochs

_EXPLODED = 4.0  # times the lowest loss seen


@dataclass(frozen=True)
class LearningRates:
    """What the range test saw.

    Attributes:
        rates: of each step, rising geometrically; shape (steps taken,).
        losses: of each step's batch before its update; the same shape.
        smoothed: a mean of the losses that forgets older ones, corrected for its start; the same shape.
        suggestion: a tenth of the rate at which `smoothed` was lowest.
        exploded_at: the rate at which the test broke off, or None if it ran to the highest.
    """

    rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray
    suggestion: float
    exploded_at: float | None

    def __str__(self):
        end = "it never exploded" if self.exploded_at is None else f"it explodes at {self.exploded_at:.2g}"
        return f"learning rate {self.suggestion:.2g}: a tenth of where the loss was lowest; {end}"


def find_learning_rate(
    model, data, *, lowest: float = 1e-6, highest: float = 1.0, steps: int = 100, batch_size: int = 32, seed: int = 0
) -> LearningRates:
    """Run the range test of Smith (2017, "Cyclical learning rates"), and leave the model as it was.

    Args:
        model: compiled, with a constant learning rate.
        data: as for `fit`; epochs follow one another until there are enough steps.
        lowest, highest: the range of rates.
        steps: at most; fewer if the loss explodes to four times its lowest.
        batch_size, seed: for arrays, as in `fit`.

    Raises:
        ValueError: a range or number of steps that is not allowed, a learning rate that is a schedule, or a loss that
            is not finite from the first step.
    """
    _check(model, lowest, highest, steps)
    batches = _batches(Epochs(data, batch_size, seed), steps)
    model._symbolic_build(data_batch=next(iter(batches)))
    before = state.snapshot(model)
    test = _RangeTest(np.geomspace(lowest, highest, steps))
    try:
        model.fit(batches, callbacks=[test], verbose=0, shuffle=False)
    finally:
        state.restore(model, before)
        model.stop_training = False
    return test.result()


class _RangeTest(keras.callbacks.Callback):
    def __init__(self, rates):
        super().__init__()
        self.rates, self.losses, self.exploded = rates, [], False

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()  # so that the loss reported is this batch's alone
        self.model.optimizer.learning_rate = float(self.rates[batch])

    def on_train_batch_end(self, batch, logs=None):
        loss = float(logs["loss"])
        self.exploded = not math.isfinite(loss) or loss > _EXPLODED * min([*self.losses, abs(loss)])
        if self.exploded:
            self.model.stop_training = True
        if math.isfinite(loss):
            self.losses.append(loss)

    def result(self):
        losses = np.array(self.losses)
        if not losses.size:
            raise ValueError("the loss is not finite at the lowest rate: look at the model, the loss or the data.")
        rates = self.rates[: losses.size]
        smoothed = _smooth(losses)
        stopped = float(self.rates[min(losses.size, len(self.rates) - 1)]) if self.exploded else None
        return LearningRates(rates, losses, smoothed, float(rates[np.argmin(smoothed)]) / 10, stopped)


def _smooth(losses, memory=0.9):
    """m_t = memory m_(t-1) + (1 - memory) loss_t, divided by 1 - memory^t as in Adam."""
    means, mean = [], 0.0
    for step, loss in enumerate(losses, start=1):
        mean = memory * mean + (1 - memory) * loss
        means.append(mean / (1 - memory**step))
    return np.array(means)


def _batches(source, steps):
    dataset = source.dataset(0)
    if int(dataset.cardinality()) <= 0:
        return dataset.repeat().take(steps)
    epoch = 0
    while int(dataset.cardinality()) < steps:
        epoch += 1
        dataset = dataset.concatenate(source.dataset(epoch))
    return dataset.take(steps)


def _check(model, lowest, highest, steps):
    if not getattr(model, "compiled", False):
        raise ValueError("model is not compiled: call model.compile(optimizer, loss) first.")
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)  # under float16 there is one inside
    if not isinstance(optimizer._learning_rate, keras.Variable):
        raise ValueError("the range test sets the rate itself: compile with a number as learning_rate, not a schedule.")
    if not 0 < lowest < highest < math.inf:
        raise ValueError(f"lowest and highest are positive and in this order; they are {lowest!r} and {highest!r}.")
    if steps < 10:
        raise ValueError(f"steps is at least 10, not {steps!r}.")
