"""How far a fetch has got: a bar in a terminal, nothing in a notebook, a pipe or CI."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Meter:
    """Shows nothing: what a fetch uses where nobody watches."""

    @contextmanager
    def task(self, description: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """A piece of work of `total` bytes (None: unknown); the callable given takes the bytes done since."""
        yield lambda advance: None


class TerminalMeter(Meter):
    """Shows each piece of work as a bar, by way of a `rich.progress.Progress`."""

    def __init__(self, progress):
        self._progress = progress

    @contextmanager
    def task(self, description: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """A bar with bytes, speed and time left, or one that only moves where the total is not known."""
        task = self._progress.add_task(description, total=total)
        try:
            yield lambda advance: self._progress.advance(task, advance)
        finally:
            self._progress.remove_task(task)


@contextmanager
def meter() -> Iterator[Meter]:
    """The meter that suits where standard error goes."""
    if not sys.stderr.isatty():
        yield Meter()
        return
    with _bars() as progress:
        yield TerminalMeter(progress)


def _bars():
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    # A package's client does not say how much it has brought: there the time spent shows that it is alive.
    times = (TimeElapsedColumn(), TextColumn("left:"), TimeRemainingColumn())
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), *times)
    return Progress(*columns, console=Console(stderr=True), transient=True)
