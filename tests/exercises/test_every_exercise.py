"""Every registered exercise, whatever its chapter: found, solved, got wrong in each typical way, and left alone."""

import dataclasses
import re
from itertools import groupby

import numpy as np
import pytest

from dlcourse.display import CHECK
from dlcourse.exercises import all_exercises, check, find, hint, judge_answer, solution

EXERCISES = all_exercises()
FUNCTIONS = [exercise for exercise in EXERCISES if exercise.wants_function]
MISTAKES = [
    pytest.param(exercise, mistake, id=f"{exercise.id}-{number}")
    for exercise in EXERCISES
    for number, mistake in enumerate(exercise.mistakes, start=1)
]

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
every_function = pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda exercise: exercise.id)


def right_answer(exercise):
    return exercise.solution if exercise.wants_function else exercise.value


def untouched_stub(*_inputs):
    """What the notebook came with."""
    ...


def test_ids_are_unique_and_in_order():
    ids = [exercise.id for exercise in EXERCISES]
    assert ids == sorted(set(ids), key=lambda text: [int(part) for part in text.split(".")])


def test_there_are_three_or_more_a_chapter_and_75_in_all():
    counts = {chapter: len(list(group)) for chapter, group in groupby(EXERCISES, lambda exercise: exercise.chapter)}
    assert {chapter: count for chapter, count in counts.items() if count < 3} == {}
    assert len(EXERCISES) >= 75


def test_every_chapter_asks_in_more_than_one_way_and_the_course_in_all_three():
    kinds = {chapter: {each.kind for each in group} for chapter, group in groupby(EXERCISES, lambda each: each.chapter)}
    assert {chapter for chapter, asked in kinds.items() if len(asked) == 1} == set()
    assert set.union(*kinds.values()) == {"implement", "predict", "investigate"}


@every_exercise
def test_a_kind_is_what_it_says(exercise):
    """To implement is to hand in a function; what is predicted or measured is a value."""
    assert exercise.wants_function is (exercise.kind == "implement")


@every_exercise
def test_it_is_found_by_its_id(exercise):
    assert find(exercise.id) is exercise


@every_exercise
def test_the_solution_passes(exercise):
    result = judge_answer(exercise, right_answer(exercise))
    assert result.status == "passed", result.sentence


@every_function
def test_the_solution_passes_again_and_leaves_the_cases_unchanged(exercise):
    judge_answer(exercise, lambda *inputs: [x.fill(7) for x in inputs if isinstance(x, np.ndarray)])
    assert judge_answer(exercise, exercise.solution).passed


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_each_mistake_gets_its_own_sentence(exercise, mistake):
    result = judge_answer(exercise, mistake.wrong)
    assert (result.status, result.sentence) == ("failed", mistake.sentence)


@every_exercise
def test_it_names_at_least_three_mistakes_in_different_words(exercise):
    sentences = {mistake.sentence for mistake in exercise.mistakes}
    assert len(sentences) == len(exercise.mistakes) >= 3


@every_exercise
def test_its_words_are_whole_sentences(exercise):
    texts = [exercise.task, exercise.why, *exercise.hints, *(mistake.sentence for mistake in exercise.mistakes)]
    if exercise.otherwise:
        texts.append(exercise.otherwise)
    assert [text for text in texts if not re.fullmatch(r"(?s)\S.*[.?]", text) or "  " in text] == []


@every_exercise
def test_it_has_two_or_more_hints_and_repeats_the_last(exercise):
    given = [hint(exercise.id) for _ in range(len(exercise.hints) + 1)]
    assert len(set(exercise.hints)) == len(exercise.hints) >= 2
    assert given[-1].text == given[-2].text == exercise.hints[-1]


@every_exercise
def test_its_solution_can_be_read(exercise):
    shown = repr(solution(exercise.id))
    assert exercise.why in shown
    assert exercise.title in shown


@every_exercise
def test_an_untouched_stub_is_not_attempted(exercise):
    stub = untouched_stub if exercise.wants_function else ...
    assert check(exercise.id, stub).status == "not attempted"


@every_exercise
def test_a_strange_answer_gets_a_sentence(exercise):
    for answer in (object(), object, {}, "nonsense", float("nan"), [None], b"x", [1, [2, 3]], lambda: 1):
        result = check(exercise.id, answer)
        assert result.status in ("failed", "error"), answer
        assert result.sentence.endswith((".", "?")), answer


@every_function
def test_a_strange_result_gets_a_sentence(exercise):
    for value in (
        None,
        np.nan,
        np.inf,
        "text",
        object(),
        [None],
        {},
        set(),
        [1, [2, 3]],
        iter([1]),
        np.zeros((9, 8, 7)),
    ):
        result = judge_answer(exercise, lambda *_, value=value: value)
        assert result.status in ("failed", "error"), value
        assert result.sentence.endswith((".", "?")), value


@every_function
def test_an_answer_that_raises_is_reported_with_its_line(exercise):
    def answer(*_inputs):
        raise KeyError("price")

    result = judge_answer(exercise, answer)
    assert result.status == "error"
    assert "line 2 of `answer`" in result.sentence
    assert "KeyError" in result.sentence


@every_function
def test_an_answer_that_never_ends_is_stopped(exercise):
    def answer(*_inputs):
        while True:
            pass

    result = judge_answer(dataclasses.replace(exercise, seconds=0.05), answer)
    assert result.status == "error"
    assert "did not finish within 0.05 seconds" in result.sentence


@every_exercise
def test_the_result_carries_what_tools_read(exercise):
    shown = check(exercise.id, right_answer(exercise))._repr_mimebundle_()
    assert shown[CHECK]["id"] == exercise.id
    assert shown[CHECK]["status"] == "passed"
    assert shown["text/plain"].startswith("✓")
