"""The checks of a saved notebook, from a fresh kernel, as a list and as the command's table."""

import io

import nbformat
import pytest
from rich.console import Console

from dlcourse.errors import CourseError
from dlcourse.exercises.command import check_notebook_command
from dlcourse.exercises.notebook import check_notebook

ENDLESS_SOURCE = """
from dataclasses import replace
from dlcourse.exercises import find, judge_answer

def f(p, t):
    while True:
        try:
            print(p)
        except:
            continue

judge_answer(replace(find("00.1"), seconds=0.2), f)
"""
SETUP = ("setup", "import numpy as np\nfrom dlcourse.exercises import check")
STUB = ("exercise", "def f(p, t):\n    ...\n\ncheck('00.1', f)")
RIGHT = ("exercise", "check('00.1', lambda p, t: factor * np.mean((p - t) ** 2))")
WRONG = ("exercise", "check('00.2', (3, 200))")
BROKEN = ("exercise", 'g = undefined_name\ncheck("00.3", g)')
ENDLESS = ("exercise", ENDLESS_SOURCE)
UNCHECKED = ("exercise", "x = 1")


def write(folder, *cells):
    """A notebook of (tag, source) cells."""
    notebook = nbformat.v4.new_notebook()
    for tag, source in cells:
        cell = nbformat.v4.new_code_cell(source)
        cell.metadata["tags"] = [tag] if tag else []
        notebook.cells.append(cell)
    path = folder / "00_tiny.ipynb"
    nbformat.write(notebook, path)
    return path


def test_the_exercise_cells_are_run_and_read_and_nothing_else(tmp_path):
    path = write(
        tmp_path,
        ("parameters", "factor: float = 1.0  # of the result"),
        SETUP,
        ("", "factor = 5  # a cell that is no exercise is not run"),
        STUB,
        RIGHT,
        WRONG,
        BROKEN,
        UNCHECKED,
        ENDLESS,
    )
    before = path.read_bytes()
    results = check_notebook(path)
    assert [(result["id"], result["status"]) for result in results] == [
        ("00.1", "not attempted"),
        ("00.1", "passed"),
        ("00.2", "failed"),
        ("00.3", "error"),
        ("?", "error"),
        ("00.1", "error"),
    ]
    assert results[3]["title"] == "Standardise a test set"
    assert results[3]["sentence"] == "The cell stops with NameError (name 'undefined_name' is not defined)."
    assert "shows no check" in results[4]["sentence"]
    assert "did not finish within 0.2 seconds" in results[5]["sentence"]
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["00_tiny.ipynb"]


def test_a_failing_set_up_is_named(tmp_path):
    path = write(tmp_path, ("setup", "import no_such_module"), STUB)
    with pytest.raises(CourseError, match=r"the setup cell of .* stops with ModuleNotFoundError"):
        check_notebook(path)


def test_a_kernel_that_dies_or_hangs_is_reported(tmp_path):
    dying = write(tmp_path, ("setup", "import os; os._exit(1)"), STUB)
    with pytest.raises(CourseError, match="died"):
        check_notebook(dying)
    hanging = write(tmp_path, ("setup", "import time; time.sleep(60)"), STUB)
    with pytest.raises(CourseError, match="within 1 seconds"):
        check_notebook(hanging, seconds=1)


def test_a_missing_or_broken_file_is_reported(tmp_path):
    with pytest.raises(CourseError, match="No such file"):
        check_notebook(tmp_path / "missing.ipynb")
    for content in (b"", b"not json", b"{}", b'{"cells": 3}', b"\xff\xfe\x00"):
        broken = tmp_path / "broken.ipynb"
        broken.write_bytes(content)
        with pytest.raises(CourseError, match="no"):
            check_notebook(broken)
    with pytest.raises(CourseError, match="has no exercises"):
        check_notebook(write(tmp_path, SETUP))


FOUND = {
    "passed": {"id": "00.1", "title": "Mean [x]", "kind": "implement", "status": "passed", "sentence": "Right."},
    "failed": {"id": "00.2", "title": "Shape", "kind": "predict", "status": "failed", "sentence": "It is [0]."},
    "not attempted": {"id": "00.3", "title": "S", "kind": "implement", "status": "not attempted", "sentence": "Go."},
    "error": {"id": "?", "title": "", "kind": "", "status": "error", "sentence": "Stops."},
}


@pytest.mark.parametrize(
    ("statuses", "code", "summary"),
    [
        (["passed", "not attempted"], 0, "1 of 2 passed, 1 not attempted."),
        (["passed", "passed"], 0, "2 of 2 passed."),
        (["passed", "failed"], 1, "1 of 2 passed, 1 wrong."),
        (["error", "not attempted"], 1, "0 of 2 passed, 1 stopped with an error, 1 not attempted."),
    ],
)
def test_the_command_prints_a_table_and_returns_its_exit_code(monkeypatch, statuses, code, summary):
    monkeypatch.setattr("dlcourse.exercises.notebook.check_notebook", lambda path: [FOUND[name] for name in statuses])
    printed = io.StringIO()
    assert check_notebook_command("any.ipynb", Console(file=printed, width=120)) == code
    assert summary in printed.getvalue()
    for name in statuses:
        assert FOUND[name]["sentence"] in printed.getvalue()
        assert FOUND[name]["title"] in printed.getvalue()
