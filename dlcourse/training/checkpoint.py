"""Checkpoints that are whole or absent: arrays and a note in one file, put in place by one rename. No pickle."""

import json
import os
import zipfile
from pathlib import Path

import numpy as np

from dlcourse.errors import CourseError

_NOTE = "note"


class CheckpointError(CourseError):
    """A checkpoint cannot be read or written, or belongs to another model or another job."""


def write(path: Path, arrays: list[np.ndarray], note: dict) -> None:
    """Write arrays and a JSON note to `path`: a reader, or a kill at any moment, finds the old file or the new one.

    Raises:
        CheckpointError: the file cannot be written; what stood at `path` is untouched.
    """
    kinds = [each.dtype.name for each in arrays]
    text = json.dumps({"dtypes": kinds, "note": note}).encode()
    members = {f"array{index:05d}": _plain(each) for index, each in enumerate(arrays)}
    members[_NOTE] = np.frombuffer(text, np.uint8)
    replace(path, lambda file: np.savez(file, **members))


def read(path: Path) -> tuple[list[np.ndarray], dict]:
    """The arrays and the note of a checkpoint.

    Raises:
        CheckpointError: the file is damaged or is no checkpoint.
    """
    try:
        with np.load(path, allow_pickle=False) as members:
            head = json.loads(members[_NOTE].tobytes())
            arrays = [members[f"array{index:05d}"] for index in range(len(head["dtypes"]))]
        return [each.view(_dtype(kind)) for each, kind in zip(arrays, head["dtypes"], strict=True)], head["note"]
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise CheckpointError(f"{path} is damaged or no checkpoint; delete it to train from the start.") from error


def replace(path: Path, fill) -> None:
    """Call `fill(file)` on a new file beside `path`, bring it to disk, and rename it to `path`."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(beside, "wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        _sync_folder(path.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CheckpointError(f"{path} cannot be written: {error.strerror or error}.") from error


def _sync_folder(folder):
    """The rename itself survives a power cut only once the folder is on disk; Windows has no such call."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _plain(array):
    """NumPy's own file format has no bfloat16 and no float8: their bytes are kept as whole numbers."""
    return array if array.dtype.isbuiltin else array.view(f"u{array.dtype.itemsize}")


def _dtype(name):
    import ml_dtypes

    return np.dtype(getattr(ml_dtypes, name, name))
