"""Where the time of a training step goes: waiting for its batch, or computing with it."""

import numbers
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class StepTimes:
    """Seconds of each timed step: `waiting` `(steps,)` for its batch, `computing` `(steps,)` with it."""

    waiting: np.ndarray
    computing: np.ndarray

    @property
    def waiting_share(self) -> float:
        """Of all the time, from 0 to 1."""
        return float(self.waiting.sum() / (self.waiting.sum() + self.computing.sum()))

    @property
    def seconds_per_step(self) -> float:
        """The mean, both parts together."""
        return float((self.waiting + self.computing).mean())

    def __str__(self):
        return f"{1e3 * self.seconds_per_step:.3g} ms a step, {100 * self.waiting_share:.0f} % of it waiting for input"


def time_steps(batches: Iterable, step: Callable, *, steps: int = 50, skip: int = 3) -> StepTimes:
    """Take steps by hand and time both halves of each.

    On a processor the making of the next batches and the step share the cores: what one gains the other may lose, and
    only the sum of both halves tells which pipeline is faster.

    Args:
        batches: a tf.data.Dataset or another source of batches, iterated once; it may end early.
        step: called with each batch, such as `lambda batch: model.train_on_batch(*batch)`. It has to wait for its
            result: a GPU otherwise still computes when it returns. `train_on_batch` waits.
        steps: to time. skip: before them, untimed; the first compiles.

    Raises:
        ValueError: steps or skip is no such number, or there are no batches left to time.
    """
    for name, value, least in (("steps", steps, 1), ("skip", skip, 0)):
        if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
            raise ValueError(f"{name} is a whole number from {least}, not {value!r}.")
    times = []
    source = iter(batches)
    for _ in range(skip + steps):
        began = time.perf_counter()
        batch = next(source, None)
        came = time.perf_counter()
        if batch is None:
            break
        step(batch)
        times.append((came - began, time.perf_counter() - came))
    if len(times) <= skip:
        raise ValueError(f"batches ended after {len(times)}, and {skip} are skipped: none is left to time.")
    waiting, computing = np.array(times[skip:]).T
    return StepTimes(waiting, computing)
