"""Additive, dot-product and multi-head attention: the contract, masks, the cache, arguments."""

import keras
import numpy as np
import pytest
from contract import as_array, broken_promises, inputs

from dlcourse.layers import AdditiveAttention, DotAttention, MultiHeadAttention
from dlcourse.layers.attending import attention_weights

RNG = np.random.default_rng(0)
QUERY, VALUE = inputs((3, 4, 6)), RNG.normal(size=(3, 5, 6)).astype("float32")
KEPT = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0]], "bool")
EACH = pytest.mark.parametrize(
    "make", [DotAttention, lambda: AdditiveAttention(4), lambda: MultiHeadAttention(2)],
    ids=["dot", "additive", "multi-head"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("layer_class", "settings", "trainable"),
    [
        (DotAttention, {"scaled": False}, 0),
        (AdditiveAttention, {"units": 5}, 4),
        (MultiHeadAttention, {"heads": 2, "head_width": 5, "causal": True, "bias": False}, 4),
        (MultiHeadAttention, {"heads": 3, "scaled": False}, 8),
    ],
)
def test_it_keeps_the_contract(layer_class, settings, trainable):
    shape = (2, 5, 6)
    asked = {"output_shape": shape, "trainable": trainable, "supports_masking": True}
    assert broken_promises(layer_class, settings, shape, **asked) == []


def test_without_the_scale_it_is_as_with_larger_queries():
    layer, plain = MultiHeadAttention(2), MultiHeadAttention(2, scaled=False)
    expected = as_array(layer(QUERY))
    plain.build(QUERY.shape)
    weights = layer.get_weights()
    weights[:2] = [each / np.sqrt(3) for each in weights[:2]]  # kernel and bias of the queries
    plain.set_weights(weights)
    np.testing.assert_allclose(as_array(plain(QUERY)), expected, atol=1e-6)


def test_dropout_drops_weights_in_training_alone():
    layer = MultiHeadAttention(2, dropout=0.5)
    assert layer.get_config()["dropout"] == 0.5
    plain, again = as_array(layer(QUERY)), as_array(layer(QUERY, training=False))
    np.testing.assert_array_equal(plain, again)
    draws = [as_array(layer(QUERY, training=True)) for _ in range(200)]
    assert np.abs(draws[0] - draws[1]).max() > 1e-3
    np.testing.assert_allclose(np.mean(draws, 0), plain, atol=0.3 * np.abs(plain).max())


def test_weights_by_hand():
    scores = keras.ops.convert_to_tensor(np.log([[1.0, 2.0, 1.0]]).astype("float32"))
    np.testing.assert_allclose(as_array(attention_weights(scores)), [[0.25, 0.5, 0.25]], rtol=1e-6)
    masked = attention_weights(scores, keras.ops.convert_to_tensor([[True, True, False]]))
    np.testing.assert_allclose(as_array(masked), [[1 / 3, 2 / 3, 0]], rtol=1e-6)


@EACH
def test_a_row_that_may_look_nowhere_gives_zeros(make):
    layer = make()
    _, weights = layer(QUERY, VALUE, value_mask=KEPT, return_attention_scores=True)
    weights = as_array(weights)
    assert np.isfinite(weights).all()
    assert not weights[2].any()
    np.testing.assert_allclose(weights[:2].sum(-1), 1, rtol=1e-5)
    assert not weights[1][..., 2:].any()


@EACH
def test_what_is_masked_changes_nothing(make):
    layer, other = make(), VALUE.copy()
    other[1, 2:] = 100 * RNG.normal(size=(3, 6))
    answers = [as_array(layer(QUERY, each, value_mask=KEPT)) for each in (VALUE, other)]
    np.testing.assert_array_equal(*answers)
    assert np.abs(as_array(layer(QUERY, other)) - answers[0])[1].max() > 1e-3


@EACH
def test_keras_hands_masks_on(make):
    words = keras.Input((None,), dtype="int32")
    embedded = keras.layers.Embedding(9, 6, mask_zero=True)(words)
    layer = make()
    model = keras.Model(words, layer(embedded))
    padded, short = np.array([[3, 5, 0, 0]]), np.array([[3, 5]])
    answers = [as_array(model(each)) for each in (padded, short)]
    np.testing.assert_allclose(answers[0][:, :2], answers[1], atol=1e-6)


@EACH
def test_order_of_what_is_looked_at_does_not_matter(make):
    layer, order = make(), RNG.permutation(5)
    np.testing.assert_allclose(as_array(layer(QUERY, VALUE)), as_array(layer(QUERY, VALUE[:, order])), atol=1e-5)


def test_weights_are_computed_precisely_under_mixed_precision():
    layer = DotAttention(scaled=False, dtype="mixed_bfloat16")
    x = 30 * np.eye(4, dtype="float32")[None]
    _, weights = layer(x, return_attention_scores=True)
    assert keras.backend.standardize_dtype(weights.dtype) == "bfloat16"
    np.testing.assert_allclose(as_array(keras.ops.cast(weights, "float32"))[0], np.eye(4), atol=1e-6)


def test_causal_sees_no_future():
    layer = MultiHeadAttention(2, causal=True)
    later = QUERY.copy()
    later[:, 2:] += 1
    before, after = (as_array(layer(each)) for each in (QUERY, later))
    np.testing.assert_allclose(after[:, :2], before[:, :2], atol=1e-6)
    assert np.abs(after[:, 2:] - before[:, 2:]).max() > 1e-3


@pytest.mark.parametrize("axes", [(4, 5), (3, 4, 5), (3, 2, 4, 5)])
def test_attention_masks_of_all_shapes(axes):
    layer = MultiHeadAttention(2)
    mask = RNG.random(axes) < 0.6
    mask[..., 0] = True
    _, weights = layer(QUERY, VALUE, attention_mask=mask, return_attention_scores=True)
    wide = mask[:, None] if mask.ndim == 3 else mask
    np.testing.assert_array_equal(as_array(weights) > 0, np.broadcast_to(wide, (3, 2, 4, 5)))


@pytest.mark.parametrize("pieces", [[1, 1, 1, 1], [3, 1], [2, 2]])
def test_with_a_cache_piece_by_piece_as_at_once(pieces):
    layer = MultiHeadAttention(2, causal=True)
    whole = as_array(layer(QUERY))
    cache, parts, at = layer.empty_cache(3, 7), [], 0  # more places than are used
    for length in pieces:
        part, cache = layer(QUERY[:, at : at + length], cache=cache, index=at)
        parts.append(as_array(part))
        at += length
    np.testing.assert_allclose(np.concatenate(parts, 1), whole, atol=1e-6)


def test_projected_once_for_all_steps():
    layer = AdditiveAttention(4)
    whole = as_array(layer(QUERY, VALUE))
    projected = layer.project(VALUE)
    steps = [as_array(layer(QUERY[:, t : t + 1], VALUE, projected=projected)) for t in range(4)]
    np.testing.assert_allclose(np.concatenate(steps, 1), whole, atol=1e-6)


def test_bad_arguments():
    with pytest.raises(ValueError, match="heads is a whole number from 1, not 0"):
        MultiHeadAttention(0)
    with pytest.raises(ValueError, match="heads=4 do not divide a query of 6 numbers: give head_width"):
        MultiHeadAttention(4)(QUERY)
    with pytest.raises(ValueError, match="dropout is a number from 0, below 1, not 1"):
        MultiHeadAttention(2, dropout=1)
    with pytest.raises(ValueError, match="units is a whole number from 1, not True"):
        AdditiveAttention(True)
    layer = MultiHeadAttention(2)
    layer(QUERY)
    with pytest.raises(ValueError, match="a cache needs causal=True"):
        layer(QUERY, cache=layer.empty_cache(3, 4))
