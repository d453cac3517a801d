"""Put a stream's bytes where a file belongs: all of them, checked, in one step, or nothing."""

import hashlib
import lzma
import os
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import IO

from dlcourse.data.errors import SourceError, size_text
from dlcourse.data.manifest import DataFile

PART = ".part-"
_CHUNK = 1 << 18
_BROKEN = (OSError, EOFError, HTTPException, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile, zlib.error)


def place(stream: IO[bytes], target: Path, file: DataFile, advance: Callable[[int], None] = lambda n: None) -> None:
    """Write `stream` to `target`, which appears only once it has the size and SHA-256 of `file`.

    The bytes go to a temporary file in the same folder, which is removed whatever goes wrong. `advance` takes the
    number of bytes written since it was last called. Raises SourceError when the stream breaks off or is not the file
    stated, OSError when the disk is full or the folder cannot be written.
    """
    handle, name = tempfile.mkstemp(prefix=PART, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as output:
            _copy(stream, output, file, advance)
            output.flush()
            os.fsync(output.fileno())
        temporary.chmod(0o644)  # mkstemp makes it private; a cache may be shared
        os.replace(temporary, target)
    except BaseException:  # Ctrl-C too
        temporary.unlink(missing_ok=True)
        raise
    _sync(target.parent)


def put_aside(path: Path) -> Path:
    """Rename a file to the first free `<name>.damaged-<n>` beside it; returns the new path."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return path.rename(aside)


def _copy(stream: IO[bytes], output: IO[bytes], file: DataFile, advance: Callable[[int], None]) -> None:
    seen, done = hashlib.sha256(), 0
    while chunk := _read(stream):
        done += len(chunk)
        if done > file.bytes:
            raise SourceError(f"what it gave is longer than the {size_text(file.bytes)} stated")
        seen.update(chunk)
        output.write(chunk)
        advance(len(chunk))
    if done < file.bytes:
        raise SourceError(f"it broke off after {size_text(done)} of {size_text(file.bytes)}")
    if seen.hexdigest() != file.sha256:
        raise SourceError("what it gave has another SHA-256 than the one stated")


def _read(stream: IO[bytes]) -> bytes:
    # Kept apart from the writing, so that a broken source is not mistaken for a full disk.
    try:
        return stream.read(_CHUNK)
    except _BROKEN as problem:
        raise SourceError(f"it broke off ({problem})") from problem


def _sync(folder: Path) -> None:
    """Have the folder's new entry on the disk too, where the system lets a folder be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
