"""Several workers on one machine: the same program, started once for each, as a cluster would start it."""

import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dlcourse.errors import CourseError

_LOOK_SECONDS = 0.05
_PORTS = range(20_000, 32_000)


class WorkersError(CourseError):
    """A worker ended with an error, or took too long."""


def run_workers(
    program: str | Path, count: int = 2, *, arguments=(), environment: dict | None = None, seconds: float = 600.0
) -> list[str]:
    """Run a Python program as `count` workers over loopback, and return what each printed.

    Each process finds its part in TF_CONFIG, so that `strategy()` in it trains with the others; they share this
    machine's cores. For trying what will run on several machines, and for tests.

    Args:
        program: the file.
        arguments: of the program, the same for all.
        environment: variables to set besides TF_CONFIG, such as CUDA_VISIBLE_DEVICES: workers cannot share a GPU.
        seconds: after which all are ended.

    Raises:
        ValueError: the file is not there, or `count` is no whole number from 1.
        WorkersError: a worker ended with an error (the sentence has its last line), or the time is over. No worker is
            left running.
    """
    if not Path(program).is_file():
        raise ValueError(f"program {str(program)!r} is not a file.")
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ValueError(f"count is a whole number from 1, not {count!r}.")
    command = [sys.executable, str(program), *map(str, arguments)]
    with contextlib.ExitStack() as opened:
        workers = [
            opened.enter_context(_Worker(command, {**(environment or {}), **each})) for each in _configurations(count)
        ]
        _wait(workers, time.monotonic() + seconds, seconds)
        return [each.said(each.out) for each in workers]


class _Worker:
    """A process that is ended with the block, and what it says, in files: a full pipe would stop it."""

    def __init__(self, command, variables):
        self.out, self.err = (tempfile.TemporaryFile("w+") for _ in range(2))  # noqa: SIM115 (closed on leaving)
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.out, stderr=self.err, env={**os.environ, **variables}
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.out.close()
        self.err.close()

    @staticmethod
    def said(file):
        file.seek(0)
        return file.read()


def _wait(workers, deadline, seconds):
    """Until all have ended well. The first that fails is named: the others only fail for want of it."""
    while True:
        codes = [each.process.poll() for each in workers]
        for index, (worker, code) in enumerate(zip(workers, codes, strict=True)):
            if code:
                last = (worker.said(worker.err).strip() or "it said nothing").splitlines()[-1]
                raise WorkersError(f"Worker {index} ended with {code}: {last}")
        if None not in codes:
            return
        if time.monotonic() > deadline:
            raise WorkersError(f"Worker {codes.index(None)} was not done after {seconds:g} s: all were ended.")
        time.sleep(_LOOK_SECONDS)


def _configurations(count):
    """The environment variable that tells each worker its part."""
    cluster = {"worker": [f"127.0.0.1:{port}" for port in free_ports(count)]}
    tasks = [{"type": "worker", "index": index} for index in range(count)]
    return [{"TF_CONFIG": json.dumps({"cluster": cluster, "task": each})} for each in tasks]


def free_ports(count: int) -> list[int]:
    """Different ports of this machine that nobody uses at the moment, drawn at random.

    They lie below those that systems give to whoever asks for any port, and so are free as well when a worker, having
    loaded TensorFlow, comes to listen there.

    Raises:
        WorkersError: there are not so many.
    """
    found = []
    for port in random.SystemRandom().sample(_PORTS, len(_PORTS)):
        if len(found) == count:
            break
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("", port))
            found.append(port)
    if len(found) < count:
        raise WorkersError(f"Of the ports from {_PORTS[0]} to {_PORTS[-1]} only {len(found)} are free, not {count}.")
    return found
