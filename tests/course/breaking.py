"""Changes to a sound notebook that each break one rule, and what the linter says of them."""

import pytest
from made_notebook import code, find, made_notebook, markdown, save

from dlcourse.course.lint import lint
from dlcourse.course.lint_rules import RULES


class Breaks:
    """The cases of one test module: `@breaks(rule, says)` registers a function that changes the sound notebook."""

    def __init__(self):
        self.cases = []

    def __call__(self, rule, says):
        def register(change):
            self.cases.append(pytest.param(rule, change, says, id=f"{rule}-{change.__name__}"))
            return change

        return register

    def assert_complete(self, topic, apart=frozenset()):
        """Every rule of the topic is broken here, those named in `apart` by tests of their own."""
        broken = {case.values[0] for case in self.cases}
        assert broken | apart == {rule.name for rule in RULES.values() if rule.topic == topic}


def broken_rules(folder, change, says):
    """The names of the rules that the changed notebook breaks; one of the problems must hold the text `says`."""
    notebook = made_notebook()
    change(notebook)
    problems = lint(save(notebook, folder))
    assert any(says in problem.sentence for problem in problems), problems
    assert all(problem.cell is None or 1 <= problem.cell <= len(notebook.cells) for problem in problems)
    return {problem.rule for problem in problems}


def renumber(notebook):
    """Give the code cells the execution counts of one clean run."""
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = count


def add_short_cells(notebook):
    """So many short code cells, with prose between, that one long one is under a tenth."""
    place = notebook.cells.index(find(notebook, "The line bends")) + 1
    notebook.cells[place:place] = [each for k in range(12) for each in (code(f"{k}"), markdown("More."))]
    renumber(notebook)
