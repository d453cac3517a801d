"""`setup`: the first call of a notebook that trains. The same seed gives the same weights."""

import contextlib
import numbers

from dlcourse.training import policy
from dlcourse.training.devices import DeviceReport, Probes, device_report


def setup(
    seed: int,
    precision: str = "auto",
    xla: str | bool = "auto",
    deterministic: bool = False,
    *,
    found: Probes | None = None,
) -> DeviceReport:
    """Seed everything, set precision, XLA, memory and threads for the device at hand, and report it.

    On a processor, the same seed on the same machine then gives the same weights to the last bit. On a GPU that needs
    `deterministic`.

    Args:
        seed: from 0 to 2**32 - 1, for Python's `random`, NumPy, TensorFlow and Keras.
        precision: "auto" takes "mixed_bfloat16" on GPUs of compute capability 8.0 or more, "mixed_float16" on 7.x
            (Keras then scales the loss), "float32" on others and on the processor. Or one of these, or "float64".
        xla: "auto" chooses by model, see `jit_compile_for`; True or False decide for all.
        deterministic: make every TensorFlow operation deterministic, some of them slower; a process cannot undo it.
        found: the probes to ask; for tests.

    Raises:
        ValueError: a value that is not allowed; nothing is changed then.
    """
    _check(seed, precision, xla, deterministic)
    import keras

    found = found or Probes()
    _limit_threads(found.cpu_threads())
    _grow_memory()
    keras.utils.set_random_seed(int(seed))
    _set_precision(precision, found)
    if deterministic:
        _make_deterministic()
    policy.remember(xla, policy.deterministic() or deterministic)
    return device_report(found)


def _check(seed, precision, xla, deterministic):
    if isinstance(seed, bool) or not isinstance(seed, numbers.Integral) or not 0 <= seed < 2**32:
        raise ValueError(f"seed is a whole number from 0 to 2**32 - 1, not {seed!r}.")
    if precision not in policy.PRECISIONS:
        raise ValueError(f"precision is one of {', '.join(policy.PRECISIONS)}, not {precision!r}.")
    if not isinstance(xla, bool) and xla != "auto":
        raise ValueError(f"xla is 'auto', True or False, not {xla!r}.")
    if not isinstance(deterministic, bool):
        raise ValueError(f"deterministic is True or False, not {deterministic!r}.")


def _limit_threads(threads):
    """Keep TensorFlow within a container's quota, which it does not ask for; a setting made before stands."""
    import tensorflow as tf

    # RuntimeError: an operation has already run, and with it the threads were made.
    with contextlib.suppress(RuntimeError):
        if not tf.config.threading.get_intra_op_parallelism_threads():
            tf.config.threading.set_intra_op_parallelism_threads(threads)
        if not tf.config.threading.get_inter_op_parallelism_threads():
            tf.config.threading.set_inter_op_parallelism_threads(threads)


def _grow_memory():
    """Take GPU memory as it is needed, so that a second notebook can use the same GPU."""
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        with contextlib.suppress(RuntimeError):  # the GPU is already in use: it stays as it is
            tf.config.experimental.set_memory_growth(gpu, True)


def _set_precision(precision, found):
    import keras

    chosen = policy.choose_precision(gpu.capability for gpu in found.gpus()) if precision == "auto" else precision
    keras.config.set_dtype_policy(chosen)


def _make_deterministic():
    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()
