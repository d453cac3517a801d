"""The site's own modules, and the site built once for all tests that look at it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))


@pytest.fixture(scope="session")
def site(root, tmp_path_factory) -> Path:
    """The folder of the built pages; warnings are errors, as in `make site`."""
    folder = tmp_path_factory.mktemp("site")
    path = os.pathsep.join([str(TOOLS), str(root)])
    command = [sys.executable, "-m", "coursesite", str(folder)]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": path}, cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"
