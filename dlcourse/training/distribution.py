"""`strategy`: one device, all of a machine's or those of several machines, chosen from what is there."""

import math
import numbers
import os
import warnings

from dlcourse.training.distribution_cluster import Cluster, DistributionError, find_cluster

STRATEGIES = ("auto", "none", "mirrored", "multi_worker")
_FOUND_BY = "TF_CONFIG, or start the workers with SLURM's `srun`"
_made: dict = {}  # cluster or devices -> strategy


def strategy(
    name: str = "auto",
    *,
    replicas: int | None = None,
    start_seconds: float = 300.0,
    lost_seconds: float = 20.0,
):
    """How a model trains on several devices, as a tf.distribute.Strategy: build, compile and fit within its `scope()`.

    The batch size stays that of the whole batch, which is dealt out to the replicas; the trained weights are those of
    one device but for rounding, uneven last batches included. Call this before anything else uses TensorFlow.

    Args:
        name: "none" is one device; "mirrored" all GPUs of this machine; "multi_worker" all devices of all workers that
            TF_CONFIG or a SLURM job step names. "auto" takes the last where there is more than one worker, else
            "mirrored" where there is more than one GPU, else "none".
        replicas: for "mirrored", train on so many: the first GPUs, or where there is no GPU, parts of the processor.
        start_seconds: how long workers wait for one another at the start.
        lost_seconds: a worker not heard of for so long counts as lost. (A process that dies is noticed at once.)

    Raises:
        ValueError: an argument that is not allowed.
        DistributionError: TF_CONFIG or SLURM's variables are wrong, a port is in use, a worker did not come, or
            TensorFlow already runs on other devices. Nothing has been trained then.
    """
    _check(name, replicas, start_seconds, lost_seconds)
    cluster = find_cluster(os.environ) if name in ("auto", "multi_worker") else None
    chosen = _choice(cluster, replicas) if name == "auto" else name
    if chosen == "multi_worker":
        return _multi_worker(cluster, start_seconds, lost_seconds)
    return _mirrored(replicas) if chosen == "mirrored" else _one_device()


def _check(name, replicas, start_seconds, lost_seconds):
    if name not in STRATEGIES:
        raise ValueError(f"name is one of {', '.join(STRATEGIES)}, not {name!r}.")
    if replicas is not None:
        if isinstance(replicas, bool) or not isinstance(replicas, numbers.Integral) or replicas < 1:
            raise ValueError(f"replicas is a whole number from 1, not {replicas!r}.")
        if name not in ("mirrored", "auto"):
            raise ValueError(f"replicas is for 'mirrored'; with {name!r} the number follows from the devices.")
    for argument, value in {"start_seconds": start_seconds, "lost_seconds": lost_seconds}.items():
        if isinstance(value, bool) or not isinstance(value, numbers.Real) or not 1 <= value < math.inf:
            raise ValueError(f"{argument} is a number of seconds from 1, not {value!r}.")


def _choice(cluster, replicas):
    if cluster is not None and len(cluster.addresses) > 1:
        return "multi_worker"
    return "mirrored" if (replicas or 1) > 1 or len(_gpus()) > 1 else "none"


def _gpus():
    import tensorflow as tf

    return tf.config.list_physical_devices("GPU")


def _one_device():
    """The strategy TensorFlow has when none is chosen; its scope changes nothing."""
    import tensorflow as tf

    return tf.distribute.get_strategy()


def _mirrored(replicas):
    from dlcourse.training.distribution_exact import Mirrored

    gpus = _gpus()
    kind, found = ("GPU", len(gpus)) if gpus else ("CPU", replicas or 1)
    count = replicas or found
    if count > found:
        raise ValueError(f"replicas is {replicas} and this machine has {found} GPU{'s' * (found > 1)}.")
    if not gpus and count > 1:
        _split_processor(count)
    if count == 1:
        warnings.warn(
            f"strategy('mirrored') found one device, a {kind}: it trains there, with the same result as 'none'.",
            stacklevel=3,
        )
    devices = tuple(f"{kind}:{index}" for index in range(count))
    # Two strategies over the same processor devices would answer each other's collective operations.
    if devices not in _made:
        _made[devices] = Mirrored(list(devices))
    return _made[devices]


def _split_processor(count):
    """Let TensorFlow see the processor as `count` devices, which share its cores."""
    import tensorflow as tf

    processor = tf.config.list_physical_devices("CPU")[0]
    parts = tf.config.get_logical_device_configuration(processor) or []
    if len(parts) >= count:
        return
    try:
        tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * count)
    except RuntimeError as error:
        raise DistributionError(
            f"TensorFlow already runs, with {max(len(parts), 1)} processor device{'s' * (len(parts) > 1)}: call "
            f"strategy('mirrored', replicas={count}) first of all in a new process or kernel."
        ) from error


def _multi_worker(cluster: Cluster | None, start_seconds, lost_seconds):
    """Once in a process: TensorFlow's connections cannot be made anew, so the same cluster gets the same strategy."""
    from tensorflow.python.eager import context

    if cluster is None:
        raise DistributionError(f"strategy('multi_worker') needs to know the workers: set {_FOUND_BY}.")
    if cluster in _made:
        return _made[cluster]
    if context.context()._context_handle is not None:
        raise DistributionError(
            "TensorFlow already runs in this process: call strategy('multi_worker') before the first tensor, in a new "
            "process or kernel."
        )
    from dlcourse.training.distribution_exact import MultiWorker
    from dlcourse.training.distribution_meeting import meet

    meet(cluster, len(_gpus()) or 1, start_seconds)
    _watch_workers(context.context(), cluster, start_seconds, lost_seconds)
    _made[cluster] = MultiWorker(cluster)
    return _made[cluster]


def _watch_workers(context, cluster, start_seconds, lost_seconds):
    """Have TensorFlow's coordination service give a worker up after `lost_seconds`; MultiWorkerMirroredStrategy's own
    settings, which have no argument for it, otherwise."""
    import tensorflow as tf

    settings = tf.compat.v1.ConfigProto().experimental.coordination_config
    for job, addresses in cluster.jobs.items():
        settings.coordinated_job_list.add(name=job, num_tasks=len(addresses))
    kind, index = ("chief", 0) if cluster.chief else ("worker", 0)
    context.configure_coordination_service(
        service_type="standalone",
        service_leader=f"/job:{kind}/replica:0/task:{index}",
        cluster_register_timeout_in_ms=int(1000 * start_seconds),
        heartbeat_timeout_in_ms=int(1000 * lost_seconds),
        coordinated_jobs=list(settings.coordinated_job_list),
    )
