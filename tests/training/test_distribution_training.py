"""Two devices and two processes train the weights of one; a lost worker is named; training goes on from a checkpoint.

The trainings run in processes of their own (`_workers`): TensorFlow takes its devices once in a process.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dlcourse.training.local_workers import free_ports

WORKERS = Path(__file__).parent / "_workers"
EQUAL = 1e-5
pytestmark = pytest.mark.slow


def start(script, *arguments, **variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_CONFIG", "SLURM"))}
    return subprocess.Popen(
        [sys.executable, WORKERS / script, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**environment, **variables},
    )  # fmt: skip


def finished(process, seconds=400):
    """What a process printed last, as JSON. It is killed if it takes too long."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        pytest.fail(f"took over {seconds} s:\n{out}\n{err[-3000:]}")
    if process.returncode > 0:
        pytest.fail(f"ended with {process.returncode}:\n{out}\n{err[-3000:]}")
    return json.loads(out.splitlines()[-1]) if out else None


def two_workers(part, folder):
    cluster = {"worker": [f"127.0.0.1:{port}" for port in free_ports(2)]}
    configs = [json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}}) for index in range(2)]
    return [start("worker.py", part, folder, TF_CONFIG=config) for config in configs]


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """The first trainings, all at once: most of their time they load TensorFlow, or wait for one another."""
    folder = tmp_path_factory.mktemp("killed")
    processes = [start("mirrored.py"), *two_workers("killed", folder)]
    yield *processes, folder
    for each in processes:
        each.kill()


@pytest.fixture(scope="module")
def mirrored(started):
    return finished(started[0])


@pytest.mark.parametrize(
    "case",
    ["dense, momentum", "convolution, adam", "masked", "clipped", "sum",
     "by weight", "normalized together"],
)  # fmt: skip
def test_two_devices_train_the_weights_of_one(mirrored, case):
    assert (mirrored["replicas"], mirrored["same"]) == (2, True)
    assert mirrored[case] < EQUAL


def test_batch_normalization_apart_is_another_training(mirrored):
    assert mirrored["normalized apart"] > 0.01


def test_two_devices_predict_and_evaluate_as_one(mirrored):
    shape, apart = mirrored["predictions"]
    assert shape == [41, 3]
    assert apart < 1e-4
    assert mirrored["figures"] < EQUAL


def test_what_keras_cannot_do_on_several_devices_is_refused(mirrored):
    assert mirrored["refused"].startswith("optimizer has gradient_accumulation_steps, which Keras cannot do")


@pytest.fixture(scope="module")
def killed(started):
    """The first worker's findings, whose fellow was killed in the middle of the second epoch; and the folder."""
    _, first, second, folder = started
    found = finished(first)
    finished(second)
    assert second.returncode == -signal.SIGKILL
    return found, folder


def test_two_processes_train_the_weights_of_one(killed):
    found, _ = killed
    assert found["replicas"] == 2
    assert found["decided"] is True
    assert found["apart"] < EQUAL
    assert found["evaluated"] == pytest.approx(found["alone"], abs=EQUAL)


def test_the_first_workers_clock_decides_for_both(killed):
    found, _ = killed
    assert found["second worker hurries"] == [12, "epochs"]
    assert found["first worker hurries"] == [4, "time"]


def test_a_killed_worker_is_named_by_the_other(killed):
    found, _ = killed
    assert found["lost"].startswith("Worker 1 (127.0.0.1:")
    assert "no longer answers: it was killed" in found["lost"]


def test_training_goes_on_from_the_first_workers_checkpoint_and_a_frozen_worker_is_named(killed):
    _, folder = killed
    shutil.rmtree(folder / "1")  # as if the second worker were started on another machine
    first, second = two_workers("resumed", folder)
    try:
        found = finished(first)
    finally:
        second.kill()
        out, _ = second.communicate()
    theirs = json.loads(out.splitlines()[-1])
    assert found["steps"] == theirs["steps"] == 6  # the first of two epochs was kept
    assert found["apart"] < EQUAL
    assert found["weights"] == theirs["weights"]
    assert "no longer answers" in found["lost"]
