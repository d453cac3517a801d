"""Whether a file holds the bytes it should: size first, then SHA-256."""

import hashlib
from pathlib import Path

from dlcourse.data.manifest import DataFile

# A file proved whole is not read again in this process while its size and time stay what they were.
_proved: dict[tuple, str] = {}


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fault(path: Path, file: DataFile, *, trust_memory: bool = True) -> str:
    """What is wrong with what `path` holds for `file`, as a clause that follows its path; empty when it is whole.

    `trust_memory` takes the word of an earlier check in this process for a file that has not changed since.
    """
    try:
        stat = path.stat()
        key = (str(path), stat.st_size, stat.st_mtime_ns, stat.st_ino)
        if stat.st_size != file.bytes:
            return f"is damaged ({stat.st_size:,} bytes long, and {file.bytes:,} are stated)"
        if not (trust_memory and _proved.get(key) == file.sha256):
            if sha256(path) != file.sha256:
                return "is damaged (its SHA-256 is not the one stated)"
            _proved[key] = file.sha256
    except OSError as problem:
        return f"cannot be read ({problem.strerror or problem})"
    return ""
