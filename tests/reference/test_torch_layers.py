"""Attention and Transformer blocks against PyTorch's, weights carried over: answers and gradients, with masks."""

import keras
import numpy as np
import pytest

torch = pytest.importorskip("torch")
import tensorflow as tf  # noqa: E402

from dlcourse.layers import MultiHeadAttention, TransformerDecoderBlock, TransformerEncoderBlock  # noqa: E402

SEEDS = range(10)
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}


def drawn(seed):
    rng = np.random.default_rng(seed)
    heads, each, batch, places, source = rng.integers(1, 5, size=5)
    width = int(heads * each)
    x, encoded = rng.normal(size=(batch, places, width)), rng.normal(size=(batch, source, width))
    kept, encoded_kept = rng.random((batch, places)) < 0.7, rng.random((batch, source)) < 0.7
    kept[:, 0] = encoded_kept[:, 0] = True
    return rng, int(heads), width, x, encoded, kept, encoded_kept


def attention_weights(ours):
    """PyTorch keeps queries, keys and values in one matrix, transposed."""
    parts = (ours.to_query, ours.to_key, ours.to_value, ours.to_output)
    q, k, v, out = ((layer.kernel.numpy().T, layer.bias.numpy()) for layer in parts)
    return {
        "in_proj_weight": np.concatenate([q[0], k[0], v[0]]), "in_proj_bias": np.concatenate([q[1], k[1], v[1]]),
        "out_proj.weight": out[0], "out_proj.bias": out[1],
    }  # fmt: skip


def block_weights(block):
    parts = {f"self_attn.{name}": array for name, array in attention_weights(block.attention).items()}
    norms = [block.attention_norm, block.feed_forward_norm]
    if getattr(block, "cross", False):
        parts |= {f"multihead_attn.{name}": array for name, array in attention_weights(block.cross_attention).items()}
        norms.insert(1, block.cross_norm)
    for number, norm in enumerate(norms, start=1):
        parts |= {f"norm{number}.weight": norm.gamma.numpy(), f"norm{number}.bias": norm.beta.numpy()}
    for number, dense in enumerate((block.feed_forward.inner, block.feed_forward.outer), start=1):
        parts |= {f"linear{number}.weight": dense.kernel.numpy().T, f"linear{number}.bias": dense.bias.numpy()}
    return parts


def carried_over(theirs, arrays):
    theirs.load_state_dict({name: torch.tensor(np.asarray(array)) for name, array in arrays.items()})
    return theirs.double().eval()


def stirred(layer, rng):
    for w in layer.trainable_variables:
        w.assign(0.5 * rng.normal(size=w.shape))


def assert_alike(ours, theirs, x, where):
    """Both called with x: answers where they count, and gradients for x of a weighted sum of those."""
    mix = np.cos(np.arange(x.size)).reshape(x.shape) * where[..., None]
    tensor = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        answer = ours(tensor)
        loss = tf.reduce_sum(mix * answer)
    leaf = torch.tensor(x, requires_grad=True)
    other = theirs(leaf)
    (torch.tensor(mix) * other).sum().backward()
    np.testing.assert_allclose(answer.numpy()[where], other.detach().numpy()[where], **TOLERANCE)
    np.testing.assert_allclose(tape.gradient(loss, tensor).numpy(), leaf.grad.numpy(), **TOLERANCE)


@pytest.mark.parametrize("seed", SEEDS)
def test_multi_head_attention(seed):
    rng, heads, width, x, encoded, _, kept = drawn(seed)
    ours = MultiHeadAttention(heads, dtype="float64")
    ours(x, encoded)
    stirred(ours, rng)
    theirs = carried_over(torch.nn.MultiheadAttention(width, heads, batch_first=True), attention_weights(ours))
    value = torch.tensor(encoded)

    def reference(query):
        return theirs(query, value, value, key_padding_mask=torch.tensor(~kept), need_weights=False)[0]

    everywhere = np.ones(x.shape[:2], bool)
    assert_alike(lambda query: ours(query, encoded, value_mask=kept), reference, x, everywhere)


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_encoder_block(seed, norm_first):
    rng, heads, width, x, _, kept, _ = drawn(seed)
    how = {"activation": ["relu", "gelu"][seed % 2], "norm_first": norm_first}
    ours = TransformerEncoderBlock(heads, 7, **how, dtype="float64")
    ours(x)
    stirred(ours, rng)
    theirs = torch.nn.TransformerEncoderLayer(width, heads, 7, **how, batch_first=True, layer_norm_eps=1e-6)
    carried_over(theirs, block_weights(ours))
    hidden = torch.tensor(~kept)
    assert_alike(lambda x: ours(x, mask=kept), lambda x: theirs(x, src_key_padding_mask=hidden), x, kept)


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_decoder_block(seed, norm_first):
    rng, heads, width, x, encoded, _, kept = drawn(seed)
    ours = TransformerDecoderBlock(heads, 7, cross=True, norm_first=norm_first, dtype="float64")
    ours(x, encoded)
    stirred(ours, rng)
    theirs = torch.nn.TransformerDecoderLayer(
        width, heads, 7, norm_first=norm_first, batch_first=True, layer_norm_eps=1e-6
    )
    carried_over(theirs, block_weights(ours))
    memory, hidden = torch.tensor(encoded), torch.tensor(~kept)
    future = torch.triu(torch.ones(x.shape[1], x.shape[1], dtype=torch.bool), 1)

    def reference(x):
        return theirs(x, memory, tgt_mask=future, memory_key_padding_mask=hidden)

    assert_alike(lambda x: ours(x, encoded, encoded_mask=kept), reference, x, np.ones(x.shape[:2], bool))


def test_this_environment_runs_on_tensorflow():
    assert keras.backend.backend() == "tensorflow"
