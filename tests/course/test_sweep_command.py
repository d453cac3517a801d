import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from swept import fake_cell, runs, threads_for_processes, wait_for, write_chapter

from dlcourse import cli
from dlcourse.course import cells, clusters, sweep_command, sweeps

CELLS = ["-p", "depth", "8,20,32", "--seeds", "4", "-o", "out", "--workers", "2"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder, a chapter to sweep over, and a file that counts its runs."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DLCOURSE_NOTEBOOKS", str(tmp_path / "notebooks"))
    monkeypatch.setenv("SWEEP_RUNS", str(folder / "runs"))
    write_chapter(tmp_path / "notebooks")
    return folder


@pytest.fixture
def light(here, monkeypatch):
    """Dask's workers are threads of this process, and no kernel is started."""
    monkeypatch.setattr(clusters, "local_cluster", threads_for_processes)
    monkeypatch.setattr(cells, "run_cell", fake_cell)
    return here


def sweep(monkeypatch, *arguments):
    """The exit code of `dlcourse sweep` with these arguments."""
    monkeypatch.setattr(sys, "argv", ["dlcourse", "sweep", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def test_a_sweep_ends_in_a_table(light, monkeypatch, capsys):
    code = sweep(monkeypatch, "01", "-p", "depth", "8,20", "-p", "rate=0.1", "--seeds", "2", "-o", "out")
    out, err = capsys.readouterr()
    assert code == 0
    rows = [[each.strip() for each in line.split("│")[1:-1]] for line in out.splitlines() if line.startswith("│")]
    assert rows == [
        ["score", "8", "8.5 points ± 0.7071 points", "2", "missed in 2 of 2"],
        ["", "20", "20.5 points ± 0.7071 points", "2", "held"],
        ["rate", "8", "0.1 ± 0", "2", ""],
        ["", "20", "0.1 ± 0", "2", ""],
    ]
    assert out.splitlines()[-1] == f"Table, plot, records and notebooks: {light / 'out'}"
    lines = err.splitlines()
    assert lines[0] == f"Chapter 01, 4 cells, kept in {light / 'out'}."
    assert sorted(line.split("] ")[1].split(" took 0 s; ")[0] for line in lines[2:]) == [
        f"depth={depth} rate=0.1 seed={seed}" for depth in (20, 8) for seed in (0, 1)
    ]
    assert [line.split("]")[0] for line in lines[2:]] == ["[1/4", "[2/4", "[3/4", "[4/4"]


def test_failures_are_listed_and_told_by_the_exit_code(light, monkeypatch, capsys):
    assert sweep(monkeypatch, "01", "-p", "depth", "8,13", "-o", "out") == 1
    out, err = capsys.readouterr()
    assert "Failed: depth=13 stopped at cell [3]: ValueError: unlucky.\n" in out
    assert "1 of 2 cells failed; the same command tries them again.\n" in out
    assert "] depth=13 stopped at cell [3]: ValueError: unlucky; 0 s left\n" in err


def test_what_is_there_already_is_told(light, monkeypatch, capsys):
    sweep(monkeypatch, "01", "-p", "depth", "8,20", "-o", "out")
    write_chapter(light.parent / "notebooks", code=["1 + 1"])
    sweep(monkeypatch, "01", "-p", "depth", "8", "-o", "out")
    capsys.readouterr()
    sweep(monkeypatch, "01", "-p", "depth", "8,20", "-o", "out")
    assert "1 of them are finished already.\n" in capsys.readouterr().err
    write_chapter(light.parent / "notebooks", code=["1 + 2"])
    sweep(monkeypatch, "01", "-p", "depth", "8", "-o", "out")
    assert "The notebook has changed since the last sweep here: its cells run anew" in capsys.readouterr().err


def test_a_terminal_gets_a_bar(light, monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("rich.console.Console.is_terminal", True)
    sweep(monkeypatch, "01", "-p", "depth", "8,13", "-o", "out")
    err = capsys.readouterr().err
    assert "2/2" in err
    assert "depth=13 stopped at cell [3]: ValueError: unlucky." in err
    assert "[1/2] depth=8" not in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["01"], "there is nothing to sweep in chapter 01: give a parameter its values"),
        (["01", "-p", "depth"], "a parameter is given as -p NAME V1,V2, not 'depth'."),
        (["01", "-p", "=8"], "a parameter is given as -p NAME V1,V2, not '=8'."),
        (["01", "-p", "depth", "8", "-p", "depth", "20"], "parameter 'depth' is given twice: put all its values"),
        (["01", "-p", "depth", "8", "--workers", "0"], "number of workers is a whole number from 1, not 0"),
        (["01", "-p", "depth", "8", "--seeds", "-1"], "number of seeds is a whole number from 1, not -1"),
        (["01", "-p", "depth", "8", "-o", "mine"], "is not the folder of a sweep, and its plot.png would be overwrit"),
    ],
)
def test_bad_input_is_one_sentence(light, monkeypatch, capsys, arguments, sentence):
    Path("mine").mkdir()
    Path("mine/plot.png").write_text("mine")
    assert sweep(monkeypatch, *arguments) == 2
    out, err = capsys.readouterr()
    assert sentence in err
    assert (out, len(err.splitlines())) == ("", 1)
    assert runs("runs") == []


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (89, "89 s"), (100, "2 min"), (3600, "60 min"), (9000, "2.5 h")]
)
def test_times_are_said_as_people_say_them(seconds, text):
    assert sweep_command.duration(seconds) == text


def plan(missing, at_once):
    return sweeps.Plan(None, Path("out"), (None,) * missing, at_once, 1, False)


@pytest.mark.parametrize(
    ("missing", "at_once", "seconds", "left"),
    [(4, 1, [10], 30), (4, 2, [10], 20), (5, 2, [10, 20], 30), (1, 1, [9], 0)],
)
def test_the_time_left_is_that_of_the_rounds_to_come(missing, at_once, seconds, left):
    assert sweep_command.time_left(plan(missing, at_once), seconds) == left


def test_a_cell_that_failed_is_not_counted_as_kept(light, monkeypatch, capsys):
    def interrupted(self, cell, outcome):
        self._count(outcome)
        if len(self.seconds) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(sweep_command._Lines, "cell_ended", interrupted)
    assert sweep(monkeypatch, "01", "-p", "depth", "8,13,20", "-o", "out") == 130
    last, sentence = capsys.readouterr().err.splitlines()[-2:]
    assert last == f"2 of 3 cells are finished and kept in {light / 'out'}: the same command goes on."
    assert sentence == "dlcourse: interrupted; nothing half-written is left behind."


@pytest.fixture
def start():
    """A function that starts `dlcourse sweep` in a process group of its own, as in a terminal; ended with the test."""
    begun = []

    def started(*arguments):
        command = [sys.executable, "-m", "dlcourse", "sweep", "01", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        begun.append(subprocess.Popen(command, text=True, start_new_session=True, **pipes))
        return begun[-1]

    yield started
    for each in begun:
        if each.poll() is None:
            os.killpg(each.pid, signal.SIGKILL)
            each.communicate()


def finished():
    """The cells whose notebooks are there, as [depth, seed]; every one of them is a whole notebook with its figures."""
    return sorted(
        [each.metadata.papermill.parameters.depth, each.metadata.papermill.parameters.seed]
        for each in (nbformat.read(path, as_version=4) for path in Path("out/cells").glob("*.ipynb"))
        if sum("application/vnd.dlcourse.record+json" in out.get("data", {}) for out in each.cells[-1].outputs) == 2
    )


@posix
@pytest.mark.slow
def test_a_killed_sweep_finishes_with_exactly_the_missing_cells(here, monkeypatch, start):
    first = start(*CELLS)
    wait_for(lambda: len(finished()) >= 3, seconds=300)
    first.kill()
    first.communicate()
    kept = finished()
    assert 3 <= len(kept) < 12
    assert not Path("out/records.csv").exists()
    times = {path: path.stat().st_mtime_ns for path in Path("out/cells").glob("*.ipynb")}

    monkeypatch.setenv("SWEEP_RUNS", str(here / "runs again"))  # the killed sweep's kernels live a moment longer
    again = start(*CELLS)
    _, err = again.communicate(timeout=300)
    assert again.returncode == 0, err
    every = [[depth, seed] for depth in (8, 20, 32) for seed in range(4)]
    assert sorted(runs("runs again")) == [cell for cell in every if cell not in kept]
    assert finished() == every
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert f"{len(kept)} of them are finished already." in err
    assert len(Path("out/records.csv").read_text().splitlines()) == 1 + 2 * 12


@posix
@pytest.mark.slow
def test_ctrl_c_keeps_what_is_finished_and_ends_the_rest(here, start):
    write_chapter(
        here.parent / "notebooks",
        code=["import os\nopen(f'kernel-{os.getpid()}', 'w').close()", "time.sleep(0 if depth == 8 else 300)"],
    )
    process = start("-p", "depth", "8,20,32", "-o", "out", "--workers", "2")
    wait_for(lambda: len(runs("runs")) == 3 and len(_kernels()) >= 2, seconds=300)
    kernels = _kernels()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-2:] == [
        f"1 of 3 cells are finished and kept in {here / 'out'}: the same command goes on.",
        "dlcourse: interrupted; nothing half-written is left behind.",
    ]
    assert "Traceback" not in err
    assert sorted(os.listdir("out")) == [".lock", "cells", "sweep.json"]
    assert finished() == [[8, 0]]
    wait_for(lambda: not any(map(_is_there, kernels)))


@posix
@pytest.mark.slow
def test_two_sweeps_do_not_share_a_folder(here, start):
    write_chapter(here.parent / "notebooks", code=["time.sleep(300)"])
    first = start("-p", "depth", "8", "-o", "out")
    try:
        wait_for(lambda: runs("runs"), seconds=300)
        second = start("-p", "depth", "20", "-o", "out")
        _, err = second.communicate(timeout=300)
        assert second.returncode == 2
        assert err.startswith(f"dlcourse: another sweep is running in {here / 'out'}: wait for it")
        assert len(err.splitlines()) == 1
    finally:
        os.killpg(first.pid, signal.SIGINT)
        first.communicate(timeout=300)
    assert runs("runs") == [[8, 0]]


def _kernels():
    """The process ids of the kernels of unfinished cells, as each writes it down."""
    return [int(path.name.split("-")[1]) for path in Path("out/.scratch").rglob("kernel-*")]


def _is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
