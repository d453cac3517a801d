"""From an answer to one sentence. Nothing a learner hands in makes these functions raise."""

import ast
from collections.abc import Sequence
from typing import Any

import numpy as np

from dlcourse.exercises import show, stub
from dlcourse.exercises.compare import difference, numbers
from dlcourse.exercises.definition import Exercise
from dlcourse.exercises.result import ERROR, FAILED, NOT_ATTEMPTED, PASSED, CheckResult
from dlcourse.exercises.run import (
    Outcome,
    Stopped,
    arity_problem,
    expected_values,
    outcomes,
    parameter_names,
    wrong_outcomes,
)

Finding = tuple[str, str]  # a status and a sentence


def judge_answer(exercise: Exercise, answer: Any) -> CheckResult:
    """Judge an answer to an exercise."""
    with np.errstate(all="ignore"):  # whatever the notebook has set: NaN and inf are told in the sentence
        status, sentence = _finding(exercise, answer)
    return CheckResult(exercise.id, exercise.title, exercise.kind, status, sentence)


def _finding(exercise: Exercise, answer: Any) -> Finding:
    if stub.is_untouched(answer) or (not exercise.wants_function and _is_empty(answer)):
        return NOT_ATTEMPTED, f'Not attempted yet; hint("{exercise.id}") helps you to begin.'
    try:
        return _of_function(exercise, answer) if exercise.wants_function else _of_value(exercise, answer)
    except Exception:  # an object that cannot be looked at, compared or shown
        wanted = "function" if exercise.wants_function else "value"
        return ERROR, f"A {wanted} is wanted, but {show.kind(answer)} came that cannot be judged."


def _is_empty(answer: Any) -> bool:
    return isinstance(answer, str) and not answer.strip()


# An answer that is a function.


def _of_function(exercise: Exercise, answer: Any) -> Finding:
    if not callable(answer):
        return ERROR, (
            f"A function is wanted, but {show.short(answer)} came: "
            "hand over the function itself, its name without brackets."
        )
    misfit = arity_problem(exercise, answer)
    if misfit:
        return ERROR, misfit
    place = stub.open_place(answer)
    try:
        done = outcomes(exercise, answer)
    except Stopped as stopped:
        return (ERROR, str(stopped)) if place is None else (FAILED, _still_open(place))
    wrong = _wrong_with(exercise, done)
    if wrong is None:
        return PASSED, _praise(len(done))
    return FAILED, wrong if place is None else _still_open(place)


def _still_open(line: int) -> str:
    return f"Line {line} still holds `...`: put your own expression in its place."


def _praise(cases: int) -> str:
    return "Right." if cases == 1 else f"Right on all {cases} inputs."


def _wrong_with(exercise: Exercise, done: Sequence[Outcome]) -> str | None:
    """The sentence for these outcomes, or None when they are right."""
    expected = expected_values(exercise)
    faults = [_fault(exercise, *pair) for pair in zip(done, expected, exercise.cases, strict=True)]
    first = next((i for i, fault in enumerate(faults) if fault), None)
    changed = next((outcome.changed for outcome in done if outcome.changed is not None), None)
    if first is None and changed is None:
        return None
    typical = _typical(exercise, done)
    if typical:
        return typical
    if first is None:
        return _changes(parameter_names(exercise)[changed])
    return _violated(exercise, done) or _generic(exercise, done, expected, faults)


def _fault(exercise: Exercise, outcome: Outcome, expected: Any, case) -> str | None:
    """What is wrong in one case: the judge's whole sentence, or a phrase that follows "your function"."""
    plain = difference(outcome.value, expected, exercise.tolerance)
    if exercise.judge is None or plain is None:
        return plain
    try:
        return exercise.judge(outcome.value, expected, *case.inputs)
    except Exception:  # of another form than the judge can read
        return plain


def _typical(exercise: Exercise, done: Sequence[Outcome]) -> str | None:
    """The sentence of the first typical mistake that does the same in every case."""
    for mistake in exercise.mistakes:
        wrong = wrong_outcomes(exercise, mistake.wrong)
        if wrong and all(_same(a, b, exercise.tolerance) for a, b in zip(done, wrong, strict=True)):
            return mistake.sentence
    return None


def _same(a: Outcome, b: Outcome, tolerance: float) -> bool:
    return a.changed == b.changed and difference(a.value, b.value, tolerance) is None


def _changes(name: str) -> str:
    return (
        f"The result is right, but your function changes its input `{name}` in place, and so the caller's data: "
        "work on a copy, and write `x = x - 1` rather than `x -= 1`."
    )


def _violated(exercise: Exercise, done: Sequence[Outcome]) -> str | None:
    """The sentence of the first property that a result does not have."""
    for holds in exercise.properties:
        for outcome, case in zip(done, exercise.cases, strict=True):
            try:
                sentence = holds(outcome.value, *case.inputs)
            except Exception:  # the result is not of the form that the property speaks of
                continue
            if sentence:
                return sentence
    return None


def _generic(exercise: Exercise, done: Sequence[Outcome], expected: Sequence, faults: Sequence[str | None]) -> str:
    """What came and what was expected, for the first input that failed."""
    first = next(i for i, fault in enumerate(faults) if fault)
    if exercise.judge is not None and not faults[first].startswith("returns "):
        return faults[first]
    case = exercise.cases[first]
    right = sum(fault is None for fault in faults)
    score = f"Right on {right} of {len(faults)} inputs, but for" if right else "For"
    inputs = show.inputs(parameter_names(exercise), case.inputs, case.note)
    text = f"{score} {inputs} your function {faults[first]}"
    factor = _common_factor(done, expected)
    return _ended(f"{text}; {factor}" if factor else text)


def _ended(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _common_factor(done: Sequence[Outcome], expected: Sequence) -> str | None:
    """Whether every number that came is the same multiple of the expected one."""
    pairs = [(numbers(outcome.value), numbers(value)) for outcome, value in zip(done, expected, strict=True)]
    if any(a is None or b is None or a.shape != b.shape for a, b in pairs):
        return None
    got, wanted = (np.concatenate([np.ravel(pair[side]).astype(complex) for pair in pairs]) for side in (0, 1))
    if np.count_nonzero(wanted) < 3 or not np.isfinite(got).all() or np.any(got[wanted == 0]):
        return None
    ratios = got[wanted != 0] / wanted[wanted != 0]
    factor = ratios[0].real
    if factor == 0 or not np.allclose(ratios, factor, rtol=1e-4, atol=0):
        return None
    return (
        "every value has the wrong sign"
        if np.isclose(factor, -1)
        else f"every value is {factor:.4g} times the right one"
    )


# An answer that is a value.


def _of_value(exercise: Exercise, answer: Any) -> Finding:
    right = exercise.value
    answer = _read(answer, right)
    if exercise.choices and _plain(answer) not in map(_plain, exercise.choices):
        return ERROR, f"Choose one of {', '.join(map(repr, exercise.choices))}; {show.short(answer)} came."
    if callable(answer):
        return ERROR, f"A value is wanted, but the function {show.short(answer)} came: hand over what it returns."
    fault = exercise.judge(answer, right) if exercise.judge else _value_fault(exercise, answer, right)
    if fault is None:
        return PASSED, f"Right: {exercise.why}"
    for mistake in exercise.mistakes:
        if mistake.when(answer) if mistake.when else difference(answer, _read(mistake.wrong, right)) is None:
            return FAILED, mistake.sentence
    return FAILED, fault


def _value_fault(exercise: Exercise, answer: Any, right: Any) -> str | None:
    """None for the right value; else a sentence that does not give it away."""
    if difference(answer, right, exercise.tolerance) is None:
        return None
    form = _form_fault(answer, right)
    return form or exercise.otherwise or f"{show.short(answer)} is not what comes out: work it through once more."


def _form_fault(answer: Any, right: Any) -> str | None:
    wanted, came = numbers(right), numbers(answer)
    if wanted is None:
        return None
    if came is None:
        return f"{_count(wanted)} wanted, but {show.short(answer)} came."
    if came.shape != wanted.shape:
        return f"{_count(wanted)} wanted, but {show.short(answer)} came."
    return None if np.isfinite(came).all() else f"{show.short(answer)} is no answer: a finite number is wanted."


def _count(array: np.ndarray) -> str:
    return f"{array.size} numbers are" if array.ndim else "One number is"


def _read(answer: Any, right: Any) -> Any:
    """The answer in the form of the right one: "(2, 3)" in quotes is a tuple, and choices ignore case and spaces."""
    if not isinstance(answer, str):
        return answer
    if isinstance(right, str):
        return _plain(answer) if _plain(answer) != _plain(right) else right
    try:
        return ast.literal_eval(answer.strip())
    except (ValueError, SyntaxError):
        return answer


def _plain(text: Any) -> str:
    return " ".join(str(text).split()).casefold().strip(" .`'\"")
