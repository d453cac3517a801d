"""Recurrent networks by hand: what they must do by their equations, and what they refuse."""

import numpy as np
import pytest

from dlcourse.scratch import (
    activations,
    check_gradient,
    gru_backward,
    gru_forward,
    lstm_backward,
    lstm_forward,
    rnn_backward,
    rnn_forward,
)

FORWARD = {"rnn": (1, rnn_forward), "lstm": (4, lstm_forward), "gru": (3, gru_forward)}
BACKWARD = {"rnn": rnn_backward, "lstm": lstm_backward, "gru": gru_backward}


def network(gates, batch=2, time=5, n_in=3, units=4, seed=0):
    rng = np.random.default_rng(seed)
    shapes = (batch, time, n_in), (n_in, gates * units), (units, gates * units)
    return [rng.normal(size=shape) for shape in shapes]


def test_one_step_literally():
    H, _ = rnn_forward([[[1.0, 2.0]]], [[0.5], [0.25]], [[2.0]], [0.1], h0=[[0.3]])
    np.testing.assert_allclose(H, [[[np.tanh(0.5 + 0.5 + 0.6 + 0.1)]]])


def test_the_forget_gate_at_one_holds_the_cell():
    X, W, U = network(4, time=300)
    n = U.shape[0]
    b = np.repeat([-40.0, 40.0, 0.0, 0.0], n)  # write nothing, forget nothing
    c0 = np.random.default_rng(1).normal(size=(2, n))
    _, trace = lstm_forward(X, 0 * W, 0 * U, b, c0=c0)
    np.testing.assert_allclose(trace.C[:, -1], c0, rtol=1e-12)


def test_the_update_gate_at_one_holds_the_state_and_at_zero_takes_the_new():
    X, W, U = network(3, time=300)
    n = U.shape[0]
    h0 = np.random.default_rng(1).normal(size=(2, n))
    for bias, expected in {40.0: h0, -40.0: np.zeros_like(h0)}.items():
        b = np.zeros((2, 3 * n))
        b[0, :n] = bias
        H, _ = gru_forward(X, 0 * W, 0 * U, b, h0=h0)
        np.testing.assert_allclose(H[:, -1], expected, atol=1e-12)


def test_a_linear_network_multiplies_the_gradient_by_u_at_each_step():
    X, W, U = network(1, batch=4, time=6)
    _, trace = rnn_forward(X, W, U, activation=activations.linear)
    dH = np.zeros((4, 6, 4))
    dH[:, -1] = np.eye(4)  # row k of the batch follows unit k: together the Jacobian
    gradients = rnn_backward(dH, trace)
    for lag in range(7):
        np.testing.assert_allclose(gradients.dh[:, 6 - lag], np.linalg.matrix_power(U.T, lag))


@pytest.mark.parametrize("kind", FORWARD)
def test_gradients_agree_with_differences(kind):
    gates, forward = FORWARD[kind]
    X, W, U = network(gates)
    dH = np.random.default_rng(2).normal(size=(2, 5, 4))
    _, trace = forward(X, W, U)
    found = BACKWARD[kind](dH, trace)
    for name, value, gradient in (("X", X, found.dX), ("W", W, found.dW), ("U", U, found.dU)):

        def loss(a, name=name):
            return np.sum(dH * forward(**{"X": X, "W": W, "U": U, name: a})[0])

        assert check_gradient(loss, lambda _, g=gradient: g, value).error < 1e-6


@pytest.mark.parametrize("kind", FORWARD)
def test_steps_that_the_mask_leaves_out_change_nothing(kind):
    gates, forward = FORWARD[kind]
    X, W, U = network(gates)
    mask = np.arange(5) < 3
    padded, trace = forward(X, W, U, mask=np.tile(mask, (2, 1)))
    short, _ = forward(X[:, :3], W, U)
    np.testing.assert_array_equal(padded[:, -1], short[:, -1])
    dH = np.zeros((2, 5, 4))
    dH[:, -1] = 1
    assert not BACKWARD[kind](dH, trace).dX[:, 3:].any()


BAD = {
    "X": (np.ones((2, 3)), "X must have shape"),
    "W": (np.ones((3, 5)), "W must have shape"),
    "U": (np.ones((4, 5)), "U must have shape"),
    "b": (np.ones(3), "b must have shape"),
    "h0": (np.ones((2, 3)), "h0 must have shape"),
    "mask": (np.ones((2, 4)), "mask must hold"),
}


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name in BAD for kind in FORWARD])
def test_bad_arguments(name, kind):
    gates, forward = FORWARD[kind]
    X, W, U = network(gates)
    value, message = BAD[name]
    with pytest.raises(ValueError, match=message):
        forward(**{"X": X, "W": W, "U": U, name: value})


def test_other_numbers_and_other_features_are_refused():
    X, W, U = network(1)
    with pytest.raises(ValueError, match="X must have W's n_in = 3 features"):
        rnn_forward(X[..., :2], W, U)
    with pytest.raises(ValueError, match="X must hold real numbers"):
        rnn_forward(X.astype(complex), W, U)
    with pytest.raises(ValueError, match="mask must hold True and False"):
        rnn_forward(X, W, U, mask=np.full((2, 5), 2))


@pytest.mark.parametrize("kind", FORWARD)
def test_a_gradient_of_another_shape_is_refused(kind):
    gates, forward = FORWARD[kind]
    _, trace = forward(*network(gates))
    with pytest.raises(ValueError, match="dH must have shape"):
        BACKWARD[kind](np.ones((2, 5, 3)), trace)
