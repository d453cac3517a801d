"""What the workers of one training do together besides its steps: decide, share a checkpoint, notice a loss."""

import contextlib
import io
import re
import zipfile
from pathlib import Path

import numpy as np

from dlcourse.training import job
from dlcourse.training.distribution_cluster import Cluster, DistributionError

# What TensorFlow raises when a worker is gone: its connection was reset, or its heartbeats ended.
_LOST = ("UnavailableError", "DeadlineExceededError", "AbortedError", "CancelledError", "InternalError")
_FROM_OUTSIDE = re.compile(r"[Cc]ollective|RPC|/job:")


class WorkerLostError(DistributionError):
    """Another worker of the training no longer answers."""


@contextlib.contextmanager
def worker_lost(cluster: Cluster):
    """Say which worker is gone in place of TensorFlow's error, when a collective operation is broken off.

    Raises:
        WorkerLostError: in place of the error.
    """
    import tensorflow as tf

    try:
        yield
    except tf.errors.OpError as error:
        if type(error).__name__ not in _LOST or not _FROM_OUTSIDE.search(str(error)):
            raise
        raise WorkerLostError(_who(cluster, str(error))) from error


def _who(cluster, text):
    """The sentence, with the first worker that TensorFlow's message names and that is not this one."""
    tasks = re.findall(r"/job:(\w+)/(?:replica:0/)?task:(\d+)", text)
    numbers = [int(number) + (cluster.chief and job == "worker") for job, number in tasks]
    others = [index for index in numbers if index != cluster.index]
    name = cluster.name(others[0]) if others else "another worker"
    return (
        f"{name[0].upper()}{name[1:]} no longer answers: it was killed, it stopped with an error, or the network "
        "failed. Start all workers again; a training with a folder goes on from its last checkpoint."
    )


def first_decides(strategy, yes: bool) -> bool:
    """What the first worker says, on every worker: clocks differ, and all workers have to save or stop at one step.

    A collective operation: all workers have to call it. With one process it is `yes` itself, and costs nothing.
    """
    return bool(_from_first(strategy, np.array([yes], np.int32))[0]) if _cluster(strategy) else yes


def worker_count(strategy) -> int:
    """How many processes train together; 1 for a strategy of one process."""
    cluster = _cluster(strategy)
    return 1 if cluster is None else len(cluster.addresses)


def worker_folder(strategy, folder: str | Path) -> Path:
    """The folder for this worker's `fit`, holding what the first worker's holds: all go on from one checkpoint.

    The first worker, and a single process, has `folder` itself; the others have `worker-1`, … in it. They need no
    common disk: the checkpoint is sent to them. A collective operation: all workers have to call it.

    Raises:
        OSError: the first worker's checkpoint cannot be read, or this worker's folder cannot be written.
    """
    folder, cluster = Path(folder), _cluster(strategy)
    if cluster is None:
        return folder
    packed = _packed(folder) if cluster.index == 0 else b""
    sent = _bytes_from_first(strategy, packed)
    if cluster.index == 0:
        return folder
    mine = folder / f"worker-{cluster.index}"
    mine.mkdir(parents=True, exist_ok=True)
    _unpack(sent, mine)
    return mine


def _cluster(strategy):
    """The cluster, if there is more than this process."""
    cluster = getattr(strategy, "cluster", None)
    return cluster if cluster is not None and len(cluster.addresses) > 1 else None


def _checkpoint(folder):
    return [*folder.glob(job.STATE), *folder.glob("best-*.npz")]


def _packed(folder):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path in _checkpoint(folder):
            archive.write(path, path.name)
    return file.getvalue()


def _unpack(packed, folder):
    """Put the files in place; what an older run left is deleted first, so that a kill leaves no mixture."""
    for path in _checkpoint(folder):
        path.unlink()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        # The state last: it names the best weights, and without it a training starts anew.
        for name in sorted(archive.namelist()):
            (folder / Path(name).name).write_bytes(archive.read(name))


def _bytes_from_first(strategy, data):
    """The first worker's bytes; what the others pass does not count."""
    size = int(_from_first(strategy, np.array([len(data)], np.int64))[0])
    words = np.zeros(-(-size // 4), np.int32)
    words.view(np.uint8)[: len(data)] = np.frombuffer(data, np.uint8)
    return _from_first(strategy, words).tobytes()[:size]


def _from_first(strategy, array):
    """The first replica's array on all workers: a sum to which the others give zeros of the same shape and type."""
    import tensorflow as tf

    values = strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant(array if context.replica_id_in_sync_group == 0 else np.zeros_like(array))
    )
    return strategy.reduce(tf.distribute.ReduceOp.SUM, values, axis=None).numpy()
