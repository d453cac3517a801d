"""Copies for students, teachers and of the solutions: what is in them, where they go, and what is refused."""

import os

import nbformat
import pytest

from dlcourse.course import chapters
from dlcourse.course.exporting import export
from dlcourse.course.stubs import is_exercise, read_exercise
from dlcourse.errors import CourseError
from dlcourse.exercises import exercises_of, find

WRITTEN = [chapter for chapter in chapters() if chapter.written]
every_chapter = pytest.mark.parametrize("chapter", WRITTEN, ids=lambda chapter: chapter.number)

STUB = 'def mean_squared_error(predictions, targets):\n    """Doc."""\n    ...\n\n\ncheck("00.1", mean_squared_error)'
ANSWERED = """def helper(x):
    return x**2


def mean_squared_error(predictions, targets):
    \"\"\"Doc.\"\"\"
    # here it is
    return helper(predictions - targets).mean()


print(mean_squared_error([1], [2]))
check("00.1", mean_squared_error)"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one small chapter 00 in a folder of its own; returns a function that writes its cells."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setenv("DLCOURSE_NOTEBOOKS", str(folder))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)

    def write(*sources):
        notebook = nbformat.v4.new_notebook()
        text = (
            "# 00. Start here\n\nSee [one](01_neuron_and_house_prices.ipynb#A-b), [here](#Exercises), [w](https://x.y)."
        )
        notebook.cells = [nbformat.v4.new_markdown_cell(text)]
        notebook.cells.append(nbformat.v4.new_code_cell("1 + 1", execution_count=1, outputs=[result("2")]))
        notebook.cells.append(nbformat.v4.new_markdown_cell("## Exercises\n\nReplace the dots.\n\n**00.1** The task."))
        for source in sources:
            cell = nbformat.v4.new_code_cell(source, execution_count=2, outputs=[result("an outcome")])
            cell.metadata["tags"] = ["exercise"]
            notebook.cells.append(cell)
        nbformat.write(notebook, folder / "00_start_here.ipynb")

    write(STUB, 'shape = ...\n\ncheck("00.2", shape)')
    return write


def result(text):
    return nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)


def read(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def exported(edition, number="00"):
    (path,) = export(number, edition, force=True)
    return read(path)


def exercises_in(notebook):
    return [cell for cell in notebook.cells if is_exercise(cell)]


# What is in them


def test_the_first_cell_says_what_the_copy_is_and_needs(course):
    for edition in ("student", "teacher", "solutions"):
        notebook = exported(edition)
        lines = notebook.cells[0].source.splitlines()
        assert lines[0].startswith("# 00. Start here")
        assert "needs the package `dlcourse`" in lines[2]
        assert notebook.metadata.dlcourse.edition == edition


def test_a_students_copy_has_no_outputs_and_blank_exercises(course):
    check = 'check("00.2", shape)'
    for sources in ((STUB, f"shape = ...\n\n{check}"), (ANSWERED, f"shape = (200, 3)\nprint(shape)\n{check}")):
        course(*sources)
        notebook = exported("student")
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert [(cell.outputs, cell.execution_count) for cell in code] == [([], None)] * 3
        first, second = exercises_in(notebook)
        assert first.source == STUB
        assert second.source == f"shape = ...\n\n{check}"


def test_a_teachers_copy_has_outputs_and_all_there_is_about_each_exercise(course):
    notebook = exported("teacher")
    assert notebook.cells[1].outputs[0].data["text/plain"] == "2"
    at = notebook.cells.index(exercises_in(notebook)[0])
    exercise, about = find("00.1"), notebook.cells[at + 1].source
    assert "def mean_squared_error(" in about
    assert f"*Why:* {exercise.why}" in about
    assert about.count("\n1. ") == 1
    assert f"\n{len(exercise.hints)}. " in about
    assert about.count("\n- ") == len(exercise.mistakes)


def test_answers_that_the_teachers_own_notebook_holds_are_taken_out_with_their_outcome(course):
    course(ANSWERED)
    (cell,) = exercises_in(exported("teacher"))
    assert (cell.source, cell.outputs, cell.execution_count) == (STUB, [], None)


def test_the_solutions_are_the_exercises_alone(course):
    notebook = exported("solutions")
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds == ["markdown", "code", "markdown", "code", "markdown", "code", "markdown"]
    assert notebook.cells[2].source == "**00.1** The task."
    assert "return np.mean((predictions - targets) ** 2)" in notebook.cells[3].source


def test_links_to_what_will_not_lie_beside_the_copy_become_text(course):
    text = exported("student").cells[0].source
    assert "See one, [here](#Exercises), [w](https://x.y)." in text


def test_text_is_shown_as_it_is(course):
    from dlcourse.course.editions import _prose

    assert _prose("a_b * c < `x_y < *`, $5 & [z]") == r"a\_b \* c &lt; `x_y < *`, <span>\$</span>5 &amp; \[z\]"


@every_chapter
def test_every_chapter_has_all_its_exercises_in_each_copy(chapter, tmp_path):
    wanted = [exercise.id for exercise in exercises_of(chapter.number)]
    for edition in ("student", "teacher", "solutions"):
        (path,) = export(chapter.number, edition, tmp_path / edition)
        notebook = read(path)
        cells = [read_exercise(cell.source, "a cell") for cell in exercises_in(notebook)]
        assert [cell.exercise.id for cell in cells] == wanted
        assert all(cell.is_blank is (edition != "solutions") for cell in cells)
        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@every_chapter
def test_a_students_copy_holds_nothing_of_the_solutions(chapter, tmp_path):
    (path,) = export(chapter.number, "student", tmp_path)
    notebook = read(path)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    assert not any("Solution of" in cell.source for cell in notebook.cells)


def test_all_chapters_lie_together_and_link_to_each_other(tmp_path):
    paths = export("all", "student", tmp_path / "lab")
    assert [path.name for path in paths] == [chapter.path.name for chapter in WRITTEN]
    assert f"]({WRITTEN[1].path.name})" in read(paths[0]).cells[-1].source


# Blank and filled cells


@pytest.mark.parametrize(
    ("source", "blank"),
    [
        ('def relu_neuron(x, w, b): ...\n\n\ncheck("01.1", relu_neuron)', None),
        ('def f(x):\n    """Doc."""\n\n\ncheck("01.1", f)', None),
        ('class F:\n    def __call__(self, x):\n        pass\n\n\ncheck("01.1", F)', None),
        ('x = ...  # your answer\ncheck("01.4", x)', None),
        ('x = 3\nx = 49\ncheck("01.4", x)', 'x = ...\n\ncheck("01.4", x)'),
        ('def f(x, w=1, *, b: int = 2) -> int:\n    return x\ncheck("01.1", f)',
         'def f(x, w=1, *, b: int=2) -> int:\n    ...\n\n\ncheck("01.1", f)'),
    ],
)  # fmt: skip
def test_a_cell_is_blanked_when_it_was_answered_and_else_left_alone(source, blank):
    cell = read_exercise(source, "the cell")
    assert cell.is_blank is (blank is None)
    assert cell.blank() == (blank or source)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("def f(:\n", "the cell is no Python (line 1); mend it first."),
        ("", "the cell must end in check"),
        ("x = 1", "the cell must end in check"),
        ('check("01.1", lambda x: x)', "the cell must end in check"),
        ('check("01.1", f)', "the cell checks f, which it does not define."),
        ('x = 1\ncheck("98.1", x)', "there is no exercise '98.1'"),
    ],
)
def test_a_cell_that_cannot_be_read_is_said(source, sentence):
    with pytest.raises(CourseError) as problem:
        read_exercise(source, "the cell")
    assert sentence in str(problem.value)


# Where they go, and what is refused


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (["00"], "exports/student/00_start_here.ipynb"),
        (["start_here", "-o", "lab.ipynb"], "lab.ipynb"),
        (["0", "--output", "deep/er"], "deep/er/00_start_here.ipynb"),
        (["all", "-o", "here"], "here/00_start_here.ipynb"),
    ],
)
def test_the_copy_goes_where_it_is_told(command, course, words, path):
    assert command("export", "--student", *words) == (0, f"{path}\n", "")
    assert read(path).metadata.dlcourse.edition == "student"
    assert [name for name in os.listdir(os.path.dirname(path) or ".") if name.startswith(".export-")] == []


def test_a_file_that_is_there_is_replaced_only_by_force(command, course):
    assert command("export", "00", "--student")[0] == 0
    code, _, err = command("export", "all", "--student")
    assert code == 2
    assert err == "dlcourse: exports/student/00_start_here.ipynb would be replaced: add --force to do that.\n"
    course(ANSWERED)
    assert command("export", "00", "--student", "--force")[0] == 0
    assert len(exercises_in(read("exports/student/00_start_here.ipynb"))) == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["00"], "say which copy you want: one of --student, --teacher and --solutions."),
        (["00", "--student", "--teacher"], "say which copy you want"),
        (["77", "--student"], "there is no chapter '77'"),
        (["01", "--student"], "is planned, not written yet"),
        (["all", "--student", "-o", "x.ipynb"], "all chapters go into a folder, and x.ipynb is a notebook"),
        (["00", "--student", "-o", "a_file/x.ipynb"], "cannot write a_file/x.ipynb: "),
        (["00", "--student", "-o", "a_folder.ipynb", "--force"], "a_folder.ipynb is a folder"),
        (["00", "--student", "-o", "../notebooks", "--force"], "is the course's own notebook"),
    ],
)
def test_what_a_user_gets_wrong_is_one_sentence_and_nothing_is_written(command, course, tmp_path, words, sentence):
    (tmp_path / "work" / "a_file").write_text("")
    (tmp_path / "work" / "a_folder.ipynb").mkdir()
    code, out, err = command("export", *words)
    assert (code, out) == (2, "")
    assert err.startswith("dlcourse: ")
    assert len(err.splitlines()) == 1
    assert sentence in err
    assert sorted(os.listdir()) == ["a_file", "a_folder.ipynb"]


@pytest.mark.parametrize("edition", ["student", "teacher", "solutions"])
def test_a_notebook_that_cannot_be_exported_is_named_and_nothing_is_written(course, edition):
    course("shape = (1, 2)")
    with pytest.raises(CourseError, match=r"cell 4 of 00_start_here\.ipynb must end in check"):
        export("00", edition)
    assert os.listdir() == []


def test_a_chapter_without_exercises_has_no_solutions(course):
    course()
    with pytest.raises(CourseError, match="chapter 00 has no exercises"):
        export("00", "solutions")
    assert exercises_in(exported("teacher")) == []


def test_a_notebook_that_begins_with_code_or_is_none_is_refused(course, tmp_path):
    path = tmp_path / "notebooks" / "00_start_here.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.pop(0)
    nbformat.write(notebook, path)
    with pytest.raises(CourseError, match="must begin with a cell of text"):
        export("00", "student")
    path.write_text("{")
    with pytest.raises(CourseError, match="cannot be read as a notebook"):
        export("00", "student")
    path.unlink()
    with pytest.raises(CourseError, match="no chapter is written yet"):
        export("all", "student")


def test_an_unknown_edition_is_refused(course):
    with pytest.raises(CourseError, match="no edition 'exam': take one of student, teacher, solutions"):
        export("00", "exam")
