import errno
import os

import pytest
from swept import write_chapter

from dlcourse.course import sweep_folder
from dlcourse.course.cells import Outcome
from dlcourse.course.grid import expand
from dlcourse.course.sweep_folder import FolderError, SweepFolder


@pytest.fixture
def grid(tmp_path, monkeypatch):
    """Two cells of a small chapter."""
    monkeypatch.setenv("DLCOURSE_NOTEBOOKS", str(tmp_path / "notebooks"))
    write_chapter(tmp_path / "notebooks")
    return expand("01", {"depth": "8,20"})


@pytest.fixture
def folder(tmp_path, grid):
    """A folder in which a sweep has begun."""
    place = SweepFolder(tmp_path / "out")
    with place.held(grid):
        place.describe(grid, None)
    return place


GOOD = Outcome("{}", "<p>", None, 1.0)
BAD = Outcome("{}", None, "stopped at cell [3]: ValueError: no", 1.0)


def test_a_finished_cell_has_a_notebook_and_a_report(folder, grid):
    first, second = grid.cells
    folder.keep(first, GOOD)
    assert folder.finished() == {first.key: folder.cells / f"{first.stem}.ipynb"}
    assert (folder.cells / f"{first.stem}.html").read_text() == "<p>"
    assert second.key not in folder.finished()


def test_a_failed_cell_is_not_finished_until_it_is(folder, grid):
    cell = grid.cells[0]
    folder.keep(cell, BAD)
    assert folder.finished() == {}
    assert os.listdir(folder.cells) == [f"{cell.stem}.failed.ipynb"]
    folder.keep(cell, GOOD)
    assert sorted(os.listdir(folder.cells)) == [f"{cell.stem}.html", f"{cell.stem}.ipynb"]


def test_a_cell_without_a_notebook_leaves_nothing(folder, grid):
    folder.keep(grid.cells[0], Outcome(None, None, "could not be run: no memory", 0.0))
    assert os.listdir(folder.cells) == []


def test_a_folder_is_one_sweeps_at_a_time(folder, grid):
    with (
        folder.held(grid),
        pytest.raises(FolderError, match=r"another sweep is running in .*out: wait for it, or name another folder"),
        SweepFolder(folder.path).held(grid),
    ):
        pytest.fail("both have it")
    with folder.held(grid):
        assert folder.scratch.is_dir()


def test_what_a_killed_sweep_left_is_taken_away(folder, grid):
    for name in (".drafts", ".scratch"):
        (folder.path / name).mkdir()
        (folder.path / name / "half").write_text("hal")
    with folder.held(grid):
        assert os.listdir(folder.scratch) == []
    assert sorted(os.listdir(folder.path)) == [".lock", "cells", "sweep.json"]


def test_a_file_is_there_whole_or_as_it_was(folder, monkeypatch):
    folder.write("summary.md", "before")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sweep_folder.os, "fsync", full)
    with pytest.raises(FolderError, match=r"cannot write .*summary.md: No space left on device; what was finished is"):
        folder.write("summary.md", "after")
    assert (folder.path / "summary.md").read_text() == "before"


def test_another_notebook_is_noticed(folder, grid, tmp_path):
    assert not folder.has_another_notebook(grid)
    write_chapter(tmp_path / "notebooks", code=["1 + 1"])
    assert folder.has_another_notebook(expand("01", {"depth": "8"}))
    assert not SweepFolder(tmp_path / "new").has_another_notebook(grid)


@pytest.mark.parametrize(
    ("there", "text", "sentence"),
    [
        (
            "sweep.json",
            '{"chapter": "02"}',
            r"holds a sweep of chapter 02: name another folder with -o for chapter 01\.",
        ),
        ("records.csv", "mine", r"is not the folder of a sweep, and its records.csv would be overwritten"),
        ("plot.png", "mine", r"its plot.png would be overwritten"),
        ("cells", "mine", r"its cells would be overwritten"),
    ],
)
def test_files_of_others_are_left_alone(tmp_path, grid, there, text, sentence):
    (tmp_path / there).write_text(text)
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(FolderError, match=sentence), SweepFolder(tmp_path).held(grid):
        pytest.fail("it was used")
    assert (tmp_path / there).read_text() == text
    assert sorted(os.listdir(tmp_path)) == before


def test_a_folder_that_cannot_be_is_named(tmp_path, grid):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match=r"cannot write into .*file: "), SweepFolder(tmp_path / "file").held(grid):
        pytest.fail("it was used")


@pytest.mark.parametrize("text", ["", "not JSON", "[]"])
def test_a_broken_description_is_no_sweep(tmp_path, grid, text):
    (tmp_path / "sweep.json").write_text(text)
    with SweepFolder(tmp_path).held(grid) as place:
        assert not place.has_another_notebook(grid)
