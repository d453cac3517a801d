"""Positions, the feed-forward half, and the blocks of encoder and decoder."""

import keras
import numpy as np
import pytest
from contract import as_array, broken_promises, inputs

from dlcourse.layers import FeedForward, SinusoidalPositions, TransformerDecoderBlock, TransformerEncoderBlock

X, SOURCE = inputs((2, 5, 6)), np.random.default_rng(2).normal(size=(2, 3, 4)).astype("float32")


@pytest.mark.parametrize(
    ("layer_class", "settings", "trainable"),
    [
        (SinusoidalPositions, {"wavelength": 100}, 0),
        (FeedForward, {"hidden": 7, "activation": "gelu"}, 4),
        (TransformerEncoderBlock, {"heads": 2, "hidden": 7, "activation": "gelu", "epsilon": 1e-3}, 16),
        (TransformerEncoderBlock, {"heads": 3, "hidden": 7, "norm_first": True}, 16),
        (TransformerDecoderBlock, {"heads": 2, "hidden": 7, "norm_first": True, "epsilon": 1e-3}, 16),
    ],
)
def test_it_keeps_the_contract(layer_class, settings, trainable):
    shape = (2, 5, 6)
    asked = {"output_shape": shape, "trainable": trainable, "supports_masking": True}
    assert broken_promises(layer_class, settings, shape, **asked) == []


def test_positions_as_the_paper_writes_them():
    d, places = 7, 40
    expected = np.zeros((places, d))
    for t in range(places):
        for number in range(d):
            angle = t / 10_000 ** (2 * (number // 2) / d)
            expected[t, number] = np.cos(angle) if number % 2 else np.sin(angle)
    layer = SinusoidalPositions()
    zeros = np.zeros((1, places, d), "float32")
    np.testing.assert_allclose(as_array(layer(zeros))[0], expected, atol=1e-5)
    np.testing.assert_allclose(as_array(layer(zeros[:, :3], index=30))[0], expected[30:33], atol=1e-5)


def test_order_matters_only_with_positions():
    block, order = TransformerEncoderBlock(2, 7), [3, 1, 4, 0, 2]
    np.testing.assert_allclose(as_array(block(X))[:, order], as_array(block(X[:, order])), atol=1e-5)
    told = SinusoidalPositions()
    assert np.abs(as_array(block(told(X)))[:, order] - as_array(block(told(X[:, order])))).max() > 1e-2


@pytest.mark.parametrize("norm_first", [False, True])
def test_padding_changes_nothing(norm_first):
    block = TransformerEncoderBlock(2, 7, norm_first=norm_first)
    mask = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 0, 0]], "bool")
    np.testing.assert_allclose(as_array(block(X, mask=mask))[:, :3], as_array(block(X[:, :3])), atol=1e-5)


@pytest.mark.parametrize("cross", [False, True])
@pytest.mark.parametrize("norm_first", [False, True])
def test_decoder_piece_by_piece_as_at_once(cross, norm_first):
    block = TransformerDecoderBlock(2, 7, cross=cross, norm_first=norm_first)
    encoded = {"encoded": SOURCE, "encoded_mask": np.array([[1, 1, 0], [1, 1, 1]], "bool")} if cross else {}
    whole = as_array(block(X, **encoded))
    cache, parts = block.empty_cache(2, 5), []
    for t in range(5):
        part, cache = block(X[:, t : t + 1], **encoded, cache=cache, index=t)
        parts.append(as_array(part))
    np.testing.assert_allclose(np.concatenate(parts, 1), whole, atol=1e-5)


def test_decoder_looks_at_the_source_it_may_see():
    block = TransformerDecoderBlock(2, 7, cross=True)
    mask = np.array([[1, 1, 0], [1, 1, 1]], "bool")
    _, own, looked = block(X, SOURCE, encoded_mask=mask, return_attention_scores=True)
    assert not as_array(looked)[0, :, :, 2].any()
    assert not np.triu(as_array(own), 1).any()
    other = SOURCE.copy()
    other[0, 2] += 1
    np.testing.assert_array_equal(*(as_array(block(X, s, encoded_mask=mask))[0] for s in (SOURCE, other)))


def test_a_decoder_saved_and_loaded(tmp_path):
    source, target = keras.Input((None, 4)), keras.Input((None, 6))
    block = TransformerDecoderBlock(2, 7, cross=True, dropout=0.1, activation="gelu", norm_first=True)
    model = keras.Model([target, source], block(target, source))
    model.save(tmp_path / "decoder.keras")
    again = keras.saving.load_model(tmp_path / "decoder.keras")
    np.testing.assert_allclose(as_array(again([X, SOURCE])), as_array(model([X, SOURCE])), atol=1e-6)
    assert again.layers[-1].get_config() == block.get_config()


def test_bad_arguments():
    with pytest.raises(ValueError, match="hidden is a whole number from 1, not 0"):
        TransformerEncoderBlock(2, 0)
    with pytest.raises(ValueError, match=r"dropout is a number from 0, below 1, not -0\.1"):
        TransformerDecoderBlock(2, 7, dropout=-0.1)
    with pytest.raises(ValueError, match="cross is True, but encoded was not given"):
        TransformerDecoderBlock(2, 7, cross=True)(X)
    with pytest.raises(ValueError, match="cross is False, but encoded was given"):
        TransformerDecoderBlock(2, 7)(X, SOURCE)
    with pytest.raises(ValueError, match="wavelength is a whole number from 1"):
        SinusoidalPositions(0.5)
