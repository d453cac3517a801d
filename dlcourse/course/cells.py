"""One cell of a sweep, where it runs: in a process of its own, started by a Dask worker.

Everything a cell needs travels in its `Task` and everything it made travels back in its `Outcome`, so that a worker
on another machine needs the course installed and nothing else: no folder is shared. The process ends when the worker
does, and its kernel with it.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import dlcourse

# How many cores the libraries of a notebook use: OpenMP (scikit-learn), the linear algebra of NumPy, TensorFlow.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
# Set by Dask for the memory of its own workers; it makes every large allocation of a notebook slower.
_NOT_FOR_CELLS = "MALLOC_TRIM_THRESHOLD_"
_LAST_WORDS = 300


@dataclass(frozen=True)
class Task:
    """What one cell needs.

    `sweep` names the sweep it belongs to; `notebook` is the source as text; `title` stands above its report; `threads`
    are the cores it may use (None: its share of the worker's machine); `environment` goes to its process; `scratch` is
    a folder for its files while it runs (None: the machine's own).
    """

    sweep: str
    notebook: str
    values: dict
    title: str
    threads: int | None = None
    environment: dict = field(default_factory=dict)
    scratch: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one cell: the executed notebook and its HTML report as text, or why there is none.

    `failure` is the rest of a sentence ("stopped at cell [3]: …"), or None; the notebook up to there may be kept.
    """

    notebook: str | None
    report: str | None
    failure: str | None
    seconds: float


_ended: set[str] = set()
_processes: dict[str, set] = {}


def version() -> str:
    """The version of the course where this is called: what a sweep asks every worker first."""
    return dlcourse.__version__


def run_cell(task: Task) -> Outcome:
    """Execute a cell's notebook in a process of its own and wait for it. A failure is an outcome, not an exception."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=task.scratch, prefix="cell-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "source.ipynb").write_text(task.notebook, encoding="utf-8")
        (folder / "task.json").write_text(json.dumps({"values": task.values, "title": task.title}), encoding="utf-8")
        code = _run_process(task, folder)
        failure = _failure(folder, code)
        executed, report = _text(folder / "work" / "executed.ipynb"), _text(folder / "report.html")
    return Outcome(executed, report, failure, time.perf_counter() - begun)


def end_cells(sweep: str) -> None:
    """End the processes of a sweep in this worker, and start no further one."""
    _ended.add(sweep)
    for process in list(_processes.get(sweep, ())):
        process.kill()


def main(folder: Path) -> None:
    """The process of a cell: execute `source.ipynb` with the values in `task.json`, and write the report."""
    from dlcourse.course import runs

    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    task = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    failure = None
    try:
        runs.execute(folder / "source.ipynb", folder / "work" / "executed.ipynb", task["values"])
    except runs.Stopped as stopped:
        failure = str(stopped)
    else:
        _write_report(folder, task["title"])
    (folder / "outcome.json").write_text(json.dumps(failure), encoding="utf-8")


def environment(task: Task, folder: Path, machine: dict) -> dict:
    """The environment variables of a cell's process: the machine's, its share of the cores, its own IPython folder."""
    threads = str(task.threads or _share())
    kept = {name: value for name, value in machine.items() if name != _NOT_FOR_CELLS}
    # One history database for all kernels would be locked by one of them.
    return {
        **kept,
        **dict.fromkeys(THREAD_VARIABLES, threads),
        "IPYTHONDIR": str(folder / "ipython"),
        **task.environment,
    }


def _run_process(task, folder):
    (folder / "work").mkdir()  # the kernel's current folder: nothing but the copy being written is in it
    with open(folder / "stderr.txt", "wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "dlcourse.course.cells", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=environment(task, folder, dict(os.environ)),
        )
    running = _processes.setdefault(task.sweep, set())
    running.add(process)
    try:
        if task.sweep in _ended:
            process.kill()
        return process.wait()
    finally:
        process.kill()
        process.stdin.close()
        running.discard(process)


def _failure(folder, code):
    outcome = _text(folder / "outcome.json")
    if outcome is not None:
        return json.loads(outcome)
    if code < 0:
        return f"was ended by signal {-code} (out of memory?)"
    return f"could not be run: {_last_line(folder / 'stderr.txt')}"


def _last_line(path):
    lines = [line.strip() for line in (_text(path) or "").splitlines() if line.strip()]
    return lines[-1][:_LAST_WORDS].rstrip(".") if lines else "its process said nothing"


def _text(path):
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _share():
    """The cores of this machine for each cell that the worker runs at the same time."""
    from dask.system import CPU_COUNT
    from distributed import get_worker

    return max(1, CPU_COUNT // get_worker().state.nthreads)


def _write_report(folder, title):
    from nbconvert import HTMLExporter

    from dlcourse.course.parameters import read_notebook

    notebook = read_notebook(folder / "work" / "executed.ipynb")
    page, _ = HTMLExporter().from_notebook_node(notebook, resources={"metadata": {"name": title}})
    (folder / "report.html").write_text(page, encoding="utf-8")


def _end_with_the_worker():
    """The worker holds the other end of standard input: when the worker is gone, however it went, so is this."""
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
