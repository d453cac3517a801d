"""Checks a notebook against the course's own rules: `lint(path)`, or `python -m dlcourse.course.lint [NOTEBOOK]…`.

Nothing is executed: the rules read the file and what its committed outputs hold. docs/notebook-rules.md lists them for
authors and is written from their docstrings by `python -m dlcourse.course.lint --reference`.
"""

import argparse
import json
import sys
import warnings
from pathlib import Path

from dlcourse import paths
from dlcourse.course import lint_rules_code, lint_rules_file, lint_rules_order, lint_rules_outputs, lint_rules_prose
from dlcourse.course.lint_rules import RULES, TOPICS, Notebook, Problem
from dlcourse.course.parameters import ParameterError, read_notebook

__all__ = ["RULES", "Problem", "lint", "lint_all", "lint_command", "reference"]

# Each of these modules registers its rules when it is imported.
_RULE_MODULES = (lint_rules_file, lint_rules_order, lint_rules_code, lint_rules_outputs, lint_rules_prose)

_SKELETON = """\
    # 01. The chapter's title
    ## What you will be able to do
    ## What it takes
    ## Parameters
    [code, tagged `parameters`]    epochs: int = 200  # passes over the training rows
    [code, tagged `setup`]         imports, and: chapter = start("01")
    ## … the chapter's own sections …
    ## Results
    [code]                         the table of what was recorded
    ## Exercises
    [code, tagged `exercise`]      a stub, and as its last line: check("01.1", my_function)
    ## What was left out, and where to read on
    Previous: [Title](00_start_here.ipynb) · Next: [Title](02_why_deep_learning_now.ipynb)
"""

_INTRODUCTION = """\
# Rules for notebooks

<!-- Written by `python -m dlcourse.course.lint --reference > docs/notebook-rules.md`; edit the rules' docstrings. -->

`make lint` checks every committed notebook against these rules, and so does `make test`. One notebook:
`python -m dlcourse.course.lint notebooks/01_neuron_and_house_prices.ipynb`. A line of its output reads
`file:cell rule sentence`; cells are counted from 1, prose included.

A chapter is built like this:

"""


def lint(path: Path | str) -> list[Problem]:
    """Everything a notebook does against the rules, in the order of its cells; empty when it passes.

    A file that cannot be read as a notebook has one problem, of the rule `valid`, and the other rules are not asked.
    """
    path = Path(path)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        with warnings.catch_warnings(action="ignore"):  # what nbformat mends with a warning, the rule `valid` reports
            notebook = Notebook(path, raw, read_notebook(path))
    except (OSError, ValueError, ParameterError) as error:
        return [Problem("valid", None, f"The file cannot be read as a notebook: {error}")]
    broken = RULES["valid"].problems(notebook)
    found = broken or [each for rule in RULES.values() for each in rule.problems(notebook)]
    return sorted(found, key=lambda problem: problem.cell or 0)


def lint_all() -> dict[Path, list[Problem]]:
    """The problems of every notebook of the course, by its path; an empty list for one that passes."""
    return {path: lint(path) for path in committed_notebooks()}


def committed_notebooks() -> list[Path]:
    """Every .ipynb in the folder of the notebooks, in the order of the series."""
    return sorted(paths.notebooks_dir().glob("*.ipynb"))


def lint_command(files: list[str | Path]) -> int:
    """Print every problem of the notebooks as `file:cell rule sentence`; without files, those of the whole course.

    Returns:
        0 when all pass, 1 when a rule is broken, 2 when a file is not there.
    """
    chosen = [Path(file) for file in files] or committed_notebooks()
    missing = [str(path) for path in chosen if not path.is_file()]
    if missing:
        print(f"There is no notebook {', '.join(missing)}.", file=sys.stderr)
        return 2
    problems = [(path, problem) for path in chosen for problem in lint(path)]
    for path, problem in problems:
        shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        where = shown if problem.cell is None else f"{shown}:{problem.cell}"
        print(f"{where} {problem.rule} {problem.sentence}")
    if not problems:
        count = "1 notebook passes" if len(chosen) == 1 else f"{len(chosen)} notebooks pass"
        print(f"{count} all {len(RULES)} rules.")
    return 1 if problems else 0


def reference() -> str:
    """The text of docs/notebook-rules.md: every rule in its docstring's words, by topic."""
    parts = [_INTRODUCTION + _SKELETON]
    for topic in TOPICS:
        listed = "".join(f"- `{rule.name}`: {rule.says}\n" for rule in RULES.values() if rule.topic == topic)
        parts.append(f"## {topic}\n\n{listed}")
    return "\n".join(parts)


def main(arguments: list[str] | None = None) -> int:
    """The command line of `python -m dlcourse.course.lint`."""
    parser = argparse.ArgumentParser(prog="python -m dlcourse.course.lint", description="Check the course's notebooks.")
    parser.add_argument("notebooks", nargs="*", help="the .ipynb files to check; by default all of the course")
    parser.add_argument("--reference", action="store_true", help="print the rules instead, as docs/notebook-rules.md")
    chosen = parser.parse_args(arguments)
    if chosen.reference:
        print(reference(), end="")
        return 0
    return lint_command(chosen.notebooks)


if __name__ == "__main__":
    sys.exit(main())
