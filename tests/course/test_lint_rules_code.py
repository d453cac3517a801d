"""The linter's rules under "Code": each broken by a notebook that breaks no other rule."""

import pytest
from breaking import Breaks, add_short_cells, broken_rules, renumber
from made_notebook import exercise, find, made_notebook, save
from nbformat import v4

from dlcourse.course.lint import lint

breaks = Breaks()


@pytest.mark.parametrize(("rule", "change", "says"), breaks.cases)
def test_a_notebook_that_breaks_one_rule(tmp_path, rule, change, says):
    assert broken_rules(tmp_path, change, says) == {rule}


def test_every_rule_of_the_topic_is_broken():
    breaks.assert_complete("Code")


@breaks("cell-length", "31 lines")
def a_cell_too_long(notebook):
    find(notebook, "results()").source = "\n\n".join(f"a_{i} = {i}" for i in range(31))
    add_short_cells(notebook)


@breaks("cell-length", "median code cell has 9")
def most_cells_too_long(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.get("tags"):
            cell.source = "\n".join([*(f"a_{i} = {i}" for i in range(8)), cell.source])
    find(notebook, "3 * 7").source = "\n".join(["3 * 7"] * 9)


@breaks("cell-length", "over one in ten")
def too_many_long_cells(notebook):
    for text in ("results()", "figure(1)"):
        find(notebook, text).source = "\n".join([text] * 16)


@breaks("definition-length", "train has 16 lines")
def a_function_too_long(notebook):
    body = "\n".join(f"    a_{i} = {i}" for i in range(15))
    find(notebook, "figure(1)").source = f"def train(x):\n{body}"
    add_short_cells(notebook)


@breaks("definition-length", "Net has 17 lines")
def a_class_too_long(notebook):
    body = "\n\n".join(f"    a_{i} = {i}" for i in range(15))
    find(notebook, "figure(1)").source = f"%matplotlib inline\n@final\nclass Net:\n    # a net\n{body}"
    add_short_cells(notebook)


@breaks("prose-between", "4th code cell in a row")
def code_without_prose(notebook):
    notebook.cells.insert(-1, exercise(4))
    notebook.cells[-2], notebook.cells[-3] = notebook.cells[-3], notebook.cells[-2]
    renumber(notebook)


@breaks("compared-cells", "its record differs")
def a_record_that_is_compared(notebook):
    find(notebook, "record(").metadata["tags"] = ["nbval-check-output"]


@breaks("compared-cells", "its SVG differs")
def a_drawing_that_is_compared(notebook):
    metadata = {"image/svg+xml": {"alt": "a line"}}
    output = v4.new_output("display_data", {"image/svg+xml": "<svg/>", "text/plain": "a line"}, metadata=metadata)
    find(notebook, "3 * 7").outputs = [output]


@breaks("compared-cells", "could be compared")
def nothing_to_compare(notebook):
    find(notebook, "3 * 7").outputs = []


def test_the_tag_lesson_allows_a_long_function(tmp_path):
    notebook = made_notebook()
    a_function_too_long(notebook)
    find(notebook, "def train").metadata["tags"] = ["lesson"]
    assert lint(save(notebook, tmp_path)) == []
