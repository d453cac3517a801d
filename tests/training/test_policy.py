"""Which models XLA compiles."""

import keras
import pytest
from keras import layers

from dlcourse import training
from dlcourse.training import jit_compile_for, policy


class MyConvBlock(keras.Layer):
    """A block of somebody's own, with a convolution inside."""

    def __init__(self):
        super().__init__()
        self.inside = layers.Conv2D(2, 3)

    def call(self, x):
        return self.inside(x)


class HandBuiltGRU(keras.Layer):
    """A recurrent layer that is none of Keras's."""

    def call(self, x):
        return x


class AdditiveAttention(keras.Layer):
    """Attention that is none of Keras's."""

    def call(self, x):
        return x


def test_every_public_name_is_there():
    assert {name for name in training.__all__ if not callable(getattr(training, name))} == set()
    assert "fit" in dir(training)
    with pytest.raises(AttributeError, match="has no attribute 'fits'"):
        training.fits  # noqa: B018 - the look is the test


@pytest.fixture(autouse=True)
def _as_before():
    kept = dict(policy._chosen)
    policy.remember("auto", False)
    yield
    policy._chosen.update(kept)


def stack(*listed):
    return keras.Sequential(listed)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (lambda: stack(layers.Conv2D(2, 3)), False),
        (lambda: stack(layers.DepthwiseConv2D(3)), False),
        (lambda: stack(layers.SeparableConv1D(2, 3)), False),
        (lambda: stack(layers.Conv1DTranspose(2, 3)), False),
        (lambda: stack(layers.Embedding(9, 2), layers.Conv1D(2, 3)), False),
        (lambda: stack(stack(MyConvBlock()), layers.Dense(2)), False),
        (lambda: stack(layers.Embedding(9, 2), layers.Bidirectional(layers.LSTM(2))), False),
        (lambda: stack(layers.RNN(layers.LSTMCell(2))), False),
        (lambda: stack(layers.Embedding(9, 2), HandBuiltGRU()), False),
        (lambda: stack(layers.Dense(4), layers.Dense(2)), False),
        (lambda: stack(layers.Embedding(9, 2), layers.GlobalAveragePooling1D()), True),
        (lambda: stack(AdditiveAttention(), layers.Dense(2)), True),
    ],
)
def test_rule_on_a_processor(model, expected):
    assert jit_compile_for(model()) is expected


def test_keras_attention_is_compiled():
    tokens = keras.Input((8,), dtype="int32")
    x = layers.Embedding(10, 8)(tokens)
    assert jit_compile_for(keras.Model(tokens, layers.MultiHeadAttention(2, 4)(x, x))) is True


@pytest.mark.parametrize("xla", [True, False])
def test_a_choice_made_in_setup_decides(xla):
    policy.remember(xla, False)
    assert jit_compile_for(stack(layers.Conv2D(2, 3))) is xla
    assert jit_compile_for(stack(layers.Dense(2))) is xla


def test_a_gpu_is_left_to_keras(monkeypatch):
    monkeypatch.setattr(policy, "_has_gpu", lambda: True)
    assert jit_compile_for(stack(layers.Conv2D(2, 3))) == "auto"


def test_compile_accepts_every_answer():
    for answer in (True, False, "auto"):
        model = stack(keras.Input((2,)), layers.Dense(1))
        model.compile("sgd", "mse", jit_compile=answer)
        assert model.jit_compile is (answer is True)  # Keras's "auto" on a processor
