"""Encoder and decoder of recurrent networks, with or without attention between them."""

import keras
from keras import layers, ops

from dlcourse.layers import AdditiveAttention, DotAttention
from dlcourse.layers.attending import check_positive, check_rate
from dlcourse.models.translating import Translator

ATTENTIONS = ("additive", "dot", None)


@keras.saving.register_keras_serializable("dlcourse")
class Seq2Seq(Translator):
    """A GRU reads the sentence both ways, another writes its translation; attention lets it look back while it writes.

    The decoder starts from what the encoder's last states tell. Without attention that one vector is all it gets. With
    it, each of its states is a query for the encoder's states; what was found and the state give the next word.

    Args:
        source_vocabulary, target_vocabulary: how many words there are.
        width: units of each GRU, numbers that stand for a word.
        attention: "additive", "dot" (scaled) or None.
        dropout: of the words' vectors and before the output layer.
        padding: the word that stands where there is none, in both languages.
        tied: the output layer is the target words' table once more, with a bias: fewer weights, and often no worse.

    Call arguments:
        inputs: `(source, target)`, whole numbers (batch, places) each; the target begins with its start word.

    Output: logits (batch, target places, target_vocabulary) float32: at each place, of the word after it.

    Example:
        model = Seq2Seq(900, 2000, width=128, attention="additive")
        translations = model.translate(source, 20, start=1, end=2, beams=4)

    References: Sutskever, Vinyals and Le, "Sequence to sequence learning with neural networks" (2014); Bahdanau, Cho
    and Bengio (2014) for attention; Luong, Pham and Manning (2015) for the order: the state first, then the look back;
    Press and Wolf, "Using the output embedding to improve language models" (2017) for the tie.

    Raises:
        ValueError: an argument out of range.
    """

    _NAMES = ("source_vocabulary", "target_vocabulary", "width", "attention", "dropout", "padding", "tied")

    def __init__(
        self, source_vocabulary, target_vocabulary, width=128, *, attention="additive", dropout=0.0, padding=0,
        tied=False, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        check_positive(source_vocabulary=source_vocabulary, target_vocabulary=target_vocabulary, width=width)
        check_rate(dropout=dropout)
        if attention not in ATTENTIONS:
            raise ValueError(f"attention is one of {', '.join(map(repr, ATTENTIONS))}, not {attention!r}.")
        given = (source_vocabulary, target_vocabulary, width, attention, dropout, padding, bool(tied))
        for name, value in zip(self._NAMES, given, strict=True):
            setattr(self, name, value)
        # Of length 1 about: with Keras's small ones the first epochs pass before the words tell apart.
        start = keras.initializers.RandomNormal(stddev=width**-0.5)
        self.source_words = layers.Embedding(source_vocabulary, width, start.clone(), name="source_words")
        self.target_words = layers.Embedding(target_vocabulary, width, start.clone(), name="target_words")
        self.encoder = layers.Bidirectional(
            layers.GRU(width, return_sequences=True, return_state=True), merge_mode="concat", name="encoder"
        )
        self.bridge = layers.Dense(width, activation="tanh", name="bridge")
        self.decoder = layers.GRU(width, return_sequences=True, return_state=True, name="decoder")
        if attention is not None:
            self.memory = layers.Dense(width, name="memory")
            self.look = AdditiveAttention(width, name="look") if attention == "additive" else DotAttention(name="look")
            self.mix = layers.Dense(width, activation="tanh", name="mix")
        self.drop = layers.Dropout(dropout, name="drop")
        if not tied:
            self.scores = layers.Dense(target_vocabulary, dtype="float32", name="scores")

    def build(self, input_shape=None):
        words = (None, None, self.width)
        for table in (self.source_words, self.target_words):
            table.build((None, None))
        self.encoder.build(words)
        self.bridge.build((None, 2 * self.width))
        self.decoder.build(words)
        if self.attention is not None:
            self.memory.build((None, None, 2 * self.width))
            if self.attention == "additive":
                self.look.build(words, words)
            self.mix.build((None, None, 2 * self.width))
        if self.tied:
            self.bias = self.add_weight(
                shape=(self.target_vocabulary,), initializer="zeros", dtype="float32", name="bias"
            )
        else:
            self.scores.build(words)
        self.built = True

    def call(self, inputs, training=None):
        """(batch, source places), (batch, target places) -> (batch, target places, target_vocabulary)."""
        source, target = inputs
        memory, mask, state = self.encode(source, training=training)
        words = self.drop(self.target_words(target), training=training)
        states, _ = self.decoder(words, initial_state=state, training=training)
        return self._scored(states, memory, mask, training)[0]

    def encode(self, source, training=None):
        """What the decoder is given.

        Returns:
            memory (batch, places, width), or None without attention; mask (batch, places); state (batch, width).
        """
        mask = self.kept(source)
        words = self.drop(self.source_words(source), training=training)
        states, forward, backward = self.encoder(words, mask=mask, training=training)
        state = self.bridge(ops.concatenate([forward, backward], axis=-1))
        return (None if self.attention is None else self.memory(states)), mask, state

    def alignment(self, source, target):
        """The weights with which each target place looks at each source place: (batch, target, source places).

        Raises:
            ValueError: the model has no attention.
        """
        memory, mask, states = self._for_looking(source, target)
        return self._scored(states, memory, mask, False)[1]

    def logits_hiding(self, source, target, hidden):
        """Logits as if each target place could not look at some of the source's states: what did they matter?

        Args:
            source: (batch, source places).
            target: (batch, target places).
            hidden: booleans (batch, target places, source places), True for what is hidden.

        Raises:
            ValueError: the model has no attention.
        """
        memory, mask, states = self._for_looking(source, target)
        kept = ops.logical_and(mask[:, None, :], ops.logical_not(ops.cast(hidden, "bool")))
        batch, places, width = ops.shape(states)
        # Each target place becomes a row of its own, with its own mask.
        rows = ops.reshape(kept, (batch * places, -1))
        memory = ops.repeat(memory, places, axis=0)
        logits, _ = self._scored(ops.reshape(states, (batch * places, 1, width)), memory, rows, False)
        return ops.reshape(logits, (batch, places, self.target_vocabulary))

    def begin(self, source, length):
        """The state before the first word."""
        memory, mask, state = self.encode(ops.convert_to_tensor(source))
        return {"state": state} if memory is None else {"state": state, "memory": memory, "mask": mask}

    def advance(self, words, index, state):
        """One word further."""
        states, after = self.decoder(self.target_words(words[:, None]), initial_state=state["state"])
        scores, _ = self._scored(states, state.get("memory"), state.get("mask"), False)
        return scores[:, 0], {**state, "state": after}

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), **{name: getattr(self, name) for name in self._NAMES}}

    def _for_looking(self, source, target):
        """The source's states, where they are, and the decoder's states over the target."""
        if self.attention is None:
            raise ValueError("attention is None: this model looks at nothing.")
        memory, mask, state = self.encode(source)
        states, _ = self.decoder(self.target_words(target), initial_state=state)
        return memory, mask, states

    def _scored(self, states, memory, mask, training):
        """Logits for decoder states (batch, places, width), and the weights they looked with."""
        weights = None
        if memory is not None:
            context, weights = self.look(states, memory, value_mask=mask, return_attention_scores=True)
            states = self.mix(ops.concatenate([context, states], axis=-1))
        return self._logits(self.drop(states, training=training)), weights

    def _logits(self, states):
        """(batch, places, width) -> (batch, places, target_vocabulary) float32."""
        if not self.tied:
            return self.scores(states)
        table = ops.cast(self.target_words.embeddings, "float32")
        return ops.matmul(ops.cast(states, "float32"), ops.transpose(table)) + self.bias
