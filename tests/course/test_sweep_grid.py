import nbformat
import pytest
from swept import PARAMETERS, write_chapter

from dlcourse.course.grid import expand, notebook_hash, split_values
from dlcourse.errors import CourseError


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    """The notebook of a chapter that can be swept."""
    monkeypatch.setenv("DLCOURSE_NOTEBOOKS", str(tmp_path / "notebooks"))
    return write_chapter(tmp_path / "notebooks")


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("8,20,32", "int", ["8", "20", "32"]),
        ("8", "int", ["8"]),
        (" a , b ", "str", ["a", "b"]),
        ("a,b;c", "str", ["a,b", "c"]),
        ("a,b;", "str", ["a,b"]),
        ("[1,2];[3,4]", "list[int]", ["[1,2]", "[3,4]"]),
        ("1,2;3", "list[int]", ["1,2", "3"]),
        ("1,2", "list[int]", ["1,2"]),
        ("[1,2];None", "list[int] | None", ["[1,2]", "None"]),
    ],
)
def test_values_are_told_apart(text, kind, values):
    assert split_values(text, kind) == values


def test_a_grid_is_the_product_of_its_lists_and_seeds(chapter):
    grid = expand("1", {"depth": "8,20,32", "rate": "0.1,1"}, seeds=2)
    combinations = [(cell.values["depth"], cell.values["rate"], cell.values["seed"]) for cell in grid.cells]
    assert combinations == [(d, r, s) for d in (8, 20, 32) for r in (0.1, 1.0) for s in (0, 1)]
    assert grid.swept == ["depth", "rate"]
    assert len({cell.key for cell in grid.cells}) == 12


def test_lists_come_as_texts_or_as_lists(chapter):
    texts, lists = (expand("01", {"sizes": given}) for given in ("[1,2];[3]", [[1, 2], [3]]))
    assert [cell.values["sizes"] for cell in texts.cells] == [[1, 2], [3]]
    assert texts == lists
    assert expand("01", {"depth": range(3)}).axes == {"depth": [0, 1, 2]}
    assert expand("01", {"depth": 5}).axes == {"depth": [5]}


def test_every_parameter_of_a_cell_is_known(chapter):
    (cell,) = expand("01", {"depth": [20]}, profile="quick").cells
    assert cell.values == {"seed": 0, "depth": 20, "rate": 0.25, "sizes": [1, 2], "name": "house"}


def test_cells_are_named_for_people_and_for_files(chapter):
    grid = expand("01", {"name": "a/b c,../x", "sizes": "[1,2]"}, seeds=1)
    assert [cell.label for cell in grid.cells] == ["name=a/b c sizes=[1, 2] seed=0", "name=../x sizes=[1, 2] seed=0"]
    assert [cell.name for cell in grid.cells] == ["name=a-b-c,sizes=1-2,seed=0", "name=..-x,sizes=1-2,seed=0"]
    (long,) = expand("01", {"name": ["x" * 500]}).cells
    assert len(long.stem) < 120


def test_the_key_is_the_same_however_it_was_asked_for(chapter):
    ways = [
        expand("01", {"depth": "8", "rate": "0.25"}),
        expand("01", {"rate": [0.25], "depth": [8]}),
        expand("01", {"depth": "08"}, seeds=1, profile="quick"),
    ]
    assert len({cell.key for grid in ways for cell in grid.cells}) == 1


def test_another_value_or_another_notebook_is_another_key(chapter):
    (before,), (other,) = (expand("01", {"depth": depth}).cells for depth in (8, 9))
    assert before.key != other.key
    notebook = nbformat.read(chapter, as_version=4)
    notebook.cells[-1].source += "\n"
    nbformat.write(notebook, chapter)
    assert expand("01", {"depth": 8}).cells[0].key != before.key


def test_outputs_do_not_make_another_notebook(chapter):
    before = notebook_hash(chapter)
    notebook = nbformat.read(chapter, as_version=4)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="anew")]
    notebook.cells[-1].execution_count = 9
    notebook.metadata["noise"] = 1
    nbformat.write(notebook, chapter)
    assert notebook_hash(chapter) == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"number": "99", "lists": {"depth": "1"}}, "there is no chapter '99'"),
        ({"number": "02", "lists": {"depth": "1"}}, "is planned, not written yet"),
        ({}, "there is nothing to sweep in chapter 01"),
        ({"lists": {"dept": "1,2"}}, "no parameter 'dept': did you mean 'depth'"),
        ({"lists": {"depth": "8,x"}}, "'depth' takes a whole number .default 8., not 'x'"),
        ({"lists": {"depth": [8, 2.5]}}, "takes a whole number"),
        ({"lists": {"depth": "8,,20"}}, "'depth' is given an empty value in '8,,20'"),
        ({"lists": {"depth": ""}}, "empty value"),
        ({"lists": {"depth": []}}, "empty value"),
        ({"lists": {"depth": "8,08"}}, "'depth' is given 8 twice"),
        ({"lists": {"sizes": "[1,2];[a]"}}, "takes list"),
        ({"lists": {"depth": "8"}, "profile": "tpu"}, "no profile 'tpu'"),
        ({"seeds": 0}, "number of seeds is a whole number from 1, not 0"),
        ({"seeds": True}, "number of seeds is a whole number from 1, not True"),
        ({"seeds": 2, "lists": {"seed": "4,5"}}, "the seeds are given twice"),
        ({"seeds": 10_001}, "the grid has 10,001 cells: a sweep takes at most 10,000"),
        ({"seeds": 10**9}, "the grid has 1,000,000,000 cells"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(chapter, arguments, sentence):
    with pytest.raises(CourseError, match=sentence) as refused:
        expand(**{"number": "01", **arguments})
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_a_chapter_without_a_seed_cannot_be_repeated(chapter):
    write_chapter(chapter.parent, parameters=PARAMETERS.split("\n", 1)[1])
    with pytest.raises(CourseError, match="no whole-number parameter 'seed', so it cannot be repeated over seeds"):
        expand("01", {"depth": "8"}, seeds=3)
