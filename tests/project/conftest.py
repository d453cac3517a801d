import os
from pathlib import Path

import pytest

from dlcourse import paths


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout the tests run in."""
    found = paths.repository_root()
    if found is None:
        pytest.skip("these tests look at the files of a checkout, and dlcourse is imported from an installed wheel")
    return found


@pytest.fixture
def make_environment() -> dict[str, str]:
    """The environment without what `make test` leaves in it: a make inside a make talks differently."""
    return {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
