"""`dlcourse doctor`: is everything here that the course needs, and what to do where it is not."""

import importlib.metadata
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dlcourse import paths

PACKAGES = ("tensorflow", "keras", "numpy", "jupyterlab", "papermill")
PYTHONS = ((3, 11), (3, 13))
ROOM_WANTED = 2 * 2**30  # bytes: the data sets and weights the course fetches, with room to spare

_MARKS = {"good": ("✔", "green"), "odd": ("!", "yellow"), "bad": ("✘", "red")}


@dataclass(frozen=True)
class Check:
    """One thing looked at. `state`: "good", "odd" (the course runs all the same) or "bad"; `advice`: what to do."""

    name: str
    state: str
    found: str
    advice: str = ""


def doctor() -> int:
    """Print what the course needs and what was found. Returns 1 if something essential is broken, else 0."""
    from rich.console import Console

    checks = all_checks()
    broken = [check for check in checks if check.state == "bad"]
    console = Console()
    console.print(_table(checks))
    if not any(check.name == "device" for check in broken):
        from dlcourse.training.devices import device_report

        console.print(device_report().table())
    console.print("The course cannot run as it should." if broken else "Everything the course needs is here.")
    return 1 if broken else 0


def all_checks() -> list[Check]:
    """Every check, in the order shown. TensorFlow is loaded only once its package is known to be there."""
    packages = [check_package(name) for name in PACKAGES]
    return [check_python(), *packages, check_device(), check_cache(), check_notebooks()]


def check_python(version: tuple[int, ...] = tuple(sys.version_info[:3])) -> Check:
    """Whether this Python is one the course is tested with."""
    text = f"{'.'.join(map(str, version))} ({platform.python_implementation()})"
    if PYTHONS[0] <= version[:2] <= PYTHONS[1]:
        return Check("Python", "good", text)
    first, last = (".".join(map(str, each)) for each in PYTHONS)
    return Check("Python", "bad", text, f"Use Python {first} to {last}.")


def check_package(name: str) -> Check:
    """Whether a package is installed, and its version."""
    try:
        return Check(name, "good", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, "bad", "not installed", "Run `make lab`, or `pip install` the course again.")


def check_device() -> Check:
    """What training runs on. A GPU that is there and unused is odd; a TensorFlow that does not load is broken."""
    from dlcourse.training.devices import device_report

    try:
        report = device_report()
    except Exception as error:  # whatever a broken installation raises is what the user has to see
        return Check("device", "bad", f"{type(error).__name__}: {error}", "TensorFlow does not load: install it again.")
    unused = "unused" in report.gpu_note
    return Check("device", "odd" if unused else "good", str(report), "Training uses the processor." if unused else "")


def check_cache(folder: Path | None = None) -> Check:
    """Whether fetched files can be kept, and how much room is left for them."""
    folder = folder or paths.cache_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        return Check(
            "cache", "bad", f"{folder}: {error.strerror}", "Set DLCOURSE_CACHE to a folder that can be written."
        )
    text = f"{folder}, {free / 2**30:.1f} GiB free"
    if free < ROOM_WANTED:
        return Check("cache", "odd", text, "Make room, or set DLCOURSE_CACHE to a folder on another disk.")
    return Check("cache", "good", text)


def check_notebooks(folder: Path | None = None) -> Check:
    """Whether the numbered notebooks are where the course looks for them."""
    folder = folder or paths.notebooks_dir()
    count = len(list(folder.glob("[0-9][0-9]_*.ipynb")))
    if count:
        return Check("notebooks", "good", f"{folder}, {count} notebook{'s' if count > 1 else ''}")
    return Check("notebooks", "bad", f"none in {folder}", "Clone or install the course again.")


def _table(checks):
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False)
    for check in checks:
        mark, colour = _MARKS[check.state]
        found = f"{check.found}\n→ {check.advice}" if check.advice else check.found
        table.add_row(Text(mark, colour), check.name, Text(found, overflow="fold"))
    return table
