import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dlcourse.course import runs
from dlcourse.errors import CourseError


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_run_keeps_the_executed_notebook_and_its_figures(tiny_course, here):
    path = runs.run("01", {"epochs": "5"}, output="out/five.ipynb")
    assert path == here / "out" / "five.ipynb"
    (figure,) = runs.figures(path)
    assert (figure["value"], figure["changed"]) == (5.0, {"epochs": 5})
    assert os.listdir(here / "out") == ["five.ipynb"]


def test_a_failing_cell_is_named_and_the_earlier_file_kept(tiny_course, here):
    Path("five.ipynb").write_text("an earlier result")
    with pytest.raises(
        runs.RunFailed, match=r"stopped at cell \[\d+\]: ValueError: the rate is far too high; .*failed"
    ):
        runs.run("01", {"rate": 11}, output="five.ipynb")
    assert Path("five.ipynb").read_text() == "an earlier result"
    assert sorted(os.listdir(here)) == ["five.failed.ipynb", "five.ipynb"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"overrides": {"epoch": 1}}, "no parameter 'epoch'"),
        ({"overrides": {"epochs": "x"}}, "takes a whole number"),
        ({"profile": "tpu"}, "no profile 'tpu'"),
        ({"output": "x.html"}, "must end in .ipynb"),
    ],
)
def test_bad_input_is_refused_before_a_kernel_starts(tiny_course, here, monkeypatch, arguments, sentence):
    monkeypatch.setattr(runs, "_execute", lambda *_: pytest.fail("a kernel was started"))
    with pytest.raises(CourseError, match=sentence):
        runs.run("01", **arguments)
    assert os.listdir(here) == []


def test_an_output_folder_that_cannot_be_is_named(tiny_course, here):
    Path("runs").write_text("a file, not a folder")
    with pytest.raises(CourseError, match="cannot write into runs"):
        runs.run("01")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_leaves_nothing_behind(tiny_course, here):
    import nbformat

    path = tiny_course / "01_neuron_and_house_prices.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("open('started', 'w').close()\nimport time\ntime.sleep(60)"))
    nbformat.write(notebook, path)
    command = [sys.executable, "-m", "dlcourse", "run", "01", "-o", "out.ipynb"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 300
    while not list(here.rglob("started")) and time.monotonic() < deadline:
        time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=300)
    assert process.returncode == 130
    assert stderr.strip().splitlines() == ["dlcourse: interrupted; nothing half-written is left behind."]
    assert os.listdir(here) == []
