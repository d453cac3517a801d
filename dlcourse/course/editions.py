"""The copies of a chapter that a teacher hands out or keeps: for students, for the teacher, solutions only."""

import re
from collections.abc import Callable

import dlcourse
from dlcourse.course.stubs import ExerciseCell, is_exercise, read_exercise
from dlcourse.course.syllabus import Chapter
from dlcourse.display import MARKDOWN_DOLLAR
from dlcourse.errors import CourseError
from dlcourse.exercises import Exercise
from dlcourse.exercises.sources import mistake_codes, solution_code

_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|#", re.IGNORECASE)
_CODE_SPAN = re.compile(r"(`[^`]*`)")


def student_edition(notebook, chapter: Chapter, neighbours: set[str]):
    """The chapter without outputs, every exercise blank. Changes `notebook` and returns it.

    Args:
        notebook: the chapter's notebook, as nbformat reads it.
        chapter: the chapter it belongs to.
        neighbours: names of the files that will lie beside it; links to other files become their text.

    Raises:
        CourseError: an exercise cell that cannot be read.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if is_exercise(cell):
            cell.source = _read(cell, chapter, number).blank()
    note = (
        "This is a copy for students: it holds no outputs, and its exercises are blank. Run its cells from the top; "
        "each exercise says what is wrong with an answer."
    )
    return _finished(notebook, chapter, "student", note, neighbours)


def teacher_edition(notebook, chapter: Chapter, neighbours: set[str]):
    """The chapter with its outputs; after each exercise its solution, the reason, the hints and the typical mistakes.

    Arguments and errors as in `student_edition`.
    """
    cells = []
    for number, cell in enumerate(notebook.cells, start=1):
        cells.append(cell)
        if is_exercise(cell):
            found = _read(cell, chapter, number)
            if not found.is_blank:
                cell.source, cell.outputs, cell.execution_count = found.blank(), [], None
            cells.append(_markdown_cell(cell.id, _for_teachers(found.exercise, found.name)))
    notebook.cells = cells
    note = (
        "This is a copy for teachers: it holds the outputs of one run, and after each exercise its solution, the "
        "reason, the hints and the mistakes that the check knows."
    )
    return _finished(notebook, chapter, "teacher", note, neighbours)


def solutions_edition(notebook, chapter: Chapter, neighbours: set[str]):
    """The exercises alone, every stub replaced by its solution, ready to run. Arguments and errors as above.

    Raises:
        CourseError: the chapter has no exercises, too.
    """
    cells = []
    for number, (before, cell) in enumerate(zip([None, *notebook.cells], notebook.cells, strict=False), start=1):
        if not is_exercise(cell):
            continue
        found = _read(cell, chapter, number)
        if before is not None and before.cell_type == "markdown":
            cells.append(before)
            before.source = _without_heading(before.source)
        cell.source, cell.outputs, cell.execution_count = found.solved(), [], None
        cells += [cell, _markdown_cell(cell.id, f"*Why:* {_prose(found.exercise.why)}")]
    if not cells:
        raise CourseError(f"chapter {chapter.number} has no exercises, so there are no solutions to export.")
    title = _markdown_cell("title", f"# {chapter.number}. {chapter.title}: solutions")
    notebook.cells = [title, _setup_cell(), *cells]
    note = "This copy holds the chapter's exercises alone, solved: run it, and every check passes."
    return _finished(notebook, chapter, "solutions", note, neighbours)


EDITIONS: dict[str, Callable] = {
    "student": student_edition,
    "teacher": teacher_edition,
    "solutions": solutions_edition,
}


def _read(cell, chapter: Chapter, number: int) -> ExerciseCell:
    return read_exercise(cell.source, f"cell {number} of {chapter.path.name}")


def _finished(notebook, chapter: Chapter, edition: str, note: str, neighbours: set[str]):
    first = notebook.cells[0]
    if first.cell_type != "markdown":
        raise CourseError(f"{chapter.path.name} must begin with a cell of text, its title.")
    needs = (
        f"It needs the package `dlcourse` (this is version {dlcourse.__version__}) and runs, in any folder, wherever "
        "that is installed."
    )
    title, _, rest = first.source.partition("\n")
    first.source = f"{title}\n\n> {note} {needs}\n\n{rest.strip()}".rstrip()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _without_lost_links(cell.source, neighbours)
    notebook.metadata["dlcourse"] = {"chapter": chapter.number, "edition": edition, "version": dlcourse.__version__}
    return notebook


def _without_lost_links(text: str, neighbours: set[str]) -> str:
    """Links to files that will not lie beside the copy become their text."""

    def kept_or_text(link):
        target = link[2].partition("#")[0]
        return link[0] if _ADDRESS.match(link[2]) or target in neighbours else link[1]

    return _LINK.sub(kept_or_text, text)


def _without_heading(text: str) -> str:
    """The task without the section's heading, and what the section says of all exercises."""
    at = re.search(r"^\*\*\d\d\.\d+\*\*", text, re.MULTILINE)
    return text[at.start() :] if at else text


def _markdown_cell(near: str, source: str):
    """A cell of text with an id of its own that is the same in every export."""
    import nbformat

    cell = nbformat.v4.new_markdown_cell(source)
    cell.id = f"{near[:56]}-more"
    return cell


def _setup_cell():
    import nbformat

    cell = nbformat.v4.new_code_cell("from dlcourse.exercises import check", metadata={"tags": ["setup"]})
    cell.id = "setup"
    return cell


def _for_teachers(exercise: Exercise, name: str) -> str:
    hints = "\n".join(f"{number}. {_prose(hint)}" for number, hint in enumerate(exercise.hints, start=1))
    mistakes = "\n".join(
        f"- {f'`{code}`: ' if code else ''}{_prose(mistake.sentence)}"
        for code, mistake in zip(mistake_codes(exercise), exercise.mistakes, strict=True)
    )
    return "\n\n".join(
        [
            f"**Solution of {exercise.id}: {_prose(exercise.title)}** ({exercise.kind})",
            f"*The task in full:* {_prose(exercise.task)}",
            f"```python\n{solution_code(exercise, name)}\n```",
            f"*Why:* {_prose(exercise.why)}",
            f"*Hints, one at a time:*\n\n{hints}",
            f"*Typical mistakes, and what the check says:*\n\n{mistakes}",
        ]
    )


def _prose(text: str) -> str:
    """Plain text as markdown that shows it: what stands between backticks is code, all else is not read as marks."""
    parts = _CODE_SPAN.split(text)
    return "".join(part if part.startswith("`") and len(part) > 1 else _escaped(part) for part in parts)


def _escaped(text: str) -> str:
    marked = re.sub(r"([\\*_\[\]~|^])", r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))
    return marked.replace("$", MARKDOWN_DOLLAR)
