"""`dlcourse progress`: how far the learner has come, as a table or as JSON, and beginning anew."""

import json
import sys
from datetime import datetime

from dlcourse.course.progress_table import Progress, progress
from dlcourse.course.syllabus import find_chapter
from dlcourse.errors import CourseError
from dlcourse.exercises import kept


def show_progress(as_json: bool = False, console=None) -> None:
    """Print the progress: a table, or one JSON object. Raises CourseError when its file cannot be read."""
    found = progress()
    if found.note:
        print(f"dlcourse: {found.note}", file=sys.stderr)
    if as_json:
        print(json.dumps({"file": str(kept.progress_file()), **found.as_data()}, indent=2, ensure_ascii=False))
        return
    from rich.console import Console

    console = console or Console()
    console.print(_table(found))
    console.print(found.summary(), highlight=False)
    if found.tried:
        console.print(f"Kept in {kept.progress_file()}, on this computer only.", highlight=False, soft_wrap=True)


def reset_progress(number: str, sure: bool = False) -> None:
    """Forget the attempts of a chapter, or of all chapters ("all"), after asking.

    Raises:
        CourseError: no such chapter, nobody is there to be asked, or the file cannot be written.
    """
    chapter = None if number == "all" else find_chapter(number)
    name = "every chapter" if chapter is None else f"chapter {chapter.number} ({chapter.title})"
    if not sure and not _agreed(f"Forget your attempts at the exercises of {name}? [y/N] "):
        print("Nothing was forgotten.")
        return
    count = kept.forget(chapter.number if chapter else None)
    print(f"Forgotten: the attempts at {count} exercise{'' if count == 1 else 's'} of {name}. Notebooks are unchanged.")


def _agreed(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        print()
        raise CourseError("nobody answered, so nothing was forgotten: add --yes to go ahead without asking.") from None


def _table(found: Progress):
    from rich.table import Table

    table = Table("", "chapter", "exercises", "passed", "tried", "of", "last tried")
    for each in found.chapters:
        style = "green" if each.passed == each.total else None if each.tried else "dim"
        counts = (str(each.passed), str(each.tried), str(each.total))
        table.add_row(each.number, each.title, each.dots, *counts, _local(each.last), style=style)
    return table


def _local(time: str | None) -> str:
    """A stored time in the reader's own zone, to the minute."""
    if time is None:
        return ""
    try:
        return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:  # edited by hand
        return time
