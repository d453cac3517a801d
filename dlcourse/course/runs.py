"""Run a chapter with parameters: papermill underneath, every name and type checked before a kernel starts."""

import logging
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from dlcourse import display
from dlcourse.course import parameters
from dlcourse.course.syllabus import Chapter, find_written_chapter
from dlcourse.course.tables import outputs
from dlcourse.errors import CourseError
from dlcourse.kernels import START_SECONDS, hush, last_words, quiet_kernels


class RunFailed(CourseError):
    """A cell of the run raised; the sentence names it and where the notebook up to there is kept."""


class Stopped(Exception):
    """A notebook did not come to its end; the text says why, as the rest of a sentence that begins with its name."""


def run(number, overrides=None, profile=None, output=None, progress=None) -> Path:
    """Run a chapter's notebook from a fresh kernel and keep the executed copy.

    Args:
        number: the chapter, such as "01" or 1.
        overrides: parameter name to value (text is parsed to the parameter's type).
        profile: a name in notebooks/profiles.toml; by default the values in the notebook.
        output: the .ipynb to write; by default runs/NN_slug-DATE-TIME.ipynb in the current folder. A file that is
            there already is replaced only by a finished run.
        progress: True or False shows or hides the progress bar; by default it is shown in a terminal.

    Returns:
        the path of the executed notebook.

    Raises:
        CourseError: a wrong chapter, profile, name, type or output; nothing has been started then.
        RunFailed: a cell raised. The notebook up to that cell is kept beside `output` as *.failed.ipynb.
        KeyboardInterrupt: interrupted; nothing is left behind.
    """
    chapter = find_written_chapter(number)
    values = parameters.resolve(chapter, profile, overrides)
    target = _writable(Path(output) if output else default_output(chapter))
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".running-") as folder:
        draft = Path(folder) / target.name
        _execute(chapter, draft, values, target, sys.stderr.isatty() if progress is None else progress)
        os.replace(draft, target)
    return target


def default_output(chapter: Chapter) -> Path:
    """Where a run is kept unless the user says: one file a run, under runs/ in the current folder."""
    return Path("runs") / f"{chapter.path.stem}-{datetime.now():%Y%m%d-%H%M%S}.ipynb"


def figures(path: Path) -> list[dict]:
    """The records of an executed notebook."""
    return outputs(path, display.RECORD)


def execute(source: Path, draft: Path, values: dict, progress: bool = False) -> None:
    """Execute a notebook with checked values into the file `draft`, in a fresh kernel that starts in draft's folder.

    Raises:
        Stopped: a cell raised, or the kernel died; `draft` holds the notebook up to there.
        KeyboardInterrupt: interrupted.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    with _quiet_papermill(), quiet_kernels() as (kernel_manager, said):
        try:
            papermill.execute_notebook(
                str(source),
                str(draft),
                values,
                kernel_name="python3",
                kernel_manager_class=kernel_manager,
                start_timeout=START_SECONDS,
                progress_bar=progress,
                cwd=draft.parent,
            )
        except PapermillExecutionError as error:
            if error.ename == "KeyboardInterrupt":
                raise KeyboardInterrupt from None
            raise Stopped(f"stopped at cell [{error.exec_count}]: {error.ename}: {_one_line(error.evalue)}") from None
        except RuntimeError as error:  # nbclient's word for a kernel that died or never answered
            raise Stopped(f"stopped: {_one_line(error)} ({last_words(said) or 'out of memory?'})") from None


def _execute(chapter, draft, values, target, progress):
    try:
        execute(chapter.path, draft, values, progress)
    except Stopped as stopped:
        kept = target.with_suffix(".failed.ipynb")
        shutil.move(draft, kept)
        raise RunFailed(f"chapter {chapter.number} {stopped}; the notebook up to there is kept as {kept}.") from None


def _one_line(text):
    """The first line of an exception's text, without the full stop that our own sentence adds."""
    lines = str(text).strip().splitlines()
    return lines[0].rstrip(".") if lines else "no message"


@contextmanager
def _quiet_papermill():
    """papermill warns about what `resolve` has already checked, and logs what is said by an exception as well."""
    import warnings

    levels = hush("papermill", "asyncio")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _writable(target):
    if target.suffix != ".ipynb":
        raise CourseError(f"the output of a run is a notebook: {target} must end in .ipynb.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as error:
        raise CourseError(f"cannot write into {target.parent}: {error.strerror}.") from None
    return target.resolve()
