"""JupyterLab as a reader meets it: started by `dlcourse lab`, seen through headless Chromium."""

import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

from dlcourse.course import chapters

SETTINGS = {"notebook-extension/tracker": '{"windowingMode": "none"}'}  # every cell is in the page, seen or not
START_SECONDS = 120


@dataclass
class Lab:
    """A running JupyterLab: its address, its token, and the folder of the notebooks it works on."""

    origin: str
    token: str
    folder: Path

    def url(self, chapter) -> str:
        return f"{self.origin}/lab/tree/{chapter.path.name}?reset&token={self.token}"

    def complaints(self) -> list[str]:
        """What JupyterLab and its kernels wrote into the terminal as a warning or an error.

        That a notebook is not trusted before its reader has run it is said of every file that was not made here.
        """
        lines = (self.folder.parent / "log").read_text().splitlines()
        found = [line for line in lines if re.match(r"\[[WE] ", line) or re.search("Warning|Error|Traceback", line)]
        return [line for line in found if not line.endswith("is not trusted")]


@dataclass
class Watch:
    """What the page asked for and complained about while a test ran."""

    origin: str
    elsewhere: list = field(default_factory=list)
    failed: list = field(default_factory=list)

    def request(self, request):
        if not request.url.startswith((self.origin, self.origin.replace("http", "ws", 1), "data:", "blob:")):
            self.elsewhere.append(request.url)

    def response(self, response):
        if response.status >= 500:
            self.failed.append(f"{response.status} {response.url}")


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory):
    """`dlcourse lab` on a copy of the notebooks without their outputs, with settings of its own; ended afterwards."""
    if not any(chapter.written for chapter in chapters()):
        pytest.skip("no chapter is written yet")
    home = tmp_path_factory.mktemp("lab")
    folder = cleared_notebooks(home / "notebooks")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    first = next(chapter.number for chapter in chapters() if chapter.written)
    words = ["lab", first, "--no-browser", "--port", str(port), "--folder", str(folder)]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "dlcourse", *words], stdout=log, stderr=log, env=environment(home), cwd=home
        )
    try:
        yield Lab(f"http://127.0.0.1:{port}", read_token(server, home / "log"), folder)
    finally:
        server.terminate()
        server.wait(timeout=60)


@pytest.fixture
def page(chromium, lab):
    """A page that keeps a `Watch`, as its attribute `watch`, over what it asks for."""
    context = chromium.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    page = context.new_page()
    page.watch = Watch(lab.origin)
    page.on("request", page.watch.request)
    page.on("response", page.watch.response)
    yield page
    context.close()


def cleared_notebooks(folder):
    """The committed notebooks as a reader would have them before running a cell."""
    folder.mkdir()
    for chapter in chapters():
        if chapter.written:
            notebook = nbformat.read(chapter.path, as_version=4)
            for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
                cell.outputs, cell.execution_count = [], None
            nbformat.write(notebook, folder / chapter.path.name)
    return folder


def environment(home):
    """No setting of whoever runs the tests reaches the JupyterLab under test."""
    settings = home / "settings" / "@jupyterlab"
    for name, text in SETTINGS.items():
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    places = {
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "IPYTHONDIR": home / "ipython",
    }
    return os.environ | {name: str(place) for name, place in places.items()}


def read_token(server, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if found := re.search(r"token=([0-9a-f]+)", log.read_text()):
            return found.group(1)
        time.sleep(0.3)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")
