"""Keras layers of the course, one idea a file; each works on TensorFlow, JAX and PyTorch, with and without a compiler.

A layer is registered under `dlcourse`, returns its whole config, and keeps float32 weights under mixed precision. What
every layer has to do is asked in tests/layers/contract.py.
"""

import importlib

_WHERE = {"InceptionBlock": "inception_block", "ResidualBlock": "residual_block"}
__all__ = list(_WHERE)


def __getattr__(name):
    if name in _WHERE:
        return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return __all__
