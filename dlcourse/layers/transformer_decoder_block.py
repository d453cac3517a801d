"""A block of a Transformer's decoder: a place looks back, and at the encoder's output if there is one."""

import keras
from keras import layers

from dlcourse.layers.attending import ShapesByCall, check_positive, check_rate
from dlcourse.layers.feed_forward import FeedForward
from dlcourse.layers.multi_head_attention import MultiHeadAttention


@keras.saving.register_keras_serializable("dlcourse")
class TransformerDecoderBlock(ShapesByCall, layers.Layer):
    """x + causal attention(x); with an encoder, x + attention(x, encoder's output); x + feed_forward(x).

    Each sum is normalised, or with `norm_first` what goes into it. Without an encoder this is a block of GPT.

    Args:
        heads: of the attentions.
        hidden: units inside the feed-forward half.
        cross: whether it also attends to an encoder's output.
        dropout: share dropped from what each part adds, and from the attentions' weights.
        activation: of the feed-forward half.
        norm_first: normalisation before each part, not after the sum.
        epsilon: of the normalisations.

    Call arguments:
        inputs: (batch, places, d).
        encoded: (batch, source places, e), with `cross`.
        mask, or with `encoded` inputs_mask: (batch, places), as Keras passes it on: True where there is something.
        encoded_mask: (batch, source places), the same.
        cache, index: see `MultiHeadAttention`; the cache is of the causal attention. Then the cache is returned too.
        return_attention_scores: also return the weights of the causal attention and, with `cross`, of the other.

    Output shape: (batch, places, d).

    Example:
        >>> import numpy as np
        >>> target, source = np.zeros((8, 20, 64)), np.zeros((8, 30, 64))
        >>> tuple(TransformerDecoderBlock(4, 256, cross=True)(target, source).shape)
        (8, 20, 64)

    Reference: Vaswani et al., "Attention is all you need" (2017), section 3.1.

    Raises:
        ValueError: an argument out of range; `encoded` given without `cross`, or not given with it.
    """

    def __init__(
        self, heads, hidden, *, cross=False, dropout=0.0, activation="relu", norm_first=False, epsilon=1e-6, **kwargs
    ):
        super().__init__(**kwargs)
        check_positive(heads=heads, hidden=hidden)
        check_rate(dropout=dropout)
        self.heads, self.hidden, self.dropout, self.epsilon = heads, hidden, dropout, epsilon
        self.cross, self.norm_first = bool(cross), bool(norm_first)
        self.activation = keras.activations.get(activation)
        self.supports_masking = True
        policy = self.dtype_policy
        self.attention = MultiHeadAttention(heads, causal=True, dropout=dropout, dtype=policy, name="attention")
        self.cross_attention = MultiHeadAttention(heads, dropout=dropout, dtype=policy, name="cross") if cross else None
        self.feed_forward = FeedForward(hidden, activation, dtype=policy, name="feed_forward")
        self.attention_norm, self.feed_forward_norm = self._norm("attention_norm"), self._norm("feed_forward_norm")
        self.cross_norm = self._norm("cross_norm") if cross else None
        self.drop = layers.Dropout(dropout, dtype=policy, name="drop")

    def build(self, inputs_shape, encoded_shape=None):
        for part in (self.attention, self.feed_forward, self.attention_norm, self.feed_forward_norm, self.drop):
            part.build(inputs_shape)
        if self.cross:
            self.cross_attention.build(inputs_shape, encoded_shape or inputs_shape)
            self.cross_norm.build(inputs_shape)
        self.built = True

    def call(
        self, inputs, encoded=None, mask=None, inputs_mask=None, encoded_mask=None, cache=None, index=0,
        return_attention_scores=False, training=None,
    ):  # fmt: skip
        """(batch, places, d) -> (batch, places, d), with the cache and the weights behind it where asked for."""
        if (encoded is not None) != self.cross:
            raise ValueError(f"cross is {self.cross}, but encoded was {'' if encoded is not None else 'not '}given.")
        mask = mask if inputs_mask is None else inputs_mask
        attended, *rest = self.attention(
            self._before(self.attention_norm, inputs), mask=mask, cache=cache, index=index,
            return_attention_scores=True, training=training,
        )  # fmt: skip
        x = self._added(self.attention_norm, inputs, attended, training)
        if self.cross:
            attended, looked = self.cross_attention(
                self._before(self.cross_norm, x), encoded, value_mask=encoded_mask, return_attention_scores=True,
                training=training,
            )  # fmt: skip
            x = self._added(self.cross_norm, x, attended, training)
            rest = [*rest, looked]
        x = self._added(self.feed_forward_norm, x, self.feed_forward(self._before(self.feed_forward_norm, x)), training)
        kept = rest if return_attention_scores else rest[:1] if cache is not None else []
        return (x, *kept) if kept else x

    def empty_cache(self, batch, places, dtype=None):
        """The cache of its causal attention, of zeros; the block must be built."""
        return self.attention.empty_cache(batch, places, dtype)

    def compute_output_shape(self, inputs_shape, encoded_shape=None):
        """That of the inputs."""
        return tuple(inputs_shape)

    def get_config(self):
        """All arguments."""
        own = {name: getattr(self, name) for name in ("heads", "hidden", "cross", "dropout", "norm_first", "epsilon")}
        return {**super().get_config(), **own, "activation": keras.activations.serialize(self.activation)}

    def _norm(self, name):
        return layers.LayerNormalization(epsilon=self.epsilon, dtype=self.dtype_policy, name=name)

    def _before(self, norm, x):
        return norm(x) if self.norm_first else x

    def _added(self, norm, x, new, training):
        x = x + self.drop(new, training=training)
        return x if self.norm_first else norm(x)
