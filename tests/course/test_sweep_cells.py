import os
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from swept import wait_for

from dlcourse import display
from dlcourse.course import cells
from dlcourse.course.cells import Task, end_cells, environment, run_cell

START = 'from dlcourse.course import record, start\nstart("01", device="CPU, test")'


@pytest.fixture
def task(tmp_path):
    """A function that makes the task of a notebook with the given cells."""

    def made(*code, **settings):
        tagged = nbformat.v4.new_code_cell("depth: int = 8  # layers", metadata={"tags": ["parameters"]})
        notebook = nbformat.v4.new_notebook(cells=[tagged, *map(nbformat.v4.new_code_cell, code)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        given = {"values": {"depth": 20}, "title": "Depth & 20", "threads": 3, "scratch": str(scratch)}
        return Task("a sweep", nbformat.writes(notebook), **{**given, **settings})

    return made


@pytest.fixture(autouse=True)
def no_sweep_ended(monkeypatch):
    monkeypatch.setattr(cells, "_ended", set())


def records(outcome):
    notebook = nbformat.reads(outcome.notebook, as_version=4)
    return [out.data[display.RECORD] for cell in notebook.cells for out in cell.outputs if display.RECORD in out.data]


def test_a_cell_gives_back_its_notebook_and_a_report(task, tmp_path):
    look = "import os\nhere, cores = len(os.listdir()), int(os.environ['OMP_NUM_THREADS'])"
    show = "record('depth', depth, at_least=100)\nrecord('files here', here)\nrecord('cores', cores)"
    outcome = run_cell(task(START, look, show, environment={"DLCOURSE_BARS": "show"}))
    assert outcome.failure is None
    assert {each["name"]: each["value"] for each in records(outcome)} == {"depth": 20, "files here": 1, "cores": 3}
    assert "<title>Depth &amp; 20</title>" in outcome.report
    assert outcome.seconds > 0
    assert os.listdir(tmp_path / "scratch") == []


def test_a_failing_cell_says_where_and_keeps_the_notebook_up_to_there(task):
    outcome = run_cell(task("print('so far')", "raise ValueError('depth is odd.\\nvery')"))
    assert outcome.failure == "stopped at cell [4]: ValueError: depth is odd"
    assert "so far" in outcome.notebook
    assert outcome.report is None


def test_a_process_that_cannot_start_tells_its_last_words(task, tmp_path, monkeypatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho noise >&2\necho 'no module named dlcourse.' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    outcome = run_cell(task("1"))
    assert (outcome.notebook, outcome.failure) == (None, "could not be run: no module named dlcourse")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_the_cells_of_a_sweep_can_be_ended(task, tmp_path):
    begun, found = tmp_path / "begun", []
    sleeping = task(f"open({str(begun)!r}, 'w').close()\nimport time\ntime.sleep(300)")
    thread = threading.Thread(target=lambda: found.append(run_cell(sleeping)))
    thread.start()
    wait_for(begun.exists)
    end_cells("another sweep")
    assert thread.is_alive()
    end_cells("a sweep")
    thread.join(timeout=300)
    assert found[0].failure == "was ended by signal 9 (out of memory?)"
    assert run_cell(sleeping).failure == found[0].failure  # one that starts after the end does not run
    assert os.listdir(tmp_path / "scratch") == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_cell_ends_with_its_worker(task, tmp_path):
    told = tmp_path / "kernel"
    sleeping = task(f"import os, time\nopen({str(told)!r}, 'w').write(str(os.getpid()))\ntime.sleep(300)")
    code = f"from dlcourse.course.cells import Task, run_cell\nrun_cell({sleeping!r})"
    worker = subprocess.Popen([sys.executable, "-c", code])
    kernel = wait_for(lambda: told.exists() and told.read_text())
    assert Path(f"/proc/{kernel}").exists() or sys.platform != "linux"
    worker.kill()
    worker.wait()
    wait_for(lambda: not _runs(int(kernel)))


def _runs(pid):
    """Whether a process is there and not a zombie that nobody asked after."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_environment_of_a_cell(task, tmp_path):
    machine = {"PATH": "x", "OMP_NUM_THREADS": "1", "MALLOC_TRIM_THRESHOLD_": "65536", "DLCOURSE_BARS": "enforce"}
    found = environment(task("1", environment={"DLCOURSE_BARS": "show"}), tmp_path, machine)
    assert found == {
        "PATH": "x",
        **dict.fromkeys(cells.THREAD_VARIABLES, "3"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "DLCOURSE_BARS": "show",
    }


@pytest.mark.parametrize(("cores", "threads", "share"), [(8, 2, 4), (2, 1, 2), (7, 2, 3), (2, 4, 1)])
def test_a_worker_of_a_cluster_shares_its_machine_out(monkeypatch, cores, threads, share):
    class Worker:
        class state:  # noqa: N801 - the worker's own name
            nthreads = threads

    monkeypatch.setattr("dask.system.CPU_COUNT", cores)
    monkeypatch.setattr("distributed.get_worker", Worker)
    assert cells._share() == share
