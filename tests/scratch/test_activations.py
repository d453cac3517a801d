"""The activation functions: answers known by hand, dtypes, extremes, and what they refuse."""

import warnings

import numpy as np
import pytest

from dlcourse.scratch import activations
from dlcourse.scratch.activations import (
    elu,
    leaky_relu,
    linear,
    log_softmax,
    parametric_relu,
    sigmoid,
    softmax,
    swish,
    tanh,
)

EVERY = list(activations.ALL.values())


@pytest.mark.parametrize(
    ("name", "at_minus_2", "at_0", "at_3"),
    [
        ("binary_step", 0, 1, 1),
        ("linear", -2, 0, 3),
        ("sigmoid", 1 / (1 + np.e**2), 0.5, 1 / (1 + np.e**-3)),
        ("tanh", (1 - np.e**4) / (1 + np.e**4), 0, (1 - np.e**-6) / (1 + np.e**-6)),
        ("relu", 0, 0, 3),
        ("leaky_relu", -0.2, 0, 3),
        ("parametric_relu", -0.5, 0, 3),
        ("elu", np.e**-2 - 1, 0, 3),
        ("swish", -2 / (1 + np.e**2), 0, 3 / (1 + np.e**-3)),
    ],
)
def test_values_are_those_of_the_formulas(name, at_minus_2, at_0, at_3):
    assert activations.get(name)([-2, 0, 3]) == pytest.approx([at_minus_2, at_0, at_3], abs=1e-15)


@pytest.mark.parametrize("f", EVERY, ids=lambda f: f.name)
def test_derivative_is_the_slope_of_the_function(f):
    z = np.array([-7.0, -2.5, -0.3, -1e-3, 1e-3, 0.4, 1.0, 6.0])
    h = 1e-5
    assert f.derivative(z) == pytest.approx((f(z + h) - f(z - h)) / (2 * h), abs=1e-9)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("f", EVERY, ids=lambda f: f.name)
def test_dtype_and_shape_are_kept(f, dtype):
    z = np.linspace(-3, 3, 12, dtype=dtype).reshape(2, 2, 3)
    for answer in (f(z), f.derivative(z)):
        assert answer.dtype == dtype
        assert answer.shape == z.shape


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("f", EVERY, ids=lambda f: f.name)
def test_extremes_give_limits_without_a_warning(f, dtype):
    z = np.array([-np.inf, -1e30, -800, -50, -0.0, 0.0, 50, 800, 1e30, np.inf], dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, slope = f(z), f.derivative(z)
    assert not np.any(np.isnan(value))
    assert np.all(np.isfinite(slope))


@pytest.mark.parametrize("f", [f for f in EVERY if f.name not in {"binary_step", "linear"}], ids=lambda f: f.name)
def test_a_bend_far_away_costs_no_warning_whatever_its_parameter(f):
    z = np.array([-1e4, 1e4, np.inf], np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for a in [0, 0.5, 2] if f.name in {"leaky_relu", "parametric_relu", "elu"} else [None]:
            given = {} if a is None else {"a": a}
            assert not np.isnan([f(z, **given), f.derivative(z, **given)]).any()


@pytest.mark.parametrize("z", [-300.0, -40.0, 40.0, 300.0])
def test_slopes_in_the_flat_ends_are_small_and_not_zero(z):
    assert sigmoid.derivative(z) == pytest.approx(np.exp(-abs(z)), rel=1e-12)
    assert tanh.derivative(z) == pytest.approx(4 * np.exp(-2 * abs(z)), rel=1e-12)


@pytest.mark.parametrize("f", [sigmoid, tanh], ids=lambda f: f.name)
def test_slope_is_the_same_on_both_sides(f):
    z = np.linspace(0, 700, 50)
    np.testing.assert_array_equal(f.derivative(z), f.derivative(-z))


def test_limits_at_infinity():
    ends = np.array([-np.inf, np.inf])
    assert sigmoid(ends).tolist() == [0, 1]
    assert tanh(ends).tolist() == [-1, 1]
    assert elu(ends).tolist() == [-1, np.inf]
    assert swish(ends).tolist()[1] == np.inf
    assert swish(ends)[0] == 0
    assert swish.derivative(ends).tolist() == [0, 1]


@pytest.mark.parametrize("f", EVERY, ids=lambda f: f.name)
def test_nan_stays_nan_where_the_value_depends_on_it(f):
    if f.name != "binary_step":
        assert np.isnan(f(np.nan))


def test_numbers_and_integers_are_taken():
    assert sigmoid(0) == 0.5
    assert isinstance(sigmoid(0), np.float64)
    assert leaky_relu(np.array([-10, 10])).tolist() == [-1, 10]


def test_parameters_can_be_given_or_fixed():
    assert linear(2.0, a=3) == 6
    gentle = leaky_relu.using(a=0.01)
    assert gentle(-1.0) == -0.01
    assert gentle.derivative(-1.0) == 0.01
    assert leaky_relu(-1.0) == -0.1
    assert "0.01" in repr(gentle)


@pytest.mark.parametrize("name", ["linear", "leaky_relu", "parametric_relu", "elu"])
def test_a_parameter_of_another_dtype_does_not_change_that_of_z(name):
    f, z = activations.get(name), np.linspace(-2, 2, 5, dtype=np.float32)
    for a in (np.float64(0.3), np.full(5, 0.3), 2):
        assert f(z, a=a).dtype == f.derivative(z, a=a).dtype == np.float32


def test_every_unit_can_have_its_own_parameter():
    z, a = np.array([[-1.0, -1.0], [2.0, -4.0]]), np.array([0.5, 0.1])
    assert parametric_relu(z, a=a).tolist() == [[-0.5, -0.1], [2.0, -0.4]]
    assert parametric_relu.derivative(z, a=a).tolist() == [[0.5, 0.1], [1.0, 0.1]]


def test_a_parameter_that_is_no_number_is_named():
    with pytest.raises(ValueError, match="a must hold real numbers"):
        elu(1.0, a="one")


def test_get_takes_names_and_activations_and_lists_what_it_has():
    assert activations.get("tanh") is tanh
    assert activations.get(tanh) is tanh
    with pytest.raises(ValueError, match=r"'gelu' is not one of .*relu.*swish"):
        activations.get("gelu")


def test_text_is_refused():
    with pytest.raises(ValueError, match="z must hold real numbers"):
        sigmoid(["a"])


def test_docstring_is_the_formula():
    assert "1 / (1 + e^(−z))" in sigmoid.__doc__


def test_softmax_sums_to_one_and_does_not_overflow():
    z = np.array([[1.0, 2.0, 3.0], [1000.0, 0.0, -1000.0]])
    p = softmax(z)
    assert p.sum(axis=1) == pytest.approx([1, 1])
    assert p[0] == pytest.approx(np.exp(z[0]) / np.exp(z[0]).sum())
    assert log_softmax(z)[1] == pytest.approx([0, -1000, -2000])


def test_softmax_of_two_classes_is_the_sigmoid():
    z = np.linspace(-5, 5, 11)
    assert softmax(np.stack([np.zeros_like(z), z], axis=1))[:, 1] == pytest.approx(sigmoid(z))
