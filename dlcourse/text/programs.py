"""Compiled once, kept as long as what it was compiled from."""

import functools
import weakref
from collections.abc import Callable, Hashable

import keras

_programs: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def program(step: Callable, key: Hashable, make: Callable[[], Callable], *, xla: bool = False) -> Callable:
    """`make()` compiled for Keras's backend, and kept for `step` and `key`: the second call with both compiles nothing.

    Args:
        step: what the program runs over and over. A function that is defined anew each time is compiled anew each time.
        key: everything else that the program depends on.
        make: gives the function to compile. It must not hold `step` but through a weak reference.
        xla: compile by XLA on TensorFlow too: a loop of many small steps becomes about twice as fast; each shape of the
            arguments is compiled for itself.
    """
    kept = _programs.setdefault(step, {})
    if key not in kept:
        kept[key] = _compiled(make(), xla)
    return kept[key]


def _compiled(function, xla):
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        # TensorFlow counts tracings by a function's code, which all programs share, and would warn of the fifth: a
        # partial object has none, and is counted for itself.
        return tf.function(functools.partial(function), reduce_retracing=True, jit_compile=xla)
    if backend == "jax":
        import jax

        return jax.jit(function)
    return function
