"""The code of solutions and of typical mistakes, as text that stands by itself."""

import ast
import inspect
import io
import keyword
import sys
import textwrap
import tokenize
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType

from dlcourse.exercises.definition import Exercise

_IMPORTS = (ast.Import, ast.ImportFrom)


def solution_code(exercise: Exercise, name: str) -> str:
    """Code that gives `name` the exercise's solution, with the imports and helpers that it needs and nothing else."""
    solution = exercise.solution
    if not callable(solution):
        return f"{name} = {solution!r}"
    if exercise.wants_function:
        return standalone(solution, name)
    return f"{standalone(solution)}\n\n\n{name} = {solution.__name__}()"


def standalone(function: Callable, name: str | None = None) -> str:
    """The source of a module's function, after the imports and definitions of that module that it needs.

    With `name` the function is called so.
    """
    module = sys.modules[function.__module__]
    needed = _needed(module, function.__name__)
    imports = [ast.unparse(_only(node, names)) for node, names in needed if isinstance(node, _IMPORTS)]
    definitions = [_segment(module, node) for node, _ in needed if not isinstance(node, _IMPORTS)]
    own = textwrap.dedent(inspect.getsource(function)).rstrip()
    parts = ["\n".join(imports), *definitions, own]
    code = "\n\n\n".join(part for part in parts if part)
    return code if name is None else _renamed(code, function.__name__, name)


def mistake_codes(exercise: Exercise) -> list[str]:
    """What each typical mistake of an exercise does, on one line as Python writes it; empty where that says little.

    Public functions, values and what a lambda returns say something; a private helper of the module does not.
    """
    call = _definition_of(exercise)
    found = next((each.value for each in call.keywords if each.arg == "mistakes"), None) if call else None
    listed = found.elts if isinstance(found, ast.List | ast.Tuple) else []
    if len(listed) != len(exercise.mistakes):  # made by a loop or a function
        return [""] * len(exercise.mistakes)
    return [_mistake_code(each) for each in listed]


def _mistake_code(node: ast.expr) -> str:
    wrong = node.args[0] if isinstance(node, ast.Call) and node.args else None
    if wrong is None or any(isinstance(each, ast.Name) and each.id.startswith("_") for each in ast.walk(wrong)):
        return ""
    return ast.unparse(wrong.body if isinstance(wrong, ast.Lambda) else wrong)


def _definition_of(exercise: Exercise) -> ast.Call | None:
    """The call `Exercise(id=…)` that made an exercise, in its chapter's module."""
    module = sys.modules.get(f"dlcourse.exercises.ch{exercise.chapter}")
    if module is None:
        return None
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Call) and any(
            each.arg == "id" and isinstance(each.value, ast.Constant) and each.value.value == exercise.id
            for each in node.keywords
        ):
            return node
    return None


@cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _needed(module: ModuleType, name: str) -> list[tuple[ast.stmt, set[str]]]:
    """The module's statements that define what the function `name` uses, and what those use, in the module's order."""
    makers = {made: node for node in _tree(module).body for made in _made_by(node)}
    wanted, waiting = {}, [makers[name]]
    while waiting:
        for used in _used(waiting.pop()):
            node = makers.get(used)
            if node is None or used == name:
                continue
            if id(node) not in wanted:
                waiting.append(node)
            wanted.setdefault(id(node), (node, set()))[1].add(used)
    return sorted(wanted.values(), key=lambda pair: pair[0].lineno)


def _made_by(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, _IMPORTS):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))


def _used(node: ast.stmt) -> set[str]:
    """The names that a statement reads and does not make itself: its own variables and parameters are left out."""
    if isinstance(node, _IMPORTS):
        return set()
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    own = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    if isinstance(node, ast.FunctionDef):
        own |= {each.id for each in names if isinstance(each.ctx, ast.Store)}
    return {each.id for each in names if isinstance(each.ctx, ast.Load)} - own


def _only(node: ast.Import | ast.ImportFrom, names: set[str]) -> ast.stmt:
    """The import of these names alone."""
    kept = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in names]
    return ast.Import(kept) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, kept, node.level)


def _segment(module: ModuleType, node: ast.stmt) -> str:
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    return "\n".join(inspect.getsource(module).splitlines()[first - 1 : node.end_lineno])


def _renamed(code: str, old: str, new: str) -> str:
    """The code with one name changed wherever it stands as a name, but after a dot."""
    if not new.isidentifier() or keyword.iskeyword(new):
        raise ValueError(f"name must be a name of Python, not {new!r}.")
    lines, before = code.splitlines(keepends=True), ""
    changes = []
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.NAME and token.string == old and before != ".":
            changes.append(token.start)
        before = token.string
    for row, column in reversed(changes):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new + line[column + len(old) :]
    return "".join(lines)
