"""What a kernel's process writes stays out of the terminal, and its last words are there when it dies."""

import io
import logging
import subprocess
import sys

import nbformat
import pytest

from dlcourse.course import runs
from dlcourse.course.lint_rules_file import KERNELSPEC, LANGUAGE_INFO
from dlcourse.errors import CourseError
from dlcourse.exercises.notebook import check_notebook
from dlcourse.kernels import hush, last_words, shortened

LOUD = "import os\nos.write(2, b'Traceback of a socket\\n')"
DYING = "import os\nos.write(2, b'first\\nno memory left\\n\\n')\nos._exit(1)"


def notebook_of(folder, *cells):
    """A notebook whose cells are (tag, source)."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO})
    for tag, source in cells:
        notebook.cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": [tag]}))
    path = folder / "00_small.ipynb"
    nbformat.write(notebook, path)
    return path


def test_what_the_process_says_while_exercises_are_checked_is_not_shown(tmp_path, capfd):
    path = notebook_of(tmp_path, ("setup", LOUD), ("exercise", "x = 1"))
    assert [each["status"] for each in check_notebook(path)] == ["error"]
    assert capfd.readouterr().err == ""


def test_what_the_process_says_during_a_run_is_not_shown(tmp_path, capfd):
    path = notebook_of(tmp_path, ("parameters", "seed: int = 0"), ("lesson", f"{LOUD}\nprint(seed)"))
    runs.execute(path, tmp_path / "out.ipynb", {"seed": 3})
    assert capfd.readouterr().err == ""
    assert nbformat.read(tmp_path / "out.ipynb", 4).cells[-1].outputs[0].text == "3\n"


def test_the_last_words_of_a_kernel_that_dies_are_told_by_a_check(tmp_path):
    path = notebook_of(tmp_path, ("setup", DYING), ("exercise", "x = 1"))
    with pytest.raises(CourseError, match=r"died \(no memory left\)"):
        check_notebook(path)


def test_the_last_words_of_a_kernel_that_dies_are_told_by_a_run(tmp_path):
    path = notebook_of(tmp_path, ("parameters", "seed: int = 0"), ("lesson", DYING))
    with pytest.raises(runs.Stopped, match=r"stopped: .*\(no memory left\)"):
        runs.execute(path, tmp_path / "out.ipynb", {})


@pytest.mark.parametrize(
    ("said", "words"), [(b"", ""), (b"\n \n", ""), (b"a\nb  c\n\n", "b c"), (b"\xff!\n", "\N{REPLACEMENT CHARACTER}!")]
)
def test_last_words(said, words):
    assert last_words(io.BytesIO(said)) == words


def test_hushed_loggers_say_nothing_and_their_levels_are_told(caplog):
    logger = logging.getLogger("a client of kernels")
    logger.setLevel(logging.INFO)
    assert hush(logger.name) == {logger.name: logging.INFO}
    logger.critical("Kernel died while waiting for execute reply.")
    assert caplog.records == []


def test_a_long_line_is_shortened():
    assert shortened("a b") == "a b"
    assert shortened("x" * 400) == "x" * 299 + "…"
    assert len(shortened("x y " * 400, most=20)) == 20


def test_the_module_loads_no_client_of_kernels_until_it_is_used():
    code = "import sys, dlcourse.kernels; print('jupyter_client' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
