"""The layers and the models keep what is asked of them on another backend of Keras than TensorFlow, too.

Without the slow tests, which are trainings: `make test-backends` runs those as well.
"""

import os
import re
import subprocess
import sys

import pytest

OTHER = "jax"
TESTS = {  # a process each: what JAX has compiled stays in memory until its process ends
    "layers": ["tests/layers"],
    "models": ["tests/models"],
    "losses": ["tests/verification", "tests/parity/test_verification_parity.py"],
}


@pytest.mark.slow
@pytest.mark.parametrize("room", TESTS)
def test_on_another_backend(room, root):
    pytest.importorskip(OTHER)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *TESTS[room]]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        command, cwd=root, env={**environment, "KERAS_BACKEND": OTHER}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert int(re.search(r"(\d+) passed", done.stdout).group(1)) > 0
