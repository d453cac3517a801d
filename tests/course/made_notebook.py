"""A notebook of chapter 01, made by hand, that passes every rule: tests break it in one place at a time."""

import base64

from nbformat import v4

from dlcourse import display
from dlcourse.course.lint_rules_file import KERNELSPEC, LANGUAGE_INFO

NAME = "01_neuron_and_house_prices.ipynb"
PROFILES = '["01".cpu]\nepochs = 3\nrates = [0.1, 0.5]\n\n["01".quick]\nepochs = 1\n'
CLAIMS = ("neuron-line-cut", "neuron-nonlinear", "neuron-stack", "neuron-inputs-outputs")
PIXEL = base64.b64encode(b"not looked at").decode()

_SENTENCE = "A house of $m^{(i)}$ square feet costs what somebody pays for it, and not a cent more than \\$250,000. "
_PARAMETERS = "epochs: int = 3  # passes over the rows\nrates: list[float] = [0.1, 0.5]  # step sizes"
_EQUATION = "\n\n$$\na = \\begin{cases} z \\\\ 0 \\end{cases}\n$$"


def made_notebook():
    """The notebook, as an nbformat node."""
    cells = [
        markdown("# 01. One neuron, and the price of a house\n\nA first sentence."),
        markdown("## What you will be able to do\n\n" + _SENTENCE * 20),
        markdown("## What it takes\n\nForty-five minutes."),
        markdown("## Parameters"),
        code(
            "epochs: int = 3  # passes over the rows\nrates: list[float] = [0.1, 0.5]  # step sizes",
            tags=["parameters"],
        ),
        code('from dlcourse.course import start\n\nchapter = start("01")', tags=["setup"]),
        markdown(
            "## The line and the cut\n\n" + _SENTENCE * 25 + "\n\n$$\na = \\begin{cases} z \\\\ 0 \\end{cases}\n$$"
        ),
        code("figure(1)", *(picture(f"Prices rise with size, view {view}.") for view in range(4))),
        markdown("The line bends: see [the parameters](#Parameters)."),
        code("3 * 7", printed("21"), tags=["nbval-check-output"]),
        markdown("### What was found\n\n" + _SENTENCE * 30),
        code('record("error", 0.1, at_most=0.2)', recorded()),
        code('claim("neuron-line-cut", HOLDS, "they agree.")', *(verdict(name) for name in CLAIMS)),
        markdown("## Results"),
        code("results()", printed("| measured | figure |")),
        markdown("## Exercises"),
        *(exercise(k) for k in (1, 2, 3)),
        markdown("## What was left out, and where to read on\n\nRosenblatt (1958)."),
        markdown("Previous: [Start here](00_start_here.ipynb) · Next: [Logistic](04_logistic_regression.ipynb)"),
    ]
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO})
    for count, cell in enumerate((cell for cell in cells if cell.cell_type == "code"), start=1):
        cell.execution_count = count
    return notebook


def save(notebook, folder, name=NAME):
    """Write the notebook into a folder, beside its neighbours and their profiles; returns its path."""
    for neighbour in ("00_start_here.ipynb", "04_logistic_regression.ipynb"):
        (folder / neighbour).write_text(v4.writes(v4.new_notebook(cells=[markdown("# Near\n\n## By here")])))
    (folder / "profiles.toml").write_text(PROFILES)
    path = folder / name
    path.write_text(v4.writes(notebook), encoding="utf-8")
    return path


def find(notebook, text):
    """The first cell whose source holds `text`."""
    return next(cell for cell in notebook.cells if text in cell.source)


def markdown(text):
    """A markdown cell."""
    return v4.new_markdown_cell(text)


def code(source, *outputs, tags=()):
    """A code cell with outputs and tags."""
    return v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)} if tags else {})


def printed(text, name="stdout"):
    """What a cell printed."""
    return v4.new_output("stream", name=name, text=text)


def picture(alt):
    """A figure with its alt text."""
    return v4.new_output("display_data", {"image/png": PIXEL, "text/plain": alt}, metadata={"image/png": {"alt": alt}})


def recorded(**changes):
    """A record as `record` leaves it in an output."""
    data = {"name": "error", "value": 0.1, "holds": True, "chapter": "01", "changed": {}, "seconds": 1.5, **changes}
    return v4.new_output("display_data", {display.RECORD: data, "text/plain": "✔ error = 0.1"})


def verdict(name):
    """A claim's verdict as `claim` leaves it in an output."""
    data = {"id": name, "chapter": "01", "verdict": "holds", "because": "they agree."}
    return v4.new_output("display_data", {display.CLAIM: data, "text/plain": f"✔ Claim {name}."})


def exercise(k, status="not attempted"):
    """An exercise as it is committed: a stub, its check, and what the check says."""
    data = {"id": f"01.{k}", "status": status, "sentence": "not attempted."}
    output = v4.new_output("execute_result", {display.CHECK: data, "text/plain": "○"}, execution_count=1)
    return code(f'def answer_{k}(x):\n    ...\n\n\ncheck("01.{k}", answer_{k})', output, tags=["exercise"])
