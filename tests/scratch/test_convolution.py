"""Convolution by hand: literal answers, its laws, gradients against differences, and what bad input is told."""

import numpy as np
import pytest

from dlcourse.scratch import (
    check_gradient,
    conv_backward,
    conv_forward,
    convolve,
    correlate,
    output_length,
    same_padding,
)

RNG = np.random.default_rng(0)


def test_literal_answers_in_one_dimension():
    x, k = [1, 2, 4, 8, 16], [1, 0, -1]
    assert correlate(x, k).tolist() == [-3, -6, -12]
    assert convolve(x, k).tolist() == [3, 6, 12]
    assert correlate(x, k, stride=2).tolist() == [-3, -12]
    assert correlate(x, k, padding="same").tolist() == [-2, -3, -6, -12, 8]
    assert convolve(x, k, padding="full").tolist() == np.convolve(x, k).tolist()


def test_even_kernels_stand_where_tensorflow_puts_them_and_scipy_by_explicit_padding():
    x, k = [1.0, 2, 3, 4], [1.0, 10]
    assert correlate(x, k, padding="same").tolist() == [21, 32, 43, 4]
    assert correlate(x, k, padding=(1, 0)).tolist() == [10, 21, 32, 43]


def test_an_impulse_shows_the_kernel_or_its_mirror_image():
    impulse, kernel = np.zeros((5, 5)), np.arange(9.0).reshape(3, 3)
    impulse[2, 2] = 1
    assert np.array_equal(convolve(impulse, kernel, padding="same")[1:4, 1:4], kernel)
    assert np.array_equal(correlate(impulse, kernel, padding="same")[1:4, 1:4], kernel[::-1, ::-1])


def test_channels_are_summed_and_filters_stacked():
    x, W = RNG.normal(size=(6, 7, 3)), RNG.normal(size=(2, 3, 3, 4))
    y = correlate(x, W)
    assert y.shape == (5, 5, 4)
    expected = sum(correlate(x[..., c], W[..., c, 1]) for c in range(3))
    np.testing.assert_allclose(y[..., 1], expected)
    np.testing.assert_allclose(correlate(x, W[..., 1])[..., 0], expected)  # as deep as the input: the third axis is 1
    np.testing.assert_allclose(convolve(x, W), correlate(x, W[::-1, ::-1]))


def test_convolution_commutes_and_is_associative():
    a, b, c = RNG.normal(size=(8, 9)), RNG.normal(size=(3, 4)), RNG.normal(size=(2, 2))
    np.testing.assert_allclose(convolve(a, b, padding="full"), convolve(b, a, padding="full"), atol=1e-12)
    both = convolve(convolve(a, b, padding="full"), c, padding="full")
    np.testing.assert_allclose(both, convolve(a, convolve(b, c, padding="full"), padding="full"), atol=1e-12)


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same", "full", (2, 1)])
def test_gradients_against_central_differences(d, padding):
    how = {"stride": (2, 1, 3)[:d], "padding": padding}
    X, W, b = RNG.normal(size=(2, *(4, 3, 3)[:d], 2)), RNG.normal(size=(*(2, 3, 1)[:d], 2, 2)), RNG.normal(size=2)
    dZ = RNG.normal(size=conv_forward(X, W, b, **how).shape)
    dX, dW, db = conv_backward(dZ, X, W, **how)
    assert check_gradient(lambda X: np.sum(conv_forward(X, W, b, **how) * dZ), lambda X: dX, X).error < 1e-6
    assert check_gradient(lambda W: np.sum(conv_forward(X, W, b, **how) * dZ), lambda W: dW, W).error < 1e-6
    assert check_gradient(lambda b: np.sum(conv_forward(X, W, b, **how) * dZ), lambda b: db, b).error < 1e-6


def test_precision_is_kept_and_inputs_are_not_changed():
    X, W = np.ones((1, 5, 1), np.float32), np.ones((3, 1, 1), np.float32)
    assert conv_forward(X, W).dtype == np.float32
    assert [g.dtype for g in conv_backward(np.ones((1, 3, 1), np.float32), X, W)] == [np.float32] * 3
    assert correlate([1, 2], [1]).dtype == np.float64
    X.flags.writeable = W.flags.writeable = False
    conv_forward(X, W, padding="same")


def test_same_padding_and_lengths():
    assert same_padding(5, 3) == (1, 1)
    assert same_padding(5, 4) == (1, 2)
    assert same_padding(224, 7, 2) == (2, 3)
    assert same_padding(9, 2, 5) == (0, 0)
    lengths = [
        output_length(28, 5),
        output_length(28, 5, 2),
        output_length(28, 5, 2, "same"),
        output_length(28, 5, 1, "full"),
    ]
    assert lengths == [24, 12, 14, 32]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: correlate(np.ones(3), np.ones(5)), r"kernel \(5,\) must not be longer"),
        (lambda: correlate(np.ones((3, 3)), np.ones(3)), "kernel must have the axes of x"),
        (lambda: correlate(np.ones((2, 2, 2, 2)), np.ones((1, 1, 1, 1))), "kernel must have the axes of x"),
        (lambda: correlate(["a"], [1]), "x must hold real numbers"),
        (lambda: correlate(np.array([1j]), [1]), "x must hold real numbers"),
        (lambda: correlate(np.ones(3), np.ones(0)), "length above 0"),
        (lambda: correlate(np.ones(3), np.ones(2), stride=0), "stride must be a whole number"),
        (lambda: correlate(np.ones(3), np.ones(2), stride=1.5), "stride must be a whole number"),
        (lambda: correlate(np.ones(3), np.ones(2), stride=(1, 2)), "stride must be a whole number"),
        (lambda: correlate(np.ones(3), np.ones(2), padding="sme"), "padding must be 'valid'"),
        (lambda: correlate(np.ones(3), np.ones(2), padding=-1), "padding must be 'valid'"),
        (lambda: correlate(np.ones((3, 3)), np.ones((2, 2)), padding=((1, 1),) * 3), "padding must be 'valid'"),
        (lambda: conv_forward(np.ones((1, 4, 2)), np.ones((3, 1, 5))), "equal channels"),
        (lambda: conv_forward(np.ones((1, 4, 2)), np.ones((3, 2, 5)), np.ones(4)), r"b must have shape \(5,\)"),
        (lambda: conv_forward(np.ones((4, 2)), np.ones((3, 2, 5))), "X must have 3, 4, 5 axes"),
        (lambda: conv_backward(np.ones((1, 3, 5)), np.ones((1, 4, 2)), np.ones((3, 2, 5))), r"dZ .* \(1, 2, 5\)"),
    ],
)
def test_bad_input_is_told_by_name(call, said):
    with pytest.raises(ValueError, match=said):
        call()
