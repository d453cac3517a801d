"""Attention against Keras's own, in double precision: answers, weights and every gradient, with masks."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlcourse.layers import AdditiveAttention, DotAttention, MultiHeadAttention

SEEDS = range(25)
TOLERANCE = {"rtol": 1e-9, "atol": 1e-10}


def drawn(seed):
    """Random sizes and inputs: query, value, a mask of the values that leaves at least one, a mask of pairs."""
    rng = np.random.default_rng(seed)
    batch, queries, keys, width = rng.integers(1, 7, size=4)
    query, value = rng.normal(size=(batch, queries, 2 * width)), rng.normal(size=(batch, keys, 2 * width))
    kept, pairs = rng.random((batch, keys)) < 0.7, rng.random((batch, queries, keys)) < 0.7
    kept[:, 0] = pairs[:, :, 0] = True
    return rng, query, value, kept, pairs


def answers_and_gradients(call, weights, *arrays):
    """What `call` gives, and the gradients of a weighted sum of it for the inputs and the weights."""
    tensors = [tf.constant(each) for each in arrays]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        answer, scores = call(*tensors)
        mix = tf.reshape(tf.cos(tf.range(tf.size(answer), dtype="float64")), answer.shape)
        loss = tf.reduce_sum(mix * answer)
    gradients = tape.gradient(loss, [*tensors, *weights])
    return [np.asarray(each) for each in (answer, scores, *gradients)]


def assert_equal(ours, theirs, **tolerance):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one.reshape(other.shape), other, **(tolerance or TOLERANCE))


@pytest.mark.parametrize("seed", SEEDS)
def test_dot_attention(seed):
    _, query, value, kept, _ = drawn(seed)
    scaled = seed % 2 == 0
    ours, theirs = DotAttention(scaled, dtype="float64"), keras.layers.Attention(dtype="float64")
    scale = query.shape[-1] ** -0.5 if scaled else 1.0

    def reference(q, v):
        return theirs([q * scale, v], mask=[None, kept], return_attention_scores=True)

    def own(q, v):
        return ours(q, v, value_mask=kept, return_attention_scores=True)

    pairs = [answers_and_gradients(call, [], query, value) for call in (own, reference)]
    # Keras has one tensor for values and keys, too: the gradients add up in the same way.
    assert_equal(*pairs)


@pytest.mark.parametrize("seed", SEEDS)
def test_additive_attention(seed):
    rng, query, value, kept, _ = drawn(seed)
    units = int(rng.integers(1, 6))
    ours = AdditiveAttention(units, dtype="float64")
    ours(query, value)
    of_query, of_value, bias, v = (tf.Variable(w) for w in ours.get_weights())
    theirs = keras.layers.AdditiveAttention(
        dtype="float64"
    )  # sums scale * tanh(q + k): W, U and b are left to the user
    theirs.build([(None, None, units)] * 3)
    theirs.set_weights([v[:, 0]])

    def reference(q, h):
        inputs = [q @ of_query, h, h @ of_value + bias]
        return theirs(inputs, mask=[None, kept], return_attention_scores=True)

    def own(q, h):
        return ours(q, h, value_mask=kept, return_attention_scores=True)

    mine = answers_and_gradients(own, [w.value for w in ours.trainable_variables], query, value)
    assert_equal(mine, answers_and_gradients(reference, [of_query, of_value, bias, theirs.scale.value], query, value))


@pytest.mark.parametrize("seed", SEEDS)
def test_multi_head_attention(seed):
    rng, query, value, kept, pairs = drawn(seed)
    heads, width = int(rng.integers(1, 4)), int(rng.integers(1, 5))
    causal = seed % 3 == 0
    ours = MultiHeadAttention(heads, width, causal=causal, bias=seed % 2 == 0, dtype="float64")
    ours(query, value)
    for w in ours.trainable_variables:
        w.assign(rng.normal(size=w.shape))
    theirs = keras.layers.MultiHeadAttention(heads, width, use_bias=seed % 2 == 0, dtype="float64")
    theirs.build(query.shape, value.shape)
    theirs.set_weights([w.reshape(their.shape) for w, their in zip(ours.get_weights(), theirs.weights, strict=True)])

    def reference(q, v):
        return theirs(q, v, attention_mask=pairs, value_mask=kept, use_causal_mask=causal, return_attention_scores=True)

    def own(q, v):
        return ours(q, v, attention_mask=pairs, value_mask=kept, return_attention_scores=True)

    mine = answers_and_gradients(own, [w.value for w in ours.trainable_variables], query, value)
    other = answers_and_gradients(reference, [w.value for w in theirs.trainable_variables], query, value)
    # Keras computes this softmax in single precision even here.
    assert_equal(mine, other, rtol=1e-5, atol=1e-5)
