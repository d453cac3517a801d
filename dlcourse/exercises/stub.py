"""Whether an answer is still the stub that the notebook came with."""

import ast
import dis
import inspect
import textwrap
import types

_LAMBDA = "f = lambda: ..."
_STUBS = """
def f(): ...
def f(): 'docstring'
def f():
    'docstring'
    ...
def f(): pass
def f(): return ...
def f(): raise NotImplementedError
def f(): raise NotImplementedError()
def f(): raise NotImplementedError('text')
"""


def is_untouched(answer) -> bool:
    """Whether nothing has been filled in: the value `...` or None, or a function or class whose body does nothing."""
    if answer is None or answer is Ellipsis:
        return True
    if inspect.isclass(answer):
        methods = [value for value in vars(answer).values() if inspect.isfunction(value)]
        return bool(methods) and all(map(is_untouched, methods))
    definition = _definition(answer)
    if definition is not None:
        return is_blank(definition)
    if not inspect.isfunction(answer):
        return False
    stubs = _LAMBDA if answer.__name__ == "<lambda>" else _STUBS
    return _instructions(answer.__code__) in _instructions_of_all(stubs)


def is_blank(definition: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the body of a `def` does nothing."""
    return all(map(_is_blank, _without_last_return(definition.body)))


def open_place(answer) -> int | None:
    """The line, counted from the `def`, on which a `...` still waits to be replaced; None when there is none."""
    definition = _definition(answer)
    if definition is None:
        return None
    lines = [node.lineno for node in ast.walk(definition) if _waits(node)]
    return min(lines, default=None)


def _definition(answer) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The syntax tree of a `def`; None for lambdas and where the source is not to be had."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(answer)))
    except Exception:  # no source (OSError, TypeError), a piece of a larger expression (SyntaxError), a tokenizer's own
        return None
    found = tree.body[0]
    is_function = isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef)
    return found if is_function and found.name == getattr(answer, "__name__", None) else None


def _is_blank(statement: ast.stmt) -> bool:
    """Whether a statement is one of a stub's."""
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return _waits(statement)


def _without_last_return(body: list[ast.stmt]) -> list[ast.stmt]:
    """The body without a last `return name`, where the names are given values by lines that are still blank."""
    *rest, last = body
    if not (rest and isinstance(last, ast.Return) and last.value is not None):
        return body
    returned = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
    blank = {target.id for line in rest if _waits(line) for target in _targets(line) if isinstance(target, ast.Name)}
    only_blank = all(isinstance(value, ast.Name) and value.id in blank for value in returned)
    return rest if only_blank else body


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AnnAssign) else []


def _waits(node: ast.AST) -> bool:
    """Whether this is `return ...` or `name = ...`."""
    return isinstance(node, ast.Return | ast.Assign | ast.AnnAssign) and _is_ellipsis(node.value)


def _is_ellipsis(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _instructions(code) -> list[tuple]:
    """The bytecode without what depends on the place in the file; texts, such as a docstring, count as equal."""
    return [
        (step.opname, "text" if isinstance(step.argval, str) and "CONST" in step.opname else step.argval)
        for step in dis.get_instructions(code)
        if step.opname not in ("RESUME", "NOP", "CACHE", "PRECALL")
    ]


def _instructions_of_all(source: str) -> list[list[tuple]]:
    """The bytecode of the functions in this source, by the interpreter that runs now."""
    constants = compile(source, "<stubs>", "exec").co_consts
    return [_instructions(constant) for constant in constants if isinstance(constant, types.CodeType)]
