"""Rules for a notebook as a file: its name, format, size and metadata."""

import json
import re

from dlcourse.course.lint_rules import rule
from dlcourse.course.syllabus import chapters

KERNELSPEC = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
LANGUAGE_INFO = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
CELL_METADATA = {"tags", "jupyter"}
KNOWN_TAGS = ("parameters", "setup", "exercise", "lesson", "nbval-check-output")
MOST_BYTES = 600_000

_WIDGET = "application/vnd.jupyter.widget-view+json"
_FORMAT = (4, 5)


@rule("valid", "The file")
def _valid(notebook):
    """The file is a valid notebook of format 4.5, in which every cell has an id of its own."""
    from nbformat.validator import iter_validate

    found = (notebook.raw.get("nbformat"), notebook.raw.get("nbformat_minor"))
    if found != _FORMAT:
        yield None, f"The file has notebook format {found[0]}.{found[1]}; save it as {_FORMAT[0]}.{_FORMAT[1]}."
    else:
        for error in iter_validate(notebook.raw):
            yield None, f"The file is no valid notebook: {error.message.splitlines()[0][:200]}."
    ids = [cell.get("id") for cell in notebook.raw["cells"]]
    for position, name in enumerate(ids):
        if name in ids[:position]:
            yield position + 1, f"The cell's id {name!r} is used by an earlier cell too; every cell has its own."


@rule("file-name", "The file")
def _file_name(notebook):
    """The file is called NN_slug.ipynb, with the number and the slug of a chapter in the syllabus."""
    if notebook.chapter is None:
        number = notebook.path.name[:2]
        meant = [each.path.name for each in chapters() if each.number == number]
        hint = f"chapter {number} is {meant[0]}" if meant else "its name begins with no chapter's number"
        yield None, f"The syllabus has no notebook called {notebook.path.name}: {hint}."


@rule("kernelspec", "The file")
def _kernelspec(notebook):
    """The kernel is `python3`, shown as "Python 3 (ipykernel)". `make notebooks` puts it right."""
    found = notebook.metadata.get("kernelspec")
    if found != KERNELSPEC:
        yield None, f"The kernelspec must be {json.dumps(KERNELSPEC)}, and is {json.dumps(found)}."


@rule("metadata", "The file")
def _metadata(notebook):
    """Nothing in the metadata changes from run to run or from machine to machine: the notebook has its kernelspec and
    the language's name, a cell its tags and `jupyter`; no execution times, no widgets, no Python version.
    `make notebooks` puts it right."""
    spare = sorted(set(notebook.metadata) - {"kernelspec", "language_info"})
    if spare:
        yield None, f"The notebook's metadata must hold no {_listed(spare)}."
    if notebook.metadata.get("language_info") != LANGUAGE_INFO:
        yield None, f"The language_info must be {json.dumps(LANGUAGE_INFO)}: nothing that depends on the machine."
    for cell in notebook.cells:
        spare = sorted(set(cell.metadata) - CELL_METADATA)
        if spare:
            yield cell.number, f"The cell's metadata must hold no {_listed(spare)}."
        if cell.data(_WIDGET):
            yield (
                cell.number,
                "The output is a live widget, which a reader of the file does not see: show a picture.",
            )


@rule("size", "The file")
def _size(notebook):
    """The file is smaller than 600 kB."""
    size = notebook.path.stat().st_size
    if size >= MOST_BYTES:
        heaviest = max(notebook.cells, key=lambda cell: len(json.dumps(cell.outputs)), default=None)
        where = f"; the largest outputs are those of cell {heaviest.number}" if heaviest else ""
        yield None, f"The file has {size / 1000:.0f} kB and may have {MOST_BYTES // 1000}{where}."


@rule("empty-cell", "The file")
def _empty_cell(notebook):
    """No cell is empty, the last one included."""
    for cell in notebook.cells:
        if not cell.source.strip():
            yield cell.number, "The cell is empty: delete it."


@rule("tags", "The file")
def _tags(notebook):
    """The only tags are `parameters`, `setup`, `exercise`, `lesson` and `nbval-check-output`, on code cells, and no
    comment tells nbval to skip a cell."""
    for cell in notebook.cells:
        for tag in cell.tags:
            if tag not in KNOWN_TAGS:
                yield cell.number, f"The tag {tag!r} means nothing here: there are {_listed(KNOWN_TAGS)}."
            elif not cell.is_code:
                yield cell.number, f"The tag {tag!r} belongs on a code cell."
        if cell.is_code and re.search(r"^\s*#\s*(NBVAL|PYTEST_VALIDATE)_\w+\s*$", cell.source, re.MULTILINE):
            yield cell.number, "A comment gives an order to nbval: use the tag nbval-check-output, or nothing."


@rule("executed", "The file")
def _executed(notebook):
    """The notebook was run once, from the first cell to the last, in a fresh kernel: its code cells are numbered
    [1], [2], … without a gap."""
    for expected, cell in enumerate(notebook.code, start=1):
        if cell.execution_count != expected:
            shown = "not run" if cell.execution_count is None else f"numbered [{cell.execution_count}]"
            yield (
                cell.number,
                f"The code cell is {shown}, not [{expected}]: run the notebook in a fresh kernel.",
            )
            return


def _listed(names):
    return ", ".join(repr(name) for name in names)
