"""Sentences as vectors, with a small random BERT and a tokenizer of whole words."""

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from dlcourse.models import BERT, SentenceEncoder
from dlcourse.models.huggingface import WeightsError

WORDS = {"[PAD]": 0, "[CLS]": 1, "[SEP]": 2, "[UNK]": 3, "a": 4, "man": 5, "plays": 6, "guitar": 7}


@pytest.fixture(scope="module")
def encoder():
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [("[CLS]", 1), ("[SEP]", 2)]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    model = BERT(vocabulary=8, places=20, width=8, depth=1, heads=2)
    model.build()
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
    return SentenceEncoder(model, tokenizer)


def test_vectors_are_means_of_length_one(encoder):
    vectors = encoder(["a man plays", "guitar"])
    ids = np.array([[1, 4, 5, 6, 2]])
    mean = np.asarray(encoder.model(ids))[0].mean(0)
    np.testing.assert_allclose(vectors[0], mean / np.linalg.norm(mean), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_neither_order_nor_company_matters(encoder):
    texts = ["a man", "a man plays guitar a man plays guitar", "", "unheard", "guitar plays"] * 3
    together = encoder(texts, batch_size=4)
    alone = np.concatenate([encoder([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_what_is_too_long_is_cut(encoder):
    np.testing.assert_allclose(encoder(["a man " * 50]), encoder(["a man " * 9]), atol=1e-6)


def test_no_sentences_no_vectors(encoder):
    assert encoder([]).shape == (0, 8)


def test_bad_arguments(encoder, tmp_path):
    with pytest.raises(ValueError, match=r"for a single one, write \[text\]"):
        encoder("a man")
    with pytest.raises(ValueError, match="sentences is a list of texts"):
        encoder(["a", 3])
    with pytest.raises(WeightsError, match=r"has no tokenizer\.json"):
        SentenceEncoder.from_huggingface(tmp_path)
