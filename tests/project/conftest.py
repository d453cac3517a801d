import os

import pytest


@pytest.fixture
def make_environment() -> dict[str, str]:
    """The environment without what `make test` leaves in it: a make inside a make talks differently."""
    return {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
