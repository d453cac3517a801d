"""Workers meet before TensorFlow connects them, so that a missing or a wrong one is named instead of waited for."""

import contextlib
import errno
import json
import socket
import time

from dlcourse.training.distribution_cluster import Cluster, DistributionError

_RETRY_SECONDS = 0.2
_GREETING_SECONDS = 5.0  # what is connected and says nothing for so long is no worker


def meet(cluster: Cluster, devices: int, seconds: float) -> None:
    """Return when all workers are there and agree on the cluster; `devices` is the number this one trains on.

    The first worker listens on its port, the others call it there. TensorFlow by itself waits without end for a
    worker that never starts, and shares a port with another server without a word.

    Raises:
        DistributionError: the port is in use, a worker is missing after `seconds`, or two of them disagree.
    """
    greeting = {"worker": cluster.index, "addresses": list(cluster.addresses), "devices": devices}
    deadline = time.monotonic() + seconds
    with _listening(cluster) as listener:
        if cluster.index == 0:
            _gather(cluster, listener, greeting, deadline, seconds)
        else:
            _report(cluster, greeting, deadline, seconds)


def _listening(cluster):
    """A socket that listens on this worker's port."""
    port = int(cluster.addresses[cluster.index].rpartition(":")[2])
    listener = socket.socket()
    # What a run that ended a moment ago left on the port does not count; a process that listens there does.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
        listener.listen(len(cluster.addresses))
    except OSError as error:
        listener.close()
        reason = "is already in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise DistributionError(
            f"Port {port} of {cluster.name(cluster.index)}, this process, {reason}: end the process that uses it, or "
            "give the workers other ports in TF_CONFIG."
        ) from error
    return listener


def _gather(cluster, listener, mine, deadline, seconds):
    """The first worker's part: wait for all others, then tell each that it can start, or why not."""
    came: dict[int, socket.socket] = {}
    fault = ""
    with contextlib.ExitStack() as opened:
        while not fault and len(came) < len(cluster.addresses) - 1:
            caller = _accepted(listener, deadline)
            if caller is None:
                fault = _missing(cluster, came, seconds)
                break
            opened.enter_context(caller)
            greeting = _heard(caller, _GREETING_SECONDS) or {}
            if isinstance(greeting.get("worker"), int):
                fault = _fault(cluster, mine, greeting, came)
                came[greeting["worker"]] = caller
        for caller in came.values():
            with contextlib.suppress(OSError):  # it has given up; the others learn it from TensorFlow
                _say(caller, {"fault": fault})
    if fault:
        raise DistributionError(fault)


def _accepted(listener, deadline):
    listener.settimeout(max(deadline - time.monotonic(), 0.001))
    try:
        return listener.accept()[0]
    except TimeoutError:
        return None


def _missing(cluster, came, seconds):
    names = [cluster.name(index) for index in range(1, len(cluster.addresses)) if index not in came]
    return (
        f"{_capital(', '.join(names))} did not come within {seconds:g} s: start every worker, and see that they reach "
        f"{cluster.name(0)}."
    )


def _fault(cluster, mine, greeting, came):
    """What keeps a worker that came from training with the first one; empty if nothing does."""
    index = greeting["worker"]
    if greeting.get("addresses") != mine["addresses"]:
        return f"Workers 0 and {index} were told of different clusters: {mine['addresses']}, {greeting['addresses']}."
    if index in came:
        return f"Two processes say that they are {cluster.name(index)}: give each its own task index."
    if greeting.get("devices") != mine["devices"]:
        return (
            f"Worker 0 has {mine['devices']} devices to train on and {cluster.name(index)} has "
            f"{greeting['devices']}: hide some with CUDA_VISIBLE_DEVICES, all workers need the same number."
        )
    return ""


def _report(cluster, mine, deadline, seconds):
    """Any other worker's part: call the first one until it answers that all are there."""
    reason = "nothing listens there"
    while time.monotonic() < deadline:
        try:
            answer = _answer(cluster.addresses[0], mine, deadline)
        except socket.gaierror:  # a name may come to be known only when its machine has started
            reason = "its name has no address"
        except OSError:
            reason = "nothing listens there"
        else:
            if answer is not None:
                break
            reason = "something else answers there, perhaps a training that already runs"
        time.sleep(_RETRY_SECONDS)
    else:
        raise DistributionError(f"{_capital(cluster.name(0))} did not answer within {seconds:g} s: {reason}.")
    if answer.get("fault"):
        raise DistributionError(answer["fault"])


def _answer(address, mine, deadline):
    host, _, port = address.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=_GREETING_SECONDS) as line:
        _say(line, mine)
        return _heard(line, max(deadline - time.monotonic(), 0) + _GREETING_SECONDS)


def _capital(text):
    return text[0].upper() + text[1:]


def _say(line, message):
    line.sendall(json.dumps(message).encode() + b"\n")


def _heard(line, seconds):
    """One line of JSON from the other end; None if it says nothing, or something else."""
    line.settimeout(seconds)
    try:
        text = line.makefile("rb").readline(1_000_000)
        message = json.loads(text)
    except (OSError, ValueError):
        return None
    return message if isinstance(message, dict) else None
