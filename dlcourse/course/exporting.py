"""Copies of chapters to hand out: `export("08", "student")` writes one, `dlcourse export` too."""

import os
import tempfile
from pathlib import Path

from dlcourse.course.editions import EDITIONS
from dlcourse.course.parameters import read_notebook
from dlcourse.course.syllabus import Chapter, chapters, find_written_chapter
from dlcourse.errors import CourseError


def export(number: str, edition: str, output: Path | str | None = None, force: bool = False) -> list[Path]:
    """Write a chapter's edition, or that of every written chapter, as a notebook under the chapter's own name.

    Args:
        number: the chapter, such as "08", or "all".
        edition: "student" (no outputs, exercises blank), "teacher" (outputs, and after each exercise its solution,
            reason, hints and typical mistakes) or "solutions" (the exercises alone, solved).
        output: the .ipynb to write, or the folder to write into; by default exports/EDITION in the current folder.
        force: replace files that are there already.

    Returns:
        the files written. All are made before the first is written, and each appears in one step.

    Raises:
        CourseError: no such chapter or edition, a file that is there already, a notebook that cannot be read or an
            exercise cell in it, an output that cannot be written. Nothing has been written then, but for files before
            the one that the disk refused.
    """
    if edition not in EDITIONS:
        raise CourseError(f"there is no edition {edition!r}: take one of {', '.join(EDITIONS)}.")
    every = number == "all"
    chosen = [each for each in chapters() if each.written] if every else [find_written_chapter(number)]
    if not chosen:
        raise CourseError("no chapter is written yet, so there is nothing to export.")
    targets = _targets(chosen, edition, output, every)
    _refuse(targets, force)
    names = {path.name for path in targets.values()}
    made = {path: _made(chapter, edition, names) for chapter, path in targets.items()}
    for path, text in made.items():
        _write(path, text)
    return list(made)


def _targets(chosen: list[Chapter], edition: str, output: Path | str | None, every: bool) -> dict[Chapter, Path]:
    place = Path("exports") / edition if output is None else Path(output)
    if place.suffix != ".ipynb":
        return {chapter: place / chapter.path.name for chapter in chosen}
    if every:
        raise CourseError(f"all chapters go into a folder, and {place} is a notebook: name a folder with --output.")
    return {chosen[0]: place}


def _refuse(targets: dict[Chapter, Path], force: bool) -> None:
    for chapter, path in targets.items():
        if path.resolve() == chapter.path.resolve():
            raise CourseError(f"{path} is the course's own notebook: name another place with --output.")
        if path.is_dir():
            raise CourseError(f"{path} is a folder: name a notebook, or the folder above it, with --output.")
    there = [path for path in targets.values() if path.exists()]
    if there and not force:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise CourseError(f"{there[0]}{more} would be replaced: add --force to do that.")


def _made(chapter: Chapter, edition: str, names: set[str]) -> str:
    import nbformat

    notebook = EDITIONS[edition](read_notebook(chapter.path), chapter, names)
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".export-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).chmod(0o644)  # mkstemp makes it private; a copy is to be handed out
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise CourseError(f"cannot write {path}: {error.strerror or error}.") from None
