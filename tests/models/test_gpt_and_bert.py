"""GPT and BERT: files, causality, padding, generation with and without a cache, published folders, arguments."""

import json

import keras
import numpy as np
import pytest

from dlcourse.models import BERT, GPT, MaskedLanguageModel, TextClassifier
from dlcourse.models.huggingface import WeightsError

RNG = np.random.default_rng(0)
SMALL = {"vocabulary": 11, "places": 12, "width": 8, "depth": 2, "heads": 2}
TOKENS = RNG.integers(1, 11, size=(3, 7))


def as_array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def stirred(model):
    """The model built, with weights large enough to tell words apart."""
    model.build((None, None))
    model.set_weights([RNG.normal(size=w.shape) * (0.5 if w.ndim > 1 else 0.1) for w in model.get_weights()])
    return model


@pytest.fixture(scope="module")
def gpt():
    return stirred(GPT(**SMALL))


@pytest.mark.parametrize("kind", [GPT, BERT])
def test_config_and_file(kind, tmp_path):
    model = stirred(kind(**SMALL, hidden=5, dropout=0.1, activation="relu", epsilon=1e-3))
    assert kind.from_config(model.get_config()).get_config() == model.get_config()
    answer = as_array(model(TOKENS))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(as_array(again(TOKENS)), answer, atol=1e-5)


@pytest.mark.parametrize("kind", [GPT, BERT])
def test_weights_counted_by_hand(kind):
    model = stirred(kind(**SMALL))
    block = 4 * (8 * 8 + 8) + (8 * 32 + 32 + 32 * 8 + 8) + 2 * 16
    tables = 8 * (11 + 12 + (2 if kind is BERT else 0))
    assert model.count_params() == 2 * block + tables + 16


def test_gpt_sees_no_future(gpt):
    later = TOKENS.copy()
    later[:, 4:] = 10 - later[:, 4:]
    before, after = as_array(gpt(TOKENS)), as_array(gpt(later))
    np.testing.assert_allclose(after[:, :4], before[:, :4], atol=1e-5)
    assert np.abs(after[:, 4:] - before[:, 4:]).max() > 1e-2


def test_bert_looks_at_no_padding():
    model = stirred(BERT(**SMALL))
    padded = np.pad(TOKENS, ((0, 0), (0, 3)))
    states, wider = model(TOKENS), model(padded)
    np.testing.assert_allclose(as_array(wider)[:, :7], as_array(states), atol=1e-5)
    means = [as_array(model.mean(s, t)) for s, t in ((states, TOKENS), (wider, padded))]
    np.testing.assert_allclose(means[1], means[0], atol=1e-5)
    np.testing.assert_allclose(means[0], as_array(states).mean(1), atol=1e-5)


@pytest.mark.parametrize(
    "how",
    [
        {"temperature": None},
        {"temperature": 1.3, "seed": 1},
        {"temperature": 0.9, "top_k": 5, "top_p": 0.8, "seed": 2},
        {"temperature": None, "end": 4},
    ],
)
def test_with_a_cache_the_same_words(gpt, how):
    prompt = [[3, 1, 4], [1, 5, -1]]
    texts = [gpt.generate(prompt, 12, **how, use_cache=use) for use in (True, False)]
    np.testing.assert_array_equal(*texts)
    assert texts[0].shape == (2, 12)
    np.testing.assert_array_equal(texts[0][0, :3], [3, 1, 4])


def test_greedy_by_hand(gpt):
    words = [2, 7]
    while len(words) < 9:
        words.append(int(as_array(gpt(np.array([words])))[0, -1].argmax()))
    np.testing.assert_array_equal(gpt.generate([[2, 7]], 9, temperature=None)[0], words)


@pytest.mark.slow
def test_it_learns_a_text_by_heart():
    keras.utils.set_random_seed(0)
    model = GPT(**{**SMALL, "depth": 1, "width": 16})
    text = np.array([[3, 1, 4, 1, 5, 9, 2, 6, 5, 3]])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(np.repeat(text[:, :-1], 8, 0), np.repeat(text[:, 1:], 8, 0), epochs=80, batch_size=8, verbose=0)
    np.testing.assert_array_equal(model.generate(text[:, :3], 10, temperature=None), text)


def published(tmp_path, config, arrays):
    from safetensors.numpy import save_file

    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    save_file(arrays, tmp_path / "model.safetensors")
    return tmp_path


CONFIG = {
    "model_type": "gpt2", "vocab_size": 11, "n_positions": 12, "n_embd": 8, "n_layer": 2, "n_head": 2,
    "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "arrays", "words"),
    [
        ({"model_type": "llama"}, {}, "of type 'llama', not 'gpt2'"),
        ({"activation_function": "silu"}, {}, "activation_function is 'silu'; what is built here: 'gelu_new'"),
        ({}, {"wpe.weight": np.zeros((12, 8), "float32")}, "the weights lack 'wte.weight'; there are 1 arrays"),
        ({}, {"transformer.wte.weight": np.zeros((10, 8), "float32")}, r"has the shape \(10, 8\), and the model needs"),
    ],
)
def test_published_folders_that_do_not_fit(tmp_path, change, arrays, words):
    folder = published(tmp_path, {**CONFIG, **change}, arrays)
    with pytest.raises(WeightsError, match=words):
        GPT.from_huggingface(folder)


def test_published_folders_that_are_no_such(tmp_path):
    with pytest.raises(WeightsError, match=r"has no config\.json"):
        GPT.from_huggingface(tmp_path)
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(WeightsError, match="is no JSON"):
        BERT.from_huggingface(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"has no model\.safetensors"):
        GPT.from_huggingface(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(WeightsError, match="cannot be read"):
        GPT.from_huggingface(tmp_path)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda gpt: GPT(**{**SMALL, "heads": 3}), "heads=3 do not divide the width 8"),
        (lambda gpt: BERT(**{**SMALL, "depth": 0}), "depth is a whole number from 1, not 0"),
        (lambda gpt: gpt.generate([[1]], 13), "length is at most the places that the model knows, 12, not 13"),
        (lambda gpt: gpt.generate([[11]], 5), "prompt has the word 11, and the vocabulary ends at 10"),
    ],
)
def test_bad_arguments(gpt, call, words):
    with pytest.raises(ValueError, match=words):
        call(gpt)


@pytest.mark.parametrize("head", [MaskedLanguageModel, lambda bert: TextClassifier(bert, 3)])
def test_heads_come_back_from_their_files(head, tmp_path):
    model = stirred(head(BERT(**SMALL)))
    answer = as_array(model(TOKENS))
    assert answer.shape in {(3, 7, 11), (3, 3)}
    model.save(tmp_path / "model.keras")
    np.testing.assert_allclose(as_array(keras.saving.load_model(tmp_path / "model.keras")(TOKENS)), answer, atol=1e-5)


def test_heads_share_one_body():
    bert = BERT(**SMALL)
    guesser, classifier = MaskedLanguageModel(bert), TextClassifier(bert, 2)
    guesser.build()
    classifier.build()
    before = as_array(classifier(TOKENS))
    bert.words.embeddings.assign_add(np.ones((11, 8)) * np.arange(8))
    assert np.abs(as_array(classifier(TOKENS)) - before).max() > 1e-3
    with pytest.raises(ValueError, match="classes is a whole number from 1, not 0"):
        TextClassifier(bert, 0)
