"""GPT: a Transformer's decoder alone, which reads a text and says what may come next."""

from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

from dlcourse.layers import TransformerDecoderBlock
from dlcourse.layers.attending import check_positive
from dlcourse.layers.gelu import gelu_tanh
from dlcourse.models.huggingface import carry_over, of_dense, of_norm, read_config, read_weights, same, setting
from dlcourse.text.decoding import FREE, greedy_decode, sample, whole_prompt

ACTIVATIONS = {"gelu_new": gelu_tanh, "gelu_pytorch_tanh": gelu_tanh, "gelu": "gelu", "relu": "relu"}


@keras.saving.register_keras_serializable("dlcourse")
class GPT(keras.Model):
    """A decoder-only Transformer language model, built as GPT-2 is.

    Words and their places are looked up in two tables and added; blocks of causal attention, normalised before each
    half; a last normalisation; and the words' table once more, as the output layer (tied).

    Args:
        vocabulary: how many words (or pieces of words, or characters) it knows.
        places: the longest text it can look at.
        width: numbers that stand for a word inside.
        depth: blocks.
        heads: of each attention.
        hidden: units of a feed-forward half; 4 width if left out.
        dropout: of the embeddings, the attentions and what each half adds.
        activation: of the feed-forward halves; GPT-2's GELU if left out.
        epsilon: of the normalisations.

    Call arguments:
        tokens: (batch, places) whole numbers.

    Output: logits (batch, places, vocabulary) float32: at each place, of the word after it.

    Example:
        model = GPT(vocabulary=65, places=128, width=128, depth=4, heads=4)
        texts = model.generate(prompt=[[3, 1, 4]], length=100, temperature=0.8, top_p=0.9)

    References: Radford et al., "Improving language understanding by generative pre-training" (2018), "Language models
    are unsupervised multitask learners" (2019).

    Raises:
        ValueError: an argument out of range.
    """

    def __init__(
        self, vocabulary, places, width, depth, heads, *, hidden=None, dropout=0.0, activation=gelu_tanh,
        epsilon=1e-5, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        check_positive(vocabulary=vocabulary, places=places, width=width, depth=depth, heads=heads)
        if width % heads:
            raise ValueError(f"heads={heads} do not divide the width {width}.")
        self.vocabulary, self.places, self.width, self.depth, self.heads = vocabulary, places, width, depth, heads
        self.hidden, self.dropout, self.epsilon = hidden or 4 * width, dropout, epsilon
        self.activation = keras.activations.get(activation)
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.words = layers.Embedding(vocabulary, width, embeddings_initializer=start, name="words")
        self.positions = layers.Embedding(places, width, embeddings_initializer=start.clone(), name="positions")
        self.drop = layers.Dropout(dropout, name="drop")
        self.blocks = [
            TransformerDecoderBlock(
                heads, self.hidden, dropout=dropout, activation=activation, norm_first=True, epsilon=epsilon,
                name=f"block{number + 1}",
            )
            for number in range(depth)
        ]  # fmt: skip
        self.norm = layers.LayerNormalization(epsilon=epsilon, name="norm")
        self._steps = {}

    def build(self, input_shape=None):
        shape = (None, None, self.width)
        self.words.build((None, None))
        self.positions.build((None,))
        for part in (*self.blocks, self.norm):
            part.build(shape)
        self.built = True

    def call(self, tokens, training=None):
        """(batch, places) -> (batch, places, vocabulary)."""
        x = self.drop(self._embedded(tokens, 0), training=training)
        for block in self.blocks:
            x = block(x, training=training)
        return self._logits(x)

    def empty_cache(self, batch: int, places: int) -> list:
        """What the blocks remember of texts of which nothing has been read yet."""
        return [block.empty_cache(batch, places) for block in self.blocks]

    def read(self, tokens, index, cache):
        """Read on where the cache ends.

        tokens: (batch, places), the first of which stands at place `index`.

        Returns:
            logits (batch, vocabulary) of the word after the last, and the new cache.
        """
        x, kept = self._embedded(tokens, index), []
        for block, before in zip(self.blocks, cache, strict=True):
            x, after = block(x, cache=before, index=index)
            kept.append(after)
        return self._logits(x[:, -1]), kept

    def generate(
        self, prompt, length: int, *, temperature: float | None = 1.0, top_k: int | None = None,
        top_p: float | None = None, seed: int = 0, end: int | None = None, use_cache: bool = True,
    ) -> np.ndarray:  # fmt: skip
        """Write on, a word at a time.

        Args:
            prompt: (batch, places) whole numbers; rows that are shorter end in -1.
            length: of the texts, the prompt included; at most `places`.
            temperature: see `dlcourse.text.sample`; None or 0 takes the likeliest word each time.
            top_k, top_p, seed, end: see `dlcourse.text.sample`.
            use_cache: remember keys and values of what was read. False reads the whole text anew for each word: the
                same words, at a cost that grows with the square of the length.

        Returns:
            (batch, length) int32.

        Raises:
            ValueError: a prompt or a length that does not fit, or a setting out of range.
        """
        tokens = whole_prompt(prompt, length)
        if length > self.places:
            raise ValueError(f"length is at most the places that the model knows, {self.places}, not {length}.")
        if tokens.max() >= self.vocabulary:
            raise ValueError(f"prompt has the word {tokens.max()}, and the vocabulary ends at {self.vocabulary - 1}.")
        if not self.built:
            self.build()
        begin, state = self._begun(tokens, use_cache)
        step, options = self._step(use_cache), {"end": end, "begin": begin}
        if not temperature:
            return greedy_decode(step, state, tokens, length, **options)
        chosen = {"temperature": temperature, "top_k": top_k, "top_p": top_p, "seed": seed}
        return sample(step, state, tokens, length, **chosen, **options)

    @classmethod
    def from_huggingface(cls, folder: str | Path) -> "GPT":
        """GPT-2, or a model of its make, from the folder it was published in: config.json and model.safetensors.

        Raises:
            WeightsError: a file is missing or damaged, the model is of another make, or an array does not fit.
        """
        config = read_config(folder, "gpt2")
        model = cls(
            config["vocab_size"], config["n_positions"], config["n_embd"], config["n_layer"], config["n_head"],
            hidden=config.get("n_inner"), epsilon=config["layer_norm_epsilon"],
            activation=setting(config, "activation_function", ACTIVATIONS, folder),
        )  # fmt: skip
        model.build()
        carry_over(read_weights(folder, "transformer."), model._published())
        return model

    def get_config(self):
        """All arguments."""
        names = ("vocabulary", "places", "width", "depth", "heads", "hidden", "dropout", "epsilon")
        own = {name: getattr(self, name) for name in names}
        return {**super().get_config(), **own, "activation": keras.activations.serialize(self.activation)}

    @classmethod
    def from_config(cls, config):
        """The model of such a config."""
        return cls(**{**config, "activation": keras.activations.deserialize(config["activation"])})

    def _embedded(self, tokens, index):
        at = ops.arange(ops.shape(tokens)[1]) + index
        return self.words(tokens) + self.positions(at)

    def _logits(self, x):
        scores = ops.matmul(self.norm(x), ops.transpose(ops.cast(self.words.embeddings, x.dtype)))
        return ops.cast(scores, "float32")

    def _begun(self, tokens, use_cache):
        """The place to go on from, and the state there: the prompt but for its last word is read in one go."""
        begin = int((tokens != FREE).sum(1).min()) - 1
        if not use_cache:
            return begin, np.maximum(tokens, 0)
        cache = self.empty_cache(*tokens.shape)
        if begin:
            _, cache = self.read(tokens[:, :begin], 0, cache)
        return begin, cache

    def _step(self, use_cache):
        """One function for each way, so that the loop it runs in is compiled once."""
        if use_cache not in self._steps:
            self._steps[use_cache] = self._cached if use_cache else self._anew
        return self._steps[use_cache]

    def _cached(self, tokens, index, cache):
        return self.read(tokens[:, None], index, cache)

    def _anew(self, tokens, index, texts):
        """The state is the text so far."""
        texts = ops.where(ops.arange(texts.shape[1])[None] == index, tokens[:, None], texts)
        return ops.take(self(texts), index, axis=1), texts

    def _published(self):
        """What `carry_over` wants to know of the weights."""
        wanted = [("wte.weight", self.words.embeddings, same), ("wpe.weight", self.positions.embeddings, same)]
        wanted += of_norm("ln_f", self.norm)
        for number, block in enumerate(self.blocks):
            name, attention = f"h.{number}", block.attention
            wanted += of_norm(f"{name}.ln_1", block.attention_norm) + of_norm(f"{name}.ln_2", block.feed_forward_norm)
            wanted += of_dense(f"{name}.attn.c_proj", attention.to_output)
            wanted += of_dense(f"{name}.mlp.c_fc", block.feed_forward.inner)
            wanted += of_dense(f"{name}.mlp.c_proj", block.feed_forward.outer)
            for part, layer in enumerate((attention.to_query, attention.to_key, attention.to_value)):
                wanted.append((f"{name}.attn.c_attn.weight", layer.kernel, _third(part)))
                wanted.append((f"{name}.attn.c_attn.bias", layer.bias, _third(part)))
        return wanted


def _third(number):
    """Queries, keys and values lie side by side in what was published."""
    return lambda array: np.split(array, 3, axis=-1)[number]
