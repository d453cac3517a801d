"""What tests of every room may ask for."""

import os
import random
import shutil
import signal
from pathlib import Path

import pytest

# Files of minutes: each is one worker's, so they begin, and what ends the run is short.
FIRST = ("test_backends.py", "test_offline.py", ".ipynb")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# The first two let Chromium start in a container; the others keep it from calling its maker.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Whoever starts the tests in the background of a shell has them ignore Ctrl-C, and all that they start inherits it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """What a test draws without naming a seed (Keras asks `random` for one) is the same in every run and any order."""
    random.seed(item.nodeid)


def pytest_collection_modifyitems(items):
    """The longest files come first, everything else as it was."""
    items.sort(key=lambda item: next((i for i, end in enumerate(FIRST) if item.path.name.endswith(end)), len(FIRST)))


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory):
    """Tests, and the kernels and commands they start, never touch the progress of whoever runs them."""
    before = os.environ.get("DLCOURSE_HOME")
    os.environ["DLCOURSE_HOME"] = str(tmp_path_factory.mktemp("home"))
    yield
    if before is None:
        del os.environ["DLCOURSE_HOME"]
    else:
        os.environ["DLCOURSE_HOME"] = before


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout the tests run in."""
    from dlcourse import paths

    found = paths.repository_root()
    if found is None:
        pytest.skip("looks at the files of a checkout, and dlcourse is imported from an installed wheel")
    return found


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


@pytest.fixture(scope="session")
def chromium():
    """A Chromium that Playwright drives, without a window."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"no Chromium: none of {', '.join(BROWSERS)} is on the PATH")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()
