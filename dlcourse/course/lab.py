"""Open JupyterLab on the course."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from dlcourse import paths
from dlcourse.course.syllabus import find_written_chapter
from dlcourse.errors import CourseError

FIRST_PORT = 8888
PORTS_TRIED = 50

# Settings of ours for JupyterLab: it asks neither its reader nor the network for news and newer versions, and sends no
# pings over the loopback, whose time-out tornado would warn of in the terminal.
SETTINGS = Path(__file__).parent / "jupyter"


def working_notebooks(folder: Path | None = None) -> Path:
    """The folder JupyterLab opens: the checkout's own notebooks, or for an installed wheel a copy the reader may edit.

    Args:
        folder: where to copy to; by default `dlcourse-notebooks` in the current folder. Files that are there already
            are the reader's own and are kept.

    Raises:
        CourseError: the folder cannot be written.
    """
    if folder is None and paths.repository_root():
        return paths.notebooks_dir()
    folder = folder or Path("dlcourse-notebooks")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(paths.notebooks_dir().iterdir()):
            if source.is_file() and not (folder / source.name).exists():
                shutil.copyfile(source, folder / source.name)
    except OSError as error:
        raise CourseError(f"cannot copy the notebooks to {folder}: {error.strerror}.") from None
    return folder


def free_port(wanted: int | None = None) -> int:
    """A port of the loopback interface to listen on: `wanted` itself, or the first free one from 8888.

    Raises:
        CourseError: `wanted` is taken or not a port, or none is free.
    """
    if wanted is not None:
        if not 1 <= wanted <= 65535:
            raise CourseError(f"a port is a number from 1 to 65535, not {wanted}.")
        if not _is_free(wanted):
            raise CourseError(f"port {wanted} is taken by another program: leave --port out to use a free one.")
        return wanted
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if _is_free(port):
            return port
    raise CourseError(f"no port from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} is free: name one with --port.")


def lab_command(number="00", port=None, browser=True, folder=None) -> list[str]:
    """The command that opens JupyterLab on a chapter, bound to loopback with its token."""
    chapter = find_written_chapter(number)
    port = free_port(port)
    home = working_notebooks(folder)
    command = [sys.executable, "-m", "jupyterlab", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    command += [f"--ServerApp.root_dir={home.resolve()}", f"--LabApp.default_url=/lab/tree/{chapter.path.name}"]
    command.append("--LabApp.extension_manager=readonly")  # the other kind asks a package registry
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command if browser else [*command, "--no-browser"]


def open_lab(number="00", port=None, browser=True, folder=None) -> int:
    """Open JupyterLab on a chapter, in this process's place where the system can do that; else its exit code.

    Ctrl-C and the end of a terminal so reach JupyterLab itself, which asks first and stops its kernels.
    """
    command, environment = lab_command(number, port, browser, folder), lab_environment()
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(command[0], command, environment)
    return subprocess.call(command, env=environment)


def lab_environment() -> dict[str, str]:
    """The environment JupyterLab runs in: this one, with our settings before those of the system."""
    paths_given = os.environ.get("JUPYTER_CONFIG_PATH")
    ours = os.pathsep.join([paths_given, str(SETTINGS)] if paths_given else [str(SETTINGS)])
    return {**os.environ, "JUPYTER_CONFIG_PATH": ours}


def _is_free(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
