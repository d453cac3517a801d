"""The benchmarks' report; what they measure is run by `make bench`."""

import datetime
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(monkeypatch):
    """The script as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import run

    yield run
    for name in ("run", "machine", "measures"):
        sys.modules.pop(name, None)


def test_results_name_date_machine_and_load_and_each_figure(run):
    rows = [run.measures.Row("fit / model.fit, time", "1.01 (0.99 to 1.02)", "an epoch")]
    text = run.report(rows, {"processor": "some", "load before": "0.1"}, datetime.date(2026, 11, 22), "Busy.")
    for line in (
        "| date | 2026-11-22 |",
        "| load before | 0.1 |",
        "| fit / model.fit, time | 1.01 (0.99 to 1.02) | an epoch |",
    ):
        assert line in text.splitlines()
    assert "Busy." in text.splitlines()
    written = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    assert written.startswith(run.HEAD)


def test_the_machine_is_described(run):
    described = run.machine.describe()
    assert described["processor"].endswith("cores")
    assert "tensorflow" in described["versions"]
    assert run.machine.load()


@pytest.mark.parametrize(("load", "said"), [(0.5, False), (9.0, True)])
def test_a_busy_machine_is_told_of(run, monkeypatch, load, said):
    monkeypatch.setattr(run.machine.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(run.machine.os, "getloadavg", lambda: (load, load, load), raising=False)
    assert ("busy" in run.machine.caution()) is said
