"""Checkpoint files: whole or absent, without pickle, for every dtype; and a job killed by the system goes on."""

import hashlib
import os
import signal
import subprocess
import sys
import time

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


JOB = """
import sys, hashlib
import dlcourse, keras, numpy as np
from keras import layers
from dlcourse.training import fit, setup
setup(3)
rng = np.random.default_rng(5)
x, y = rng.normal(size=(200, 8, 8, 2)).astype("float32"), rng.integers(4, size=200)
model = keras.Sequential([
    keras.Input((8, 8, 2)), layers.RandomFlip(), layers.Conv2D(8, 3), layers.BatchNormalization(), layers.ReLU(),
    layers.Dropout(0.3), layers.GlobalAveragePooling2D(), layers.Dense(4),
])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.Adam(1e-2), loss, jit_compile=False)
done = fit(model, (x, y), epochs=5, batch_size=8, folder=sys.argv[1], save_seconds=0, restore_best="loss")
state = b"".join(np.asarray(each).tobytes() for each in [*model.variables, *model.optimizer.variables])
print(done.steps, hashlib.sha256(state).hexdigest())
"""


def start_job(folder):
    return subprocess.Popen([sys.executable, "-c", JOB, str(folder)], stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills with a signal")
def test_a_job_killed_twice_ends_in_the_same_bits(tmp_path):
    rng = np.random.default_rng()
    killed = tmp_path / "killed"
    for _ in range(2):
        job = start_job(killed)
        wait_for_saves(job, killed / "state.npz", int(rng.integers(1, 40)))
        job.send_signal(signal.SIGKILL)
        job.communicate()
    whole, resumed = (start_job(folder).communicate()[0].split() for folder in (tmp_path / "whole", killed))
    assert resumed[1] == whole[1]
    assert int(resumed[0]) < int(whole[0]) == 5 * 25
    assert len(resumed[1]) == len(hashlib.sha256().hexdigest())


def wait_for_saves(job, path, count):
    seen, last = 0, path.stat().st_mtime_ns if path.exists() else None
    while seen < count and job.poll() is None:
        now = path.stat().st_mtime_ns if path.exists() else None
        seen, last = seen + (now != last), now
        time.sleep(0.001)
