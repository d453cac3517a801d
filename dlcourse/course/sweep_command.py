"""`dlcourse sweep`: what a sweep says in a terminal, and in a log."""

import math
import sys
from contextlib import contextmanager
from statistics import fmean

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from dlcourse.course import sweeps
from dlcourse.errors import CourseError


def sweep_command(number, parameters, seeds=None, profile=None, folder=None, workers=None, scheduler=None) -> int:
    """Sweep a chapter, show its progress on standard error and its table on standard output.

    Args:
        parameters: texts "NAME=VALUES", as given.

    Returns:
        0 when every cell ended well, else 1.
    """
    lists = pairs(parameters)
    with _telling() as listener:
        done = sweeps.sweep(
            number,
            lists,
            seeds=seeds,
            profile=profile,
            folder=folder,
            workers=workers,
            scheduler=scheduler,
            listener=listener,
        )
    _show(done, Console())
    return 1 if done.failures else 0


def pairs(texts) -> dict[str, str]:
    """The texts "NAME=VALUES" by name.

    Raises:
        CourseError: a text of another form, or a name twice.
    """
    found = {}
    for text in texts:
        name, equals, values = text.partition("=")
        if not equals or not name:
            raise CourseError(f"a parameter is given as -p NAME V1,V2, not {text!r}.")
        if name in found:
            raise CourseError(f"parameter {name!r} is given twice: put all its values behind one -p {name}.")
        found[name] = values
    return found


class _Lines(sweeps.Listener):
    """One line when the sweep begins and one for each cell: for logs."""

    def __init__(self, console):
        self.console = console
        self.plan = None
        self.seconds = []
        self.failed = 0

    def begun(self, plan):
        self.plan = plan
        for line in beginning(plan):
            self.say(line)

    def cell_ended(self, cell, outcome):
        self._count(outcome)
        left = time_left(self.plan, self.seconds)
        ended = outcome.failure if outcome.failure else f"took {duration(outcome.seconds)}"
        self.say(f"[{len(self.seconds)}/{len(self.plan.missing)}] {cell.label} {ended}; {duration(left)} left")

    def interrupted(self):
        if self.plan is not None:
            cells = len(self.plan.grid.cells)
            kept = cells - len(self.plan.missing) + len(self.seconds) - self.failed
            self.say(f"{kept} of {cells} cells are finished and kept in {self.plan.folder}: the same command goes on.")

    def say(self, text):
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _count(self, outcome):
        self.seconds.append(outcome.seconds)
        self.failed += outcome.failure is not None


class _Bar(_Lines):
    """A bar with the time left; above it a line for each cell that failed: for terminals."""

    def __init__(self, console):
        super().__init__(console)
        self.bar = Progress(
            TextColumn("sweep"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("cells in"),
            TimeElapsedColumn(),
            _Left(),
            console=console,
            refresh_per_second=2,
        )

    def begun(self, plan):
        super().begun(plan)
        self.task = self.bar.add_task("sweep", total=len(plan.missing), end=None)
        if plan.missing:
            self.bar.start()

    def cell_ended(self, cell, outcome):
        self._count(outcome)
        if outcome.failure:
            self.say(f"{cell.label} {outcome.failure}.")
        end = self.bar.tasks[self.task].elapsed + time_left(self.plan, self.seconds)
        self.bar.update(self.task, completed=len(self.seconds), end=end)


class _Left(ProgressColumn):
    """Counts down to the end that was expected when the last cell ended."""

    def render(self, task):
        if task.fields["end"] is None or task.finished:
            return Text("")
        return Text(f"{duration(max(task.fields['end'] - task.elapsed, 0))} left", style="cyan")


@contextmanager
def _telling():
    console = Console(file=sys.stderr)
    listener = _Bar(console) if console.is_terminal else _Lines(console)
    try:
        yield listener
    except KeyboardInterrupt:
        listener.interrupted()
        raise
    finally:
        if isinstance(listener, _Bar):
            listener.bar.stop()


def beginning(plan) -> list[str]:
    """What is said before the first cell runs."""
    there = len(plan.grid.cells) - len(plan.missing)
    said = [f"Chapter {plan.grid.chapter.number}, {len(plan.grid.cells)} cells, kept in {plan.folder}."]
    if plan.changed:
        said.append("The notebook has changed since the last sweep here: its cells run anew, earlier ones are kept.")
    if there:
        said.append(f"{there} of them are finished already.")
    if plan.missing:
        cores = "" if plan.threads is None else f", {plan.threads} {'core' if plan.threads == 1 else 'cores'} for each"
        said.append(f"{len(plan.missing)} to run, {plan.at_once} at a time{cores}.")
    return said


def time_left(plan, seconds: list[float]) -> float:
    """The seconds until the last cell ends, at most, if all are like those that took `seconds`."""
    rounds = math.ceil((len(plan.missing) - len(seconds)) / plan.at_once)
    return rounds * fmean(seconds)


def duration(seconds: float) -> str:
    """A time as people say it: "40 s", "12 min", "3.5 h"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


def _show(done, console):
    from dlcourse.course import gathering

    header, rows = gathering.cells_of(gathering.lines(done.records, done.grid), done.grid.swept)
    if rows:
        console.print(_table(header, rows))
    for sentence in done.failures.values():
        console.print(f"Failed: {sentence}", markup=False, highlight=False, soft_wrap=True)
    if done.failures:
        console.print(
            f"{len(done.failures)} of {len(done.grid.cells)} cells failed; the same command tries them again."
        )
    console.print(f"Table, plot, records and notebooks: {done.folder}", soft_wrap=True, highlight=False)


def _table(header, rows):
    table = Table(*header)
    before = None
    for row in rows:
        measured = Text("" if row[0] == before else row[0])
        before = row[0]
        table.add_row(measured, *map(Text, row[1:]))
    return table
