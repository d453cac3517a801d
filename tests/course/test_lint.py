"""The linter as a whole: what it returns, prints and documents. Each rule is broken in test_lint_rules_*.py."""

import subprocess
import sys

import pytest
from made_notebook import NAME, find, made_notebook, markdown, save

from dlcourse import paths
from dlcourse.course import lint as linter
from dlcourse.course.lint import Problem, lint, lint_all, lint_command, main, reference
from dlcourse.course.lint_rules import RULES, rule


def test_a_sound_notebook_has_no_problems(tmp_path):
    assert lint(save(made_notebook(), tmp_path)) == []


def test_problems_come_in_the_order_of_the_cells(tmp_path):
    notebook = made_notebook()
    notebook.cells.append(markdown(""))
    notebook.cells.insert(1, markdown("# Second"))
    notebook.metadata.pop("kernelspec")
    places = [problem.cell for problem in lint(save(notebook, tmp_path))]
    assert places[0] is None
    assert [place for place in places if place] == sorted(place for place in places if place)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"cells": 3, "nbformat": 4, "nbformat_minor": 5}', "\xff"])
def test_a_file_that_is_no_notebook_has_one_kind_of_problem(tmp_path, content):
    path = tmp_path / NAME
    path.write_bytes(content.encode("latin-1"))
    assert {problem.rule for problem in lint(path)} == {"valid"}


def test_a_notebook_without_a_cell_is_checked_to_the_end(tmp_path):
    notebook = made_notebook()
    while notebook.cells:
        notebook.cells.pop(len(notebook.cells) // 2)
        rules = {problem.rule for problem in lint(save(notebook, tmp_path))}
        assert rules - {"valid"}
    assert {"title", "sections", "parameters", "setup", "figures", "records", "exercises"} <= rules


def test_a_missing_file_is_a_problem(tmp_path):
    assert [problem.rule for problem in lint(tmp_path / "none.ipynb")] == ["valid"]


def test_lint_all_has_every_notebook_of_the_folder(tmp_path, monkeypatch):
    path = save(made_notebook(), tmp_path)
    monkeypatch.setenv("DLCOURSE_NOTEBOOKS", str(tmp_path))
    found = lint_all()
    assert [each.name for each in found] == ["00_start_here.ipynb", NAME, "04_logistic_regression.ipynb"]
    assert found[path] == []
    assert found[tmp_path / "00_start_here.ipynb"]


def test_the_command_prints_file_cell_rule_and_sentence(tmp_path, capsys):
    notebook = made_notebook()
    find(notebook, "The line bends").source += " See [nothing](gone.md)."
    path = save(notebook, tmp_path)
    assert lint_command([path]) == 1
    cell = notebook.cells.index(find(notebook, "The line bends")) + 1
    assert capsys.readouterr().out.startswith(f"{path}:{cell} links The link to 'gone.md' leads nowhere")


def test_the_command_says_when_all_pass(tmp_path, capsys):
    assert lint_command([save(made_notebook(), tmp_path)]) == 0
    assert capsys.readouterr().out == f"1 notebook passes all {len(RULES)} rules.\n"


def test_the_command_names_a_file_that_is_not_there(tmp_path, capsys):
    assert lint_command([tmp_path / "none.ipynb"]) == 2
    assert "none.ipynb" in capsys.readouterr().err


def test_a_rule_is_registered_once_and_under_a_known_topic():
    with pytest.raises(ValueError, match="twice"):
        rule("title", "Order")(lambda notebook: iter(()))
    with pytest.raises(ValueError, match="topic"):
        rule("new", "Elsewhere")(lambda notebook: iter(()))
    assert "new" not in RULES


def test_every_rule_says_what_it_asks():
    assert all(each.says.endswith(".") for each in RULES.values())


def test_the_reference_for_authors_is_up_to_date(capsys):
    root = paths.repository_root()
    assert root is not None
    assert main(["--reference"]) == 0
    written = (root / "docs" / "notebook-rules.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == written == reference()


def test_the_module_is_light_and_runs_as_a_command(tmp_path):
    path = save(made_notebook(), tmp_path)
    heavy = "{'tensorflow', 'keras', 'matplotlib', 'pandas', 'scipy', 'nbclient', 'IPython'}"
    source = f"import sys, runpy; sys.argv = ['lint', {str(path)!r}]\n"
    source += "try: runpy.run_module('dlcourse.course.lint', run_name='__main__')\n"
    source += f"except SystemExit as end: print(end.code, sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_problem_is_what_the_public_module_names():
    assert linter.Problem is Problem
    assert Problem("title", None, "x") == Problem("title", None, "x")
