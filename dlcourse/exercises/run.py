"""Running an answer on an exercise's cases: what it returned, what it did to its inputs, or why it stopped."""

import copy
import inspect
import linecache
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.exercises import limits, show
from dlcourse.exercises.compare import difference
from dlcourse.exercises.definition import Case, Exercise

_DATA = (np.ndarray, list, tuple, dict)


@dataclass(frozen=True)
class Outcome:
    """What an answer returned in one case, and the number of the input that it changed in place, if any."""

    value: Any
    changed: int | None


class Stopped(Exception):
    """The answer did not return. The text is the sentence for the learner."""


def parameter_names(exercise: Exercise) -> list[str]:
    """What the inputs are called in the task: the parameters of the solution."""
    names = _parameters(exercise.solution) if exercise.call is None else []
    count = max(len(case.inputs) for case in exercise.cases)
    return names if len(names) >= count else [f"input {i + 1}" for i in range(count)]


def _parameters(function: Callable) -> list[str]:
    return list(inspect.signature(function).parameters)


def outcomes(exercise: Exercise, answer: Callable) -> list[Outcome]:
    """Run the learner's answer on copies of every case's inputs. Raises Stopped when it raises or takes too long."""
    done: list[Outcome] = []
    with warnings.catch_warnings(), limits.lowered_voice() as voice:
        warnings.simplefilter("ignore", RuntimeWarning)  # NumPy's of 0/0 and the like: the check says them itself

        def run_all():
            for case in exercise.cases:
                voice.heard = not done
                done.append(_outcome(exercise, answer, case))

        try:
            limits.within(exercise.seconds, run_all)
        except limits.TimeUp:
            if len(done) == len(exercise.cases):
                return done
            raise Stopped(_too_long(exercise, exercise.cases[len(done)])) from None
        except KeyboardInterrupt:
            raise
        except BaseException as problem:
            raise Stopped(_raised(exercise, exercise.cases[len(done)], answer, problem)) from None
    return done


def wrong_outcomes(exercise: Exercise, wrong: Callable) -> list[Outcome]:
    """The same for a typical mistake, quietly; empty when it raises."""
    with warnings.catch_warnings(), limits.lowered_voice(heard=False):
        warnings.simplefilter("ignore")
        try:
            return [_outcome(exercise, wrong, case) for case in exercise.cases]
        except Exception:
            return []


def expected_values(exercise: Exercise) -> list[Any]:
    """What the reference returns in each case."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [exercise.expected(own_copy(case.inputs)) for case in exercise.cases]


def own_copy(value: Any) -> Any:
    """A copy deep enough that changing it in place leaves the original alone; the thing itself if it has no copy."""
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def _outcome(exercise: Exercise, answer: Callable, case: Case) -> Outcome:
    given = tuple(own_copy(value) for value in case.inputs)
    returned = exercise.use(answer, given)
    if isinstance(returned, _DATA):  # the answer may use the same array for its next result
        returned = own_copy(returned)
    return Outcome(returned, None if exercise.may_change_inputs else _changed(given, case.inputs))


def _changed(given: Sequence, originals: Sequence) -> int | None:
    for i, (now, before) in enumerate(zip(given, originals, strict=True)):
        if isinstance(before, _DATA) and difference(now, before, 0.0) is not None:
            return i
    return None


def arity_problem(exercise: Exercise, answer: Callable) -> str | None:
    """A sentence when the answer cannot take the exercise's inputs, else None."""
    if exercise.call is not None:
        return None
    count = len(exercise.cases[0].inputs)
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # some functions written in C tell nothing
        return None
    try:
        signature.bind(*range(count))
    except TypeError:
        inputs = ", ".join(parameter_names(exercise)[:count])
        return (
            f"{_name(answer)} takes {_counted(len(signature.parameters), 'argument')}, "
            f"but the exercise calls it with {count}: {inputs}."
        )
    return None


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _name(answer: Callable) -> str:
    name = getattr(answer, "__name__", type(answer).__name__)
    return "Your function" if name == "<lambda>" else f"`{name}`"


def _too_long(exercise: Exercise, case: Case) -> str:
    inputs = show.inputs(parameter_names(exercise), case.inputs, case.note)
    return (
        f"Your function did not finish within {exercise.seconds:g} seconds, for {inputs}: "
        "look for a loop that never ends, or use array operations instead of loops."
    )


def _raised(exercise: Exercise, case: Case, answer: Callable, problem: BaseException) -> str:
    inputs = show.inputs(parameter_names(exercise), case.inputs, case.note)
    try:
        place = _place(answer, problem)
    except Exception:  # an answer that is no function and looks like one
        place = ""
    return f"Your function stops{place} with {_told(problem)}, for {inputs}."


def _told(problem: BaseException) -> str:
    """The exception's type and the first line of its message."""
    try:
        lines = str(problem).strip().splitlines()
    except Exception:
        lines = []
    message = lines[0].rstrip(".:") if lines else ""
    message = f"{message[:160]}…" if len(message) > 160 else message
    return f"{type(problem).__name__}{f' ({message})' if message else ''}"


def _place(answer: Callable, problem: BaseException) -> str:
    """Where in the learner's own code: " at line 3 of `f`, `return a / 0`"; empty when none of it was reached."""
    found = None
    trace = problem.__traceback__
    while trace is not None:
        if _is_learners(answer, trace.tb_frame):
            found = trace
        trace = trace.tb_next
    if found is None:
        return ""
    code = found.tb_frame.f_code
    line = linecache.getline(code.co_filename, found.tb_lineno).strip()
    where = f" at line {found.tb_lineno - code.co_firstlineno + 1} of {_code_name(code)}"
    return f"{where}, `{line}`," if line else where


def _code_name(code) -> str:
    return "your lambda" if code.co_name == "<lambda>" else f"`{code.co_name}`"


def _is_learners(answer: Callable, frame) -> bool:
    """Whether a frame belongs to the notebook or module in which the answer was written."""
    function = inspect.unwrap(answer)
    function = getattr(function, "func", function)  # of a functools.partial
    if not hasattr(function, "__globals__"):  # a class, or an object that can be called
        function = function.__init__ if inspect.isclass(function) else function.__call__
    return frame.f_globals is getattr(function, "__globals__", None)
