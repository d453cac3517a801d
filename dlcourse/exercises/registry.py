"""Finding an exercise by its id. A chapter's module is imported when one of its exercises is first asked for."""

import difflib
import importlib
import pkgutil
import re
from pathlib import Path

from dlcourse.errors import CourseError
from dlcourse.exercises.definition import Exercise
from dlcourse.exercises.show import kind

_MODULE = re.compile(r"ch(\d\d)")


def chapters_with_exercises() -> list[str]:
    """The two-digit numbers of the chapters that have exercises, in order."""
    names = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(found[1] for found in map(_MODULE.fullmatch, names) if found)


def exercises_of(chapter: str) -> list[Exercise]:
    """The exercises of a chapter, in order. Raises CourseError when the chapter has none."""
    if chapter not in chapters_with_exercises():
        there = ", ".join(chapters_with_exercises())
        raise CourseError(f"there are no exercises for chapter {chapter}; the chapters that have some are {there}.")
    return list(importlib.import_module(f"dlcourse.exercises.ch{chapter}").EXERCISES)


def all_exercises() -> list[Exercise]:
    """Every exercise of the course, in order."""
    return [exercise for chapter in chapters_with_exercises() for exercise in exercises_of(chapter)]


def find(exercise_id: str) -> Exercise:
    """The exercise of this id. Raises CourseError, with the ids there are, when there is none."""
    if not isinstance(exercise_id, str):
        came = f"{kind(exercise_id)} came"
        raise CourseError(f'the exercise\'s id comes first and is text in quotes, such as "00.1"; {came}.')
    there = {exercise.id: exercise for exercise in _neighbours(exercise_id)}
    if exercise_id in there:
        return there[exercise_id]
    raise CourseError(
        f"there is no exercise {exercise_id!r}{_suggestion(exercise_id, list(there))}; there are {', '.join(there)}."
    )


def _neighbours(exercise_id: str) -> list[Exercise]:
    """The chapter's exercises, or all of them when the id begins with no chapter that has any."""
    chapter = exercise_id.strip().partition(".")[0].zfill(2)
    return exercises_of(chapter) if chapter in chapters_with_exercises() else all_exercises()


def _suggestion(exercise_id: str, ids: list[str]) -> str:
    chapter, _, number = exercise_id.strip().partition(".")
    meant = f"{chapter.zfill(2)}.{number.lstrip('0')}"
    near = [meant] if meant in ids else difflib.get_close_matches(meant, ids, n=1, cutoff=0.8)
    return f" (did you mean {near[0]!r}?)" if near else ""
