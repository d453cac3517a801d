"""How fast a training goes: seconds a step, how much of them it waited for its batch, and what the machine gave."""

import time
from dataclasses import dataclass

import tensorflow as tf

UNITS = ("examples", "tokens")


@dataclass(frozen=True)
class Throughput:
    """The speed of a training, beside what the machine can do.

    Attributes:
        seconds_per_step: the mean without the first step, which compiles.
        per_second: examples or tokens, as `unit` says.
        waiting_share: of that time, spent waiting for the next batch; None where several devices share the batches.
        flops_per_second: an estimate, three times the operations of the forward pass; None if they cannot be counted.
        peak: operations per second of a large float32 matrix product, measured now on the same device.
    """

    seconds_per_step: float
    per_second: float
    unit: str
    waiting_share: float | None
    flops_per_second: float | None
    peak: float

    @property
    def share_of_peak(self) -> float | None:
        """The step's floating-point rate as a share of the matrix product's."""
        return None if self.flops_per_second is None else self.flops_per_second / self.peak

    def __str__(self):
        parts = [f"{self.per_second:,.0f} {self.unit}/s", f"{1e3 * self.seconds_per_step:.3g} ms a step"]
        if self.waiting_share is not None:
            parts.append(f"{100 * self.waiting_share:.0f} % of it waiting for input")
        if self.flops_per_second is not None:
            rate, peak = self.flops_per_second / 1e9, self.peak / 1e9
            parts.append(f"{rate:.3g} GFLOP/s: {100 * self.share_of_peak:.0f} % of a matrix product's {peak:.3g}")
        return ", ".join(parts)

    def _repr_mimebundle_(self, **_):
        return {"text/plain": str(self)}


class Pace:
    """Times steps, and the wait for each batch.

    The wait is taken inside tf.data, on the way of a batch to the step that asked for it: Keras asks within its
    compiled step, where Python cannot look. `examples` and `tokens` are of a step.
    """

    def __init__(self, model):
        self.examples = self.tokens = 0.0
        self._steps, self._seconds, self._waited_first = 0, 0.0, 0.0
        self._began, self._last, self._asked = False, None, None
        self._note = tf.autograph.experimental.do_not_convert(self._add_wait)
        alone = not tf.distribute.has_strategy() and model.distribute_strategy is tf.distribute.get_strategy()
        with tf.device("CPU"):
            self._waiting = tf.Variable(0.0, dtype=tf.float64, trainable=False) if alone else None

    def learn(self, batch) -> None:
        """What a step holds, from its first batch `(x, y, …)`."""
        self.examples = float(tf.nest.flatten(batch)[0].shape[0])
        targets = tf.nest.flatten(batch[1]) if isinstance(batch, tuple) and len(batch) > 1 else []
        self.tokens = float(tf.size(targets[0])) if targets else self.examples

    def fill(self, share: float) -> None:
        """Account for a smaller last batch: a step holds on average this share of the first one."""
        self.examples *= share
        self.tokens *= share

    def watched(self, dataset):
        """The same batches; the wait for each is added up."""
        if self._waiting is None:
            return dataset
        if "Prefetch" not in type(dataset).__name__:
            dataset = dataset.prefetch(tf.data.AUTOTUNE)
        if self._asked is None:
            self._asked = tf.data.Dataset.counter().map(_now)
        watched = tf.data.Dataset.zip((self._asked, dataset)).map(self._note)  # zip asks one after the other
        options = tf.data.Options()
        options.experimental_optimization.inject_prefetch = False  # it would note its own wait, not the step's
        return watched.with_options(options)

    def _add_wait(self, asked, batch):
        self._waiting.assign_add(tf.timestamp() - asked)
        return batch

    def begin(self) -> None:
        """An epoch begins: what was done since the last step is no step's time."""
        self._last = time.monotonic()

    def step(self, steps: int) -> None:
        """So many steps have been taken since the last call. The first call compiles, and is not counted."""
        now = time.monotonic()
        if self._began:
            self._steps += steps
            self._seconds += now - self._last
        else:
            self._began, self._waited_first = True, self._waited()
        self._last = now

    def _waited(self):
        return 0.0 if self._waiting is None else float(self._waiting)

    @property
    def seconds_per_step(self) -> float | None:
        """The mean without the first step, or None if there was no other."""
        return self._seconds / self._steps if self._steps else None

    @property
    def waiting_share(self) -> float | None:
        """Of the time of the steps, without the first; None if it is not known."""
        known = self._waiting is not None and self._seconds
        return (self._waited() - self._waited_first) / self._seconds if known else None

    def per_second(self, unit: str) -> float | None:
        """Examples or tokens per second, without the first step."""
        pace = self.seconds_per_step
        return getattr(self, unit) / pace if pace else None


@tf.autograph.experimental.do_not_convert
def _now(_):
    return tf.timestamp()
