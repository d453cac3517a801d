"""Finding exercises by id; hints and solutions; how results look in a notebook and in a terminal."""

import subprocess
import sys

import pytest

import dlcourse.exercises
from dlcourse.display import CHECK
from dlcourse.errors import CourseError
from dlcourse.exercises import Hint, Solution, chapters_with_exercises, check, exercises_of, hint, solution
from dlcourse.exercises.result import CheckResult
from dlcourse.exercises.show import short


@pytest.fixture(autouse=True)
def no_hints_given(monkeypatch):
    monkeypatch.setattr(dlcourse.exercises, "_hints_given", {})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("00.99", "there are 00.1, 00.2, 00.3"),
        ("0.1", "did you mean '00.1'?"),
        ("00.01", "did you mean '00.1'?"),
        ("98.1", "there is no exercise '98.1'; there are 00.1, "),
        ("", "there is no exercise ''"),
        (0.1, "a float came"),
        (len, "a builtin_function_or_method came"),
    ],
)
def test_an_unknown_id_is_refused_with_the_ids_there_are(wrong, said):
    for ask in (check, hint, solution):
        with pytest.raises(CourseError) as problem:
            ask(wrong)
        assert said in str(problem.value)


def test_a_chapter_without_exercises_is_refused_with_those_that_have_some():
    assert "00" in chapters_with_exercises()
    with pytest.raises(CourseError, match=r"no exercises for chapter 98; .* are 00"):
        exercises_of("98")


def test_a_chapter_is_imported_only_when_asked_for():
    code = (
        "import sys, dlcourse.exercises as e; before = 'dlcourse.exercises.ch00' in sys.modules; e.find('00.1'); "
        "heavy = {'tensorflow', 'keras', 'matplotlib', 'pandas', 'scipy', 'nbclient', 'rich', 'IPython'};"
        "print(before, 'dlcourse.exercises.ch00' in sys.modules, heavy & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False True set()\n"


def test_a_check_without_an_answer_is_not_attempted():
    assert check("00.1").status == "not attempted"


def test_hints_come_one_by_one_and_are_counted():
    shown = [repr(hint("00.1")) for _ in range(4)]
    assert [text.partition(":")[0] for text in shown] == [f"00.1 hint {number} of 3" for number in (1, 2, 3, 3)]
    assert repr(hint("00.2")).startswith("00.2 hint 1 of 3: ")


def test_a_solution_shows_its_source_and_the_reason():
    shown = solution("00.1")
    assert "    return np.mean((predictions - targets) ** 2)" in shown.source
    assert "def mean_squared_error" in repr(shown)
    assert repr(shown).endswith(shown.why)


def test_html_is_escaped_and_code_is_set_as_code():
    as_html = Hint("00.1", 1, 2, "if `a < b` & <b>")._repr_mimebundle_()["text/html"]
    assert "<code>a &lt; b</code> &amp; &lt;b&gt;" in as_html
    as_html = Solution("00.1", "A <i>", "a < b", "So & `c`.")._repr_mimebundle_()["text/html"]
    assert "A &lt;i&gt;" in as_html
    assert "<code>a &lt; b</code></pre>" in as_html
    assert "So &amp; <code>c</code>." in as_html


@pytest.mark.parametrize(("status", "mark"), [("passed", "✓"), ("failed", "✗"), ("not attempted", "○"), ("error", "!")])
def test_a_result_shows_itself_as_text_html_and_data(status, mark):
    result = CheckResult("00.1", "Title", "implement", status, "a < b.")
    shown = result._repr_mimebundle_()
    assert str(result) == repr(result) == shown["text/plain"] == f"{mark} 00.1 Title: a < b."
    assert "a &lt; b." in shown["text/html"]
    assert shown[CHECK] == {
        "id": "00.1",
        "title": "Title",
        "kind": "implement",
        "status": status,
        "sentence": "a < b.",
    }
    assert result.passed is (status == "passed")


IN_A_SHELL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in [
    "from dlcourse.exercises import check",
    "def stub(p, t):\\n    '''doc'''\\n    error = ...\\n    return error\\nprint(check('00.1', stub))",
    "def half(p, t):\\n    error = p - t\\n    mean = ...\\n    return mean\\nprint(check('00.1', half))",
    "def helper(x):\\n    return [][1]\\ndef f(p, t):\\n    return helper(p)\\nprint(check('00.1', f))",
    "print(check('00.1', lambda p, t: ((p - t) ** 2).mean()))",
]:
    shell.run_cell(cell, store_history=True)
"""


def test_functions_defined_in_notebook_cells_are_read():
    done = subprocess.run([sys.executable, "-c", IN_A_SHELL], capture_output=True, text=True, check=True)
    stub, half, raising, right = done.stdout.splitlines()
    assert "Not attempted yet" in stub
    assert "Line 3 still holds `...`" in half
    assert "at line 2 of `helper`, `return [][1]`, with IndexError" in raising
    assert right.startswith("✓")


class Unprintable:
    def __repr__(self):
        raise ValueError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.123456789, "0.12346"),
        ((200, 3), "(200, 3)"),
        ((1,), "(1,)"),
        ([1.0, [2.5]], "[1, [2.5]]"),
        (len, "`len`"),
        (Unprintable(), "an Unprintable"),
        (list(range(50)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …]"),
    ],
)
def test_values_are_shown_shortly(value, text):
    assert short(value) == text


def test_a_long_text_is_cut():
    assert len(short("x" * 1000)) == 80
