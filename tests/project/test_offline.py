"""Every chapter runs on a machine without a network, once its data are there."""

import subprocess
import sys
from pathlib import Path

import pytest

from dlcourse.course import chapters, runs
from dlcourse.course.syllabus import find_chapter
from dlcourse.data.manifest import manifest

WITHOUT_NETWORK = [sys.executable, str(Path(__file__).with_name("without_network.py"))]
WRITTEN = [chapter.number for chapter in chapters() if chapter.written]


@pytest.fixture(scope="module")
def offline():
    """A function that runs a command where there is no network."""

    def run(*command, folder=None):
        return subprocess.run(
            [*WITHOUT_NETWORK, *command],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    if sys.platform != "linux":
        pytest.skip("network namespaces are Linux's")
    tried = run("true")
    if tried.returncode:
        pytest.skip(f"this kernel gives no network namespace: {tried.stderr.strip().splitlines()[-1]}")
    return run


def test_there_is_loopback_and_nothing_else(offline):
    code = """
import socket
from pathlib import Path
print([name for _, name in socket.if_nameindex()], len(Path("/proc/net/route").read_text().splitlines()) - 1)
listener = socket.create_server(("127.0.0.1", 0))
socket.create_connection(listener.getsockname(), timeout=5).close()
"""
    done = offline(sys.executable, "-c", code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "['lo'] 0\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("number", WRITTEN)
def test_a_chapter_runs_without_a_network(offline, number, tmp_path, brought):
    for name in find_chapter(number).data:
        if not any(file.bundled for file in manifest(name).files):
            brought(name)
    output = tmp_path / "out.ipynb"
    done = offline(
        sys.executable, "-m", "dlcourse", "run", number, "--profile", "quick", "-o", str(output), folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert runs.figures(output)
