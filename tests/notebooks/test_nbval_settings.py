"""The way the notebooks are run under nbval: what is compared, what may differ, and that no file is touched."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from dlcourse import display, paths
from dlcourse.course.lint import committed_notebooks
from dlcourse.course.lint_rules_file import KERNELSPEC
from dlcourse.course.parameters import read_notebook

SANITIZE = Path(__file__).with_name("nbval_sanitize.cfg")
CHECKED = "nbval-check-output"


def replacements():
    """The pairs of (pattern, replacement), read as nbval reads them."""
    return re.findall(r"^regex: (.*)$\n^replace: (.*)$", SANITIZE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def sanitized(text):
    for pattern, replacement in replacements():
        text = re.sub(pattern, replacement, text)
    return text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("trained in 3.2 s", "trained in 11 s"),
        ("took 12 ms each", "took 1,250 µs each"),
        ("1,900 images/s", "24.5 images/s"),
        ("<Line at 0x7f3a5c0b1d90>", "<Line at 0x7fffc0b1d000>"),
    ],
)
def test_what_may_differ_is_sanitized(one, other):
    assert sanitized(one) == sanitized(other) != one


@pytest.mark.parametrize("text", ["932 sales", "12 samples", "accuracy 0.891", "3 m", "0x1f", "5 sigma"])
def test_figures_are_compared(text):
    assert sanitized(text) == text


def cell(source, tags=(), **data):
    """A code cell that has run, with the output given: `printed`, or a MIME bundle."""
    printed = data.pop("printed", None)
    output = v4.new_output("stream", text=printed) if printed else v4.new_output("display_data", data["bundle"])
    return v4.new_code_cell(source, execution_count=1, outputs=[output], metadata={"tags": list(tags)})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One run of nbval, as the Makefile has it, over a notebook of five cells: its printed report."""
    folder = tmp_path_factory.mktemp("nbval")
    shown = "from IPython.display import display\ndisplay({bundle!r}, raw=True)"
    record = {display.RECORD: {"seconds": 2.5}, "text/plain": "same"}
    check = {display.CHECK: {"id": "01.1", "status": "not attempted"}, "text/plain": "same"}
    cells = [
        cell(shown.format(bundle={**record, display.RECORD: {"seconds": 9.0}}), bundle=record),
        cell(shown.format(bundle=check), [CHECKED], bundle=check),
        cell('print("took 2.5 s")', [CHECKED], printed="took 9 s\n"),
        cell('print("42")', [CHECKED], printed="43\n"),
        cell(shown.format(bundle={**record, display.RECORD: {"seconds": 9.0}}), [CHECKED], bundle=record),
    ]
    path = folder / "made.ipynb"
    nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC}), path)
    before = path.read_bytes()
    options = ["--nbval-lax", "--nbval-current-env", "--nbval-sanitize-with", str(SANITIZE), "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:xdist", "--color=no", "--rootdir", str(folder), *options]
    report = subprocess.run([*command, str(path)], capture_output=True, text=True, cwd=folder, check=False)
    assert path.read_bytes() == before
    assert [each.name for each in folder.iterdir()] == ["made.ipynb"]
    return report.stdout


@pytest.mark.parametrize(
    ("number", "result", "why"),
    [
        (0, "PASSED", "a record's seconds differ, and the cell is not compared"),
        (1, "PASSED", "an exercise that nobody attempted says the same in every run"),
        (2, "PASSED", "seconds are sanitised"),
        (3, "FAILED", "a figure differs"),
        (4, "FAILED", "JSON is compared and cannot be sanitised: the linter forbids the tag on a record"),
    ],
)
def test_what_nbval_compares(run, number, result, why):
    assert re.search(rf"::Cell {number} {result}", run), f"{why}\n{run}"


def test_every_code_cell_of_the_course_is_a_test_of_its_own_name():
    """Two cells of one name would be one test under xdist: the other would not run, and nothing would say so."""
    options = ["--nbval-lax", "--nbval-current-env", f"--nbval-sanitize-with={SANITIZE}", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *options, "notebooks"]
    report = subprocess.run(command, capture_output=True, text=True, cwd=paths.repository_root(), check=False)
    expected = [
        f"notebooks/{path.name}::Cell {number}"
        for path in committed_notebooks()
        for number in range(sum(cell.cell_type == "code" for cell in read_notebook(path).cells))
    ]
    found = [line.strip() for line in report.stdout.splitlines() if "::" in line]
    assert found == expected, report.stdout + report.stderr
