"""Solutions as code that stands by itself, and typical mistakes as one line each."""

import sys
import types

import pytest

from dlcourse.exercises import Exercise, Mistake, all_exercises, case, find
from dlcourse.exercises.sources import mistake_codes, solution_code, standalone

MODULE = '''
import math, os.path
from collections import Counter as Tally, deque

SIZE: int = 3
WIDE, TALL = 4, 5
unused = os.path.join("a", "b")


def area(side):
    return side * WIDE


def cached(function):
    return function


@cached
def helper(x):
    return area(x) + math.floor(SIZE)


def answer(x, deque=()):
    """The answer of answer."""
    total = Tally(x.answer for x in deque)
    unused = total
    return answer(helper(x)) + len(unused)
'''


@pytest.fixture
def module(tmp_path, monkeypatch):
    path = tmp_path / "made_for_sources.py"
    path.write_text(MODULE)
    made = types.ModuleType("made_for_sources")
    made.__file__ = str(path)
    exec(compile(MODULE, str(path), "exec"), made.__dict__)
    monkeypatch.setitem(sys.modules, "made_for_sources", made)
    return made


def test_a_solution_brings_what_it_needs_and_nothing_else(module):
    code = standalone(module.answer)
    assert code.startswith("import math\nfrom collections import Counter as Tally\n\n\n")
    for wanted in ("SIZE: int = 3", "WIDE, TALL = 4, 5", "def area(side):", "@cached\ndef helper(x):", "def cached("):
        assert code.count(wanted) == 1
    assert "os.path" not in code
    assert "deque\n" not in code.split("\n\n\n")[0]
    assert "unused = os" not in code
    compile(code, "code", "exec")


def test_a_name_is_changed_where_it_is_a_name(module):
    code = standalone(module.answer, "mine")
    assert "def mine(x, deque=()):" in code
    assert '"""The answer of answer."""' in code
    assert "x.answer for x" in code
    assert "return mine(helper(x))" in code


@pytest.mark.parametrize("name", ["two words", "1st", "class", ""])
def test_a_name_that_python_cannot_take_is_refused(module, name):
    with pytest.raises(ValueError, match="name must be a name of Python, not "):
        standalone(module.answer, name)


@pytest.mark.parametrize("exercise", all_exercises(), ids=lambda exercise: exercise.id)
def test_every_solution_makes_its_answer_from_nothing(exercise):
    names: dict = {}
    exec(solution_code(exercise, "my_answer"), names)
    if exercise.wants_function:
        assert callable(names["my_answer"])
    else:
        assert names["my_answer"] == pytest.approx(exercise.value)


def test_mistakes_are_shown_by_what_they_return():
    assert mistake_codes(find("08.1"))[:2] == ["slide(x, kernel[::-1], stride)", "slide(x, kernel, 1)"]
    assert mistake_codes(find("08.4"))[1] == "[2]"


def test_a_mistake_made_by_a_private_helper_is_left_to_its_sentence():
    assert mistake_codes(find("08.1"))[-1] == ""


@pytest.mark.parametrize("exercise", all_exercises(), ids=lambda exercise: exercise.id)
def test_there_is_a_line_or_none_for_every_mistake(exercise):
    codes = mistake_codes(exercise)
    assert len(codes) == len(exercise.mistakes)
    assert not any("\n" in code or "`" in code for code in codes)


def test_an_exercise_of_no_chapter_says_nothing_of_its_mistakes():
    settings = {"title": "T", "task": "T.", "solution": abs, "why": "W.", "cases": [case(1)]}
    made = Exercise(id="98.1", mistakes=[Mistake(abs, "No.")], **settings)
    assert mistake_codes(made) == [""]
