"""From answers to sentences, on small made-up exercises."""

import dataclasses
import functools
import threading
from unittest.mock import MagicMock, Mock

import numpy as np
import pytest

from dlcourse.exercises import Exercise, Mistake, case, drawn, judge_answer


def centre(values):
    return values - np.mean(values)


CENTRE = Exercise(
    id="00.1",
    title="Centre",
    task="Subtract the mean.",
    solution=centre,
    cases=[case(np.array([1.0, 2.0, 6.0])), case(np.array([5.0, 8.0])), *drawn(lambda rng: (rng.normal(2, 1, 6),))],
    mistakes=[
        Mistake(lambda v: v, "Nothing is subtracted."),
        Mistake(lambda v: v - np.median(v), "This is the median."),
        Mistake(np.mean, "This is the mean alone."),
    ],
    properties=[lambda got, v: "The result does not sum to zero." if abs(np.sum(got)) > 1e-6 else None],
    hints=["one", "two"],
    why="So.",
)
RATIO = Exercise(
    id="00.2",
    title="Ratio",
    task="Divide.",
    solution=lambda top, bottom: top / bottom,
    cases=[case(1.0, 2.0), case(9.0, 3.0, note="a whole quotient")],
    why="So.",
)
RATE = Exercise(
    id="00.3",
    title="A rate that works",
    task="Find one.",
    kind="investigate",
    solution=0.5,
    judge=lambda got, _: None if 0.1 <= got <= 1 else "Neither too small nor too large.",
    mistakes=[
        Mistake(5.0, "It diverges.", when=lambda rate: rate > 2),
        Mistake(0.0, "It stands still."),
        Mistake(-1.0, "It climbs.", when=lambda rate: rate < 0),
    ],
    why="It is in between.",
)
CHOICE = Exercise(
    id="00.4",
    title="Choose",
    task="Which?",
    kind="predict",
    solution="it diverges",
    choices=("it diverges", "it converges", "it oscillates"),
    mistakes=[Mistake("it converges", "Too fast a step."), Mistake("it oscillates", "Only at 2/L.")],
    why="Beyond 2/L every step overshoots.",
)


def sentence(exercise, answer):
    return judge_answer(exercise, answer).sentence


def status(exercise, answer):
    return judge_answer(exercise, answer).status


class Centre:
    def __call__(self, x):
        return [value - sum(x) / len(x) for value in x]


@pytest.mark.parametrize(
    "answer",
    [
        lambda anything: anything - anything.mean(),
        lambda *inputs: np.float32(inputs[0] - np.mean(inputs[0])),
        lambda v, unused=3: tuple(v - v.mean()),
        lambda v: np.subtract(v, v.mean()),
        functools.partial(lambda mean, v: v - mean(v), np.mean),
        Centre(),
    ],
)
def test_every_right_implementation_passes(answer):
    result = judge_answer(CENTRE, answer)
    assert (result.status, result.sentence) == ("passed", "Right on all 5 inputs.")


def test_a_typical_mistake_gets_its_sentence_in_any_form():
    assert sentence(CENTRE, list) == "Nothing is subtracted."
    assert sentence(CENTRE, lambda v: np.float32(v - np.median(v))) == "This is the median."


def test_a_mistake_on_some_inputs_only_is_not_taken_for_the_typical_one():
    def answer(v):
        return v if len(v) > 2 else v - 1.0

    assert sentence(CENTRE, answer) == "The result does not sum to zero."


def test_an_answer_right_on_the_first_input_only_is_told_the_second():
    found = sentence(RATIO, lambda top, bottom: 0.5)
    assert found == (
        "Right on 1 of 2 inputs, but for a whole quotient, top = 9, bottom = 3 your function returns 0.5 where 3 is "
        "expected."
    )


def test_a_common_factor_is_named():
    assert "every value has the wrong sign" in sentence(CENTRE, lambda v: v.mean() - v)
    assert "every value is 3 times the right one" in sentence(CENTRE, lambda v: 3 * (v - v.mean()))


def test_a_property_that_cannot_read_the_result_is_passed_over():
    assert "the text 'x' where numbers are expected" in sentence(CENTRE, lambda v: "x")


def test_changing_the_input_is_reported_though_the_result_is_right():
    def answer(v):
        v -= v.mean()
        return v

    assert "changes its input `values` in place" in sentence(CENTRE, answer)
    assert status(dataclasses.replace(CENTRE, may_change_inputs=True), answer) == "passed"
    assert judge_answer(CENTRE, centre).passed


def test_a_mistake_may_be_changing_the_input():
    def in_place(v):
        v -= v.mean()
        return v

    named = dataclasses.replace(CENTRE, mistakes=[Mistake(in_place, "It is the caller's array.")])
    assert sentence(named, lambda v: np.subtract(v, v.mean(), out=v)) == "It is the caller's array."


def test_reusing_one_array_for_all_results_is_right():
    memory = np.zeros(2)

    def answer(top, bottom):
        memory[:] = top / bottom
        return memory[0:1].reshape(())

    assert status(RATIO, answer) == "passed"


def test_an_exception_is_told_with_the_learners_line_and_the_input():
    def answer(top, bottom):
        left = top
        return left / (bottom - 2)

    found = judge_answer(RATIO, answer)
    assert found.status == "error"
    assert found.sentence == (
        "Your function stops at line 3 of `answer`, `return left / (bottom - 2)`, with ZeroDivisionError "
        "(float division by zero), for top = 1, bottom = 2."
    )


def test_an_exception_inside_a_library_is_told_with_the_learners_line():
    found = sentence(RATIO, lambda top, bottom: np.linalg.inv(np.zeros((2, 2))))
    assert "line 1 of your lambda" in found
    assert "LinAlgError (Singular matrix)" in found


def test_recursion_without_end_and_leaving_python_are_exceptions_too():
    def deeper(top, bottom):
        return deeper(top, bottom)

    def leave(top, bottom):
        raise SystemExit(3)

    assert "RecursionError" in sentence(RATIO, deeper)
    assert "SystemExit (3)" in sentence(RATIO, leave)


def test_an_exception_without_words_or_with_many_is_told_in_one_sentence():
    class Mute(Exception):
        def __str__(self):
            raise ValueError

    def answer(top, bottom):
        raise Mute

    def long(top, bottom):
        raise ValueError("word " * 1000 + "\nsecond line")

    assert "with Mute, for" in sentence(RATIO, answer)
    assert len(sentence(RATIO, long)) < 400
    assert "\n" not in sentence(RATIO, long)


def test_stopping_the_kernel_is_let_through():
    def answer(top, bottom):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge_answer(RATIO, answer)


def test_a_loop_without_end_is_stopped_in_any_thread():
    def answer(top, bottom):
        while True:
            try:
                top += 1
            except:  # noqa: E722 - the mistake is the point
                continue

    quick = dataclasses.replace(RATIO, seconds=0.05)
    found = [sentence(quick, answer)]
    thread = threading.Thread(target=lambda: found.append(sentence(quick, answer)))
    thread.start()
    thread.join(60)
    assert len(found) == 2
    assert all(text.startswith("Your function did not finish within 0.05 seconds, for top = 1") for text in found)


def test_what_is_no_function_or_takes_other_inputs_is_told():
    assert sentence(RATIO, 0.5).startswith("A function is wanted, but 0.5 came")
    assert sentence(RATIO, lambda top: top) == (
        "Your function takes 1 argument, but the exercise calls it with 2: top, bottom."
    )

    def none():
        return 1

    assert sentence(RATIO, none).startswith("`none` takes no arguments")


def test_a_place_left_open_is_told_before_what_follows_from_it():
    def answer(top, bottom):
        quotient = ...
        return quotient + 0 * top

    assert sentence(RATIO, answer) == "Line 2 still holds `...`: put your own expression in its place."


def test_printing_is_heard_for_the_first_input_only(capsys):
    def answer(top, bottom):
        print("top is", top)
        return top / bottom

    assert status(RATIO, answer) == "passed"
    assert capsys.readouterr().out == "top is 1.0\n"


def test_warnings_of_numpy_are_not_shown(recwarn):
    assert "NaN" in sentence(RATIO, lambda top, bottom: np.log(np.array(-1.0)))
    assert [warning for warning in recwarn if warning.category is RuntimeWarning] == []


class Unapproachable:
    """Raises whatever is asked of it."""

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __call__(self, *_inputs):
        return self


@pytest.mark.parametrize("exercise", [CENTRE, RATIO, RATE, CHOICE], ids=lambda exercise: exercise.id)
def test_an_object_of_any_kind_gets_a_sentence(exercise):
    for answer in (Unapproachable(), Mock(), MagicMock(), type, [[...]], "(" * 300, {1: 2}, 10**400):
        result = judge_answer(exercise, answer)
        assert result.status in ("failed", "error")
        assert result.sentence.endswith((".", "?"))


def test_a_notebook_that_makes_numpy_raise_is_judged_all_the_same():
    zero = dataclasses.replace(RATIO, solution=np.divide, cases=[case(np.array([0.0, 1.0]), np.array([0.0, 2.0]))])
    with np.errstate(all="raise"):
        assert status(zero, lambda top, bottom: top / bottom) == "passed"


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (0.3, ("passed", "Right: It is in between.")),
        (9, ("failed", "It diverges.")),
        (np.float32(-3), ("failed", "It climbs.")),
        ("0.3", ("passed", "Right: It is in between.")),
        (1.5, ("failed", "Neither too small nor too large.")),
        ("", ("not attempted", 'Not attempted yet; hint("00.3") helps you to begin.')),
    ],
)
def test_a_value_may_be_judged_by_a_range(answer, found):
    result = judge_answer(RATE, answer)
    assert (result.status, result.sentence) == found


@pytest.mark.parametrize("answer", ["abc", [1, 2], {}, object(), abs])
def test_a_value_that_the_judge_cannot_read_is_an_error(answer):
    result = judge_answer(RATE, answer)
    assert result.status == "error"
    assert result.sentence.startswith("A value is wanted, but")


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("it diverges", "passed"),
        (" It  Diverges. ", "passed"),
        ("it converges", "failed"),
        ("it explodes", "error"),
        (3, "error"),
    ],
)
def test_a_choice_is_read_kindly(answer, found):
    assert status(CHOICE, answer) == found


def test_a_wrong_value_does_not_give_the_right_one_away():
    predict = Exercise(id="00.5", title="T", task="T.", kind="predict", solution=(4, 3), why="W.", otherwise="Count.")
    assert sentence(predict, (9, 9)) == "Count."
    assert sentence(predict, 9) == "2 numbers are wanted, but 9 came."
    assert sentence(predict, "many") == "2 numbers are wanted, but 'many' came."
    assert "finite number" in sentence(dataclasses.replace(predict, solution=4.0), float("nan"))
    assert sentence(dataclasses.replace(predict, solution=4.0, otherwise=""), 7.5).startswith("7.5 is not what")


def test_several_results_may_be_right():
    either_sign = Exercise(
        id="00.6",
        title="A unit vector",
        task="T.",
        solution=lambda n: np.eye(n)[0],
        judge=lambda got, _, n: None if np.isclose(np.linalg.norm(got), 1) else f"Its length is not 1 for n = {n}.",
        cases=[case(2), case(3)],
        why="W.",
    )
    assert status(either_sign, lambda n: np.ones(n) / np.sqrt(n)) == "passed"
    assert sentence(either_sign, np.ones) == "Its length is not 1 for n = 2."
    assert "nothing (None)" in sentence(either_sign, lambda n: None)
    assert "the text" in sentence(either_sign, lambda n: "x")


def test_an_answer_may_be_a_class():
    class Doubler:
        def __init__(self, start):
            self.value = start

        def step(self):
            self.value *= 2
            return self.value

    class Stuck(Doubler):
        def step(self):
            return self.missing

    twice = Exercise(
        id="00.7",
        title="A class",
        task="T.",
        solution=Doubler,
        call=lambda make, start: make(start).step(),
        cases=[case(2.0), case(5.0)],
        why="W.",
    )
    assert status(twice, Doubler) == "passed"
    assert "at line 2 of `step`, `return self.missing`, with AttributeError" in sentence(twice, Stuck)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"id": "1.1"}, "id"),
        ({"kind": "guess"}, "kind"),
        ({"cases": ()}, "cases"),
        ({"solution": 3}, "solution"),
        ({"mistakes": [Mistake(3, "Three.")]}, "mistake"),
    ],
)
def test_an_exercise_whose_parts_do_not_fit_is_refused(changes, named):
    with pytest.raises(ValueError, match=named):
        dataclasses.replace(RATIO, **changes)
