"""The package's reference: one page a room, made from `__all__` and the docstrings."""

import importlib
import inspect
import pkgutil
import re
import typing
from types import ModuleType

from coursesite.docstrings import as_rst

ROOMS = ["course", "data", "detection", "exercises", "layers", "models"]
ROOMS += ["plots", "scratch", "text", "training", "verification"]


def public_names(room: str) -> list[str]:
    """The room's public names with what they are, dotted below the room: functions, classes, and modules' functions."""
    package = importlib.import_module(f"dlcourse.{room}")
    found = []
    for name in sorted(package.__all__, key=str.lower):
        found += _names(name, getattr(package, name))
    if room == "plots":  # a figure's module is reached by its name, plots.logistic, and is in no list
        for module in pkgutil.iter_modules(package.__path__):
            found += _names(module.name, importlib.import_module(f"{package.__name__}.{module.name}"))
    found += [name for name in _given(package, found) if name not in found]
    return list(dict.fromkeys(found))


def _given(package, names):
    """The classes of the room, private by name of their module, that public ones name in their annotations."""
    known, waiting, found = {_get(package, name) for name in names}, [_get(package, name) for name in names], []
    while waiting:
        for what in _annotated(waiting.pop()):
            if what not in known and what.__module__.startswith(f"{package.__name__}."):
                known.add(what)
                waiting.append(what)
                found.append(f"{what.__module__.removeprefix(package.__name__ + '.')}.{what.__qualname__}")
    return sorted(found)


def _annotated(what):
    """Every class in the annotations of a function, or of a class's fields and public methods."""
    members = (
        [getattr(each, "fget", each) for name, each in vars(what).items() if name[0] != "_"]
        if inspect.isclass(what)
        else []
    )
    for each in [what, *filter(inspect.isfunction, members)]:
        try:
            hints = typing.get_type_hints(each)
        except (NameError, TypeError, AttributeError):
            continue
        waiting = list(hints.values())
        while waiting:
            hint = waiting.pop()
            waiting += typing.get_args(hint)
            if inspect.isclass(hint):
                yield hint


def _get(package, name):
    """What a dotted name below a room stands for; a module of the room is asked before a function of the same name."""
    first, _, rest = name.partition(".")
    what = importlib.import_module(f"{package.__name__}.{first}") if rest else getattr(package, first)
    for part in filter(None, rest.split(".")):
        what = getattr(what, part)
    return what


def _names(name, what):
    if isinstance(what, ModuleType):
        return [
            f"{name}.{inner}"
            for inner, value in vars(what).items()
            if not inner.startswith("_") and getattr(value, "__module__", None) == what.__name__
        ]
    return [name] if callable(what) else []


def page(room: str) -> str:
    """The room's page in reStructuredText: what it is for, a table of its names, and each in full."""
    package = importlib.import_module(f"dlcourse.{room}")
    title = f"dlcourse.{room}"
    names = public_names(room)
    lines = [title, "=" * len(title), "", f".. py:module:: {title}", "", *as_rst(inspect.getdoc(package)), ""]
    lines += [".. list-table::", "   :widths: 35 65", "   :class: names", ""]
    for name in names:
        kind, summary = _kind_and_summary(package, name)
        lines += [f"   * - :py:{kind}:`{name} <{title}.{name}>`", f"     - {summary}"]
    for name in names:
        kind, _ = _kind_and_summary(package, name)
        directive = {"func": "autofunction", "class": "autoclass", "exc": "autoexception"}[kind]
        lines += ["", name, "-" * len(name), "", f".. {directive}:: {title}.{name}"]
        lines += ["   :members:"] if kind == "class" else []
    return "\n".join(lines) + "\n"


def _kind_and_summary(package, name):
    what = _get(package, name)
    kind = "func" if not inspect.isclass(what) else "exc" if issubclass(what, BaseException) else "class"
    paragraph = (inspect.getdoc(what) or "").split("\n\n")[0]
    return kind, " ".join(as_rst(paragraph)).strip()


def rewrite(app, what, name, obj, options, lines):
    """Sphinx's hook: the docstring's lines, changed in place."""
    lines[:] = as_rst("\n".join(lines))


def signature(app, what, name, obj, options, arguments, returned):
    """What a reader writes between the brackets.

    Keras's classes are made by `__new__(*args, **kwargs)`; what is meant is `__init__`. A default that is a function is
    given by its name: that of a bound method would show the object, such as the environment of whoever builds the site.
    """
    if what not in ("class", "exception", "function") or not arguments:
        return None
    from_new = arguments.replace(" ", "").startswith("(*args,**kwargs)")
    try:
        asked = inspect.signature(obj.__init__ if from_new else obj)
    except (TypeError, ValueError):
        return None
    parameters = list(asked.parameters.values())[1 if from_new else 0 :]
    short = [
        each.replace(default=_Named(each.default)) if inspect.isroutine(each.default) else each for each in parameters
    ]
    if not from_new and short == parameters:
        return None
    return str(asked.replace(parameters=short, return_annotation=asked.empty)), returned


class _Named:
    def __init__(self, function):
        self.name = function.__name__

    def __repr__(self):
        return self.name


def mend_ways_back(app, pagename, templatename, context, doctree):
    """On pages of source code, lead back to where a class stands; Sphinx expects all of a module's in one place."""
    if not pagename.startswith("_modules/"):
        return
    known = app.env.get_domain("py").objects

    def anchor(match):
        parts = match[1].split(".")
        there = match[1] if match[1] in known else None
        for start in range(2, len(parts)):
            ends = [
                each
                for each in known
                if each.split(".")[:2] == parts[:2] and each.endswith("." + ".".join(parts[start:]))
            ]
            there = there or next(iter(ends), None)
        return f'#{there or match[1]}"'

    context["body"] = re.sub(r'#(dlcourse\.[\w.]+)"', anchor, context["body"])


def setup(app):
    app.connect("autodoc-process-docstring", rewrite)
    app.connect("autodoc-process-signature", signature)
    app.connect("html-page-context", mend_ways_back)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
