"""Which of several ways is faster, and by how much: by ratio, since the seconds of a shared machine mean little."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Ratio:
    """The median over the repetitions, and the quartiles `low` and `high` beside it."""

    median: float
    low: float
    high: float

    def __str__(self):
        return f"{self.median:.3g} ({self.low:.3g} to {self.high:.3g})"


@dataclass(frozen=True)
class SideBySide:
    """Seconds of each way, and seconds of processor time: arrays of shape (repetitions,) by name."""

    seconds: dict[str, np.ndarray]
    processor: dict[str, np.ndarray]

    def median(self, name: str) -> float:
        """Seconds of one way."""
        return float(np.median(self.seconds[name]))

    def ratio(self, name: str, to: str, processor: bool = False) -> Ratio:
        """Seconds of one way over those of another, taken within each repetition: below 1, the first is faster."""
        taken = self.processor if processor else self.seconds
        return ratio(taken[name], taken[to])

    def speedup(self, name: str, over: str) -> Ratio:
        """How many times faster one way is than another."""
        return self.ratio(over, name)


def ratio(above, below) -> Ratio:
    """The quotients of two measurements taken side by side, both of shape (repetitions,)."""
    low, median, high = np.quantile(np.asarray(above) / np.asarray(below), (0.25, 0.5, 0.75))
    return Ratio(float(median), float(low), float(high))


def side_by_side(ways: dict[str, Callable], repetitions: int = 7, warm_up: int = 1) -> SideBySide:
    """Time several ways to do one thing in turn, over and over: what slows the machine meanwhile slows all of them.

    Every other round goes backwards, so that no way always comes first.

    Args:
        ways: name to a function of no arguments, which returns when its work is done (on a GPU: fetch the result).
        repetitions: rounds that count.
        warm_up: rounds before them that do not: tracing, compiling, filling caches.

    Raises:
        ValueError: no ways, or no repetitions.
    """
    if not ways or repetitions < 1:
        raise ValueError(f"there is at least one way and one repetition, not {len(ways)} and {repetitions!r}.")
    taken = {name: [] for name in ways}
    for round_ in range(warm_up + repetitions):
        order = list(ways) if round_ % 2 == 0 else list(ways)[::-1]
        for name in order:
            times = _timed(ways[name])
            if round_ >= warm_up:
                taken[name].append(times)
    columns = {name: np.array(times).T for name, times in taken.items()}
    return SideBySide(
        {name: each[0] for name, each in columns.items()}, {name: each[1] for name, each in columns.items()}
    )


def _timed(function):
    began, processor = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - began, time.process_time() - processor
