"""The linter's rules under "Text": each broken by a notebook that breaks no other rule."""

import pytest
from breaking import Breaks, broken_rules
from made_notebook import find, made_notebook, printed, save
from nbformat import v4

from dlcourse.course.lint import lint

breaks = Breaks()


@pytest.mark.parametrize(("rule", "change", "says"), breaks.cases)
def test_a_notebook_that_breaks_one_rule(tmp_path, rule, change, says):
    assert broken_rules(tmp_path, change, says) == {rule}


def test_every_rule_of_the_topic_is_broken():
    breaks.assert_complete("Text")


@breaks("word-count", "must have 1200 to 2500")
def too_few_words(notebook):
    find(notebook, "### What was found").source = "### What was found"


@breaks("word-count", "must have 1200 to 2500")
def too_many_words(notebook):
    find(notebook, "### What was found").source += " word" * 1300


@breaks("mathematics", "lacks its partner")
def a_dollar_alone(notebook):
    notebook.cells[1].source += "\n\nIt cost $250,000."


@breaks("mathematics", "means money")
def two_prices(notebook):
    notebook.cells[1].source += "\n\nIt cost $250,000 and not $300,000."


@breaks("mathematics", "lacks its partner")
def an_equation_broken_by_a_blank_line(notebook):
    notebook.cells[1].source += "\n\n$$\na\n\nb\n$$"


@breaks("mathematics", "braces")
def a_brace_alone(notebook):
    notebook.cells[1].source += "\n\nThe cost is $J(w_{1, b)$."


@breaks("mathematics", "\\begin and \\end")
def an_environment_left_open(notebook):
    notebook.cells[1].source += "\n\n$$\\begin{aligned} a$$"


@breaks("links", "'#Parameter'")
def a_link_to_no_heading(notebook):
    find(notebook, "The line bends").source += " [x](#Parameter)"


@breaks("links", "'02_why_deep_learning_now.ipynb'")
def a_link_to_a_chapter_not_written(notebook):
    find(notebook, "The line bends").source += " [x](02_why_deep_learning_now.ipynb)"


@breaks("links", "no such heading")
def a_link_to_no_heading_of_another_chapter(notebook):
    find(notebook, "The line bends").source += " [x](00_start_here.ipynb#By-there), [y](00_start_here.ipynb#By-here)"


@breaks("links", "'gone.html'")
def a_link_in_html(notebook):
    output = v4.new_output("display_data", {"text/html": '<a href="gone.html">x</a> <a href="#Parameters">y</a>'})
    find(notebook, "results()").outputs.append(output)


@breaks("no-registry", "name the package manager")
def a_registry_in_prose(notebook):
    notebook.cells[1].source += f"\n\nFrom https://files.{'python' + 'hosted'}.org/x."


@breaks("no-registry", "name the package manager")
def a_registry_in_an_output(notebook):
    find(notebook, "results()").outputs.append(printed(f"registry.{'npm' + 'js'}.org"))


def test_the_first_chapter_may_be_shorter(tmp_path):
    notebook = made_notebook()
    find(notebook, "## The line").source = "## The line\n\n" + "word " * 100
    rules = {problem.rule for problem in lint(save(notebook, tmp_path, "00_start_here.ipynb"))}
    assert "word-count" not in rules
    assert "word-count" in {problem.rule for problem in lint(save(notebook, tmp_path))}


@pytest.mark.parametrize(
    "text",
    [
        "Code is left alone: `cost = $5` and\n\n```sh\n# not a title\necho $HOME\n```",
        "A fence\n\n~~~\n## Results\n[x](gone.md)\n~~~",
        "Two formulas, $a_{1}$ and $\\{b\\}$, and \\$5 or \\$6.",
        "[A page](https://en.wikipedia.org/wiki/Rectifier_(neural_networks)), [up](#The-line-and-the-cut).",
        '<a id="here"></a>[there](#here), ![a line](00_start_here.ipynb "Title")',
    ],
)
def test_what_breaks_no_rule(tmp_path, text):
    notebook = made_notebook()
    notebook.cells[1].source += f"\n\n{text}"
    assert lint(save(notebook, tmp_path)) == []
