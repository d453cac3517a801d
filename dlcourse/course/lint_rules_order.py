"""Rules for the order of a notebook: its title, its sections, and the cells that stand at a fixed place."""

import ast
import tomllib
from itertools import pairwise

from dlcourse.course.lint_rules import rule
from dlcourse.course.lint_rules_prose import link_targets
from dlcourse.course.parameters import DEFAULT_PROFILE, ParameterError, parse_parameters
from dlcourse.course.syllabus import chapters

BEFORE = ("What you will be able to do", "What it takes", "Parameters")
AFTER = ("Results", "Exercises", "What was left out, and where to read on")
SECTIONS = BEFORE + AFTER


@rule("title", "Order")
def _title(notebook):
    """The first line is the only heading of level one, and holds the chapter's title from the syllabus."""
    first = [heading for heading in notebook.headings if heading.level == 1]
    opening = notebook.cells[0] if notebook.cells else None
    if opening is None or not opening.is_markdown or not opening.source.startswith("# "):
        yield 1, "The notebook's first line must be its title, '# NN. Title'."
    for heading in first[1:]:
        yield heading.cell, f"There is one heading of level one, the title; make '# {heading.text}' a '##'."
    title = notebook.chapter and notebook.chapter.title
    if first and title and title not in first[0].text:
        yield first[0].cell, f"The title must hold the syllabus' own, {title!r}."


@rule("sections", "Order")
def _sections(notebook):
    """The fixed headings of level two are all there, once each, in their order; the chapter's own sections stand
    between "Parameters" and "Results"."""
    found = [heading for heading in notebook.headings if heading.level == 2]
    texts = [heading.text for heading in found]
    for section in SECTIONS:
        if texts.count(section) != 1:
            yield None, f"The heading '## {section}' must be there once, and is there {texts.count(section)} times."
    if any(texts.count(section) != 1 for section in SECTIONS):
        return
    for before, after in pairwise(SECTIONS):
        if texts.index(before) > texts.index(after):
            yield found[texts.index(after)].cell, f"'## {after}' must come after '## {before}'."
    inside = range(texts.index("Parameters") + 1, texts.index("Results"))
    for place, heading in enumerate(found):
        if heading.text not in SECTIONS and place not in inside:
            yield heading.cell, f"'## {heading.text}' must stand between '## Parameters' and '## Results'."
    if not inside:
        yield None, "There must be at least one section of the chapter's own between '## Parameters' and '## Results'."


@rule("heading-levels", "Order")
def _heading_levels(notebook):
    """Headings do not jump a level: a ### stands under a ##."""
    for above, below in pairwise(notebook.headings):
        if below.level > above.level + 1:
            yield below.cell, f"'{below.text}' has level {below.level} right under level {above.level}."


@rule("parameters", "Order")
def _parameters(notebook):
    """The first code cell, and no other, carries the tag `parameters`. Each of its lines reads
    `name: type = value  # what it is`, with int, float, bool, str or a list of them, written as plain values."""
    cells = notebook.tagged("parameters")
    if len(cells) != 1:
        yield None, f"One cell must carry the tag 'parameters', and {len(cells)} do."
        return
    if cells[0] is not notebook.code[0]:
        yield cells[0].number, "The parameters cell must be the first code cell."
    try:
        found = parse_parameters(cells[0].source, notebook.path.name)
    except ParameterError as error:
        yield cells[0].number, str(error)
    except SyntaxError as error:
        yield cells[0].number, f"The parameters cell is not valid Python: {error.msg}."
    else:
        for parameter in found.values():
            if not parameter.comment:
                yield cells[0].number, f"The parameter {parameter.name!r} lacks a comment that says what it is."


@rule("profiles", "Order")
def _profiles(notebook):
    """In profiles.toml the chapter's `cpu` profile equals its parameters cell, and its other profiles name only
    parameters that it has, with values of their types."""
    file = notebook.path.parent / "profiles.toml"
    cells = notebook.tagged("parameters")
    if notebook.chapter is None or not file.is_file() or len(cells) != 1:
        return
    try:
        known = parse_parameters(cells[0].source)
    except (ParameterError, SyntaxError):
        return  # the rule `parameters` says so
    sets = tomllib.loads(file.read_text(encoding="utf-8")).get(notebook.chapter.number, {})
    defaults = {name: parameter.default for name, parameter in known.items()}
    if sets.get(DEFAULT_PROFILE, {}) != defaults:
        yield cells[0].number, f'["{notebook.chapter.number}".{DEFAULT_PROFILE}] in profiles.toml must equal this cell.'
    for profile, values in sets.items():
        for name, value in values.items():
            yield from ((cells[0].number, f"Profile {profile!r}: {fault}") for fault in _misfit(known, name, value))


@rule("setup", "Order")
def _setup(notebook):
    """One cell, after the parameters, carries the tag `setup`: it imports what the chapter uses and calls
    `start("NN")` with the file's own number."""
    cells = notebook.tagged("setup")
    if len(cells) != 1:
        yield None, f"One cell must carry the tag 'setup', and {len(cells)} do."
        return
    started = [call.args[0].value for call in calls(cells[0].tree, "start") if _constants(call)]
    number = notebook.path.name[:2]
    if started != [number]:
        yield cells[0].number, f'The setup cell must call start("{number}") once; it calls start with {started}.'
    if any(cell.number > cells[0].number for cell in notebook.tagged("parameters")):
        yield cells[0].number, "The setup cell must come after the parameters cell, whose values it reads."


@rule("results", "Order")
def _results(notebook):
    """The section "Results" shows a table that a cell computes from what was recorded; nothing in it is typed."""
    starts = [heading.cell for heading in notebook.headings if (heading.level, heading.text) == (2, "Results")]
    if not starts:
        return  # the rule `sections` says so
    later = [heading.cell for heading in notebook.headings if heading.level == 2 and heading.cell > starts[0]]
    inside = [cell for cell in notebook.code if starts[0] < cell.number < min(later, default=len(notebook.cells) + 1)]
    if not any(cell.outputs for cell in inside):
        yield starts[0], "The section 'Results' must hold a code cell whose output is the table of results."


@rule("navigation", "Order")
def _navigation(notebook):
    """The last cell links to the nearest chapters before and after that are written, after the words "Previous:" and
    "Next:"."""
    if notebook.chapter is None or not notebook.cells:
        return
    last = notebook.cells[-1]
    here = [each.path.name for each in chapters()]
    place = here.index(notebook.path.name)
    there = [name for name in here if (notebook.path.parent / name).is_file()]
    before = [name for name in there if here.index(name) < place][-1:]
    after = [name for name in there if here.index(name) > place][:1]
    for word, names in (("Previous:", before), ("Next:", after)):
        for name in names:
            if not last.is_markdown or word not in last.source or name not in link_targets(last.source):
                yield last.number, f"The last cell must say '{word} [Title]({name})'."


def calls(tree: ast.Module | None, name: str) -> list[ast.Call]:
    """The calls of a plain name in a cell's code."""
    nodes = ast.walk(tree) if tree is not None else ()
    return [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", None) == name]


def _constants(call):
    return bool(call.args) and isinstance(call.args[0], ast.Constant)


def _misfit(known, name, value):
    if name not in known:
        yield f"the notebook has no parameter {name!r}."
        return
    try:
        known[name].convert(value)
    except ParameterError as error:
        yield str(error)
