"""The contract itself: a layer that breaks a promise is told which one, and a sound one is not."""

import keras
import pytest
from contract import broken_promises
from keras import layers, ops

SHAPE = (2, 3, 4)


@keras.saving.register_keras_serializable(package="dlcourse")
class Sound(layers.Layer):
    """Scales by `factor` and by a weight a channel."""

    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, shape):
        """One weight a channel."""
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones")

    def call(self, x):
        """Of the input's shape."""
        return x * ops.cast(self.scale, x.dtype) * self.factor

    def compute_output_shape(self, shape):
        """The input's."""
        return tuple(shape)

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), "factor": self.factor}


@keras.saving.register_keras_serializable(package="dlcourse")
class Forgets(Sound):
    """Its config leaves out what has a default."""

    def get_config(self):
        """Without the factor."""
        return {name: value for name, value in super().get_config().items() if name != "factor"}


@keras.saving.register_keras_serializable(package="elsewhere")
class Stranger(Sound):
    """Registered under another package."""


@keras.saving.register_keras_serializable(package="dlcourse")
class Lengthens(Sound):
    """Says another shape than it gives."""

    def compute_output_shape(self, shape):
        """One channel too many."""
        return (*shape[:-1], shape[-1] + 1)


@keras.saving.register_keras_serializable(package="dlcourse")
class Single(Sound):
    """Answers in single precision whatever it was told."""

    def call(self, x):
        """In single precision."""
        return ops.cast(super().call(x), "float32")


def broken(layer_class, **expected):
    found = broken_promises(layer_class, {"factor": 2.0}, SHAPE, output_shape=SHAPE, trainable=1, **expected)
    return [each.partition(":")[0] for each in found]


def test_a_sound_layer_breaks_none():
    assert broken(Sound) == []


@pytest.mark.parametrize(
    ("layer_class", "promise"),
    [
        (Forgets, "a_twin_from_the_config_is_equal"),
        (Stranger, "is_registered"),
        (Lengthens, "takes_sizes_it_learns_later"),
        (Single, "computes_in_half_and_keeps_whole"),
    ],
)
def test_a_broken_promise_is_named(layer_class, promise):
    assert promise in broken(layer_class)


def test_an_output_of_another_shape_than_expected_is_told():
    found = broken_promises(Sound, {"factor": 2.0}, SHAPE, output_shape=(2, 3, 5), trainable=1)
    assert [each.partition(":")[0] for each in found] == ["passes_the_test_of_keras"]


def test_all_that_is_broken_is_told_with_what_was_seen():
    found = broken_promises(Forgets, {"factor": 2.0}, SHAPE, output_shape=SHAPE, trainable=1)
    assert "a_twin_from_the_config_is_equal" in found[0] + found[-1]
    assert "Mismatched elements" in "".join(found)
