"""The three recurrent networks by hand equal Keras's layers, states and all gradients, on random shapes with masks."""

import numpy as np
import pytest

from dlcourse.scratch import (
    activations,
    gru_backward,
    gru_forward,
    lstm_backward,
    lstm_forward,
    rnn_backward,
    rnn_forward,
)

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

TOLERANCE = {"rtol": 1e-6, "atol": 1e-6}
SHAPES = 100
KINDS = {
    "rnn": (keras.layers.SimpleRNN, 1, rnn_forward, rnn_backward, {}),
    "rnn, relu": (keras.layers.SimpleRNN, 1, rnn_forward, rnn_backward, {"activation": "relu"}),
    "lstm": (keras.layers.LSTM, 4, lstm_forward, lstm_backward, {}),
    "gru": (keras.layers.GRU, 3, gru_forward, gru_backward, {"reset_after": True}),
    "gru, reset before": (keras.layers.GRU, 3, gru_forward, gru_backward, {"reset_after": False}),
}


def drawn(kind, seed):
    """Random inputs, weights, states, mask or None, gradients: sizes from 1, weights large enough to bend."""
    rng = np.random.default_rng(seed)
    batch, time, n_in, units = (int(n) for n in rng.integers(1, 7, 4))
    gates, states = KINDS[kind][1], 2 if kind == "lstm" else 1
    bias = (2, gates * units) if kind == "gru" else (gates * units,)
    X, W = rng.normal(size=(batch, time, n_in)), rng.normal(size=(n_in, gates * units))
    U, b = rng.normal(size=(units, gates * units)), rng.normal(size=bias)
    first = [rng.normal(size=(batch, units)) for _ in range(states)]
    mask = rng.random((batch, time)) < 0.6 if seed % 3 else None
    return X, W, U, b, first, mask, rng.normal(size=(batch, time, units)), rng.normal(size=(batch, units))


def by_keras(kind, X, W, U, b, first, mask, dH, dc):
    """Keras's outputs and last states, and TensorFlow's gradients of Σ dH H (+ Σ dc c) at everything it depends on."""
    layer_class, _, _, _, settings = KINDS[kind]
    layer = layer_class(len(U), return_sequences=True, return_state=True, dtype="float64", **settings)
    layer.build(X.shape)
    layer.set_weights([W, U, b])
    x, first = tf.constant(X), [tf.constant(h) for h in first]
    with tf.GradientTape() as tape:
        tape.watch([x, *first])
        H, *last = layer(x, initial_state=first, mask=mask)
        loss = tf.reduce_sum(dH * seen(H, mask)) + (tf.reduce_sum(dc * last[1]) if kind == "lstm" else 0)
    return H, last, tape.gradient(loss, [x, *layer.trainable_weights, *first])


def seen(H, mask):
    """Only what follows the first step that counts: before it Keras's layers give zeros, ours the state, h0."""
    return H if mask is None else H * np.maximum.accumulate(mask, axis=1)[..., None]


@pytest.mark.parametrize("kind", KINDS)
def test_states_and_all_gradients_equal_keras(kind):
    _, _, forward, backward, settings = KINDS[kind]
    ours = {name: getattr(activations, v) if name == "activation" else v for name, v in settings.items()}
    masked = 0
    for seed in range(SHAPES):
        X, W, U, b, first, mask, dH, dc = drawn(kind, seed)
        theirs, last, gradients = by_keras(kind, X, W, U, b, first, mask, dH, dc)
        states = dict(zip(("h0", "c0"), first, strict=False))
        H, trace = forward(X, W, U, b, **states, mask=mask, **ours)
        np.testing.assert_allclose(seen(H, mask), seen(theirs.numpy(), mask), **TOLERANCE)
        np.testing.assert_allclose(H[:, -1], last[0], **TOLERANCE)
        more = {"dc_last": dc} if kind == "lstm" else {}
        found = backward(seen(dH, mask), trace, **more)
        got = [found.dX, found.dW, found.dU, found.db, found.dh[:, 0]]
        if kind == "lstm":
            np.testing.assert_allclose(trace.C[:, -1], last[1], **TOLERANCE)
            got.append(found.dc[:, 0])
        for our, their in zip(got, gradients, strict=True):
            np.testing.assert_allclose(our, tf.convert_to_tensor(their), **TOLERANCE)
        masked += mask is not None and not mask.all()
    assert masked > SHAPES // 2


@pytest.mark.parametrize("kind", KINDS)
def test_single_precision_is_kept_and_near(kind):
    _, _, forward, backward, settings = KINDS[kind]
    ours = {name: getattr(activations, v) if name == "activation" else v for name, v in settings.items()}
    X, W, U, b, first, mask, dH, _ = drawn(kind, 1)
    states = dict(zip(("h0", "c0"), first, strict=False))
    wide, _ = forward(X, W, U, b, **states, mask=mask, **ours)
    single = [a.astype("float32") for a in (X, W, U, b)]
    narrow, trace = forward(*single, **{k: v.astype("float32") for k, v in states.items()}, mask=mask, **ours)
    assert narrow.dtype == "float32"
    np.testing.assert_allclose(narrow, wide, rtol=1e-4, atol=1e-4)
    assert {a.dtype.name for a in backward(dH.astype("float32"), trace)} == {"float32"}


def to_pytorch(A, order, gates):
    """Keras's weights with the gates in PyTorch's order, transposed as PyTorch keeps them."""
    parts = np.split(A, gates, axis=-1)
    return np.concatenate([parts[k] for k in order], axis=-1).T


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_pytorch_gives_the_same_with_the_gates_in_its_order(kind):
    torch = pytest.importorskip("torch")
    X, W, U, b, _, _, _, _ = drawn(kind, 5)
    gates, forward = KINDS[kind][1], KINDS[kind][2]
    order = {"rnn": [0], "lstm": [0, 1, 2, 3], "gru": [1, 0, 2]}[kind]
    layer = getattr(torch.nn, kind.upper())(X.shape[2], len(U), batch_first=True, dtype=torch.float64)
    biases = b if kind == "gru" else (b, np.zeros_like(b))
    for name, value in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), (W, U, *biases), strict=True):
        getattr(layer, f"{name}_l0").data = torch.tensor(np.ascontiguousarray(to_pytorch(value, order, gates)))
    np.testing.assert_allclose(forward(X, W, U, b)[0], layer(torch.tensor(X))[0].detach().numpy(), **TOLERANCE)
