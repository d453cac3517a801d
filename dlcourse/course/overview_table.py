"""The course as one table: what each chapter follows, takes and reached, and how far the reader is."""

from dataclasses import dataclass

from dlcourse.course.progress_table import Progress, progress
from dlcourse.course.records import bar, figure_text
from dlcourse.course.syllabus import Chapter, chapters
from dlcourse.course.tables import headlines, markdown_table

_HEADER = ["chapter", "follows the report's section", "to read", "what it reaches", "exercises passed"]


@dataclass(frozen=True)
class OverviewRow:
    """One chapter: `reached` is its first headline figure in words, "" where none is recorded; `passed` of `total`."""

    chapter: Chapter
    reached: str
    dots: str
    passed: int
    total: int

    @property
    def exercises(self) -> str:
        """The exercises in a few characters: a sign for each, and how many were passed."""
        return f"{self.dots} {self.passed} of {self.total}" if self.total else ""


@dataclass(frozen=True)
class Overview:
    """The chapters in order. As a cell's last line it shows itself: in a notebook a table with links, else lines."""

    rows: tuple[OverviewRow, ...]
    progress: Progress

    @property
    def minutes(self) -> int:
        """What reading all chapters that are written takes."""
        return sum(row.chapter.minutes for row in self.rows if row.chapter.written)

    def markdown(self) -> str:
        """The table, with links from the folder of the notebooks."""
        return markdown_table(_HEADER, [_cells(row) for row in self.rows])

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        plain = [f"{row.chapter.number} {row.chapter.title}: {row.exercises or 'no exercises'}" for row in self.rows]
        return {"text/plain": "\n".join(plain), "text/markdown": self.markdown()}

    def __repr__(self):
        return self._repr_mimebundle_()["text/plain"]


def overview() -> Overview:
    """Every chapter with the report's section, the minutes, its first headline figure, and the reader's progress.

    Figures are those of the notebooks as they came. In a notebook that is executed as a whole nothing counts as tried.

    Raises:
        CourseError: a notebook or the progress file cannot be read.
    """
    done = progress()
    exercises = {each.number: each for each in done.chapters}
    rows = []
    for chapter in chapters():
        figures = headlines(chapter) if chapter.written else []
        own = exercises.get(chapter.number)
        reached = _reached(figures[0]) if figures else ""
        rows.append(
            OverviewRow(chapter, reached, own.dots, own.passed, own.total)
            if own
            else OverviewRow(chapter, reached, "", 0, 0)
        )
    return Overview(tuple(rows), done)


def _cells(row):
    chapter = row.chapter
    name = f"{chapter.number} {chapter.title}"
    title = f"[{name}]({chapter.path.name})" if chapter.written else f"{name} (planned)"
    together = (f"{chapter.minutes} min", row.exercises)  # not to be broken into two lines
    minutes, exercises = (text.replace(" ", "\N{NO-BREAK SPACE}") for text in together)
    return [title, chapter.report, minutes, row.reached, exercises]


def _reached(figure):
    wanted = bar(figure)
    return f"{figure['name']}: {figure_text(figure)}" + (f" (bar {wanted})" if wanted else "")
