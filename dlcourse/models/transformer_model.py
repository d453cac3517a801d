"""The Transformer: encoder and decoder of attention alone."""

import keras
from keras import layers, ops

from dlcourse.layers import SinusoidalPositions, TransformerDecoderBlock, TransformerEncoderBlock
from dlcourse.layers.attending import check_positive, check_rate
from dlcourse.models.translating import Translator


@keras.saving.register_keras_serializable("dlcourse")
class Transformer(Translator):
    """The encoder-decoder of "Attention is all you need".

    Words are looked up, scaled by sqrt(width), and told their places by waves. Blocks of attention read the sentence;
    blocks that also look at what was read write its translation. The target's table is the output layer, too.

    Args:
        source_vocabulary, target_vocabulary: how many words there are.
        width: numbers that stand for a word.
        depth: blocks of the encoder, and of the decoder.
        heads: of each attention.
        hidden: units of a feed-forward half; 4 width if left out.
        dropout: of the words, the attentions and what each part adds.
        norm_first: normalisation before each part, which trains without a warm-up; False for the paper's order.
        positions: False leaves the waves out: then the order of words is not known.
        padding: the word that stands where there is none, in both languages.

    Call arguments:
        inputs: `(source, target)`, whole numbers (batch, places) each; the target begins with its start word.

    Output: logits (batch, target places, target_vocabulary) float32: at each place, of the word after it.

    Example:
        model = Transformer(900, 2000, width=128, depth=2, heads=4)
        translations = model.translate(source, 20, start=1, end=2)

    Reference: Vaswani et al., "Attention is all you need" (2017).

    Raises:
        ValueError: an argument out of range.
    """

    _NAMES = (
        "source_vocabulary", "target_vocabulary", "width", "depth", "heads", "hidden", "dropout", "norm_first",
        "positions", "padding",
    )  # fmt: skip

    def __init__(
        self, source_vocabulary, target_vocabulary, width=128, depth=2, heads=4, *, hidden=None, dropout=0.0,
        norm_first=True, positions=True, padding=0, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        sizes = {"source_vocabulary": source_vocabulary, "target_vocabulary": target_vocabulary}
        check_positive(**sizes, width=width, depth=depth, heads=heads)
        check_rate(dropout=dropout)
        if width % heads:
            raise ValueError(f"heads={heads} do not divide the width {width}.")
        given = (
            source_vocabulary, target_vocabulary, width, depth, heads, hidden or 4 * width, dropout, bool(norm_first),
            bool(positions), padding,
        )  # fmt: skip
        for name, value in zip(self._NAMES, given, strict=True):
            setattr(self, name, value)
        start = keras.initializers.RandomNormal(stddev=width**-0.5)
        self.source_words = layers.Embedding(source_vocabulary, width, start, name="source_words")
        self.target_words = layers.Embedding(target_vocabulary, width, start.clone(), name="target_words")
        self.waves = SinusoidalPositions(name="waves")
        how = {"dropout": dropout, "norm_first": self.norm_first}
        self.encoder = [
            TransformerEncoderBlock(heads, self.hidden, **how, name=f"encoder{n + 1}") for n in range(depth)
        ]
        self.decoder = [
            TransformerDecoderBlock(heads, self.hidden, cross=True, **how, name=f"decoder{n + 1}") for n in range(depth)
        ]
        # Blocks that normalise first leave their last sum as it is.
        self.encoder_norm = layers.LayerNormalization(name="encoder_norm") if norm_first else None
        self.decoder_norm = layers.LayerNormalization(name="decoder_norm") if norm_first else None
        self.drop = layers.Dropout(dropout, name="drop")

    def build(self, input_shape=None):
        shape = (None, None, self.width)
        for table in (self.source_words, self.target_words):
            table.build((None, None))
        for block in self.encoder:
            block.build(shape)
        for block in self.decoder:
            block.build(shape, shape)
        for norm in (self.encoder_norm, self.decoder_norm):
            if norm is not None:
                norm.build(shape)
        self.built = True

    def call(self, inputs, training=None):
        """(batch, source places), (batch, target places) -> (batch, target places, target_vocabulary)."""
        source, target = inputs
        memory, mask = self.encode(source, training=training)
        x = self._embedded(self.target_words, target, 0, training)
        for block in self.decoder:
            x = block(x, memory, encoded_mask=mask, training=training)
        return self._scored(x)

    def encode(self, source, training=None):
        """What the decoder looks at: (batch, places, width), and where there are words (batch, places)."""
        mask = self.kept(source)
        x = self._embedded(self.source_words, source, 0, training)
        for block in self.encoder:
            x = block(x, mask=mask, training=training)
        return (x if self.encoder_norm is None else self.encoder_norm(x)), mask

    def attention_scores(self, source, target):
        """The weights of every block, `{"encoder": …, "decoder": …, "cross": …}`.

        Each is a list, an entry a block, of (batch, heads, places that look, places looked at).
        """
        mask, found = self.kept(source), {"encoder": [], "decoder": [], "cross": []}
        x = self._embedded(self.source_words, source, 0, False)
        for block in self.encoder:
            x, weights = block(x, mask=mask, return_attention_scores=True)
            found["encoder"].append(weights)
        memory = x if self.encoder_norm is None else self.encoder_norm(x)
        x = self._embedded(self.target_words, target, 0, False)
        for block in self.decoder:
            x, own, cross = block(x, memory, encoded_mask=mask, return_attention_scores=True)
            found["decoder"].append(own)
            found["cross"].append(cross)
        return found

    def begin(self, source, length):
        """The state before the first word."""
        memory, mask = self.encode(ops.convert_to_tensor(source))
        caches = [block.empty_cache(len(source), length) for block in self.decoder]
        return {"memory": memory, "mask": mask, "caches": caches}

    def advance(self, words, index, state):
        """One word further."""
        x, caches = self._embedded(self.target_words, words[:, None], index, False), []
        for block, before in zip(self.decoder, state["caches"], strict=True):
            x, after = block(x, state["memory"], encoded_mask=state["mask"], cache=before, index=index)
            caches.append(after)
        return self._scored(x)[:, 0], {**state, "caches": caches}

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), **{name: getattr(self, name) for name in self._NAMES}}

    def _embedded(self, table, tokens, index, training):
        x = table(tokens) * self.width**0.5
        x = self.waves(x, index=index) if self.positions else x
        return self.drop(x, training=training)

    def _scored(self, x):
        x = x if self.decoder_norm is None else self.decoder_norm(x)
        return ops.cast(ops.matmul(x, ops.transpose(ops.cast(self.target_words.embeddings, x.dtype))), "float32")
