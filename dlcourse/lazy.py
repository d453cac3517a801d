"""Packages whose names are loaded when they are first used, so that light parts do not wait for heavy ones."""

import importlib
from collections.abc import Callable


def loader(package: str, where: dict[str, str]) -> Callable:
    """A module-level `__getattr__` for `package`: a name's own module, `where[name]`, is imported when it is asked for.

    Raises:
        AttributeError: by what is returned, for a name that is not in `where`.
    """

    def load(name):
        if name in where:
            return getattr(importlib.import_module(f"{package}.{where[name]}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return load
