"""Sentences as vectors: a BERT, its tokenizer, and the mean over the words."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from keras import ops

from dlcourse.models.bert_model import BERT
from dlcourse.models.huggingface import WeightsError
from dlcourse.text.programs import program

STEP = 8  # lengths are rounded up to it, so that few programs are compiled


class SentenceEncoder:
    """Gives sentences vectors of length 1; those of like meaning point the same way, if the model was trained to.

    Args:
        model: a `BERT`.
        tokenizer: a `tokenizers.Tokenizer` whose `encode_batch` frames a text as the model expects it.
        longest: pieces of words of a text that are read; the rest is cut off.

    Example:
        encoder = SentenceEncoder.from_huggingface(load("minilm"))
        vectors = encoder(["A man plays a guitar.", "Somebody makes music."])  # (2, 384)
        similarity = vectors @ vectors.T

    Reference: Reimers and Gurevych, "Sentence-BERT" (2019).
    """

    def __init__(self, model: BERT, tokenizer, longest: int = 128):
        self.model, self.tokenizer = model, tokenizer
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(max_length=min(longest, model.places))
        self._mean = self._mean_state  # one function, so that what it is compiled to is kept

    @classmethod
    def from_huggingface(cls, folder: str | Path, longest: int = 128) -> "SentenceEncoder":
        """From a published folder with config.json, model.safetensors and tokenizer.json.

        Raises:
            WeightsError: a file is missing or damaged, or the model is of another make.
        """
        from tokenizers import Tokenizer

        path = Path(folder, "tokenizer.json")
        if not path.is_file():
            raise WeightsError(f"{folder} has no tokenizer.json.")
        return cls(BERT.from_huggingface(folder), Tokenizer.from_file(str(path)), longest)

    def __call__(self, sentences: Sequence[str], batch_size: int = 32) -> np.ndarray:
        """Vectors (sentences, width) float32 of length 1. Texts of like length are read together, in batches.

        Raises:
            ValueError: `sentences` is one text, not a list of them, or holds something else.
        """
        if isinstance(sentences, str) or not all(isinstance(each, str) for each in sentences):
            raise ValueError("sentences is a list of texts: for a single one, write [text].")
        ids = [one.ids for one in self.tokenizer.encode_batch(list(sentences))]
        vectors = np.zeros((len(ids), self.model.width), "float32")
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        run = program(self._mean, "mean", lambda: self._mean)
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            vectors[rows] = ops.convert_to_numpy(run(self._padded([ids[row] for row in rows], batch_size)))[: len(rows)]
        return vectors

    def _padded(self, ids, batch_size):
        """(batch_size, places) int32: lengths in whole steps, and rows of padding behind the last."""
        places = -(-max(map(len, ids)) // STEP) * STEP
        tokens = np.full((batch_size, min(places, self.model.places)), self.model.padding, "int32")
        for row, one in enumerate(ids):
            tokens[row, : len(one)] = one
        return tokens

    def _mean_state(self, tokens):
        mean = self.model.mean(self.model(tokens), tokens)
        return mean / ops.maximum(ops.norm(mean, axis=-1, keepdims=True), 1e-12)
