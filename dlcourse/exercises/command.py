"""`dlcourse check NN`: the state of a chapter's exercises, as a table."""

import sys
from collections import Counter
from pathlib import Path

from dlcourse.exercises.result import ERROR, FAILED, NOT_ATTEMPTED, PASSED, STATUSES

_STYLES = {PASSED: "green", FAILED: "red", NOT_ATTEMPTED: "blue", ERROR: "yellow"}
_WORDS = {FAILED: "wrong", ERROR: "stopped with an error", NOT_ATTEMPTED: "not attempted"}


def check_notebook_command(path: str | Path, console=None, count: bool = True) -> int:
    """Check a notebook's answers and print them as a table (to `console`, a rich Console, or standard output).

    With `count` they are added to the learner's progress.

    Returns 0 when no attempted answer is wrong, else 1. Raises CourseError as `check_notebook` does.
    """
    from rich.console import Console

    from dlcourse.exercises.notebook import check_notebook

    results = check_notebook(path)
    console = console or Console()
    console.print(_table(results))
    console.print(_summary(results))
    if count:
        _keep(results)
    return int(any(result["status"] in (FAILED, ERROR) for result in results))


def _keep(results: list[dict]) -> None:
    from dlcourse.exercises import kept

    try:
        note = kept.keep(each for each in results if each["id"] != "?")
    except kept.ProgressError as problem:
        note = str(problem)
    if note:
        print(f"dlcourse: {note}", file=sys.stderr)


def _table(results: list[dict]):
    from rich.table import Table
    from rich.text import Text

    table = Table("", "exercise", "what was found")
    for result in results:
        status = result["status"]
        name = f"{result['id']} {result['title']}".strip()
        table.add_row(Text(STATUSES[status][0], style=_STYLES[status]), Text(name), Text(result["sentence"]))
    return table


def _summary(results: list[dict]) -> str:
    counts = Counter(result["status"] for result in results)
    parts = [f"{counts[PASSED]} of {len(results)} passed"]
    parts += [f"{counts[status]} {word}" for status, word in _WORDS.items() if counts[status]]
    return ", ".join(parts) + "."
