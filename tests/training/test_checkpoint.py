"""Checkpoint files: whole or absent, without pickle, for every dtype."""

import ml_dtypes
import numpy as np
import pytest

from dlcourse.training import checkpoint
from dlcourse.training.checkpoint import CheckpointError

ARRAYS = [
    np.arange(6, dtype="float32").reshape(2, 3),
    np.float64(2.5).reshape(()),
    np.array([1.5, -2.0]).astype(ml_dtypes.bfloat16),
    np.array([2**32 - 1], dtype="uint32"),
    np.zeros((0, 4), dtype="int64"),
    np.array([True, False]),
]


def test_arrays_and_note_come_back(tmp_path):
    checkpoint.write(tmp_path / "a.npz", ARRAYS, {"epoch": 3, "loss": float("inf")})
    arrays, note = checkpoint.read(tmp_path / "a.npz")
    assert note == {"epoch": 3, "loss": float("inf")}
    for ours, theirs in zip(arrays, ARRAYS, strict=True):
        assert (ours.dtype, ours.shape, ours.tobytes()) == (theirs.dtype, theirs.shape, theirs.tobytes())
    assert [each.name for each in tmp_path.iterdir()] == ["a.npz"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.npz"
    checkpoint.write(path, ARRAYS, {"epoch": 1})

    def fill(file):
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    with pytest.raises(CheckpointError, match=r"a\.npz cannot be written: No space left on device"):
        checkpoint.replace(path, fill)
    assert checkpoint.read(path)[1] == {"epoch": 1}
    assert [each.name for each in tmp_path.iterdir()] == ["a.npz"]


@pytest.mark.parametrize("damage", [lambda data: data[:-10], lambda data: b"", lambda data: b"hello" * 100])
def test_damage_is_named(tmp_path, damage):
    path = tmp_path / "a.npz"
    checkpoint.write(path, ARRAYS, {})
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CheckpointError, match=r"a\.npz is damaged or no checkpoint"):
        checkpoint.read(path)


def test_a_flipped_bit_is_found(tmp_path):
    path = tmp_path / "a.npz"
    checkpoint.write(path, [np.arange(1000.0)], {})
    data = bytearray(path.read_bytes())
    data[2000] ^= 1
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match="damaged"):
        checkpoint.read(path)


def test_pickled_objects_are_refused(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, note=np.array([{"dtypes": []}], dtype=object))
    with pytest.raises(CheckpointError, match="no checkpoint"):
        checkpoint.read(path)
