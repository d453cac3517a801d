"""What tests of every room may ask for."""

import pytest


@pytest.fixture(scope="session")
def brought():
    """A function that fetches a data set that is not bundled and gives its files, or skips where none can be had."""
    from dlcourse.data import fetch
    from dlcourse.data.errors import NoSourceError

    def bring(name):
        try:
            return fetch(name)
        except NoSourceError as problem:
            pytest.skip(str(problem))

    return bring
