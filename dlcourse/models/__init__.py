"""Networks put together from layers, some with weights that were trained elsewhere.

from dlcourse.models import efficientnet_lite0

model = efficientnet_lite0(weights="imagenet")

The names below are loaded when they are first used, and Keras with them.
"""

import importlib

__all__ = ["efficientnet_lite0", "inception", "lenet"]

_LATER = {"efficientnet_lite0": "efficientnet", "inception": "inception_network", "lenet": "lenet5"}


def __getattr__(name):
    if name in _LATER:
        return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
