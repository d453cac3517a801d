"""Rules for the code cells of a notebook: how long they are, and how they alternate with prose."""

import ast
from statistics import median

from dlcourse import display
from dlcourse.course.lint_rules import rule

LONGEST_MEDIAN = 8
LONG = 16
LONGEST = 30
SHARE_SHORT = 0.9
LONGEST_DEFINITION = 15
MOST_IN_A_ROW = 3


@rule("cell-length", "Code")
def _cell_length(notebook):
    """Code cells are short: the median has at most 8 lines, nine in ten have fewer than 16, none has more than 30.
    Blank lines and the parameters cell are not counted."""
    counted = [cell for cell in notebook.code if "parameters" not in cell.tags]
    if not counted:
        return
    for cell in counted:
        if cell.lines > LONGEST:
            yield cell.number, f"The cell has {cell.lines} lines and may have {LONGEST}: split it or use dlcourse."
    middle = median(cell.lines for cell in counted)
    if middle > LONGEST_MEDIAN:
        yield None, f"The median code cell has {middle:g} lines and may have {LONGEST_MEDIAN}."
    long = [cell.number for cell in counted if cell.lines >= LONG]
    if len(long) > (1 - SHARE_SHORT) * len(counted):
        places = ", ".join(map(str, long))
        yield None, f"{len(long)} of {len(counted)} code cells have {LONG} lines or more, over one in ten: {places}."


@rule("definition-length", "Code")
def _definition_length(notebook):
    """A function or a class has at most 15 lines; a longer one belongs in `dlcourse`, unless writing it is the lesson
    and the cell carries the tag `lesson`."""
    for cell in notebook.code:
        if "lesson" in cell.tags or cell.tree is None:
            continue
        source = cell.source.splitlines()
        for node in cell.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                lines = sum(bool(line.strip()) for line in source[node.lineno - 1 : node.end_lineno])
                if lines > LONGEST_DEFINITION:
                    yield cell.number, f"{node.name} has {lines} lines and may have {LONGEST_DEFINITION}."


@rule("prose-between", "Code")
def _prose_between(notebook):
    """No more than three code cells follow one another without prose between them."""
    run = 0
    for cell in notebook.cells:
        run = run + 1 if cell.is_code else 0
        if run == MOST_IN_A_ROW + 1:
            yield cell.number, f"This is the {run}th code cell in a row: say what is seen, or what comes, before it."


@rule("compared-cells", "Code")
def _compared_cells(notebook):
    """A cell tagged `nbval-check-output` prints what is the same in every run: it has an output other than a picture,
    neither records nor claims, whose seconds and device differ, and no SVG, whose ids do. PNG and JPEG pictures are not
    compared."""
    for cell in notebook.tagged("nbval-check-output"):
        mimes = {mime for output in cell.outputs for mime in output.get("data", {"stream": ""})}
        if not any(not mime.startswith("image/") for mime in mimes):
            yield cell.number, "The cell is tagged nbval-check-output and has no output that could be compared."
        if mimes & {display.RECORD, display.CLAIM, display.CHAPTER}:
            yield cell.number, "The cell is tagged nbval-check-output, and its record differs in every run: split it."
        if "image/svg+xml" in mimes:
            yield cell.number, "The cell is tagged nbval-check-output, and its SVG differs in every run: show a PNG."
