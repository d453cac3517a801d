"""The exercise cells of a notebook: what they ask for, blank again, or filled with the solution."""

import ast
from dataclasses import dataclass

from dlcourse.errors import CourseError
from dlcourse.exercises import Exercise, find, stub
from dlcourse.exercises.sources import solution_code


@dataclass(frozen=True)
class ExerciseCell:
    """An exercise cell: its source, the exercise, the name it hands to `check`, and the statement that defines it."""

    source: str
    exercise: Exercise
    name: str
    definition: ast.stmt

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been filled in."""
        node = self.definition
        if isinstance(node, ast.Assign):
            return isinstance(node.value, ast.Constant) and node.value.value is ...
        functions = [each for each in ast.walk(node) if isinstance(each, ast.FunctionDef)]
        return all(map(stub.is_blank, functions))

    def blank(self) -> str:
        """The cell as it was before it was answered: names and parameters stay, and so does a docstring."""
        if self.is_blank:
            return self.source
        node = self.definition
        if isinstance(node, ast.Assign):
            return f'{self.name} = ...\n\ncheck("{self.exercise.id}", {self.name})'
        for each in ast.walk(node):
            if isinstance(each, ast.FunctionDef):
                each.body = [*_docstring(each), ast.Expr(ast.Constant(...))]
        return f'{ast.unparse(node)}\n\n\ncheck("{self.exercise.id}", {self.name})'

    def solved(self) -> str:
        """The cell with the solution in the place of the stub, and its check."""
        space = "\n\n\n" if self.exercise.wants_function else "\n\n"
        return f'{solution_code(self.exercise, self.name)}{space}check("{self.exercise.id}", {self.name})'


def is_exercise(cell) -> bool:
    """Whether a notebook's cell is tagged as an exercise."""
    return cell.cell_type == "code" and "exercise" in cell.metadata.get("tags", [])


def read_exercise(source: str, where: str) -> ExerciseCell:
    """Read an exercise cell; `where` names it in the sentence of an error.

    Raises:
        CourseError: it is no Python, does not end in `check("NN.k", name)`, or does not define the name; no exercise
            has this id.
    """
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise CourseError(f"{where} is no Python (line {error.lineno}); mend it first.") from None
    exercise_id, name = _checked(body[-1] if body else None)
    if exercise_id is None:
        raise CourseError(f'{where} must end in check("NN.k", name), with the name of the answer that it defines.')
    definition = next((each for each in reversed(body) if _defines(each, name)), None)
    if definition is None:
        raise CourseError(f"{where} checks {name}, which it does not define.")
    return ExerciseCell(source, find(exercise_id), name, definition)


def _checked(node: ast.stmt | None) -> tuple[str | None, str]:
    match node:
        case ast.Expr(
            value=ast.Call(func=ast.Name(id="check"), args=[ast.Constant(value=str(exercise_id)), ast.Name(id=name)])
        ):
            return exercise_id, name
    return None, ""


def _defines(node: ast.stmt, name: str) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    return isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name


def _docstring(node: ast.FunctionDef) -> list[ast.stmt]:
    return node.body[:1] if ast.get_docstring(node, clean=False) is not None else []
