"""What the learner has done so far: one small file in the user's own data folder, and nothing anywhere else.

An attempt is a check that found something: an untouched stub is none, so running a blank notebook writes nothing.
What was passed once stays passed. Two kernels may write at once: each reads and writes under a lock, and the file is
replaced in one step.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from dlcourse import paths
from dlcourse.display import reader_may_be_asked
from dlcourse.errors import CourseError
from dlcourse.exercises.result import NOT_ATTEMPTED, PASSED, STATUSES

_FORMAT = 1
_LOCK_SECONDS = 5


class ProgressError(CourseError):
    """The progress file can be neither read nor written; it is left as it is."""


class _Damaged(Exception):
    """The file is there, but it is not what this module writes."""


@dataclass(frozen=True)
class Standing:
    """How one exercise stands: how the last attempt ended, how many there were, when first passed and last tried.

    Times are ISO 8601 in UTC; `passed` is None as long as no attempt was right.
    """

    status: str
    tries: int
    last: str
    passed: str | None = None


def progress_file() -> Path:
    """Where progress is kept."""
    return paths.user_dir() / "progress.json"


def by_a_learner() -> bool:
    """Whether somebody runs this cell by hand.

    JupyterLab and other front ends offer to ask the reader for input; what executes whole notebooks (papermill, nbval,
    `dlcourse run`) does not. Outside of IPython there is no learner: a script or a test.
    """
    shell = _shell()
    if shell is None:
        return False
    kernel = getattr(shell, "kernel", None)
    return sys.stdin.isatty() if kernel is None else reader_may_be_asked(kernel)


def by_a_machine() -> bool:
    """Whether this cell belongs to a notebook that is executed as a whole, without a reader."""
    return getattr(_shell(), "kernel", None) is not None and not by_a_learner()


def keep(results: Iterable[Mapping]) -> str:
    """Add attempts, `{"id": …, "status": …}`, to the file; returns a sentence when a damaged one was put aside.

    Raises ProgressError when the folder or the file cannot be read or written.
    """
    attempts = [each for each in results if each["status"] in STATUSES and each["status"] != NOT_ATTEMPTED]
    return _change(lambda standings: _added(standings, attempts)) if attempts else ""


def standings() -> tuple[dict[str, Standing], str]:
    """Every exercise that was tried, by id, and a sentence when a damaged file was put aside, else "".

    Raises ProgressError when the file cannot be read.
    """
    try:
        return _read(), ""
    except _Damaged:
        note = _change(lambda there: there)
        return _read(), note


def forget(chapter: str | None = None) -> int:
    """Forget a chapter's attempts, or all; returns how many exercises are forgotten. Raises ProgressError as `keep`."""
    forgotten: list[str] = []

    def without(there):
        forgotten.extend(name for name in there if chapter is None or name.startswith(f"{chapter}."))
        return {name: standing for name, standing in there.items() if name not in forgotten}

    if progress_file().exists():
        _change(without)
    return len(forgotten)


def _shell():
    if "IPython" not in sys.modules:  # not loaded: this is no notebook
        return None
    from IPython.core.getipython import get_ipython

    return get_ipython()


def _added(there: dict[str, Standing], attempts: list[Mapping]) -> dict[str, Standing]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for attempt in attempts:
        before = there.get(attempt["id"])
        passed = before.passed if before else None
        if passed is None and attempt["status"] == PASSED:
            passed = now
        there[attempt["id"]] = Standing(attempt["status"], (before.tries if before else 0) + 1, now, passed)
    return there


def _change(change) -> str:
    """Read, change and write under the lock; the sentence that `keep` returns."""
    import filelock

    path, note = progress_file(), ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(path.with_name(".progress.lock"), timeout=_LOCK_SECONDS):
            try:
                there = _read()
            except _Damaged as problem:
                there, note = {}, _put_aside(path, problem)
            _write(path, change(there))
    except filelock.Timeout:
        raise ProgressError(f"progress was not kept: another process has held {path.parent} for long.") from None
    except OSError as problem:
        raise ProgressError(f"progress cannot be kept in {path.parent}: {problem.strerror or problem}.") from None
    return note


def _read() -> dict[str, Standing]:
    path = progress_file()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as problem:
        raise ProgressError(f"progress cannot be read from {path}: {problem.strerror or problem}.") from None
    except ValueError:  # no JSON, or no text at all
        raise _Damaged("it is no JSON") from None
    if isinstance(content, dict) and isinstance(content.get("format"), int) and content["format"] > _FORMAT:
        raise ProgressError(f"{path} was written by a newer version of the course; it is left as it is.")
    try:
        return {name: _standing(entry) for name, entry in content["exercises"].items()}
    except (AttributeError, KeyError, TypeError):
        raise _Damaged("it is not what the course writes") from None


def _standing(entry: dict) -> Standing:
    standing = Standing(**entry)
    right = standing.status in STATUSES and isinstance(standing.tries, int) and isinstance(standing.last, str)
    if not right or not isinstance(standing.passed, str | None):
        raise TypeError
    return standing


def _put_aside(path: Path, problem: Exception) -> str:
    from dlcourse.data.place import put_aside

    aside = put_aside(path)
    return f"{path} could not be read ({problem}): it was kept as {aside.name}, and a new one was begun."


def _write(path: Path, there: dict[str, Standing]) -> None:
    entries = {name: asdict(there[name]) for name in sorted(there)}
    handle, name = tempfile.mkstemp(prefix=".progress-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"format": _FORMAT, "exercises": entries}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:  # Ctrl-C too
        Path(name).unlink(missing_ok=True)
        raise
