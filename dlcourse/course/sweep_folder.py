"""The folder of a sweep, which outlives it: what was asked for, the finished cells, what came out.

    sweep.json               what was asked for last
    cells/NAME-KEY.ipynb     the executed notebook of a finished cell, and beside it …
    cells/NAME-KEY.html      … the same as a page to read
    cells/NAME-KEY.failed.ipynb   a notebook up to the cell that raised
    records.parquet, records.csv, summary.md, plot.png

Every file is written in one step. A cell is finished when its notebook is there; a cell's notebook is never written
to again.
"""

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import filelock

from dlcourse.course.cells import Outcome
from dlcourse.course.grid import Cell, Grid
from dlcourse.errors import CourseError

RESULTS = ("records.parquet", "records.csv", "summary.md", "plot.png")
_ABOUT = "sweep.json"
_FAILED = ".failed.ipynb"
_DRAFTS = ".drafts"
_SCRATCH = ".scratch"


class FolderError(CourseError):
    """The folder of a sweep cannot be used; nothing in it was changed."""


class SweepFolder:
    """The folder of a sweep at `path`; see the module's docstring for what is in it."""

    def __init__(self, path: Path):
        self.path = Path(path).absolute()
        self.cells = self.path / "cells"
        self.scratch = self.path / _SCRATCH  # the files of cells while they run, gone with the sweep

    @contextmanager
    def held(self, grid: Grid):
        """Hold the folder for one sweep of `grid`: nobody else sweeps in it meanwhile, whatever ends this process.

        Raises:
            FolderError: it cannot be written, is another sweep's at the moment, is that of another chapter, or holds
                files that are no sweep's and would be overwritten.
        """
        self._check(grid)
        self._make()
        lock = filelock.FileLock(self.path / ".lock")
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise FolderError(
                f"another sweep is running in {self.path}: wait for it, or name another folder with -o."
            ) from None
        try:
            self._clear()
            self.scratch.mkdir()
            yield self
        finally:
            self._clear()
            lock.release()

    def finished(self) -> dict[str, Path]:
        """The notebooks of the finished cells, of this grid and of earlier ones, by the cells' keys."""
        there = [path for path in self.cells.glob("*.ipynb") if not path.name.endswith(_FAILED)]
        return {path.stem.rpartition("-")[2]: path for path in there}

    def keep(self, cell: Cell, outcome: Outcome) -> None:
        """Keep what a cell made. The notebook comes last: where it is, everything is."""
        failed = self.cells / f"{cell.stem}{_FAILED}"
        if outcome.failure is None:
            self.write(f"cells/{cell.stem}.html", outcome.report)
            self.write(f"cells/{cell.stem}.ipynb", outcome.notebook)
            failed.unlink(missing_ok=True)
        elif outcome.notebook is not None:
            self.write(f"cells/{failed.name}", outcome.notebook)

    def has_another_notebook(self, grid: Grid) -> bool:
        """True when the last sweep here ran a chapter's notebook with other cells than it has now."""
        return self._about().get("notebook", grid.notebook) != grid.notebook

    def describe(self, grid: Grid, profile: str | None) -> None:
        """Write down what is asked for: from now on this is the folder of a sweep."""
        about = {
            "chapter": grid.chapter.number,
            "title": grid.chapter.title,
            "notebook": grid.notebook,
            "profile": profile,
            "values": grid.axes,
        }
        self.write(_ABOUT, json.dumps(about, indent=2, ensure_ascii=False) + "\n")
        self.cells.mkdir(exist_ok=True)

    def write(self, name: str, content: str | bytes) -> None:
        """Write the file `name` in one step: it is there whole, or as it was.

        Raises:
            FolderError: it cannot be written, for example because the disk is full.
        """
        target = self.path / name
        draft = self.path / _DRAFTS / target.name
        try:
            draft.parent.mkdir(exist_ok=True)
            with open(draft, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, target)
        except OSError as error:
            raise FolderError(f"cannot write {target}: {error.strerror}; what was finished is kept.") from None

    def _check(self, grid):
        about = self._about()
        if about and about.get("chapter") != grid.chapter.number:
            raise FolderError(
                f"{self.path} holds a sweep of chapter {about.get('chapter')}: name another folder with -o for "
                f"chapter {grid.chapter.number}."
            )
        strange = [name for name in (*RESULTS, "cells") if (self.path / name).exists()]
        if strange and not about:
            raise FolderError(
                f"{self.path} is not the folder of a sweep, and its {strange[0]} would be overwritten: "
                "name another folder with -o."
            )

    def _about(self):
        try:
            about = json.loads((self.path / _ABOUT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return about if isinstance(about, dict) else {}

    def _make(self):
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path):
                pass
        except OSError as error:
            raise FolderError(f"cannot write into {self.path}: {error.strerror}.") from None

    def _clear(self):
        """Take away what a sweep left that was killed."""
        for name in (_DRAFTS, _SCRATCH):
            shutil.rmtree(self.path / name, ignore_errors=True)
