"""A small chapter to sweep over, and stand-ins for what runs its cells."""

import json
import os
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat

from dlcourse import display
from dlcourse.course.cells import Outcome

PROFILES = '["01".cpu]\nseed = 0\ndepth = 8\nrate = 0.5\nsizes = [1, 2]\n\n["01".quick]\nrate = 0.25\n'

PARAMETERS = """\
seed: int = 0  # starts the random numbers
depth: int = 8  # layers
rate: float = 0.5  # step size
sizes: list[int] = [1, 2]  # neurons
name: str = "house"  # what is sold"""

# Leaves a line for each time it is run, in a file that is only ever appended to.
COUNT = """\
import json, os, time
with open(os.environ["SWEEP_RUNS"], "a") as runs:
    runs.write(json.dumps([depth, seed]) + "\\n")"""


# What `record` leaves in the outputs, without the time it takes to load the course into each kernel.
RECORDS = """\
from IPython.display import display
for name, value in [("score", depth + seed), ("rate", rate)]:
    display({%r: {**%r, "name": name, "value": value, "seed": seed}}, raw=True)"""


def write_chapter(folder: Path, parameters=PARAMETERS, code=()) -> Path:
    """Write chapter 01 into a notebooks folder: it counts its runs, runs `code` and records depth + seed."""
    folder.mkdir(exist_ok=True)
    (folder / "profiles.toml").write_text(PROFILES)
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    tagged = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    cells = [COUNT, *code, RECORDS % (display.RECORD, figure("", 0.0))]
    notebook.cells = [nbformat.v4.new_markdown_cell("# Swept"), tagged, *map(nbformat.v4.new_code_cell, cells)]
    path = folder / "01_neuron_and_house_prices.ipynb"
    nbformat.write(notebook, path)
    return path


def runs(path) -> list[list]:
    """The cells that were run so far, as [depth, seed], in the order they began."""
    path = Path(path)
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def figure(name, value, **changed) -> dict:
    """A record as a notebook holds it."""
    plain = {
        "name": name, "value": value, "values": None, "spread": None, "unit": "", "at_least": None, "at_most": None,
        "baseline": {}, "holds": None, "chapter": "01", "seconds": 1.5, "device": "CPU, test", "seed": 0, "changed": {},
        "enforced": False, "headline": False,
    }  # fmt: skip
    return plain | changed


def executed(figures) -> str:
    """The text of a notebook whose only cell recorded these figures."""
    cell = nbformat.v4.new_code_cell("record(…)")
    cell.outputs = [nbformat.v4.new_output("display_data", {display.RECORD: each}) for each in figures]
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell]))


def fake_cell(task) -> Outcome:
    """Stands for `run_cell` where no kernel is wanted: the same count, the same records, depth 13 fails."""
    with open(os.environ["SWEEP_RUNS"], "a") as counted:
        counted.write(json.dumps([task.values["depth"], task.values["seed"]]) + "\n")
    score = task.values["depth"] + task.values["seed"]
    if task.values["depth"] == 13:
        return Outcome(executed([]), None, "stopped at cell [3]: ValueError: unlucky", 0.1)
    headline = figure("score", score, unit="points", holds=score >= 20, headline=True, seed=task.values["seed"])
    return Outcome(executed([headline, figure("rate", task.values["rate"])]), f"<h1>{task.title}</h1>", None, 0.1)


@contextmanager
def threads_for_processes(workers, scratch):
    """Stands for `local_cluster`: the same Dask, its workers in this process."""
    from distributed import Client

    with Client(
        processes=False,
        protocol="tcp",
        n_workers=1,
        threads_per_worker=workers,
        dashboard_address="127.0.0.1:0",
        set_as_default=False,
    ) as client:
        yield client


def wait_for(condition, seconds=120):
    """Wait until the condition holds; what it returned."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.1)
    return found
