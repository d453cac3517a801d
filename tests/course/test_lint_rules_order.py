"""The linter's rules under "Order": each broken by a notebook that breaks no other rule."""

import pytest
from breaking import Breaks, broken_rules, renumber
from made_notebook import code, find, markdown, printed

breaks = Breaks()


@pytest.mark.parametrize(("rule", "change", "says"), breaks.cases)
def test_a_notebook_that_breaks_one_rule(tmp_path, rule, change, says):
    assert broken_rules(tmp_path, change, says) == {rule}


def test_every_rule_of_the_topic_is_broken():
    breaks.assert_complete("Order")


@breaks("title", "'# A second'")
def a_second_title(notebook):
    find(notebook, "A first sentence").source += "\n\n# A second"


@breaks("title", "first line")
def a_title_after_the_first_line(notebook):
    notebook.cells[0].source = "Hello.\n\n" + notebook.cells[0].source


@breaks("title", "the syllabus' own")
def another_title(notebook):
    notebook.cells[0].source = "# 01. One neuron"


@breaks("sections", "is there 0 times")
def a_section_missing(notebook):
    find(notebook, "## What it takes").source = "Forty-five minutes."


@breaks("sections", "is there 2 times")
def a_section_twice(notebook):
    find(notebook, "### What was found").source += "\n\n## Exercises"


@breaks("sections", "must come after")
def sections_in_another_order(notebook):
    first, second = notebook.cells[1], notebook.cells[2]
    notebook.cells[1:3] = [second, first]


@breaks("sections", "must stand between")
def a_section_at_a_wrong_place(notebook):
    find(notebook, "Rosenblatt").source += "\n\n## More"


@breaks("sections", "of the chapter's own")
def no_section_of_its_own(notebook):
    cell = find(notebook, "## The line and the cut")
    cell.source = cell.source.replace("## The line and the cut", "")
    found = find(notebook, "### What was found")
    found.source = found.source.replace("### What was found", "")


@breaks("heading-levels", "level 4")
def a_level_jumped(notebook):
    cell = find(notebook, "### What was found")
    cell.source = cell.source.replace("###", "####")


@breaks("parameters", "0 do")
def no_parameters(notebook):
    find(notebook, "epochs: int").metadata.pop("tags")


@breaks("parameters", "2 do")
def two_cells_of_parameters(notebook):
    place = notebook.cells.index(find(notebook, "start("))
    notebook.cells.insert(place, code("seed: int = 1  # of the split", tags=["parameters"]))
    renumber(notebook)


@breaks("parameters", "lacks a comment")
def a_parameter_without_a_comment(notebook):
    cell = find(notebook, "epochs: int")
    cell.source = cell.source.replace("  # step sizes", "")


@breaks("parameters", "name: type = value")
def a_parameter_without_a_type(notebook):
    find(notebook, "epochs: int").source += "\nlayers = 3  # how many"


@breaks("parameters", "not valid Python")
def parameters_that_are_no_python(notebook):
    find(notebook, "epochs: int").source += "\nlayers: = 3"


@breaks("parameters", "plain value")
def a_parameter_that_is_computed(notebook):
    find(notebook, "epochs: int").source += "\nlayers: int = len('abc')  # how many"


@breaks("parameters", "first code cell")
def code_before_the_parameters(notebook):
    notebook.cells.insert(3, code("1 + 1", printed("2")))
    renumber(notebook)


@breaks("profiles", "must equal this cell")
def another_default_than_the_profile(notebook):
    cell = find(notebook, "epochs: int")
    cell.source = cell.source.replace("= 3", "= 4")


@breaks("profiles", "no parameter 'epochs'")
def a_profile_with_an_unknown_name(notebook):
    cell = find(notebook, "epochs: int")
    cell.source = cell.source.replace("epochs", "passes")


@breaks("profiles", "takes true or false")
def a_profile_with_another_type(notebook):
    cell = find(notebook, "epochs: int")
    cell.source = cell.source.replace("epochs: int = 3", "epochs: bool = True")


@breaks("setup", "0 do")
def no_setup(notebook):
    find(notebook, "start(").metadata.pop("tags")


@breaks("setup", "['04']")
def the_number_of_another_chapter(notebook):
    cell = find(notebook, "start(")
    cell.source = cell.source.replace('"01"', '"04"')


@breaks("setup", "calls start with []")
def a_setup_that_starts_nothing(notebook):
    find(notebook, "start(").source = "import numpy as np"


@breaks("results", "table of results")
def results_without_a_table(notebook):
    find(notebook, "results()").outputs = []


@breaks("navigation", "Next: [Title](04_logistic_regression.ipynb)")
def no_next(notebook):
    notebook.cells[-1].source = "Previous: [Start here](00_start_here.ipynb)"


@breaks("navigation", "Previous: [Title](00_start_here.ipynb)")
def a_last_cell_without_links(notebook):
    notebook.cells.append(markdown("The end."))
