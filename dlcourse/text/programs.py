"""Compiled once, kept as long as what it was compiled from."""

import functools
import weakref
from collections.abc import Callable, Hashable

import keras

_programs: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def program(step: Callable, key: Hashable, make: Callable[[], Callable]) -> Callable:
    """`make()` compiled for Keras's backend, and kept for `step` and `key`: the second call with both compiles nothing.

    Args:
        step: what the program runs over and over. A function that is defined anew each time is compiled anew each time.
        key: everything else that the program depends on.
        make: gives the function to compile. It must not hold `step` but through a weak reference.
    """
    kept = _programs.setdefault(step, {})
    if key not in kept:
        kept[key] = _compiled(make())
    return kept[key]


def _compiled(function):
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        # TensorFlow counts tracings by a function's code, which all programs share, and would warn of the fifth: a
        # partial object has none, and is counted for itself.
        return tf.function(functools.partial(function), reduce_retracing=True)
    if backend == "jax":
        import jax

        return jax.jit(function)
    return function
