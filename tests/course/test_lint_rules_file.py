"""The linter's rules under "The file": each broken by a notebook that breaks no other rule."""

import pytest
from breaking import Breaks, broken_rules
from made_notebook import NAME, PIXEL, find, made_notebook, markdown, save
from nbformat import v4

from dlcourse.course.lint import lint

breaks = Breaks()


@pytest.mark.parametrize(("rule", "change", "says"), breaks.cases)
def test_a_notebook_that_breaks_one_rule(tmp_path, rule, change, says):
    assert broken_rules(tmp_path, change, says) == {rule}


def test_every_rule_of_the_topic_is_broken():
    breaks.assert_complete("The file", apart={"file-name", "size"})


@breaks("valid", "used by an earlier cell")
def two_cells_of_one_id(notebook):
    notebook.cells[3].id = notebook.cells[2].id


@breaks("valid", "no valid notebook")
def a_field_that_is_not_in_the_format(notebook):
    notebook.cells[3]["colour"] = "red"


@breaks("valid", "4.4")
def an_older_format(notebook):
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]


@breaks("kernelspec", "Python 3 (ipykernel)")
def another_kernel(notebook):
    notebook.metadata["kernelspec"] = {"name": "course", "display_name": "Course", "language": "python"}


@breaks("kernelspec", "null")
def no_kernel(notebook):
    del notebook.metadata["kernelspec"]


@breaks("metadata", "'widgets'")
def widgets_kept(notebook):
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}


@breaks("metadata", "depends on the machine")
def the_version_of_python(notebook):
    notebook.metadata["language_info"] = {**notebook.metadata["language_info"], "version": "3.12.1"}


@breaks("metadata", "'execution'")
def times_of_execution(notebook):
    notebook.cells[4].metadata["execution"] = {"iopub.status.busy": "2024-01-01T00:00:00Z"}


@breaks("metadata", "live widget")
def a_live_widget(notebook):
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "abc"}}
    find(notebook, "results()").outputs.append(v4.new_output("display_data", data))


@breaks("empty-cell", "delete it")
def an_empty_cell(notebook):
    notebook.cells.insert(9, markdown(" \n"))


@breaks("tags", "'excercise'")
def a_tag_misspelt(notebook):
    find(notebook, "results()").metadata["tags"] = ["excercise"]


@breaks("tags", "code cell")
def a_tag_on_prose(notebook):
    notebook.cells[1].metadata["tags"] = ["lesson"]


@breaks("tags", "nbval")
def a_comment_for_nbval(notebook):
    find(notebook, "results()").source = "# NBVAL_SKIP\nresults()"


@breaks("executed", "not [3]")
def run_twice(notebook):
    find(notebook, "figure(1)").execution_count = 14


@breaks("executed", "not run")
def never_run(notebook):
    find(notebook, "results()").execution_count = None


def test_a_file_with_a_name_that_the_syllabus_does_not_have(tmp_path):
    problems = lint(save(made_notebook(), tmp_path, "01_neurons.ipynb"))
    assert [problem.rule for problem in problems] == ["file-name"]
    assert NAME in problems[0].sentence
    assert "no chapter's number" in lint(save(made_notebook(), tmp_path, "neurons.ipynb"))[0].sentence


def test_a_file_that_is_too_large_names_its_largest_output(tmp_path):
    notebook = made_notebook()
    find(notebook, "figure(1)").outputs[0].data["image/png"] = PIXEL * 40_000
    [problem] = lint(save(notebook, tmp_path))
    assert problem.rule == "size"
    assert "cell 8" in problem.sentence
