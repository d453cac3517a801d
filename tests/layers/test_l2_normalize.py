"""L2Normalize: the contract, lengths of 1, vectors of zeros, masks and half precision."""

import keras
import numpy as np
import pytest
from contract import as_array, broken_promises, inputs

from dlcourse.layers import L2Normalize


@pytest.mark.parametrize("settings", [{"epsilon": 1e-3}, {"axis": 1}, {"axis": [1, 2]}])
def test_it_keeps_the_contract(settings):
    assert broken_promises(L2Normalize, settings, (3, 4, 5), output_shape=(3, 4, 5), trainable=0) == []


def test_three_and_four():
    np.testing.assert_allclose(as_array(L2Normalize()(np.array([[3.0, 4.0]], "float32"))), [[0.6, 0.8]], rtol=1e-6)


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_every_vector_has_length_one_whatever_its_scale(scale):
    y = as_array(L2Normalize()(scale * inputs((6, 7))))
    np.testing.assert_allclose(np.linalg.norm(y, axis=-1), 1, rtol=1e-5)


def test_zeros_stay_zeros():
    np.testing.assert_array_equal(as_array(L2Normalize()(np.zeros((2, 3), "float32"))), np.zeros((2, 3)))


def test_long_vectors_do_not_overflow_in_half_precision():
    """In float16 the square of 300 is infinite."""
    y = as_array(keras.ops.cast(L2Normalize(dtype="mixed_float16")(np.full((1, 4), 300.0, "float32")), "float32"))
    np.testing.assert_allclose(y, 0.5, rtol=1e-3)


def test_a_mask_is_passed_on():
    x = keras.layers.Masking()(np.array([[[1.0, 2], [0, 0]]], "float32"))
    y = L2Normalize()(x)
    np.testing.assert_array_equal(as_array(keras.src.backend.get_keras_mask(y)), [[True, False]])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"axis": 1.5}, "axis is a whole number or several, not 1.5"),
        ({"axis": []}, "axis is"),
        ({"axis": True}, "axis is"),
        ({"epsilon": 0}, "epsilon is a number above 0, not 0"),
        ({"epsilon": "small"}, "epsilon is"),
    ],
)
def test_bad_arguments(arguments, words):
    with pytest.raises(ValueError, match=words):
        L2Normalize(**arguments)
