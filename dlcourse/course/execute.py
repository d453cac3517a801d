"""Runs notebooks again where they stand: `python -m dlcourse.course.execute [NOTEBOOK]… [--jobs N]`.

Every notebook gets a fresh kernel in an empty folder, so that it cannot lean on the folder it is started from. Its
file is replaced, in one step, only when every cell ran; what a run leaves behind that has no meaning (times, versions,
widgets, chunks of a stream) is taken out, so that a run with the same results gives the same bytes.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat

from dlcourse.course.lint import committed_notebooks
from dlcourse.course.lint_rules_file import CELL_METADATA, KERNELSPEC, LANGUAGE_INFO
from dlcourse.course.parameters import ParameterError, read_notebook
from dlcourse.kernels import SILENT, START_SECONDS, hush, last_words, quiet_kernels, shortened

CELL_SECONDS = 1800

_LEFT = "its file is left as it was"


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook: `failure` is a sentence, or None when every cell ran; `seconds` is wall time."""

    path: Path
    seconds: float
    failure: str | None

    def __str__(self):
        return self.failure or f"{self.path.name} ran in {self.seconds:.0f} s."


class _Failure(Exception):
    """A notebook could not be run to its end; the text says why, as a clause."""


def execute_in_place(paths: list[Path | str], jobs: int = 1, report=print) -> list[Outcome]:
    """Execute notebooks in fresh kernels and keep their outputs in their files.

    Args:
        paths: the .ipynb files. One that fails leaves its file untouched, and the others go on.
        jobs: how many run at the same time. With more than one, the seconds in their records say little.
        report: is called with each outcome as it comes.

    Returns:
        one outcome a notebook, in the order of `paths`.

    Raises:
        ValueError: `jobs` is not a whole number from 1.
        KeyboardInterrupt: interrupted; the kernels have been stopped and no file is half-written.
    """
    if not isinstance(jobs, int) or jobs < 1:
        raise ValueError(f"jobs={jobs!r} is not allowed: it is a whole number from 1.")
    return asyncio.run(_execute_all([Path(path) for path in paths], jobs, report))


def tidy(notebook):
    """Take out of a notebook, in place, what differs between runs with the same results; returns it.

    Cell ids, tags, outputs and the alt text of figures stay. Empty cells at the end go, and so do blanks at the ends
    of lines, but for the two that break a line in markdown.
    """
    notebook = nbformat.v4.upgrade(notebook)  # from a minor version before cells had ids
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO})
    while notebook.cells and not notebook.cells[-1].source.strip():
        notebook.cells.pop()
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({key: cell.metadata[key] for key in cell.metadata if key in CELL_METADATA})
        cell.source = _trimmed(cell.source, keep_breaks=cell.cell_type == "markdown")
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
    return notebook


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 when all notebooks ran, 1 when one failed, 2 for a wrong call, 130 when interrupted."""
    parser = argparse.ArgumentParser(prog="python -m dlcourse.course.execute", description="Run notebooks in place.")
    parser.add_argument("notebooks", nargs="*", type=Path, help="the .ipynb files; by default all of the course")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="how many run at the same time (default 1)")
    chosen = parser.parse_args(arguments)
    if chosen.jobs < 1:
        parser.error(f"--jobs takes a whole number from 1, not {chosen.jobs}.")
    missing = [str(path) for path in chosen.notebooks if not path.is_file()]
    if missing:
        parser.error(f"there is no notebook {', '.join(missing)}.")
    hush("asyncio")  # tasks that Ctrl-C cuts off complain when they are thrown away, some as the process ends
    try:
        outcomes = execute_in_place(chosen.notebooks or committed_notebooks(), chosen.jobs, report=_say)
    except KeyboardInterrupt:
        print("Interrupted: notebooks that had not ended are left as they were.", file=sys.stderr)
        return 130
    return 1 if any(outcome.failure for outcome in outcomes) else 0


async def _execute_all(paths, jobs, report):
    turns = asyncio.Semaphore(jobs)

    async def one(path):
        async with turns:
            outcome = await _outcome(path)
        report(outcome)
        return outcome

    return await asyncio.gather(*(one(path) for path in paths))


async def _outcome(path):
    begun = time.perf_counter()
    try:
        await _replace_by_run(path)
        failure = None
    except ParameterError as error:
        failure = str(error)
    except _Failure as error:
        failure = f"{path.name}{error}; {_LEFT}."
    except OSError as error:
        failure = f"{path.name}: {error.strerror or error}; {_LEFT}."
    return Outcome(path, time.perf_counter() - begun, failure)


async def _replace_by_run(path):
    notebook = tidy(read_notebook(path))
    before = path.read_bytes()
    await _run(notebook)
    after = (nbformat.writes(tidy(notebook)).rstrip("\n") + "\n").encode()
    if path.read_bytes() != before:
        raise _Failure(" was changed by somebody else while it ran")
    if after != before:
        _write(path, after)


async def _run(notebook):
    """Execute the cells of a notebook, in place, in a fresh kernel in an empty folder."""
    from nbclient import NotebookClient

    settings = {"timeout": CELL_SECONDS, "startup_timeout": START_SECONDS, "coalesce_streams": True, "log": SILENT}
    async with _kernel() as (manager, said):
        client = NotebookClient(notebook, km=manager, record_timing=False, force_raise_errors=True, **settings)
        try:
            with _told(said, ""):
                await client.async_start_new_kernel_client()
            for index, cell in enumerate(notebook.cells):
                with _told(said, f", cell {index + 1}"):
                    await client.async_execute_cell(cell, index, client.code_cells_executed + 1, store_history=True)
        finally:
            if client.kc is not None:
                client.kc.stop_channels()


@contextmanager
def _told(said, place):
    """Turn what goes wrong in a cell into a `_Failure` that names the place."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    try:
        yield
    except CellExecutionError as error:
        raise _Failure(f"{place}: {error.ename}: {shortened(error.evalue)}") from None
    except CellTimeoutError:
        raise _Failure(f"{place} ran for more than {CELL_SECONDS} s") from None
    except (DeadKernelError, RuntimeError) as error:
        if asyncio.current_task().cancelling():  # nbclient takes every cancellation for a dead kernel
            raise asyncio.CancelledError from None
        raise _Failure(f"{place}: the kernel died ({last_words(said) or shortened(str(error))})") from None


@asynccontextmanager
async def _kernel():
    """A kernel of this very Python, in an empty folder and with none of the user's own settings of IPython.

    A kernel called `python3` that is installed elsewhere is not looked for. Yields its manager and the file that holds
    what its process, not its notebook, wrote to standard error.
    """
    from jupyter_client.kernelspec import KernelSpecManager

    with (
        tempfile.TemporaryDirectory(prefix="dlcourse-") as here,
        tempfile.TemporaryDirectory() as settings,
        quiet_kernels() as (KernelManager, said),
    ):
        manager = KernelManager(
            kernel_name=KERNELSPEC["name"], kernel_spec_manager=KernelSpecManager(kernel_dirs=[]), log=SILENT
        )
        environment = {**os.environ, "IPYTHONDIR": settings}
        history = "--HistoryManager.hist_file=:memory:"
        await manager.start_kernel(cwd=here, env=environment, extra_arguments=[history])
        try:
            yield manager, said
        finally:
            await manager.shutdown_kernel(now=bool(asyncio.current_task().cancelling()))


def _write(path, content):
    """Replace the file in one step, with its permissions; nothing is left beside it when that fails."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.chmod(path.stat().st_mode)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _trimmed(source, keep_breaks):
    return "\n".join(_trimmed_line(line, keep_breaks) for line in source.split("\n")).strip("\n")


def _trimmed_line(line, keep_breaks):
    bare = line.rstrip()
    return f"{bare}  " if keep_breaks and bare and line.endswith("  ") else bare


def _joined(outputs):
    """The outputs with neighbouring pieces of one stream put together."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _say(outcome):
    print(outcome, file=sys.stderr if outcome.failure else sys.stdout, flush=True)


if __name__ == "__main__":
    sys.exit(main())
