"""The tech report as data: its parts, the applications it names, the years it gives. Its claims are in `claims`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dlcourse.course.references import Date, Reference, find_reference
from dlcourse.course.syllabus import Chapter, find_chapter


@dataclass(frozen=True)
class Part:
    """A part of the report: its chapters run from number `first` to number `last`."""

    number: str
    title: str
    first: str
    last: str


@dataclass(frozen=True)
class Application:
    """A use of deep learning that the report names, what the course builds of it, and in which chapters."""

    name: str
    builds: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class ReportedDate:
    """A year that the report gives for a milestone, and the papers that the milestone is."""

    name: str
    year: int
    papers: tuple[Reference, ...]

    @property
    def published(self) -> Date:
        """The formal publication of the earliest paper."""
        return min((paper.published for paper in self.papers), key=lambda date: date.position)

    @property
    def earliest(self) -> Reference:
        """The paper that was public before the others."""
        return min(self.papers, key=lambda paper: paper.first.position)

    @property
    def first(self) -> Date:
        """The first public appearance of any of the papers."""
        return self.earliest.first


@cache
def parts() -> tuple[Part, ...]:
    """The parts of the report, in order."""
    return tuple(Part(**entry) for entry in _report()["part"])


@cache
def applications() -> tuple[Application, ...]:
    """The applications that the report names, in its order."""
    return tuple(
        Application(entry["name"], entry["builds"], tuple(find_chapter(number) for number in entry["chapters"]))
        for entry in _report()["application"]
    )


@cache
def reported_dates() -> tuple[ReportedDate, ...]:
    """The years that the report gives, in its order."""
    return tuple(
        ReportedDate(entry["name"], entry["year"], tuple(find_reference(key) for key in entry["papers"]))
        for entry in _report()["date"]
    )


@cache
def _report():
    return tomllib.loads((Path(__file__).parent / "report.toml").read_text(encoding="utf-8"))
