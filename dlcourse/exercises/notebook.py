"""The checks of a saved notebook: its exercise cells run in a fresh kernel, and their results are read."""

import contextlib
import re
import warnings
from pathlib import Path

from dlcourse.display import CHECK
from dlcourse.errors import CourseError
from dlcourse.exercises.registry import find
from dlcourse.exercises.result import ERROR
from dlcourse.kernels import SILENT, START_SECONDS, last_words, quiet_kernels

_NEEDED_FIRST = {"parameters", "setup"}
_WANTED = _NEEDED_FIRST | {"exercise"}
_ID_IN_CELL = re.compile(r"""check\(\s*["'](\d\d\.\d+)["']""")


def check_notebook(path: str | Path, seconds: int = 600) -> list[dict]:
    """Run a notebook's `parameters`, `setup` and `exercise` cells in a fresh kernel and collect what `check` found.

    The file is read, never written. `seconds` is the time limit of each cell.

    Returns:
        a dictionary for each exercise, in the notebook's order: id, title, kind, status ("passed", "failed",
        "not attempted" or "error"), sentence.

    Raises:
        CourseError: the file is missing or no notebook, has no exercise cells, a cell that the exercises need fails,
            or the kernel dies or takes too long.
    """
    path = Path(path)
    notebook = _read(path)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code" and _tags(cell) & _WANTED]
    exercises = [cell for cell in notebook.cells if "exercise" in _tags(cell)]
    if not exercises:
        raise CourseError(f"{path} has no exercises: no cell of it has the tag `exercise`.")
    _execute(notebook, path, seconds)
    for cell in notebook.cells:
        if "exercise" not in _tags(cell) and _error(cell):
            raise CourseError(f"the {_tag_of(cell)} cell of {path} stops with {_error(cell)}; mend it first.")
    return [result for cell in exercises for result in _results(cell)]


def _read(path: Path):
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an old notebook without cell ids is as good
            return nbformat.read(path, as_version=4)
    except OSError as error:
        raise CourseError(f"cannot read the notebook {path}: {error.strerror}.") from None
    except Exception:  # nbformat's own NotJSONError and ValidationError, or text that is not UTF-8
        raise CourseError(f"{path} is not a notebook: open and save it in JupyterLab, or take a fresh copy.") from None


def _tags(cell) -> set[str]:
    return set(cell.metadata.get("tags", []))


def _tag_of(cell) -> str:
    return next(iter(_tags(cell) & _NEEDED_FIRST))


def _execute(notebook, path: Path, seconds: int) -> None:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError

    folder = {"metadata": {"path": str(path.resolve().parent)}}
    settings = {"allow_errors": True, "timeout": seconds, "startup_timeout": START_SECONDS, "resources": folder}
    with quiet_kernels() as (kernel_manager, said):
        client = NotebookClient(
            notebook, kernel_name="python3", kernel_manager_class=kernel_manager, log=SILENT, **settings
        )
        try:
            client.execute()
        except CellTimeoutError:
            raise CourseError(f"a cell of {path} did not finish within {seconds} seconds.") from None
        except RuntimeError:  # nbclient's word for a kernel that died or never answered
            why = last_words(said) or "out of memory?"
            raise CourseError(f"the kernel that ran the exercises of {path} died ({why}).") from None


def _error(cell) -> str | None:
    """The exception that a cell's outputs show: "NameError (name 'x' is not defined)"; None when there is none."""
    for output in cell.outputs:
        if output.output_type == "error":
            first = (str(output.evalue).strip().splitlines() or [""])[0]
            return f"{output.ename} ({first})" if first else output.ename
    return None


def _results(cell) -> list[dict]:
    found = [dict(output.data[CHECK]) for output in cell.outputs if CHECK in output.get("data", {})]
    problem = _error(cell)
    if problem:
        found.append(_unchecked(cell, f"The cell stops with {problem}."))
    return found or [_unchecked(cell, "The cell shows no check: its last line is to be check(id, answer).")]


def _unchecked(cell, sentence: str) -> dict:
    """The result of a cell that did not get as far as its check."""
    found = _ID_IN_CELL.search(cell.source)
    result = {"id": found[1] if found else "?", "title": "", "kind": "", "status": ERROR, "sentence": sentence}
    with contextlib.suppress(CourseError):  # an id that no exercise has
        exercise = find(result["id"])
        result.update(title=exercise.title, kind=exercise.kind)
    return result
