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
