"""GPT and BERT against `transformers`: random small models, written as they are published, and read by ours.

Run by `make test-reference`, in an environment of its own that has PyTorch.
"""

import keras
import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from dlcourse.models import BERT, GPT  # noqa: E402

SEEDS = range(8)


def as_array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def stir(model, seed):
    """Random numbers in every weight, biases and normalisations among them."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(torch.randn_like(weight) * 0.3 + (0.5 if weight.ndim == 1 else 0))
    return model.eval()


def sizes(seed):
    rng = np.random.default_rng(seed)
    heads, each, depth = rng.integers(1, 4), rng.integers(2, 6), rng.integers(1, 4)
    return rng, int(heads), int(heads * each), int(depth)


@pytest.mark.parametrize("seed", SEEDS)
def test_gpt2(seed, tmp_path):
    rng, heads, width, depth = sizes(seed)
    config = transformers.GPT2Config(
        vocab_size=23, n_positions=17, n_embd=width, n_layer=depth, n_head=heads, n_inner=[None, 3 * width][seed % 2],
        activation_function=["gelu_new", "gelu", "relu"][seed % 3], layer_norm_epsilon=[1e-5, 1e-3][seed % 2],
    )  # fmt: skip
    theirs = stir(transformers.GPT2LMHeadModel(config), seed)
    theirs.save_pretrained(tmp_path)
    ours = GPT.from_huggingface(tmp_path)
    tokens = rng.integers(0, 23, size=(3, 15))
    with torch.no_grad():
        expected = theirs(torch.tensor(tokens)).logits.numpy()
    np.testing.assert_allclose(as_array(ours(tokens)), expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())

    with torch.no_grad():
        how = {"max_length": 17, "do_sample": False, "pad_token_id": 0, "eos_token_id": None}
        written = theirs.generate(torch.tensor(tokens[:, :4]), attention_mask=torch.ones(3, 4), **how).numpy()
    np.testing.assert_array_equal(ours.generate(tokens[:, :4], 17, temperature=None), written)


@pytest.mark.parametrize("seed", SEEDS)
def test_bert(seed, tmp_path):
    rng, heads, width, depth = sizes(seed)
    config = transformers.BertConfig(
        vocab_size=23, max_position_embeddings=17, hidden_size=width, num_hidden_layers=depth,
        num_attention_heads=heads, intermediate_size=3 * width, hidden_act=["gelu", "gelu_new", "relu"][seed % 3],
        layer_norm_eps=[1e-12, 1e-3][seed % 2],
    )  # fmt: skip
    theirs = stir(transformers.BertModel(config), seed)
    theirs.save_pretrained(tmp_path)
    ours = BERT.from_huggingface(tmp_path)
    tokens, segment = rng.integers(1, 23, size=(3, 15)), rng.integers(0, 2, size=(3, 15))
    tokens[1, 9:] = tokens[2, 4:] = 0
    mask = tokens != 0
    with torch.no_grad():
        expected = theirs(
            torch.tensor(tokens), attention_mask=torch.tensor(mask).long(), token_type_ids=torch.tensor(segment)
        ).last_hidden_state.numpy()
    got = as_array(ours(tokens, segment=segment))
    np.testing.assert_allclose(got[mask], expected[mask], rtol=1e-4, atol=1e-4 * np.abs(expected[mask]).max())


@pytest.mark.parametrize("seed", SEEDS)
def test_filters_of_sampling(seed):
    from transformers import TopKLogitsWarper, TopPLogitsWarper

    from dlcourse.text.choosing import FAR, keep_top_k, keep_top_p

    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(5, 30)).astype("float32")
    logits[:, ::3] = logits[:, :1]  # ties
    k, p = int(rng.integers(1, 30)), float(rng.uniform(0.05, 0.99))
    kept = torch.isfinite(TopKLogitsWarper(k)(None, torch.tensor(logits))).numpy()
    np.testing.assert_array_equal(as_array(keep_top_k(keras.ops.convert_to_tensor(logits), k)) > FAR, kept)
    distinct = rng.normal(size=(5, 30)).astype("float32")  # among equals the two choose differently
    kept = torch.isfinite(TopPLogitsWarper(p)(None, torch.tensor(distinct))).numpy()
    np.testing.assert_array_equal(as_array(keep_top_p(keras.ops.convert_to_tensor(distinct), p)) > FAR, kept)


def test_minilm_gives_the_published_vectors():
    from dlcourse.data import load
    from dlcourse.models import SentenceEncoder

    folder = load("minilm")
    texts = ["A man is playing a guitar.", "Someone makes music!", "", "The price of a house " * 40, "Zürich ☂ 1291"]
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    theirs = transformers.AutoModel.from_pretrained(folder).eval()
    read = tokenizer(texts, padding=True, truncation=True, max_length=128, return_tensors="pt")
    with torch.no_grad():
        states = theirs(**read).last_hidden_state
    kept = read["attention_mask"][..., None]
    expected = torch.nn.functional.normalize((states * kept).sum(1) / kept.sum(1)).numpy()
    np.testing.assert_allclose(SentenceEncoder.from_huggingface(folder)(texts), expected, atol=1e-5)
