"""What every layer of `dlcourse.layers` has to do, asked in one call:

    assert broken_promises(Layer, settings, shape, output_shape=shape) == []

Keras's own declarative test comes first. It does not see a `get_config` that leaves out an argument with a default, nor
whether both compilers train to the same weights: that is asked beyond it. Works on every backend of Keras.
"""

import tempfile
import traceback
from pathlib import Path

import keras
import numpy as np
from keras.src import testing

TOLERANCE = 1e-5


class _Keras(testing.TestCase):
    """Keras's test case, for its `run_layer_test` alone."""

    def runTest(self):  # noqa: N802 (unittest's name)
        """Nothing: it is called from outside."""


def broken_promises(layer_class, settings, shape, *, output_shape, trainable=None, **expected) -> list[str]:
    """What `layer_class(**settings)` does not do as it should, on inputs of `shape`, batch first: [] if all is well.

    Each entry has the name of a promise below and what was seen; the rest is asked all the same.

    Args:
        layer_class: a layer of ours, registered under `dlcourse`.
        settings: arguments, not the defaults where that is possible.
        shape: of the input, such as (2, 8, 8, 3).
        output_shape: that the call must give.
        trainable: how many trainable weights the layer has, or None for not asked.
        expected: more of `run_layer_test`'s arguments.
    """

    def passes_the_test_of_keras(layer_class, settings, shape):
        case = _Keras()
        case.setUp()
        case.run_layer_test(
            layer_class, settings, input_shape=shape, expected_output_shape=output_shape,
            expected_num_trainable_weights=trainable, **expected,
        )  # fmt: skip

    broken = []
    for promise in (passes_the_test_of_keras, *PROMISES):
        try:
            promise(layer_class, settings, shape)
        except Exception:  # whatever it is, it is told: the list is compared with an empty one
            broken.append(f"{promise.__name__}: {traceback.format_exc()}")
    return broken


def is_registered(layer_class, *_):
    assert keras.saving.get_registered_name(layer_class) == f"dlcourse>{layer_class.__name__}"


def a_twin_from_the_config_is_equal(layer_class, settings, shape):
    """A layer made from the config alone, given the same weights, answers the same: no argument was left out."""
    layer, x = layer_class(**settings), inputs(shape)
    answer = as_array(layer(x))
    twin = layer_class.from_config(layer.get_config())
    twin.build(shape)
    assert [w.shape for w in twin.weights] == [w.shape for w in layer.weights]
    twin.set_weights([np.asarray(w) for w in layer.get_weights()])
    np.testing.assert_allclose(as_array(twin(x)), answer, atol=TOLERANCE)
    missing = [name for name in settings if name not in layer.get_config()]
    assert missing == [], "get_config leaves out what the layer was made with"


def keeps_its_weights_in_a_file(layer_class, settings, shape):
    """A model saved as `.keras` comes back with the same answers, and without custom_objects being named."""
    model = model_of(layer_class, settings, shape)
    x = inputs(shape)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.keras")
        model.save(path)
        again = keras.saving.load_model(path)
    np.testing.assert_allclose(as_array(again(x)), as_array(model(x)), atol=TOLERANCE)


def takes_sizes_it_learns_later(layer_class, settings, shape):
    """Called with symbols whose batch and spatial sizes are not known yet, it gives shapes that fit the real ones."""
    open_shape = (None, *[None] * (len(shape) - 2), shape[-1])
    layer = layer_class(**settings)
    symbolic = layer(keras.KerasTensor(open_shape))
    real = layer(inputs(shape))
    fits = [known in (None, got) for known, got in zip(symbolic.shape, real.shape, strict=True)]
    assert all(fits), f"symbolic {symbolic.shape}, eager {real.shape}"
    assert tuple(layer.compute_output_shape(shape)) == tuple(real.shape)


def computes_in_half_and_keeps_whole(layer_class, settings, shape):
    """Under mixed precision: outputs in half precision, variables in single, and finite."""
    layer = layer_class(**settings, dtype="mixed_bfloat16")
    answer = layer(inputs(shape))
    assert keras.backend.standardize_dtype(answer.dtype) == "bfloat16"
    assert {keras.backend.standardize_dtype(v.dtype) for v in layer.variables if "seed" not in v.path} <= {"float32"}
    twin = layer_class.from_config(layer.get_config())
    assert twin.dtype_policy.name == "mixed_bfloat16", "the config loses the precision"
    assert np.isfinite(as_array(keras.ops.cast(answer, "float32"))).all()


def trains_alike_with_and_without_a_compiler(layer_class, settings, shape):
    """Two steps with and without XLA move the weights, and to the same values. (PyTorch has no such compiler.)"""
    compilers = [False] if keras.backend.backend() == "torch" else [False, True]
    ends = []
    for jit_compile in compilers:
        model = model_of(layer_class, settings, shape)
        before = [w.copy() for w in model.get_weights()]
        model.compile(keras.optimizers.SGD(0.05), "mse", jit_compile=jit_compile)
        x = np.concatenate([inputs(shape)] * 2)
        model.fit(x, np.ones((len(x), 1)), batch_size=len(inputs(shape)), epochs=1, shuffle=False, verbose=0)
        ends.append(model.get_weights())
        assert any(np.abs(a - b).max() > 0 for a, b in zip(ends[-1], before, strict=True))
    for one, other in zip(ends[0], ends[-1], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


PROMISES = (
    is_registered,
    a_twin_from_the_config_is_equal,
    keeps_its_weights_in_a_file,
    takes_sizes_it_learns_later,
    computes_in_half_and_keeps_whole,
    trains_alike_with_and_without_a_compiler,
)


def model_of(layer_class, settings, shape):
    """The layer in a model with one number as its answer; the same weights every time."""
    keras.utils.set_random_seed(3)
    x = keras.Input(shape[1:])
    y = keras.layers.Flatten()(layer_class(**settings)(x))
    return keras.Model(x, keras.layers.Dense(1)(y))


def inputs(shape):
    """Numbers of that shape, the same every time."""
    return np.random.default_rng(1).normal(size=shape).astype("float32")


def as_array(tensor):
    """A backend's tensor as NumPy has it."""
    return keras.ops.convert_to_numpy(tensor)
