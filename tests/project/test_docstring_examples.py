"""What the docstrings show with >>> is what one gets."""

import doctest
import importlib
import re

import pytest

from dlcourse import paths

FOLDERS = {"dlcourse": paths.PACKAGE}
if root := paths.repository_root():
    FOLDERS["coursesite"] = root / "tools" / "coursesite"

WITH_EXAMPLES = sorted(
    ".".join((package, *path.relative_to(folder).with_suffix("").parts))
    for package, folder in FOLDERS.items()
    for path in folder.rglob("*.py")
    if re.search(r"^\s*>>> ", path.read_text(encoding="utf-8"), re.MULTILINE)
)


@pytest.fixture
def site_modules(monkeypatch):
    """The site's modules can be imported, as `make site` does it."""
    for folder in FOLDERS.values():
        monkeypatch.syspath_prepend(folder.parent)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_give_what_they_show(name, site_modules, capsys):
    done = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert done.attempted
    assert done.failed == 0, capsys.readouterr().out


def test_there_are_examples_in_many_rooms():
    assert len(WITH_EXAMPLES) >= 30
    assert len({name.split(".")[1] for name in WITH_EXAMPLES}) >= 8
