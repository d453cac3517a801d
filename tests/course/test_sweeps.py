import json
import os
import socket
from concurrent.futures import CancelledError
from types import SimpleNamespace

import pytest
from distributed import KilledWorker
from swept import executed, fake_cell, figure, runs, threads_for_processes, write_chapter

from dlcourse.course import cells, clusters, sweeps
from dlcourse.course.cells import Outcome
from dlcourse.errors import CourseError


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder, a chapter to sweep over, and a file that counts its runs."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DLCOURSE_NOTEBOOKS", str(tmp_path / "notebooks"))
    monkeypatch.setenv("SWEEP_RUNS", str(folder / "runs"))
    monkeypatch.delenv("DLCOURSE_BARS", raising=False)
    write_chapter(tmp_path / "notebooks")
    return folder


@pytest.fixture
def light(here, monkeypatch):
    """Dask's workers are threads of this process, and no kernel is started."""
    monkeypatch.setattr(clusters, "local_cluster", threads_for_processes)
    monkeypatch.setattr(cells, "run_cell", fake_cell)
    return here


@pytest.fixture
def cluster():
    """The address of a Dask scheduler on loopback with one worker of two threads, all in this process."""
    from distributed import LocalCluster

    with LocalCluster(
        processes=False, protocol="tcp", n_workers=1, threads_per_worker=2, dashboard_address="127.0.0.1:0"
    ) as there:
        yield there.scheduler_address


class Heard(sweeps.Listener):
    """Keeps what it was told."""

    def __init__(self):
        self.plan, self.ended = None, []

    def begun(self, plan):
        self.plan = plan

    def cell_ended(self, cell, outcome):
        self.ended.append(cell.label)


def test_every_cell_is_run_once_and_gathered(light):
    heard = Heard()
    done = sweeps.sweep("01", {"depth": "8,20,32"}, seeds=2, folder="out", workers=2, listener=heard)
    assert sorted(runs("runs")) == [[depth, seed] for depth in (8, 20, 32) for seed in (0, 1)]
    assert (len(heard.plan.missing), heard.plan.at_once, heard.plan.changed) == (6, 2, False)
    assert sorted(heard.ended) == sorted(cell.label for cell in done.grid.cells)
    assert done.failures == {}
    assert done.records.query("record == 'score'")["value"].tolist() == [8, 9, 20, 21, 32, 33]
    assert sorted(os.listdir("out")) == [
        ".lock", "cells", "plot.png", "records.csv", "records.parquet", "summary.md", "sweep.json",
    ]  # fmt: skip
    assert len(os.listdir("out/cells")) == 12


def test_a_finished_cell_is_never_run_again(light):
    sweeps.sweep("01", {"depth": "8,20"}, folder="out")
    done = sweeps.sweep("01", {"rate": "0.5", "depth": "32,20,8"}, seeds=1, folder="out")
    assert runs("runs") == [[8, 0], [20, 0], [32, 0]]
    assert [cell.values["depth"] for cell in done.grid.cells] == [32, 20, 8]
    assert done.records["depth"].tolist() == [32, 32, 20, 20, 8, 8]


def test_a_finished_sweep_starts_no_worker(light, monkeypatch):
    first = sweeps.sweep("01", {"depth": "8,20"}, folder="out")
    monkeypatch.setattr(clusters, "local_cluster", lambda *_: pytest.fail("workers were started"))
    again = sweeps.sweep("01", {"depth": "8,20"}, folder="out")
    assert again.records.equals(first.records)


def test_the_table_is_of_the_grid_asked_for(light):
    sweeps.sweep("01", {"depth": "8,20,32"}, folder="out")
    done = sweeps.sweep("01", {"depth": "8,20"}, folder="out")
    assert set(done.records["depth"]) == {8, 20}
    assert len(os.listdir("out/cells")) == 6


def test_another_notebook_is_run_anew_and_said(light):
    sweeps.sweep("01", {"depth": "8,20"}, folder="out")
    write_chapter(light.parent / "notebooks", code=["1 + 1"])
    heard = Heard()
    sweeps.sweep("01", {"depth": "8,20"}, folder="out", listener=heard)
    assert heard.plan.changed
    assert len(heard.plan.missing) == 2
    assert len(os.listdir("out/cells")) == 8  # the earlier ones are kept


def test_a_failing_cell_does_not_stop_the_rest(light):
    done = sweeps.sweep("01", {"depth": "8,13,20"}, seeds=2, folder="out")
    assert len(runs("runs")) == 6
    sentence = "depth=13 seed=0 stopped at cell [3]: ValueError: unlucky."
    assert done.failures == {"depth=13 seed=0": sentence, "depth=13 seed=1": sentence.replace("d=0", "d=1")}
    assert set(done.records["depth"]) == {8, 20}
    with open("out/summary.md") as page:
        assert f"- {sentence}\n" in page.read()
    sweeps.sweep("01", {"depth": "8,13,20"}, seeds=2, folder="out")
    assert sorted(runs("runs")[6:]) == [[13, 0], [13, 1]]  # failed cells, and those alone, are tried again


def test_every_cell_may_fail(light):
    done = sweeps.sweep("01", {"depth": "13"}, folder="out")
    assert (len(done.records), len(done.failures)) == (0, 1)


def test_a_worker_that_raises_is_a_failure_of_the_cell(light, monkeypatch):
    def broken(task):
        raise MemoryError("no room\nfor more")

    monkeypatch.setattr(cells, "run_cell", broken)
    done = sweeps.sweep("01", {"depth": "8,20"}, folder="out")
    assert done.failures["depth=8"] == "depth=8 could not be run: MemoryError: no room."


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (CancelledError("key"), "could not be run: the connection to the scheduler was lost"),
        (KilledWorker("key", SimpleNamespace(address="tcp://x:1"), 3), "its worker died again and again"),
        (RuntimeError("no.\nmore"), "could not be run: RuntimeError: no"),
        (RuntimeError(), "could not be run: RuntimeError"),
    ],
)
def test_what_dask_reports_is_told_in_words(error, failure):
    class Future:
        def result(self):
            raise error

    outcome = sweeps._outcome(Future())
    assert failure in outcome.failure
    assert not outcome.failure.endswith((".", ":", " "))
    assert outcome.notebook is None


def test_what_is_asked_for_is_written_down(light):
    sweeps.sweep("01", {"depth": "8,20"}, seeds=2, profile="quick")
    with open("sweeps/01_neuron_and_house_prices/sweep.json") as file:
        about = json.load(file)
    assert (about["chapter"], about["profile"], about["values"]) == ("01", "quick", {"depth": [8, 20], "seed": [0, 1]})


@pytest.mark.parametrize(("variable", "bars"), [(None, "show"), ("", "show"), ("enforce", "enforce")])
def test_bars_are_shown_unless_the_user_wants_otherwise(light, monkeypatch, variable, bars):
    if variable is not None:
        monkeypatch.setenv("DLCOURSE_BARS", variable)

    def told(task):
        return Outcome(executed([figure(task.environment["DLCOURSE_BARS"], 1.0)]), "", None, 0.1)

    monkeypatch.setattr(cells, "run_cell", told)
    assert list(sweeps.sweep("01", {"depth": "8"}, folder="out").records["record"]) == [bars]


def test_an_interrupted_sweep_goes_on_from_there(light):
    class Interrupting(sweeps.Listener):
        def cell_ended(self, cell, outcome):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweeps.sweep("01", {"depth": "8,20,32"}, folder="out", workers=1, listener=Interrupting())
    (kept,) = [name for name in os.listdir("out/cells") if name.endswith(".ipynb")]
    assert sorted(os.listdir("out")) == [".lock", "cells", "sweep.json"]
    heard = Heard()
    sweeps.sweep("01", {"depth": "8,20,32"}, folder="out", workers=1, listener=heard)
    assert len(heard.plan.missing) == 2
    assert all(cell.stem not in kept for cell in heard.plan.missing)


def test_interrupting_ends_the_cells_that_run(here, cluster, monkeypatch):
    """On a cluster the processes of this sweep are ended, and the scheduler and its workers go on."""

    def note(sweep):
        with open("ended", "a") as ended:
            ended.write(f"{sweep}\n")

    monkeypatch.setattr(cells, "run_cell", fake_cell)
    monkeypatch.setattr(cells, "end_cells", note)

    class Interrupting(sweeps.Listener):
        def cell_ended(self, cell, outcome):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweeps.sweep("01", {"depth": "8,20,32"}, folder="out", scheduler=cluster, listener=Interrupting())
    with open("ended") as ended:
        assert len(ended.readlines()) == 1
    assert sweeps.sweep("01", {"depth": "8,20,32"}, folder="out", scheduler=cluster).failures == {}


def test_a_cluster_runs_the_cells(here, cluster, monkeypatch):
    monkeypatch.setattr(cells, "run_cell", fake_cell)
    heard = Heard()
    done = sweeps.sweep("01", {"depth": "8,20"}, folder="out", scheduler=cluster, listener=heard)
    assert (heard.plan.at_once, heard.plan.threads) == (2, None)
    assert done.records["depth"].tolist() == [8, 8, 20, 20]


def test_a_cluster_with_another_version_is_refused(here, cluster, monkeypatch):
    monkeypatch.setattr(clusters, "_here", lambda: "99.0")
    with pytest.raises(CourseError, match=r"worker tcp://.* has version .* of the course, and this is 99.0: install"):
        sweeps.sweep("01", {"depth": "8,20"}, folder="out", scheduler=cluster)
    assert runs("runs") == []


def test_a_cluster_without_the_course_is_refused(here, cluster, monkeypatch):
    def version():
        raise ModuleNotFoundError("No module named 'dlcourse.course.cells'")

    monkeypatch.setattr(cells, "version", version)
    with pytest.raises(CourseError, match=r"cannot load the course \(No module named 'dlcourse.course.cells'\)\."):
        sweeps.sweep("01", {"depth": "8,20"}, folder="out", scheduler=cluster)


def test_a_cluster_without_workers_is_refused(here, monkeypatch):
    from distributed import Client, LocalCluster

    wait = Client.wait_for_workers
    monkeypatch.setattr(Client, "wait_for_workers", lambda client, count, timeout: wait(client, count, timeout / 20))
    with (
        LocalCluster(processes=False, protocol="tcp", n_workers=0, dashboard_address="127.0.0.1:0") as there,
        pytest.raises(
            CourseError, match=r"has no worker after 10 s: start some with 'dask worker tcp://127.0.0.1:\d+'"
        ),
    ):
        sweeps.sweep("01", {"depth": "8,20"}, folder="out", scheduler=there.scheduler_address)


@pytest.fixture
def nobody():
    """A port of loopback on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize("form", ["tcp://127.0.0.1:{}", "127.0.0.1:{}", "http://127.0.0.1:{}", "somewhere", ""])
def test_an_unreachable_scheduler_is_named_before_anything_starts(here, monkeypatch, nobody, form):
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 1)
    address = form.format(nobody)
    with pytest.raises(
        CourseError, match=rf"no Dask scheduler answers at '{address}' within 1 s \(.*\): start"
    ) as said:
        sweeps.sweep("01", {"depth": "8,20"}, folder="out", scheduler=address)
    assert "\n" not in str(said.value)
    assert os.listdir("out") == [".lock"]
    monkeypatch.setattr(clusters, "local_cluster", threads_for_processes)
    monkeypatch.setattr(cells, "run_cell", fake_cell)
    assert len(sweeps.sweep("01", {"depth": "8"}, folder="out").records) == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"workers": 0}, "the number of workers is a whole number from 1, not 0"),
        ({"workers": True}, "the number of workers is a whole number from 1, not True"),
        ({"workers": 2, "scheduler": "tcp://x:1"}, "a cluster has its own workers"),
        ({"lists": {"dept": "8"}}, "no parameter 'dept'"),
        ({"profile": "tpu"}, "no profile 'tpu'"),
        ({"seeds": 0}, "number of seeds"),
    ],
)
def test_bad_input_is_refused_before_a_folder_is_made(here, monkeypatch, arguments, sentence):
    monkeypatch.setattr(clusters, "local_cluster", lambda *_: pytest.fail("workers were started"))
    with pytest.raises(CourseError, match=sentence):
        sweeps.sweep("01", **{"lists": {"depth": "8,20"}, **arguments})
    assert os.listdir(here) == []


@pytest.mark.parametrize(("cores", "memory", "workers"), [(8, 64, 8), (8, 7, 3), (1, 64, 1), (4, 1, 1)])
def test_there_are_as_many_workers_as_cores_and_memory_allow(monkeypatch, cores, memory, workers):
    monkeypatch.setattr("dask.system.CPU_COUNT", cores)
    monkeypatch.setattr("distributed.system.MEMORY_LIMIT", memory * 2**30)
    assert clusters.default_workers() == workers


@pytest.mark.parametrize(("cores", "workers", "threads"), [(8, 2, 4), (8, 3, 2), (2, 4, 1)])
def test_cores_are_shared_out(monkeypatch, cores, workers, threads):
    monkeypatch.setattr("dask.system.CPU_COUNT", cores)
    assert clusters.threads_each(workers) == threads
