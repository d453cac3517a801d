"""Which workers there are, what is refused before they start, and how they meet."""

import json
import os
import socket
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from dlcourse.training import distribution, distribution_workers, strategy
from dlcourse.training.distribution_cluster import Cluster, DistributionError, expand_nodes, expand_tasks, find_cluster
from dlcourse.training.distribution_meeting import meet
from dlcourse.training.distribution_workers import WorkerLostError, first_decides, worker_folder, worker_lost
from dlcourse.training.local_workers import free_ports

TWO = {"worker": ["host0:12345", "host1:12345"]}


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No cluster, whatever the machine that runs the tests belongs to."""
    for name in list(os.environ):
        if name == "TF_CONFIG" or name.startswith("SLURM"):
            monkeypatch.delenv(name)


def tf_config(cluster=None, kind="worker", index=0):
    return {"TF_CONFIG": json.dumps({"cluster": cluster or TWO, "task": {"type": kind, "index": index}})}


# Clusters.


def test_a_cluster_from_tf_config():
    cluster = find_cluster(tf_config(index=1))
    assert (cluster.addresses, cluster.index) == (("host0:12345", "host1:12345"), 1)
    assert (cluster.jobs, cluster.task) == (TWO, ("worker", 1))
    assert cluster.name(1) == "worker 1 (host1:12345)"


@pytest.mark.parametrize(("kind", "index", "number"), [("chief", 0, 0), ("worker", 0, 1), ("worker", 1, 2)])
def test_a_chief_comes_first(kind, index, number):
    jobs = {"worker": ["b:1", "c:1"], "chief": ["a:1"]}
    cluster = find_cluster(tf_config(jobs, kind, index))
    assert (cluster.addresses, cluster.index) == (("a:1", "b:1", "c:1"), number)
    assert (cluster.task, cluster.jobs) == ((kind, index), jobs)


@pytest.mark.parametrize("text", ["", "  ", "{}", '{"environment": "cloud"}'])
def test_no_cluster(text):
    assert find_cluster({"TF_CONFIG": text}) is None
    assert find_cluster({}) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{worker", r"TF_CONFIG is not JSON \(.*\): it should look like \{\"cluster\""),
        ("[1]", r"TF_CONFIG is \[1\], not an object"),
        ({"task": {"type": "worker", "index": 0}}, 'no "cluster" with the addresses'),
        ({"cluster": ["a:1"]}, 'no "cluster" with the addresses'),
        ({"cluster": {"ps": ["a:1"]}}, "has 'ps' tasks; only"),
        ({"cluster": {"worker": "a:1"}}, 'is a list of "worker" addresses'),
        ({"cluster": {"worker": []}}, 'is a list of "worker" addresses'),
        ({"cluster": {"chief": ["a:1", "b:1"]}}, 'is a list of "worker" addresses'),
        ({"cluster": {"worker": ["a"]}}, "the address 'a'; an address is host:port"),
        ({"cluster": {"worker": ["a:70000"]}}, "the address 'a:70000'"),
        ({"cluster": {"worker": ["a:1", "a:1"]}}, "the address 'a:1' twice"),
        ({"cluster": TWO}, 'no "task" with the type and index'),
        ({"cluster": TWO, "task": {"type": "worker"}}, 'no "task" with the type and index'),
        ({"cluster": TWO, "task": {"type": "chief", "index": 0}}, "of type 'chief', and the cluster has only 'worker'"),
        ({"cluster": TWO, "task": {"type": "worker", "index": 2}}, "index 2; the worker tasks go from 0 to 1"),
        ({"cluster": TWO, "task": {"type": "worker", "index": -1}}, "index -1; the worker tasks go from 0 to 1"),
        ({"cluster": TWO, "task": {"type": "worker", "index": None}}, "index None; the worker tasks"),
    ],
)
def test_a_tf_config_that_is_wrong_is_refused_by_auto_and_by_name(monkeypatch, text, message):
    monkeypatch.setenv("TF_CONFIG", text if isinstance(text, str) else json.dumps(text))
    for name in ("auto", "multi_worker"):
        with pytest.raises(DistributionError, match=message):
            strategy(name)


def slurm(**changes):
    return {
        "SLURM_JOB_ID": "701", "SLURM_STEP_NUM_TASKS": "5", "SLURM_STEP_NODELIST": "gpu[08-10]",
        "SLURM_STEP_TASKS_PER_NODE": "2(x2),1", "SLURM_PROCID": "3", **changes,
    }  # fmt: skip


def test_a_cluster_from_slurm():
    cluster = find_cluster(slurm())
    port = 20_000 + 701 * 16 % 10_000
    names = ["gpu08", "gpu08", "gpu09", "gpu09", "gpu10"]
    assert cluster.addresses == tuple(
        f"{name}:{port + task}" for name, task in zip(names, [0, 1, 0, 1, 0], strict=True)
    )
    assert cluster.task == ("worker", 3)


def test_tf_config_goes_before_slurm_and_a_batch_script_is_no_worker():
    assert find_cluster({**slurm(), **tf_config()}).addresses[0] == "host0:12345"
    assert find_cluster({"SLURM_JOB_ID": "1", "SLURM_NTASKS": "4", "SLURM_PROCID": "0"}) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"SLURM_STEP_NODELIST": ""}, "not SLURM_STEP_NODELIST: start the workers with `srun`"),
        ({"SLURM_STEP_NODELIST": "gpu[08-09]"}, r"2 nodes with \[2, 2, 1\] tasks are not 5"),
        ({"SLURM_STEP_NODELIST": "gpu[a-c]"}, r"has \[a-c\], which is neither"),
        ({"SLURM_STEP_TASKS_PER_NODE": "two"}, "is 'two', which should look like"),
        ({"SLURM_STEP_NUM_TASKS": "x"}, "SLURM_STEP_NUM_TASKS is 'x', not a whole number"),
        ({"SLURM_PROCID": "5"}, "SLURM_PROCID is 5; the step has the tasks 0 to 4"),
        ({"SLURM_DISTRIBUTION": "cyclic"}, "places the tasks by 'cyclic': start them with `srun --distribution=block`"),
    ],
)
def test_slurm_variables_that_disagree(changes, message):
    with pytest.raises(DistributionError, match=message):
        find_cluster(slurm(**changes))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("login", ["login"]),
        ("a1,b[2-3],c", ["a1", "b2", "b3", "c"]),
        ("gpu[007-009,12]-ib", ["gpu007-ib", "gpu008-ib", "gpu009-ib", "gpu12-ib"]),
        ("r[1-2]n[1,3]", ["r1n1", "r1n3", "r2n1", "r2n3"]),
    ],
)
def test_nodes_written_out(text, names):
    assert expand_nodes(text) == names


def test_tasks_written_out():
    assert expand_tasks("2(x3),1,4(x1)") == [2, 2, 2, 1, 4]


# The choice, and what is refused before anything starts.


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "horovod"}, "name is one of auto, none, mirrored, multi_worker, not 'horovod'"),
        ({"name": "mirrored", "replicas": 0}, "replicas is a whole number from 1, not 0"),
        ({"name": "mirrored", "replicas": True}, "replicas is a whole number from 1, not True"),
        ({"name": "none", "replicas": 2}, "replicas is for 'mirrored'; with 'none'"),
        ({"start_seconds": 0}, "start_seconds is a number of seconds from 1, not 0"),
        ({"lost_seconds": float("inf")}, "lost_seconds is a number of seconds from 1, not inf"),
    ],
)
def test_bad_arguments(settings, message):
    with pytest.raises(ValueError, match=message):
        strategy(**settings)


def test_multi_worker_without_workers():
    with pytest.raises(DistributionError, match="needs to know the workers: set TF_CONFIG, or start the workers with"):
        strategy("multi_worker")


def test_multi_worker_after_tensorflow_has_started(monkeypatch):
    tf.constant(1)
    monkeypatch.setenv("TF_CONFIG", tf_config()["TF_CONFIG"])
    with pytest.raises(DistributionError, match="already runs in this process"):
        strategy("auto")


def test_more_processor_devices_after_tensorflow_has_started():
    tf.constant(1)
    with pytest.raises(
        DistributionError, match=r"already runs, with \d+ processor devices?: call strategy\('mirrored'"
    ):
        strategy("mirrored", replicas=64)


@pytest.mark.parametrize(
    ("workers", "gpus", "replicas", "chosen"),
    [(2, 0, None, "multi_worker"), (2, 4, None, "multi_worker"), (1, 2, None, "mirrored"), (0, 2, None, "mirrored"),
     (0, 1, None, "none"), (0, 0, None, "none"), (1, 0, None, "none"), (0, 0, 2, "mirrored")],
)  # fmt: skip
def test_auto_chooses_by_what_is_there(monkeypatch, workers, gpus, replicas, chosen):
    monkeypatch.setattr(distribution, "_gpus", lambda: ["GPU"] * gpus)
    for name in ("multi_worker", "mirrored", "one_device"):
        monkeypatch.setattr(distribution, f"_{name}", lambda *_, name=name: name.replace("one_device", "none"))
    if workers:
        cluster = {"worker": [f"host{index}:1" for index in range(workers)]}
        monkeypatch.setenv("TF_CONFIG", tf_config(cluster)["TF_CONFIG"])
    assert strategy(replicas=replicas) == chosen


def test_none_is_one_device_and_its_scope_changes_nothing():
    one = strategy("none")
    assert one.num_replicas_in_sync == 1
    with one.scope():
        assert not tf.distribute.has_strategy()


def test_mirrored_with_one_device_says_what_it_does():
    with pytest.warns(UserWarning, match="found one device, a CPU: it trains there, with the same result as 'none'"):
        one = strategy("mirrored")
    assert one.num_replicas_in_sync == 1


def test_more_replicas_than_gpus(monkeypatch):
    monkeypatch.setattr(distribution, "_gpus", lambda: ["GPU"] * 2)
    with pytest.raises(ValueError, match="replicas is 3 and this machine has 2 GPUs"):
        strategy("mirrored", replicas=3)


# The meeting.


@pytest.fixture
def addresses():
    return tuple(f"127.0.0.1:{port}" for port in free_ports(3))


def meeting(*workers, seconds=20.0):
    """What each worker came to: "" if it may start, else the sentence. A worker is (cluster, devices)."""
    found = [None] * len(workers)

    def come(place, cluster, devices):
        try:
            meet(cluster, devices, seconds)
            found[place] = ""
        except DistributionError as error:
            found[place] = str(error)

    threads = [threading.Thread(target=come, args=(place, *worker)) for place, worker in enumerate(workers)]
    for thread in reversed(threads):  # the first worker comes last
        thread.start()
        time.sleep(0.05)
    for thread in threads:
        thread.join(60)
    return found


def test_workers_meet_and_leave_their_ports_free(addresses):
    for _ in range(2):
        assert meeting(*[(Cluster(addresses, index), 1) for index in range(3)]) == ["", "", ""]


def test_a_missing_worker_is_named_to_all(addresses):
    first, second = meeting((Cluster(addresses, 0), 1), (Cluster(addresses, 1), 1), seconds=1)
    assert first == second
    assert first.startswith(f"Worker 2 ({addresses[2]}) did not come within 1 s: start every worker")


def test_a_missing_first_worker_is_named(addresses):
    (found,) = meeting((Cluster(addresses, 1), 1), seconds=1)
    assert found == f"Worker 0 ({addresses[0]}) did not answer within 1 s: nothing listens there."


def test_a_first_worker_without_an_address(addresses):
    (found,) = meeting((Cluster(("no such host:1", *addresses), 1), 1), seconds=1)
    assert found == "Worker 0 (no such host:1) did not answer within 1 s: its name has no address."


def test_a_port_in_use_is_refused(addresses):
    with socket.socket() as other:
        host, port = addresses[1].split(":")
        other.bind((host, int(port)))
        other.listen()
        (found,) = meeting((Cluster(addresses, 1), 1))
    assert found.startswith(f"Port {port} of worker 1 ({addresses[1]}), this process, is already in use: end the")


def test_workers_of_different_clusters(addresses):
    other = Cluster((addresses[0], addresses[2]), 1)
    first, second = meeting((Cluster(addresses[:2], 0), 1), (other, 1))
    assert first == second
    assert first.startswith("Workers 0 and 1 were told of different clusters")


def test_workers_with_different_numbers_of_devices(addresses):
    first, second = meeting((Cluster(addresses[:2], 0), 1), (Cluster(addresses[:2], 1), 4))
    assert first == second
    assert f"Worker 0 has 1 devices to train on and worker 1 ({addresses[1]}) has 4" in first


def say_to(address, text):
    line = socket.create_connection((address.split(":")[0], int(address.split(":")[1])), timeout=10)
    line.sendall(text)
    return line


def say_when_it_listens(address, text, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            return say_to(address, text)
        except OSError:
            assert time.monotonic() < end, "nobody came to listen"
            time.sleep(0.05)


def test_strangers_are_passed_over_and_two_of_one_number_are_not(addresses):
    greeting = json.dumps({"worker": 1, "addresses": addresses, "devices": 1}).encode() + b"\n"
    found = []
    first = threading.Thread(target=lambda: found.extend(meeting((Cluster(addresses, 0), 1))))
    first.start()
    say_when_it_listens(addresses[0], b"GET / HTTP/1.1\r\n\r\n").close()
    lines = [say_to(addresses[0], text) for text in (b'{"worker": "x"}\n', b"[1]\n", greeting, greeting)]
    first.join(60)
    for line in lines:
        line.close()
    assert found == [f"Two processes say that they are worker 1 ({addresses[1]}): give each its own task index."]


# What workers do together.


@pytest.mark.parametrize(
    ("error", "text", "named"),
    [
        (tf.errors.UnavailableError, "remote target /job:worker/replica:0/task:1 while", "Worker 1 (b:1)"),
        (tf.errors.DeadlineExceededError, "Collective ops is aborted: RPC Heartbeat", "Another worker"),
        (tf.errors.InternalError, "reported from /job:worker/task:0: at /job:worker/task:2", "Worker 2 (c:1)"),
    ],
)
def test_a_lost_worker_is_named(error, text, named):
    with pytest.raises(WorkerLostError) as caught, worker_lost(Cluster(("a:1", "b:1", "c:1"), 0)):
        raise error(None, None, text)
    assert str(caught.value).startswith(f"{named} no longer answers")


def test_tasks_count_from_the_chief():
    with (
        pytest.raises(WorkerLostError, match=r"^Worker 2 \(c:1\)"),
        worker_lost(Cluster(("a:1", "b:1", "c:1"), 0, True)),
    ):
        raise tf.errors.UnavailableError(None, None, "/job:worker/replica:0/task:1 is gone")


@pytest.mark.parametrize(
    "error",
    [tf.errors.InvalidArgumentError(None, None, "/job:worker/task:1"), tf.errors.InternalError(None, None, "cuDNN")],
)
def test_other_errors_pass(error):
    with pytest.raises(type(error)), worker_lost(Cluster(("a:1", "b:1"), 0)):
        raise error


def test_one_process_decides_and_keeps_its_folder(tmp_path):
    assert first_decides(strategy("none"), True) is True
    assert first_decides(strategy("none"), False) is False
    assert worker_folder(strategy("none"), tmp_path) == tmp_path


def test_a_worker_gets_the_first_ones_checkpoint_in_place_of_its_own(tmp_path, monkeypatch):
    first, second = tmp_path / "one", tmp_path / "two"
    first.mkdir()
    for name, text in {"state.npz": b"new", "best-00002.npz": b"best", "log.csv": b"log"}.items():
        (first / name).write_bytes(text)
    stale = second / "worker-1"
    stale.mkdir(parents=True)
    (stale / "state.npz").write_bytes(b"old")
    (stale / "best-00001.npz").write_bytes(b"old")

    line = []  # the two numbers that go over the network, as the first worker sends them
    monkeypatch.setattr(distribution_workers, "_from_first", lambda _, array: line.append(array) or array)
    assert worker_folder(SimpleNamespace(cluster=Cluster(("a:1", "b:1"), 0)), first) == first
    assert [each.dtype for each in line] == [np.int64, np.int32]
    monkeypatch.setattr(distribution_workers, "_from_first", lambda *_: line.pop(0))
    assert worker_folder(SimpleNamespace(cluster=Cluster(("a:1", "b:1"), 1)), second) == stale
    assert {path.name: path.read_bytes() for path in stale.iterdir()} == {
        "state.npz": b"new",
        "best-00002.npz": b"best",
    }
