"""A sweep: a chapter run over a grid of parameters, in parallel, each cell of the grid once.

`sweep` checks everything, runs the cells that the folder does not have yet, and gathers the records of all. Only the
process that called it writes into the folder: the workers send back what they made. So a sweep that ended early, in
whatever way, is taken up by asking for it again.
"""

import os
import uuid
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dlcourse.course import cells, clusters
from dlcourse.course.cells import Outcome, Task
from dlcourse.course.grid import Cell, Grid, expand
from dlcourse.course.parameters import read_notebook
from dlcourse.course.sweep_folder import SweepFolder
from dlcourse.errors import CourseError


class SweepError(CourseError):
    """The arguments of a sweep do not go together; nothing has been started."""


@dataclass(frozen=True)
class Plan:
    """What a sweep is about to do: run the `missing` cells, `at_once` of them at a time.

    `threads`: the cores for each, or None on a cluster, where each machine shares out its own. `changed`: the notebook
    is another one than in the last sweep of the folder.
    """

    grid: Grid
    folder: Path
    missing: tuple[Cell, ...]
    at_once: int
    threads: int | None
    changed: bool


class Listener:
    """Is told how a sweep goes. Override what you want to know."""

    def begun(self, plan: Plan) -> None:
        """Everything was checked and the workers are there."""

    def cell_ended(self, cell: Cell, outcome: Outcome) -> None:
        """A cell ended, and what it made is kept."""


@dataclass(frozen=True)
class Sweep:
    """What came of a sweep. `records`: a table, one row a record and cell; `failures`: a cell's label to a sentence."""

    grid: Grid
    folder: Path
    records: object
    failures: dict[str, str]


def sweep(
    number,
    lists=None,
    *,
    seeds=None,
    profile=None,
    folder=None,
    workers=None,
    scheduler=None,
    listener=None,
) -> Sweep:
    """Run a chapter over a grid and gather its records; a cell that the folder has already is not run again.

    Args:
        number: the chapter, such as "10".
        lists: parameter name to its values, as a sequence or as text ("8,20,32"; lists as "[1,2];[3,4]").
        seeds: repeat each combination with the parameter `seed` at 0, 1, …, seeds - 1.
        profile: a name in notebooks/profiles.toml for the other parameters.
        folder: where everything is kept; by default sweeps/NN_slug in the current folder.
        workers: how many cells run at the same time on this machine, its cores shared out among them; by default as
            many as it has cores, and 2 GiB of memory each, for.
        scheduler: the address of a Dask scheduler, such as "tcp://host:8786", whose workers are used instead.
        listener: a `Listener`.

    Returns:
        the records of all cells that ended well, and a sentence for each that did not.

    Raises:
        CourseError: a wrong argument, a folder that cannot be used or is in use, a scheduler that does not answer
            within 10 s. No cell has been started then.
        KeyboardInterrupt: interrupted. Finished cells are kept, and the same call goes on from there.
    """
    grid = expand(number, lists, seeds, profile)
    _check_workers(workers, scheduler)
    listener = listener or Listener()
    with SweepFolder(folder or default_folder(grid.chapter)).held(grid) as place:
        missing = tuple(cell for cell in grid.cells if cell.key not in place.finished())
        with _workers(missing, workers, scheduler, place) as (client, at_once, threads):
            changed = place.has_another_notebook(grid)
            place.describe(grid, profile)
            listener.begun(Plan(grid, place.path, missing, at_once, threads, changed))
            failures = _run(client, grid, missing, threads, place, listener) if missing else {}
        return Sweep(grid, place.path, _gathered(grid, place, failures), failures)


def default_folder(chapter) -> Path:
    """Where a sweep is kept unless the user says: the same for a chapter each time, so that it is taken up again."""
    return Path("sweeps") / chapter.path.stem


def _check_workers(workers, scheduler):
    if workers is not None and scheduler is not None:
        raise SweepError("a cluster has its own workers: give a scheduler or a number of workers, not both.")
    if workers is not None and (isinstance(workers, bool) or not isinstance(workers, int) or workers < 1):
        raise SweepError(f"the number of workers is a whole number from 1, not {workers!r}.")


@contextmanager
def _workers(missing, workers, scheduler, place):
    """A Dask client, how many cells its workers run at a time, and the cores for each; no client for no cell."""
    if not missing:
        yield None, 0, None
    elif scheduler is not None:
        with clusters.remote_cluster(scheduler) as client:
            yield client, clusters.slots(client), None
    else:
        at_once = min(workers or clusters.default_workers(), len(missing))
        with clusters.local_cluster(at_once, place.scratch) as client:
            yield client, at_once, clusters.threads_each(at_once)


def _run(client, grid, missing, threads, place, listener):
    """Run the missing cells and keep what each made; the sentences of those that failed."""
    from distributed import as_completed

    name = uuid.uuid4().hex
    local = threads is not None
    tasks = _tasks(name, grid, missing, threads, str(place.scratch) if local else None)
    futures = {client.submit(cells.run_cell, task, key=f"{cell.stem}-{name}"): cell for cell, task in tasks}
    failures = {}
    try:
        for future in as_completed(list(futures), loop=client.loop):
            cell, outcome = futures.pop(future), _outcome(future)
            place.keep(cell, outcome)
            if outcome.failure is not None:
                failures[cell.label] = f"{cell.label} {outcome.failure}."
            listener.cell_ended(cell, outcome)
    except BaseException:
        _end(client, futures, name)
        raise
    return {cell.label: failures[cell.label] for cell in missing if cell.label in failures}


def _tasks(name, grid, missing, threads, scratch):
    source = _source(grid.chapter.path)
    # A figure outside its bar is a result of a sweep, not the end of a cell.
    environment = {"DLCOURSE_BARS": os.environ.get("DLCOURSE_BARS") or "show"}
    for cell in missing:
        title = f"Chapter {grid.chapter.number}: {cell.label}"
        yield cell, Task(name, source, cell.values, title, threads, environment, scratch)


def _source(path):
    """The notebook as text, without the outputs it was committed with: a run makes its own."""
    import nbformat

    notebook = read_notebook(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nbformat.writes(notebook)


def _outcome(future):
    """A cell's outcome; what Dask itself reports (a worker that died, a scheduler that went) is a failure too."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        failure = "could not be run: its worker died again and again (out of memory?)"
    except CancelledError:
        failure = "could not be run: the connection to the scheduler was lost"
    except Exception as error:
        failure = f"could not be run: {type(error).__name__}: {error}".splitlines()[0].rstrip(".: ")
    return Outcome(None, None, failure, 0.0)


def _end(client, futures, name):
    """End what still runs. Where the cluster cannot be reached any more there is nothing left to do."""
    with suppress(Exception):
        client.cancel(list(futures))
        client.run(cells.end_cells, name)


def _gathered(grid, place, failures):
    from dlcourse.course import gathering

    there = place.finished()
    records = gathering.records_of(grid, [(cell, there[cell.key]) for cell in grid.cells if cell.key in there])
    for name, content in gathering.files(records, grid, failures).items():
        place.write(name, content)
    return records
