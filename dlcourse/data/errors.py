"""What can go wrong between a data set's name and its arrays, each as one sentence."""

import difflib
import errno
import shutil
from collections.abc import Iterable
from pathlib import Path

from dlcourse.errors import CourseError

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


class DataError(CourseError):
    """Any problem with the course's data that the user can act on."""


class UnknownDataSetError(DataError, ValueError):
    """No data set has this name."""


class UnknownFileError(DataError, ValueError):
    """The data set has no file of this name."""


class NoSourceError(DataError):
    """A file could be had from none of its sources."""


class CacheError(DataError):
    """The cache folder is not writable, or its disk is full."""


class ManifestError(DataError, ValueError):
    """A manifest does not say what it must."""


class SourceError(Exception):
    """Why one source did not give a file: a clause, without a full stop, that the fetch puts into its own sentence."""


class DamagedFileWarning(UserWarning):
    """A file's bytes are not those its manifest states; it was passed over or kept aside."""


def only(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about a name that is not known: `, only a, b, c: did you mean 'b'?`."""
    known = list(known)
    close = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
    return f", only {', '.join(known) or 'nothing'}" + (f": did you mean {close[0]!r}?" if close else ".")


def size_text(size: float) -> str:
    """A number of bytes as people write it: `5.3 MB`; decimal units, as on the label of a disk."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 99.5 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def is_full(problem: OSError) -> bool:
    """Whether an operating-system error says that the disk, or the user's share of it, is full."""
    return problem.errno in _FULL


def cache_problem(problem: OSError, folder: Path, needed: int, what: str) -> CacheError:
    """The sentence for an error met while writing `what`, of `needed` bytes, into `folder`."""
    remedy = "set DLCOURSE_CACHE to a folder"
    if is_full(problem):
        return CacheError(
            f"The disk of {folder} is full: {what} needs about {size_text(needed)}{_free(folder)}; nothing half-written"
            f" was left, so make room or {remedy} on another disk and try again."
        )
    reason = problem.strerror or str(problem)
    return CacheError(f"The cache folder {folder} cannot be written ({reason}): {remedy} that can be, and try again.")


def _free(folder: Path) -> str:
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    try:
        return f" and {size_text(shutil.disk_usage(folder).free)} are free"
    except OSError:
        return ""
