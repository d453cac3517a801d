"""How far the learner has come: the attempts that were kept, chapter by chapter."""

import html
from dataclasses import asdict, dataclass

from dlcourse import display
from dlcourse.course.syllabus import chapters
from dlcourse.exercises import chapters_with_exercises, exercises_of, kept

OPEN = "open"
_DOTS = {"passed": "●", "tried": "◐", OPEN: "○"}


@dataclass(frozen=True)
class ExerciseProgress:
    """One exercise: `state` is "passed" (once is enough), "tried" or "open"; `last`: the last attempt, in UTC."""

    id: str
    title: str
    kind: str
    state: str
    tries: int
    last: str | None


@dataclass(frozen=True)
class ChapterProgress:
    """One chapter's exercises; `last` is the time of the last attempt, ISO 8601 in UTC, or None."""

    number: str
    title: str
    exercises: tuple[ExerciseProgress, ...]

    @property
    def passed(self) -> int:
        """How many exercises were passed."""
        return sum(each.state == "passed" for each in self.exercises)

    @property
    def tried(self) -> int:
        """How many exercises were tried, those that were passed included."""
        return sum(each.state != OPEN for each in self.exercises)

    @property
    def total(self) -> int:
        """How many exercises there are."""
        return len(self.exercises)

    @property
    def last(self) -> str | None:
        """When one of them was last tried."""
        return max((each.last for each in self.exercises if each.last), default=None)

    @property
    def dots(self) -> str:
        """A sign for each exercise, in order: ● passed, ◐ tried, ○ open."""
        return "".join(_DOTS[each.state] for each in self.exercises)


@dataclass(frozen=True)
class Progress:
    """Every chapter that has exercises. Shows itself in a notebook and in a terminal; `note` is a warning, or empty."""

    chapters: tuple[ChapterProgress, ...]
    note: str = ""

    @property
    def passed(self) -> int:
        """How many exercises of the course were passed."""
        return sum(each.passed for each in self.chapters)

    @property
    def tried(self) -> int:
        """How many exercises of the course were tried, those that were passed included."""
        return sum(each.tried for each in self.chapters)

    @property
    def total(self) -> int:
        """How many exercises the course has."""
        return sum(each.total for each in self.chapters)

    @property
    def begun(self) -> list[ChapterProgress]:
        """The chapters of which an exercise was tried."""
        return [each for each in self.chapters if each.tried]

    @property
    def next_open(self) -> ExerciseProgress | None:
        """The first exercise, in the course's order, that was not passed in the chapters begun; else the next one's."""
        waiting = [each for chapter in self.begun or self.chapters for each in chapter.exercises]
        waiting += [each for chapter in self.chapters for each in chapter.exercises]
        return next((each for each in waiting if each.state != "passed"), None)

    def summary(self) -> str:
        """The whole in a sentence or two."""
        if not self.tried:
            return "Nothing tried yet. The exercises you check are counted here, and on this computer only."
        following = self.next_open
        then = "That is all of them." if following is None else f"Next: {following.id} ({following.title})."
        many = len(self.begun)
        where = f"{self.passed} of {self.total} exercises passed, in {many} chapter{'' if many == 1 else 's'} begun"
        return f"{where}. {then}"

    def as_data(self) -> dict:
        """The same as lists, dictionaries, texts and numbers."""
        rows = [
            {
                "number": each.number,
                "title": each.title,
                "passed": each.passed,
                "tried": each.tried,
                "total": each.total,
                "last": each.last,
                "exercises": [asdict(exercise) for exercise in each.exercises],
            }
            for each in self.chapters
        ]
        return {"passed": self.passed, "tried": self.tried, "total": self.total, "chapters": rows}

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        lines = [("✓" if self.tried else "○", "Your progress:", self.summary(), "good" if self.tried else "open")]
        if self.note:
            lines.append(("!", "Progress:", self.note, "caveat"))
        plain = "\n".join(" ".join(each[:3]) for each in lines)
        for each in self.begun:
            plain += f"\n{each.number} {each.title}: {each.dots} {each.passed} of {each.total}"
        return {"text/plain": plain, "text/html": "".join(display.line(*each) for each in lines) + self._table()}

    def __repr__(self):
        return self._repr_mimebundle_()["text/plain"]

    def _table(self) -> str:
        rows = "".join(
            f'<tr><td style="text-align:left">{each.number} {html.escape(each.title)}</td>'
            f'<td aria-hidden="true">{each.dots}</td><td>{each.passed} of {each.total}</td></tr>'
            for each in self.begun
        )
        heads = '<tr><th style="text-align:left">chapter</th><th></th><th>passed</th></tr>'
        return f"<table>{heads}{rows}</table>" if rows else ""


def progress() -> Progress:
    """How many exercises of each chapter the learner has passed and tried. As a cell's last line it shows itself.

    In a notebook that is executed as a whole (`dlcourse run`, papermill, nbval) it shows that nothing was tried, so
    that a stored notebook is the same on every machine.

    Raises:
        CourseError: the progress file cannot be read.
    """
    there, note = ({}, "") if kept.by_a_machine() else kept.standings()
    written = chapters_with_exercises()
    rows = tuple(_chapter(each, there) for each in chapters() if each.number in written)
    return Progress(rows, note)


def _chapter(chapter, there) -> ChapterProgress:
    return ChapterProgress(
        chapter.number,
        chapter.title,
        tuple(_exercise(each, there.get(each.id)) for each in exercises_of(chapter.number)),
    )


def _exercise(exercise, standing) -> ExerciseProgress:
    if standing is None:
        return ExerciseProgress(exercise.id, exercise.title, exercise.kind, OPEN, 0, None)
    state = "passed" if standing.passed else "tried"
    return ExerciseProgress(exercise.id, exercise.title, exercise.kind, state, standing.tries, standing.last)
