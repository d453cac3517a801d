"""Where the cells of a sweep run: on this machine's cores, shared out, or on a Dask cluster that is there already."""

import logging
import signal
import warnings
from contextlib import contextmanager
from multiprocessing import resource_tracker

from dlcourse.course import cells
from dlcourse.errors import CourseError

CONNECT_SECONDS = 10
MEMORY_A_WORKER = 2 * 2**30  # bytes: TensorFlow, Keras and a chapter's data


class ClusterError(CourseError):
    """The scheduler cannot be reached, or its workers cannot run the course."""


def default_workers() -> int:
    """How many cells run at the same time on this machine: as many as it has cores, and 2 GiB each, for."""
    from dask.system import CPU_COUNT
    from distributed.system import MEMORY_LIMIT

    return max(1, min(CPU_COUNT, MEMORY_LIMIT // MEMORY_A_WORKER))


def threads_each(workers: int) -> int:
    """The cores of this machine that each of `workers` may use."""
    from dask.system import CPU_COUNT

    return max(1, CPU_COUNT // workers)


@contextmanager
def local_cluster(workers: int, scratch):
    """A Dask client whose `workers` processes are started here, on loopback, and ended with the block."""
    from distributed import Client, LocalCluster

    with _quiet(), _shielded_from_interrupts():
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            memory_limit=0,  # it would see the worker's own memory alone, not that of the cells' processes
            dashboard_address="127.0.0.1:0",
            local_directory=str(scratch),
            silence_logs=logging.CRITICAL,
        )
    with _quiet(), cluster, Client(cluster, set_as_default=False) as client:
        yield client


@contextmanager
def remote_cluster(address: str):
    """A Dask client of the scheduler at `address`, whose workers are known to have this version of the course.

    Raises:
        ClusterError: no answer within 10 s, no worker within 10 s more, or workers without this version.
    """
    with _quiet(), _connected(address) as client:
        _wait_for_a_worker(client, address)
        _check_versions(client, address)
        yield client


def slots(client) -> int:
    """How many cells the workers of a client run at the same time."""
    return sum(client.nthreads().values())


@contextmanager
def _connected(address):
    from distributed import Client

    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address!r} within {CONNECT_SECONDS} s ({_one_line(error)}): "
            "start one with 'dask scheduler', or leave --scheduler out to use this machine."
        ) from None
    with client:
        yield client


def _wait_for_a_worker(client, address):
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        raise ClusterError(
            f"the Dask scheduler at {address!r} has no worker after {CONNECT_SECONDS} s: "
            f"start some with 'dask worker {address}'."
        ) from None


def _check_versions(client, address):
    try:
        found = client.run(cells.version)
    except Exception as error:  # whatever a worker raises when it cannot import the course
        raise ClusterError(f"a worker of {address!r} cannot load the course ({_one_line(error)}).") from None
    for worker, version in found.items():
        if version != _here():
            raise ClusterError(
                f"worker {worker} has version {version} of the course, and this is {_here()}: "
                "install the same everywhere."
            )


def _here():
    return cells.version()


@contextmanager
def _quiet():
    """Dask tells of every connection that ends; what a sweep has to say is said by its outcomes."""
    import distributed  # noqa: F401 - its loggers are made, and given their levels, as it is loaded

    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]
    levels = {logger: logger.level for logger in map(logging.getLogger, names)}
    try:
        for logger in levels:
            logger.setLevel(logging.CRITICAL)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)


@contextmanager
def _shielded_from_interrupts():
    """Processes started within never see Ctrl-C, which a terminal sends to all of them: the sweep ends its workers.

    Ctrl-C that comes meanwhile is raised here at the end.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # else it is started by the first process, and unblocks the signal again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _one_line(error):
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
