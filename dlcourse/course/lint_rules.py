"""What a rule for notebooks is, and the view of a notebook that every rule is given.

The rules themselves are in the modules named `lint_rules_*`; each is a small generator registered with `@rule`.
"""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dlcourse.course.syllabus import Chapter, chapters

TOPICS = ("The file", "Order", "Code", "Outputs", "Text")

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)


@dataclass(frozen=True)
class Problem:
    """What a notebook does against a rule. `cell` counts all cells from 1, None stands for the whole file."""

    rule: str
    cell: int | None
    sentence: str


@dataclass(frozen=True)
class Rule:
    """One rule: `check` yields (cell, sentence) for everything that breaks it; its docstring is for authors."""

    name: str
    topic: str
    check: Callable[["Notebook"], Iterator[tuple[int | None, str]]]

    @property
    def says(self) -> str:
        """The rule in an author's words, on one line."""
        return " ".join((inspect.getdoc(self.check) or "").split())

    def problems(self, notebook: "Notebook") -> list[Problem]:
        """Everything in `notebook` that breaks this rule."""
        return [Problem(self.name, cell, sentence) for cell, sentence in self.check(notebook)]


RULES: dict[str, Rule] = {}


def rule(name: str, topic: str):
    """Register the decorated generator as the rule called `name`, under one of `TOPICS`."""

    def register(check):
        if name in RULES or topic not in TOPICS:
            raise ValueError(f"rule {name!r} is registered twice, or its topic {topic!r} is not one of {TOPICS}.")
        RULES[name] = Rule(name, topic, check)
        return check

    return register


@dataclass(frozen=True)
class Heading:
    """A heading of a notebook: its level (1 to 6), its text, and the cell it stands in."""

    level: int
    text: str
    cell: int


class Cell:
    """One cell. `number` counts all cells of the notebook from 1."""

    def __init__(self, number, node):
        self.number = number
        self.is_code = node.cell_type == "code"
        self.is_markdown = node.cell_type == "markdown"
        self.source = node.source
        self.metadata = node.metadata
        self.tags = tuple(node.metadata.get("tags", ()))
        self.outputs = list(node.get("outputs", ()))
        self.execution_count = node.get("execution_count")

    @property
    def lines(self) -> int:
        """How many of its lines are not blank."""
        return sum(bool(line.strip()) for line in self.source.splitlines())

    @cached_property
    def tree(self) -> ast.Module | None:
        """The cell's code as Python reads it, magics left out; None where it is not Python."""
        plain = _MAGIC.sub(r"\1pass", self.source)
        try:
            return compile(plain, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError):
            return None

    @property
    def prose(self) -> str:
        """A markdown cell's text without its fenced blocks of code."""
        return _FENCE.sub("", self.source)

    @property
    def shown(self) -> str:
        """Everything its outputs say, as text: streams, rich forms and the strings within JSON; no pictures."""
        return "\n".join(text for output in self.outputs for text in _texts(output))

    def data(self, mime: str) -> list:
        """What the cell's outputs hold of one MIME type, in order."""
        return [output["data"][mime] for output in self.outputs if mime in output.get("data", {})]


class Notebook:
    """A notebook as the rules see it: `path`, `raw` (the file's own JSON), `metadata`, and `cells`."""

    def __init__(self, path: Path, raw: dict, node):
        self.path = path
        self.raw = raw
        self.metadata = node.metadata
        self.cells = [Cell(number, cell) for number, cell in enumerate(node.cells, start=1)]

    @property
    def code(self) -> list[Cell]:
        """Its code cells."""
        return [cell for cell in self.cells if cell.is_code]

    @property
    def markdown(self) -> list[Cell]:
        """Its markdown cells."""
        return [cell for cell in self.cells if cell.is_markdown]

    def tagged(self, tag: str) -> list[Cell]:
        """The code cells that carry a tag."""
        return [cell for cell in self.code if tag in cell.tags]

    @cached_property
    def chapter(self) -> Chapter | None:
        """The chapter its file name belongs to, None where the syllabus has no such name."""
        return next((each for each in chapters() if each.path.name == self.path.name), None)

    @cached_property
    def headings(self) -> list[Heading]:
        """Its headings, in order; what looks like one inside a block of code is none."""
        return [
            Heading(len(marks), text, cell.number)
            for cell in self.markdown
            for marks, text in _HEADING.findall(cell.prose)
        ]


def _texts(output):
    if "text" in output:
        yield output.text
    for mime, data in output.get("data", {}).items():
        if not mime.startswith("image/"):
            yield from _strings(data)


def _strings(data):
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for each in data.values():
            yield from _strings(each)
    elif isinstance(data, list):
        for each in data:
            yield from _strings(each)
