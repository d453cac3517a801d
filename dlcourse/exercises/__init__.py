"""Exercises that say what is wrong: `check("01.1", my_function)`, `hint("01.1")`, `solution("01.1")`.

For authors. The exercises of chapter NN stand in `dlcourse/exercises/chNN.py`, in a list `EXERCISES`:

    def mean_absolute_error(predictions, targets):
        return np.mean(np.abs(predictions - targets))

    EXERCISES = [
        Exercise(
            id="00.9",
            title="Mean absolute error",
            task="Write `mean_absolute_error(predictions, targets)`: the mean of |prediction - target|.",
            solution=mean_absolute_error,              # shown by solution(id), and the reference to compare with
            cases=[
                case(np.array([1.0, 2.0]), np.array([1.0, 4.0])),
                case(np.array([3.0]), np.array([5.0]), note="a single example"),
                *drawn(lambda rng: (rng.normal(size=20), rng.normal(size=20))),
            ],
            mistakes=[                                 # three or more; a sentence each, in the learner's terms
                Mistake(lambda p, t: np.sum(np.abs(p - t)), "This is the sum: divide it by the number of examples."),
                ...
            ],
            hints=["The first says where to look.", "The second what to write.", "The last nearly all."],
            why="The absolute value keeps errors of opposite sign from cancelling each other.",
        ),
    ]

Without `cases` the answer is a value (`kind="predict"` or "investigate"): `solution` and each `wrong` are values, too.
How an answer is judged: equal to the reference in every case, within the tolerance, whatever types hold the numbers;
if not, the first mistake that does the same in every case gives the sentence; else the first of `properties` that is
violated; else the sentence says what came and what was expected for the first input that failed. An answer that
raises, takes too long, returns nothing, NaN or the wrong shape, or changes its inputs, needs nothing from the author.
Choose cases that tell every mistake from the solution, and from the other mistakes. `Exercise` explains the rest.
"""

from typing import Any

from dlcourse.display import line, publish
from dlcourse.exercises import kept
from dlcourse.exercises.definition import Case, Exercise, Mistake, case, drawn
from dlcourse.exercises.judge import judge_answer
from dlcourse.exercises.notebook import check_notebook
from dlcourse.exercises.registry import all_exercises, chapters_with_exercises, exercises_of, find
from dlcourse.exercises.result import CheckResult, Hint, Solution, source_of

__all__ = [
    "Case",
    "CheckResult",
    "Exercise",
    "Hint",
    "Mistake",
    "Solution",
    "all_exercises",
    "case",
    "chapters_with_exercises",
    "check",
    "check_notebook",
    "drawn",
    "exercises_of",
    "find",
    "hint",
    "judge_answer",
    "solution",
]

_hints_given: dict[str, int] = {}
_notes_given: set[str] = set()


def check(exercise_id: str, answer: Any = ...) -> CheckResult:
    """Judge an answer: a function, or the value that the exercise asks for.

    The result shows itself as the last line of a notebook cell; print it elsewhere. An untouched stub is "not
    attempted". An attempt made by hand in a notebook is added to the learner's progress, on this computer only.
    Raises CourseError for an id that no exercise has; nothing in the answer makes it raise.
    """
    result = judge_answer(find(exercise_id), answer)
    if kept.by_a_learner():
        _keep(result)
    return result


def hint(exercise_id: str) -> Hint:
    """The next hint for an exercise; after the last, the last again. Raises CourseError for an unknown id."""
    exercise = find(exercise_id)
    total = len(exercise.hints)
    number = min(_hints_given.get(exercise.id, 0) + 1, total)
    _hints_given[exercise.id] = number
    return Hint(exercise.id, number, total, exercise.hints[number - 1])


def solution(exercise_id: str) -> Solution:
    """The code of an exercise's solution, and why it is so. Raises CourseError for an unknown id."""
    exercise = find(exercise_id)
    return Solution(exercise.id, exercise.title, source_of(exercise.solution), exercise.why)


def _keep(result: CheckResult) -> None:
    """Keep an attempt. What goes wrong with that is said once, and never stands in the way of the check."""
    try:
        note = kept.keep([{"id": result.id, "status": result.status}])
    except kept.ProgressError as problem:
        note = str(problem)
    if note and note not in _notes_given:
        _notes_given.add(note)
        publish({"text/plain": f"! Progress: {note}", "text/html": line("!", "Progress:", note, "caveat")})
