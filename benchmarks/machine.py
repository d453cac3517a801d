"""What a benchmark ran on, and how busy that was."""

import importlib.metadata
import os
import platform
from pathlib import Path

PACKAGES = ("tensorflow", "keras", "numpy")


def describe() -> dict[str, str]:
    """The machine and the versions on it, by name."""
    from dlcourse.training import device_report

    versions = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    return {
        "processor": _processor(),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "trains on": str(device_report()),
        "versions": ", ".join([f"Python {platform.python_version()}", *versions]),
    }


def load() -> str:
    """The load averages over 1, 5 and 15 minutes beside the number of cores, or why there are none."""
    if not hasattr(os, "getloadavg"):
        return "not told by this system"
    averages = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{averages} on {os.cpu_count()} cores"


def caution() -> str:
    """A sentence for a machine that does more than it has cores for; empty for a quiet one."""
    busy = hasattr(os, "getloadavg") and os.getloadavg()[1] > 1.2 * os.cpu_count()
    if not busy:
        return ""
    return (
        "**The machine was busy with other work during this run.** Read the quartiles: a ratio whose quartiles lie on "
        "both sides of 1 decides nothing, and rates per second are far below those of a quiet machine."
    )


def _processor():
    lines = _lines("/proc/cpuinfo")
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{name or platform.processor() or platform.machine()}, {os.cpu_count()} cores"


def _memory():
    total = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), None)
    return "not told" if total is None else f"{int(total) / 2**20:.0f} GiB"


def _lines(path):
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
