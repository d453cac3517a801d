"""The solution notebook of every chapter, made from its exercises and executed: every check passes."""

import nbformat
import pytest

from dlcourse.course import chapters
from dlcourse.course.exporting import export
from dlcourse.display import CHECK
from dlcourse.exercises import check_notebook, exercises_of

WRITTEN = [chapter for chapter in chapters() if chapter.written]


def checks(notebook):
    shown = [output.get("data", {}).get(CHECK) for cell in notebook.cells for output in cell.get("outputs", [])]
    return [(each["id"], each["status"]) for each in shown if each]


@pytest.mark.slow
@pytest.mark.parametrize("chapter", WRITTEN, ids=lambda chapter: chapter.number)
def test_every_check_of_a_solution_notebook_passes(chapter, tmp_path):
    """From a fresh kernel that knows nothing else, in an empty folder: each solution carries what it needs."""
    from nbclient import NotebookClient

    (path,) = export(chapter.number, "solutions", tmp_path / "solved.ipynb")
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, kernel_name="python3", timeout=120, startup_timeout=300, resources=resources).execute()
    assert checks(notebook) == [(exercise.id, "passed") for exercise in exercises_of(chapter.number)]


@pytest.mark.slow
def test_the_command_check_takes_a_solution_notebook(tmp_path):
    (path,) = export("08", "solutions", tmp_path / "solved.ipynb")
    assert {result["status"] for result in check_notebook(path)} == {"passed"}


@pytest.mark.slow
def test_a_students_copy_runs_as_far_as_its_exercises_and_none_is_attempted(tmp_path):
    (path,) = export("08", "student", tmp_path / "lab.ipynb")
    assert {result["status"] for result in check_notebook(path)} == {"not attempted"}
