"""BERT: a Transformer's encoder, which reads a whole text at once and says what each word means in it."""

from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

from dlcourse.layers import TransformerEncoderBlock
from dlcourse.layers.attending import check_positive
from dlcourse.layers.gelu import gelu_tanh
from dlcourse.models.huggingface import carry_over, of_dense, of_norm, read_config, read_weights, same, setting

ACTIVATIONS = {"gelu": "gelu", "gelu_new": gelu_tanh, "gelu_pytorch_tanh": gelu_tanh, "relu": "relu"}


@keras.saving.register_keras_serializable("dlcourse")
class BERT(keras.Model):
    """An encoder-only Transformer, built as BERT is.

    Three tables are added: of the word, its place, and which of two texts it belongs to. Then a normalisation, and
    blocks of attention in which every word looks at every other, normalised after each half.

    Args:
        vocabulary: how many pieces of words it knows.
        places: the longest text it can look at.
        width: numbers that stand for a word.
        depth: blocks.
        heads: of each attention.
        hidden: units of a feed-forward half; 4 width if left out.
        dropout: of the embeddings, the attentions and what each half adds.
        activation: of the feed-forward halves; the exact GELU if left out.
        epsilon: of the normalisations.
        segments: texts told apart.
        padding: the word that stands where there is none: nothing looks at it. None for no such word.

    Call arguments:
        tokens: (batch, places) whole numbers.
        segment: (batch, places) whole numbers, 0 if left out.
        mask: (batch, places) booleans, True where there is a word; where `tokens` is not `padding` if left out.

    Output: states (batch, places, width).

    Example:
        states = BERT(vocabulary=2000, places=64, width=128, depth=4, heads=4)(tokens)

    Reference: Devlin, Chang, Lee and Toutanova, "BERT: pre-training of deep bidirectional transformers for language
    understanding" (2018).

    Raises:
        ValueError: an argument out of range.
    """

    _NAMES = (
        "vocabulary", "places", "width", "depth", "heads", "hidden", "dropout", "epsilon", "segments", "padding",
    )  # fmt: skip

    def __init__(
        self, vocabulary, places, width, depth, heads, *, hidden=None, dropout=0.0, activation="gelu",
        epsilon=1e-12, segments=2, padding=0, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        check_positive(vocabulary=vocabulary, places=places, width=width, depth=depth, heads=heads, segments=segments)
        if width % heads:
            raise ValueError(f"heads={heads} do not divide the width {width}.")
        given = (vocabulary, places, width, depth, heads, hidden or 4 * width, dropout, epsilon, segments, padding)
        for name, value in zip(self._NAMES, given, strict=True):
            setattr(self, name, value)
        self.activation = keras.activations.get(activation)
        self.words, self.positions = _table(vocabulary, width, "words"), _table(places, width, "positions")
        self.segment = _table(segments, width, "segment")
        self.norm = layers.LayerNormalization(epsilon=epsilon, name="norm")
        self.drop = layers.Dropout(dropout, name="drop")
        self.blocks = [
            TransformerEncoderBlock(
                heads, self.hidden, dropout=dropout, activation=activation, epsilon=epsilon, name=f"block{number + 1}"
            )
            for number in range(depth)
        ]

    def build(self, input_shape=None):
        for part in (self.words, self.positions, self.segment):
            part.build((None, None))
        for part in (self.norm, *self.blocks):
            part.build((None, None, self.width))
        self.built = True

    def call(self, tokens, segment=None, mask=None, training=None):
        """(batch, places) -> (batch, places, width)."""
        mask = self.kept(tokens) if mask is None else mask
        segment = ops.zeros_like(tokens) if segment is None else segment
        x = self.words(tokens) + self.positions(ops.arange(ops.shape(tokens)[1])) + self.segment(segment)
        x = self.drop(self.norm(x), training=training)
        for block in self.blocks:
            x = block(x, mask=mask, training=training)
        return x

    def kept(self, tokens):
        """(batch, places) booleans: where there is a word; None without a padding word."""
        return None if self.padding is None else tokens != self.padding

    def mean(self, states, tokens):
        """The mean of a text's states, padding left out: (batch, places, width), (batch, places) -> (batch, width)."""
        kept = ops.cast(self.kept(tokens), states.dtype)[:, :, None]
        return ops.sum(states * kept, axis=1) / ops.maximum(ops.sum(kept, axis=1), 1)

    @classmethod
    def from_huggingface(cls, folder: str | Path) -> "BERT":
        """BERT, or a model of its make, from the folder it was published in: config.json and model.safetensors.

        Raises:
            WeightsError: a file is missing or damaged, the model is of another make, or an array does not fit.
        """
        config = read_config(folder, "bert")
        model = cls(
            config["vocab_size"], config["max_position_embeddings"], config["hidden_size"],
            config["num_hidden_layers"], config["num_attention_heads"], hidden=config["intermediate_size"],
            epsilon=config["layer_norm_eps"], segments=config["type_vocab_size"],
            padding=config.get("pad_token_id", 0), activation=setting(config, "hidden_act", ACTIVATIONS, folder),
        )  # fmt: skip
        model.build()
        carry_over(read_weights(folder, "bert."), model._published())
        return model

    def get_config(self):
        """All arguments."""
        own = {name: getattr(self, name) for name in self._NAMES}
        return {**super().get_config(), **own, "activation": keras.activations.serialize(self.activation)}

    @classmethod
    def from_config(cls, config):
        """The model of such a config."""
        return cls(**{**config, "activation": keras.activations.deserialize(config["activation"])})

    def _published(self):
        """What `carry_over` wants to know of the weights."""
        tables = {"word": self.words, "position": self.positions, "token_type": self.segment}
        wanted = [(f"embeddings.{name}_embeddings.weight", table.embeddings, same) for name, table in tables.items()]
        wanted += of_norm("embeddings.LayerNorm", self.norm)
        for number, block in enumerate(self.blocks):
            name, attention = f"encoder.layer.{number}", block.attention
            parts = {"query": attention.to_query, "key": attention.to_key, "value": attention.to_value}
            for part, layer in parts.items():
                wanted += of_dense(f"{name}.attention.self.{part}", layer, np.transpose)
            wanted += of_dense(f"{name}.attention.output.dense", attention.to_output, np.transpose)
            wanted += of_norm(f"{name}.attention.output.LayerNorm", block.attention_norm)
            wanted += of_dense(f"{name}.intermediate.dense", block.feed_forward.inner, np.transpose)
            wanted += of_dense(f"{name}.output.dense", block.feed_forward.outer, np.transpose)
            wanted += of_norm(f"{name}.output.LayerNorm", block.feed_forward_norm)
        return wanted


def _table(size, width, name):
    start = keras.initializers.RandomNormal(stddev=0.02)
    return layers.Embedding(size, width, embeddings_initializer=start, name=name)
