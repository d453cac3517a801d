"""The chapters of the course: their numbers, titles, and which of them are there."""

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dlcourse import paths
from dlcourse.errors import CourseError


@dataclass(frozen=True)
class Chapter:
    """One numbered notebook. `minutes` is the learner's time; `needs` names chapters; `data` names data sets."""

    number: str
    slug: str
    title: str
    report: str
    minutes: int
    needs: tuple[str, ...]
    data: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Where its notebook is, or will be."""
        return paths.notebooks_dir() / f"{self.number}_{self.slug}.ipynb"

    @property
    def written(self) -> bool:
        """True when the notebook is there."""
        return self.path.is_file()


@cache
def chapters() -> tuple[Chapter, ...]:
    """Every chapter of the series, in order, written or planned."""
    table = tomllib.loads((Path(__file__).parent / "syllabus.toml").read_text(encoding="utf-8"))
    return tuple(
        Chapter(**{**entry, "needs": tuple(entry["needs"]), "data": tuple(entry["data"])}) for entry in table["chapter"]
    )


def find_chapter(number: str | int) -> Chapter:
    """The chapter called `number` ("01", "1", 1 or "neuron_and_house_prices").

    Raises:
        CourseError: no such chapter; the sentence lists what there is.

    Example:
        >>> find_chapter(8).title
        'Convolution'
    """
    wanted = str(number).strip()
    padded = wanted.zfill(2)
    for chapter in chapters():
        if padded == chapter.number or wanted in (chapter.slug, f"{chapter.number}_{chapter.slug}"):
            return chapter
    close = difflib.get_close_matches(wanted, [chapter.slug for chapter in chapters()], n=1)
    meant = f"did you mean {close[0]!r}? " if close else ""
    raise CourseError(f"there is no chapter {wanted!r}: {meant}the course has {_span()}.")


def find_written_chapter(number: str | int) -> Chapter:
    """Like `find_chapter`, for a chapter that can be run.

    Raises:
        CourseError: no such chapter, or its notebook is not written yet.
    """
    chapter = find_chapter(number)
    if not chapter.written:
        there = ", ".join(each.number for each in chapters() if each.written) or "none yet"
        raise CourseError(f"chapter {chapter.number} ({chapter.title}) is planned, not written yet: there are {there}.")
    return chapter


def _span() -> str:
    return f"chapters {chapters()[0].number} to {chapters()[-1].number}"
