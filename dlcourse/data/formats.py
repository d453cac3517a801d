"""Readers of array files that can hold numbers only: nothing read here can run code."""

import struct
from pathlib import Path

import numpy as np

from dlcourse.data.errors import DataError

# The third byte of an idx file names the type of its numbers, big-endian.
_IDX_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_idx(path: Path) -> np.ndarray:
    """The array in an idx file, the format of MNIST: writable, native byte order, of the shape in its header.

    DataError when the header is not one, or the numbers are more or fewer than it states.
    """
    raw = path.read_bytes()
    if len(raw) < 4 or raw[:2] != b"\0\0" or raw[2] not in _IDX_TYPES or len(raw) < 4 + 4 * raw[3]:
        raise DataError(f"The file {path} is not an idx file: its header is {raw[:4].hex(' ') or 'missing'}.")
    shape = struct.unpack_from(f">{raw[3]}I", raw, 4)
    kind, start = np.dtype(_IDX_TYPES[raw[2]]), 4 + 4 * raw[3]
    expected = int(np.prod(shape, dtype=np.int64)) * kind.itemsize
    if len(raw) - start != expected:
        raise DataError(f"The file {path} holds {len(raw) - start:,} bytes of numbers and states {expected:,}.")
    return np.frombuffer(raw, kind, offset=start).reshape(shape).astype(kind.newbyteorder("="))


def read_npz(path: Path) -> dict[str, np.ndarray]:
    """The arrays in an npz file, by name; DataError when it is not one, or hides Python objects in it."""
    import zipfile

    try:
        archive = np.load(path, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise ValueError("it is a single array")
        with archive:
            return {name: archive[name] for name in archive.files}
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile) as problem:
        raise DataError(f"The file {path} is not an npz file of plain arrays: {problem}") from problem
