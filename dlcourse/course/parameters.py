"""The parameters of a notebook: read from its tagged cell, checked before any kernel starts.

A parameters cell holds nothing but annotated assignments with a comment each:

    epochs: int = 200  # passes over the training rows

papermill only warns about a name that a notebook does not have; here it is an error, and so is a wrong type.
"""

import ast
import difflib
import io
import tokenize
import tomllib
from dataclasses import dataclass
from pathlib import Path

from dlcourse import paths
from dlcourse.errors import CourseError

SCALARS = {"int": int, "float": float, "bool": bool, "str": str}
DEFAULT_PROFILE = "cpu"


class ParameterError(CourseError):
    """A parameter, a value or a profile that the notebook does not have."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook: `kind` is its annotation, such as "int" or "list[float]"."""

    name: str
    kind: str
    default: object
    comment: str

    def convert(self, value):
        """The value as this parameter's type; text, as it comes from a command line, is parsed.

        Raises:
            ParameterError: the value does not fit; the sentence names the parameter, its type and its default.
        """
        try:
            return _convert(self.kind, value)
        except (ValueError, SyntaxError, TypeError):
            raise ParameterError(
                f"parameter {self.name!r} takes {_article(self.kind)} (default {self.default!r}), not {value!r}."
            ) from None


def read_parameters(path: Path) -> dict[str, Parameter]:
    """The parameters of the notebook at `path`, by name, in their order.

    Raises:
        ParameterError: no such file, not a notebook, no cell tagged `parameters`, or a line that is not an
            annotated assignment of a literal.
    """
    cells = [cell for cell in read_notebook(path).cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ParameterError(f"{path.name} has {len(cells)} cells tagged 'parameters'; it takes exactly one.")
    return parse_parameters(cells[0].source, path.name)


def read_notebook(path: Path):
    """The notebook at `path`, validated.

    Raises:
        ParameterError: the file is missing or is not a notebook.
    """
    import nbformat  # takes a second to load, which every chapter's first cell would wait for

    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise ParameterError(f"there is no notebook {path}.") from None
    except Exception as error:  # nbformat lets JSON, schema and encoding errors through in many types
        raise ParameterError(f"{path} cannot be read as a notebook: {type(error).__name__}.") from None


def parse_parameters(source: str, where: str = "the parameters cell") -> dict[str, Parameter]:
    """The parameters written in the source of a parameters cell (see the module's docstring for its form)."""
    comments = _comments(source)
    found = {}
    for statement in ast.parse(source).body:
        if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value):
            raise ParameterError(
                f"{where}, line {statement.lineno} of the parameters: write 'name: type = value  # what it is'."
            )
        name, kind = statement.target.id, ast.unparse(statement.annotation)
        parameter = Parameter(
            name, kind, _literal(statement.value, name, where), comments.get(statement.end_lineno, "")
        )
        parameter.convert(parameter.default)
        found[name] = parameter
    return found


def profiles(number: str) -> dict[str, dict]:
    """The named parameter sets of a chapter, from notebooks/profiles.toml."""
    path = paths.notebooks_dir() / "profiles.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")).get(number, {})


def resolve(chapter, profile: str | None = None, overrides: dict | None = None) -> dict:
    """The values to inject into a chapter: its profile's, then the overrides, every one checked and converted.

    Args:
        chapter: a `Chapter` whose notebook is written.
        profile: a name in profiles.toml, or None for the defaults as they stand in the notebook.
        overrides: name to value; text is parsed to the parameter's type.

    Raises:
        ParameterError: an unknown profile, an unknown name or a value of the wrong type.
    """
    known = read_parameters(chapter.path)
    values = {}
    if profile is not None:
        values.update(_profile(chapter.number, profile))
    values.update(overrides or {})
    for name in values:
        if name not in known:
            raise ParameterError(_unknown(name, known, chapter.number))
    return {name: known[name].convert(value) for name, value in values.items()}


def _profile(number, name):
    there = profiles(number)
    if name not in there:
        raise ParameterError(f"chapter {number} has no profile {name!r}: it has {', '.join(there) or 'none'}.")
    return there[name]


def _unknown(name, known, number):
    close = difflib.get_close_matches(name, known, n=1)
    meant = f" did you mean {close[0]!r}?" if close else ""
    listed = ", ".join(f"{each.name} ({each.kind}, {each.default!r})" for each in known.values()) or "none"
    return f"chapter {number} has no parameter {name!r}:{meant} it has {listed}."


def _convert(kind, value):
    if kind.endswith("| None"):
        return None if value is None or value == "None" else _convert(kind.removesuffix("| None").strip(), value)
    if kind.startswith("list["):
        if isinstance(value, str):
            text = value.strip()
            value = ast.literal_eval(text) if text.startswith("[") else [part.strip() for part in text.split(",")]
        if not isinstance(value, list | tuple):
            raise TypeError(value)
        return [_convert(kind[5:-1], item) for item in value]
    return _scalar(SCALARS[kind] if kind in SCALARS else _refuse(kind), value)


def _scalar(kind, value):
    if kind is str:
        return value if isinstance(value, str) else _refuse(value)
    if kind is bool:
        lowered = str(value).lower()
        return lowered == "true" if lowered in ("true", "false") else _refuse(value)
    if isinstance(value, bool):
        raise TypeError(value)
    if kind is int and isinstance(value, float):
        raise TypeError(value)
    return kind(value)


def _refuse(value):
    raise TypeError(value)


def _article(kind):
    names = {"int": "a whole number", "float": "a number", "bool": "true or false", "str": "text"}
    return names.get(kind, kind)


def _literal(node, name, where):
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise ParameterError(f"{where}: the default of {name!r} must be a plain value, not an expression.") from None


def _comments(source):
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ").strip() for token in tokens if token.type == tokenize.COMMENT}
