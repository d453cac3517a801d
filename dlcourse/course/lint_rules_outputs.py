"""Rules for what the committed outputs show: figures, records, claims, exercises, and no traces of the run."""

import ast
import re
import tempfile
from pathlib import Path

from dlcourse import display, paths
from dlcourse.course.claims import known_claims
from dlcourse.course.lint_rules import rule

FEWEST_FIGURES = 4
FEWEST_EXERCISES = 3
NOT_ATTEMPTED = "not attempted"

_NOISE = {
    "a warning": re.compile(r"Warning\b|\bWARNING\b"),
    "a progress bar": re.compile(r"\d%\||━{3,}|\r(?!\n)|\x08"),
    "a log line": re.compile(r"^[IWEF]\d{4} [\d:.]+|^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d+", re.MULTILINE),
}
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
_FOLDERS = re.compile(r"(?<![\w.~-])/(?:home|root|Users|tmp|private|var/folders)/|\b[A-Z]:\\{1,2}\w+\\")
_FEWEST_PARTS = 3


@rule("figures", "Outputs")
def _figures(notebook):
    """At least four figures are shown, as image outputs of code cells."""
    found = sum(len(_images(output)) for cell in notebook.code for output in cell.outputs)
    if found < FEWEST_FIGURES:
        yield None, f"The notebook shows {found} figures, and must show at least {FEWEST_FIGURES}."


@rule("alt-text", "Outputs")
def _alt_text(notebook):
    """Every figure says in words what is seen: an image output in its metadata (`plots.show(figure, alt=…)` does it),
    an image in markdown or HTML as its alt text."""
    for cell in notebook.code:
        for output in cell.outputs:
            for mime in _images(output):
                if not _alt(output, mime).strip():
                    yield cell.number, f"The {mime} output has no alt text: show it with plots.show(figure, alt=…)."
    for cell in notebook.cells:
        for text in [cell.prose] if cell.is_markdown else cell.data("text/html"):
            yield from ((cell.number, f"{image} has no alt text.") for image in _images_without_alt(text))


@rule("records", "Outputs")
def _records(notebook):
    """At least one figure is recorded; every record is of this chapter, from a run with the default parameters, and
    holds its bar."""
    found = [(cell.number, data) for cell in notebook.code for data in cell.data(display.RECORD)]
    if not found:
        yield None, "The notebook records no figure: use record(name, value, at_least=…)."
    for cell, data in found:
        name = data.get("name")
        if data.get("holds") is False:
            yield cell, f"The record {name!r} misses its bar."
        if data.get("changed"):
            yield cell, f"The record {name!r} comes from changed parameters: {', '.join(data['changed'])}."
        if data.get("chapter") != notebook.path.name[:2]:
            yield cell, f"The record {name!r} was made in chapter {data.get('chapter')}: call start() before it."
    names = [data.get("name") for _, data in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield None, f"The name {name!r} is recorded {names.count(name)} times; a record's name is unique."


@rule("claims", "Outputs")
def _claims(notebook):
    """Every claim that claims.toml gives to the chapter gets its verdict, once, and no other claim does."""
    found = [(cell.number, data.get("id")) for cell in notebook.code for data in cell.data(display.CLAIM)]
    number = notebook.path.name[:2]
    due = [entry.id for entry in known_claims().values() if number in entry.chapters]
    reached = [name for _, name in found]
    for name in due:
        if reached.count(name) != 1:
            yield None, f"The claim {name!r} must get its verdict once, and gets it {reached.count(name)} times."
    for cell, name in found:
        if name not in due:
            yield cell, f"The claim {name!r} is not one of chapter {number}."


@rule("exercises", "Outputs")
def _exercises(notebook):
    """At least three cells carry the tag `exercise`. Each ends in `check("NN.k", …)`, numbered from 1 in order, and
    shows "not attempted" in the committed file."""
    cells = notebook.tagged("exercise")
    if len(cells) < FEWEST_EXERCISES:
        yield None, f"{len(cells)} cells carry the tag 'exercise', and at least {FEWEST_EXERCISES} must."
    for place, cell in enumerate(cells, start=1):
        due = f"{notebook.path.name[:2]}.{place}"
        if _checked(cell.tree) != due:
            yield cell.number, f'The last line of this exercise must be check("{due}", …).'
        shown = [(data.get("id"), data.get("status")) for data in cell.data(display.CHECK)]
        if shown != [(due, NOT_ATTEMPTED)]:
            yield cell.number, f"The output must say that {due} is {NOT_ATTEMPTED!r}; it shows {shown}."


@rule("no-error", "Outputs")
def _no_error(notebook):
    """No output is an error."""
    for cell in notebook.code:
        for output in cell.outputs:
            if output.output_type == "error":
                yield cell.number, f"The cell ended in an error: {output.ename}: {output.evalue}."


@rule("quiet", "Outputs")
def _quiet(notebook):
    """Nothing is left in the outputs of the standard error stream, of warnings, progress bars or log lines."""
    for cell in notebook.code:
        errors = [output.text for output in cell.outputs if output.get("name") == "stderr"]
        if errors:
            yield cell.number, f"The cell wrote to standard error: {_short(errors[0])}."
            continue
        text = cell.shown
        for what, pattern in _NOISE.items():
            found = pattern.search(text)
            if found:
                yield cell.number, f"The output holds {what}: {_short(text[max(0, found.start() - 30) :])}."


@rule("no-machine", "Outputs")
def _no_machine(notebook):
    """Neither code nor outputs name a folder of somebody's machine or an address in its memory."""
    own = {str(folder) for folder in (paths.repository_root(), tempfile.gettempdir(), Path.home()) if folder}
    own = {folder for folder in own if len(Path(folder).parts) >= _FEWEST_PARTS}
    for cell in notebook.cells:
        for where, text in (("source", cell.source), ("output", cell.shown)):
            found = _FOLDERS.search(text)
            named = found.group() if found else next((folder for folder in own if folder in text), None)
            if named:
                yield cell.number, f"The {where} names a folder of one machine: {named}…"
        address = _ADDRESS.search(cell.shown)
        if address:
            yield cell.number, f"The output shows an address in memory, which differs in every run: {address.group()}."


def _images(output):
    return [mime for mime in output.get("data", {}) if mime.startswith("image/")]


def _alt(output, mime):
    own = output.metadata.get(mime, {})
    return str(own.get("alt", "")) if isinstance(own, dict) else ""


def _images_without_alt(text):
    yield from re.findall(r"!\[\s*\]\([^)]*\)", text)
    for tag in re.findall(r"<img\b[^>]*>", text, re.IGNORECASE):
        if not re.search(r"""\balt\s*=\s*(?:"[^"]*\w[^"]*"|'[^']*\w[^']*')""", tag):
            yield _short(tag)


def _checked(tree):
    """The exercise that a cell's last statement checks, or None."""
    last = tree.body[-1] if tree is not None and tree.body else None
    call = last.value if isinstance(last, ast.Expr) else None
    if not isinstance(call, ast.Call) or getattr(call.func, "id", None) != "check" or not call.args:
        return None
    return call.args[0].value if isinstance(call.args[0], ast.Constant) else None


def _short(text, most=100):
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
