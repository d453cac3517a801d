"""Which processes train one model together, and which of them this one is: from TF_CONFIG or from SLURM."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from dlcourse.errors import CourseError

_FIRST_PORT, _PORTS = 20_000, 10_000  # below the ports a system hands out by itself (from 32,768 on Linux)
_RANGE = re.compile(r"([^\[\]]*)\[([^\[\]]+)\](.*)")
_EXAMPLE = '{"cluster": {"worker": ["host0:12345", "host1:12345"]}, "task": {"type": "worker", "index": 0}}'


class DistributionError(CourseError):
    """The machines or processes of a distributed training cannot work together."""


@dataclass(frozen=True)
class Cluster:
    """The workers of a training by address ("host:port"), the first one first, and the number of this one.

    `chief` says whether the first is called "chief" in TF_CONFIG rather than worker 0.
    """

    addresses: tuple[str, ...]
    index: int
    chief: bool = False

    @property
    def task(self) -> tuple[str, int]:
        """Type and number of this process in TensorFlow's own terms."""
        if not self.chief:
            return "worker", self.index
        return ("worker", self.index - 1) if self.index else ("chief", 0)

    @property
    def jobs(self) -> dict[str, list[str]]:
        """The addresses by TensorFlow's type of task."""
        listed = list(self.addresses)
        jobs = {"chief": listed[:1], "worker": listed[1:]} if self.chief else {"worker": listed}
        return {name: each for name, each in jobs.items() if each}

    def name(self, index: int) -> str:
        """A worker as messages call it: "worker 1 (host1:12345)"."""
        return f"worker {index} ({self.addresses[index]})"


def find_cluster(environment: Mapping[str, str]) -> Cluster | None:
    """The cluster that TF_CONFIG describes, else the one of a SLURM job step (`srun`), else None.

    Raises:
        DistributionError: TF_CONFIG or SLURM's variables do not describe one; says what is wrong.
    """
    if environment.get("TF_CONFIG", "").strip():
        return from_tf_config(environment["TF_CONFIG"])
    return from_slurm(environment) if "SLURM_STEP_NUM_TASKS" in environment else None


def from_tf_config(text: str) -> Cluster | None:
    """The cluster in the JSON text of TF_CONFIG; None if it names no cluster (a single process)."""
    config = _parsed(text)
    if not config.get("cluster") and not config.get("task"):
        return None
    jobs = _jobs(config.get("cluster"))
    kind, index = _task(config.get("task"), jobs)
    before = len(jobs.get("chief", ())) if kind == "worker" else 0
    addresses = [address for each in jobs.values() for address in each]
    return Cluster(tuple(addresses), before + index, "chief" in jobs)


def _parsed(text):
    try:
        config = json.loads(text)
    except json.JSONDecodeError as error:
        raise DistributionError(f"TF_CONFIG is not JSON ({error}): it should look like {_EXAMPLE}.") from error
    if not isinstance(config, dict):
        raise DistributionError(f"TF_CONFIG is {json.dumps(config)}, not an object like {_EXAMPLE}.")
    return config


def _jobs(cluster):
    """Checked addresses by type of task, chief first."""
    if not isinstance(cluster, dict) or not cluster:
        raise DistributionError(f'TF_CONFIG has no "cluster" with the addresses of the workers: see {_EXAMPLE}.')
    unknown = [name for name in cluster if name not in ("chief", "worker")]
    if unknown:
        raise DistributionError(f'The cluster in TF_CONFIG has {unknown[0]!r} tasks; only "worker" and "chief" train.')
    jobs = {name: cluster[name] for name in ("chief", "worker") if cluster.get(name)}
    if not jobs or not all(isinstance(each, list) for each in jobs.values()) or len(jobs.get("chief", [0])) != 1:
        raise DistributionError(f'The cluster in TF_CONFIG is a list of "worker" addresses, as in {_EXAMPLE}.')
    _check_addresses([address for each in jobs.values() for address in each])
    return jobs


def _check_addresses(addresses):
    for address in addresses:
        host, _, port = str(address).rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
            raise DistributionError(f"TF_CONFIG has the address {address!r}; an address is host:port, as host0:12345.")
        if addresses.count(address) > 1:
            raise DistributionError(f"TF_CONFIG has the address {address!r} twice; every worker has its own.")


def _task(task, jobs):
    """This process's checked type and index."""
    if not isinstance(task, dict) or "type" not in task or "index" not in task:
        raise DistributionError(f'TF_CONFIG has no "task" with the type and index of this process: see {_EXAMPLE}.')
    kind, index = task["type"], task["index"]
    if kind not in jobs:
        raise DistributionError(
            f"The task in TF_CONFIG is of type {kind!r}, and the cluster has only {' and '.join(map(repr, jobs))}."
        )
    last = len(jobs[kind]) - 1
    if isinstance(index, bool) or not isinstance(index, int | str) or not str(index).isdecimal() or int(index) > last:
        raise DistributionError(f"The task in TF_CONFIG has index {index!r}; the {kind} tasks go from 0 to {last}.")
    return kind, int(index)


def from_slurm(environment: Mapping[str, str]) -> Cluster:
    """The cluster of a SLURM job step: a worker for each task that `srun` started.

    The batch script itself is no step. The tasks of one node listen on ports that follow one another, from one that
    depends on the job, so that two jobs on a node do not meet.
    """
    nodes = expand_nodes(_slurm(environment, "SLURM_STEP_NODELIST"))
    tasks = expand_tasks(_slurm(environment, "SLURM_STEP_TASKS_PER_NODE"))
    count = _whole(environment, "SLURM_STEP_NUM_TASKS")
    if len(nodes) != len(tasks) or sum(tasks) != count:
        raise DistributionError(
            f"SLURM's variables disagree: {len(nodes)} nodes with {tasks} tasks are not {count} tasks in all."
        )
    _check_order(environment, tasks)
    port = _FIRST_PORT + _whole(environment, "SLURM_JOB_ID") * 16 % _PORTS
    addresses = [f"{node}:{port + task}" for node, each in zip(nodes, tasks, strict=True) for task in range(each)]
    rank = _whole(environment, "SLURM_PROCID")
    if rank >= count:
        raise DistributionError(f"SLURM_PROCID is {rank}; the step has the tasks 0 to {count - 1}.")
    return Cluster(tuple(addresses), rank)


def _check_order(environment, tasks):
    """The numbers of the tasks tell their nodes only where SLURM fills one node after the other."""
    order = re.split("[,:]", environment.get("SLURM_DISTRIBUTION", "block"))[0]
    if len(tasks) > 1 and max(tasks) > 1 and order != "block":
        raise DistributionError(f"SLURM places the tasks by {order!r}: start them with `srun --distribution=block`.")


def expand_nodes(text: str) -> list[str]:
    """SLURM's short form of host names, written out: "gpu[01-03,7],login" -> gpu01, gpu02, gpu03, gpu7, login."""
    parts = re.findall(r"(?:[^,\[\]]|\[[^\]]*\])+", text)
    return [name for part in parts for name in _expand_brackets(part)]


def _expand_brackets(part):
    found = _RANGE.match(part)
    if not found:
        return [part]
    before, ranges, after = found.groups()
    numbers = [number for each in ranges.split(",") for number in _numbers(each)]
    return [f"{before}{number}{rest}" for number in numbers for rest in _expand_brackets(after)]


def _numbers(text):
    first, dash, last = text.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise DistributionError(f"SLURM's list of nodes has [{text}], which is neither a number nor a range of them.")
    return [f"{number:0{len(first)}d}" for number in range(int(first), int(last or first) + 1)]


def expand_tasks(text: str) -> list[int]:
    """SLURM's short form of tasks by node, written out: "2(x3),1" -> [2, 2, 2, 1]."""
    found = [re.fullmatch(r"(\d+)(?:\(x(\d+)\))?", part) for part in text.split(",")]
    if not all(found):
        raise DistributionError(f"SLURM_STEP_TASKS_PER_NODE is {text!r}, which should look like 2(x3),1.")
    return [int(each[1]) for each in found for _ in range(int(each[2] or 1))]


def _slurm(environment, name):
    if not environment.get(name):
        raise DistributionError(f"SLURM has set SLURM_STEP_NUM_TASKS and not {name}: start the workers with `srun`.")
    return environment[name]


def _whole(environment, name):
    text = _slurm(environment, name)
    if not text.isdecimal():
        raise DistributionError(f"{name} is {text!r}, not a whole number.")
    return int(text)
