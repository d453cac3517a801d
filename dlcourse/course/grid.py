"""The grid of a sweep: every combination of the values given, each checked, named and keyed.

A cell of the grid is one run of the chapter's notebook. Its key is made of what decides its result: the notebook's
cells, without their outputs, and the values of all its parameters.
"""

import hashlib
import json
import math
import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from dlcourse.course import parameters
from dlcourse.course.parameters import ParameterError
from dlcourse.course.syllabus import Chapter, find_written_chapter

SEED = "seed"
MOST_CELLS = 10_000
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Cell:
    """One run of a sweep. `label` and `name`: what is swept, for people and for files; `values`: every parameter."""

    label: str
    name: str
    key: str
    values: dict

    @property
    def stem(self) -> str:
        """The name of its files, without an ending."""
        return f"{self.name}-{self.key}"


@dataclass(frozen=True)
class Grid:
    """All runs of a sweep. `axes`: the values given for each parameter; `notebook`: the hash of what is run."""

    chapter: Chapter
    axes: dict[str, list]
    notebook: str
    cells: tuple[Cell, ...]

    @property
    def swept(self) -> list[str]:
        """The parameters with more than one value, without the seed: its values are repetitions."""
        return [name for name, values in self.axes.items() if name != SEED and len(values) > 1]


def expand(number, lists: dict | None = None, seeds: int | None = None, profile: str | None = None) -> Grid:
    """The grid of a chapter: the product of all lists and seeds, every value checked and converted.

    Args:
        number: the chapter, such as "10".
        lists: parameter name to its values, as a sequence or as text (see `split_values`).
        seeds: sets the parameter `seed` to 0, 1, …, seeds - 1.
        profile: a name in notebooks/profiles.toml, for the parameters that are not swept.

    Raises:
        CourseError: a wrong chapter, profile, name, type or number of seeds; a value given twice; nothing to sweep;
            more than 10,000 cells.
    """
    chapter = find_written_chapter(number)
    known = parameters.read_parameters(chapter.path)
    base = {name: each.default for name, each in known.items()} | parameters.resolve(chapter, profile)
    axes = {name: _axis(chapter, known.get(name), name, given) for name, given in (lists or {}).items()}
    if seeds is not None:
        axes[SEED] = _seeds(chapter, known, axes, seeds)
    _check_size(chapter, axes)
    axes = {name: list(values) for name, values in axes.items()}
    notebook = notebook_hash(chapter.path)
    combinations = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
    return Grid(chapter, axes, notebook, tuple(_cell(base, each, notebook) for each in combinations))


def split_values(text: str, kind: str) -> list[str]:
    """The values in a text from the command line: "8,20,32"; lists, and texts with commas, as "[1,2];[3,4]".

    Commas separate the values of plain types. Where a semicolon occurs, and always for a list, semicolons do, and
    commas belong to the values; a semicolon may end the text, so that "a,b;" is one value.
    """
    separator = ";" if ";" in text or kind.startswith("list[") else ","
    values = [part.strip() for part in text.split(separator)]
    return values[:-1] if separator == ";" and values[-1] == "" else values


def notebook_hash(path: Path) -> str:
    """A hash of what a notebook runs and says: the types, sources and tags of its cells, not their outputs."""
    cells = parameters.read_notebook(path).cells
    said = [[cell.cell_type, cell.source, sorted(cell.metadata.get("tags", []))] for cell in cells]
    return _digest(said)


def _axis(chapter, parameter, name, given):
    kind = parameter.kind if parameter else ""
    values = split_values(given, kind) if isinstance(given, str) else _listed(given)
    if not values or any(isinstance(value, str) and not value for value in values):
        raise ParameterError(f"parameter {name!r} is given an empty value in {given!r}.")
    converted = [parameters.resolve(chapter, None, {name: value})[name] for value in values]
    for position, value in enumerate(converted):
        if value in converted[:position]:
            raise ParameterError(f"parameter {name!r} is given {value!r} twice.")
    return converted


def _listed(given):
    return list(given) if hasattr(given, "__iter__") else [given]


def _seeds(chapter, known, axes, seeds):
    if isinstance(seeds, bool) or not isinstance(seeds, int) or seeds < 1:
        raise ParameterError(f"the number of seeds is a whole number from 1, not {seeds!r}.")
    if SEED not in known or known[SEED].kind != "int":
        raise ParameterError(
            f"chapter {chapter.number} has no whole-number parameter 'seed', so it cannot be repeated over seeds."
        )
    if SEED in axes:
        raise ParameterError("the seeds are given twice, as a parameter and as a number of seeds: leave one out.")
    return range(seeds)


def _check_size(chapter, axes):
    if not axes:
        raise ParameterError(
            f"there is nothing to sweep in chapter {chapter.number}: give a parameter its values, "
            "as in -p NAME V1,V2, or a number of seeds."
        )
    size = math.prod(len(values) for values in axes.values())
    if size > MOST_CELLS:
        raise ParameterError(f"the grid has {size:,} cells: a sweep takes at most {MOST_CELLS:,}.")


def _cell(base, combination, notebook):
    values = base | combination
    label = " ".join(f"{name}={value}" for name, value in combination.items())
    name = ",".join(f"{name}={_in_a_file_name(value)}" for name, value in combination.items())
    return Cell(label, name[:_LONGEST_NAME], _digest([notebook, values])[:12], values)


def _in_a_file_name(value):
    return re.sub(r"[^\w.+-]+", "-", str(value), flags=re.ASCII).strip("-") if isinstance(value, list | str) else value


def _digest(content):
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
