"""A block of a Transformer's encoder: every place looks at every other."""

import keras
from keras import layers

from dlcourse.layers.attending import ShapesByCall, check_positive, check_rate
from dlcourse.layers.feed_forward import FeedForward
from dlcourse.layers.multi_head_attention import MultiHeadAttention


@keras.saving.register_keras_serializable("dlcourse")
class TransformerEncoderBlock(ShapesByCall, layers.Layer):
    """x + attention(x), normalised; then x + feed_forward(x), normalised.

    `norm_first` normalises what goes into each half instead of the sum: deep stacks then train without a warm-up.

    Args:
        heads: of the attention.
        hidden: units inside the feed-forward half.
        dropout: share dropped from what each half adds, and from the attention's weights.
        activation: of the feed-forward half.
        norm_first: normalisation before each half, as GPT-2 has it, not after the sum, as the paper and BERT have it.
        epsilon: of the normalisations.

    Call arguments:
        inputs: (batch, places, d).
        attention_mask: (places, places), or with a batch axis before; True where a place may look.
        mask: (batch, places), as Keras passes it on: True where there is something to look at.
        return_attention_scores: also return the weights (batch, heads, places, places).

    Output shape: (batch, places, d).

    Example:
        >>> import numpy as np
        >>> tuple(TransformerEncoderBlock(4, 256, dropout=0.1)(np.zeros((8, 20, 64))).shape)
        (8, 20, 64)

    References: Vaswani et al., "Attention is all you need" (2017), section 3.1; Xiong et al., "On layer normalization
    in the Transformer architecture" (2020) for `norm_first`.

    Raises:
        ValueError: an argument out of range.
    """

    def __init__(
        self, heads, hidden, *, dropout=0.0, activation="relu", norm_first=False, epsilon=1e-6, **kwargs
    ):  # fmt: skip
        super().__init__(**kwargs)
        check_positive(heads=heads, hidden=hidden)
        check_rate(dropout=dropout)
        self.heads, self.hidden, self.dropout, self.epsilon = heads, hidden, dropout, epsilon
        self.norm_first, self.activation = bool(norm_first), keras.activations.get(activation)
        self.supports_masking = True
        policy = self.dtype_policy
        self.attention = MultiHeadAttention(heads, dropout=dropout, dtype=policy, name="attention")
        self.feed_forward = FeedForward(hidden, activation, dtype=policy, name="feed_forward")
        self.attention_norm = layers.LayerNormalization(epsilon=epsilon, dtype=policy, name="attention_norm")
        self.feed_forward_norm = layers.LayerNormalization(epsilon=epsilon, dtype=policy, name="feed_forward_norm")
        self.drop = layers.Dropout(dropout, dtype=policy, name="drop")

    def build(self, input_shape):
        for part in (self.attention, self.feed_forward, self.attention_norm, self.feed_forward_norm, self.drop):
            part.build(input_shape)
        self.built = True

    def call(self, inputs, attention_mask=None, mask=None, return_attention_scores=False, training=None):
        """(batch, places, d) -> (batch, places, d)."""
        before = self.attention_norm(inputs) if self.norm_first else inputs
        attended, weights = self.attention(
            before, attention_mask=attention_mask, mask=mask, return_attention_scores=True, training=training
        )
        x = inputs + self.drop(attended, training=training)
        x = x if self.norm_first else self.attention_norm(x)

        before = self.feed_forward_norm(x) if self.norm_first else x
        x = x + self.drop(self.feed_forward(before), training=training)
        x = x if self.norm_first else self.feed_forward_norm(x)
        return (x, weights) if return_attention_scores else x

    def compute_output_shape(self, input_shape):
        """The input's."""
        return tuple(input_shape)

    def get_config(self):
        """All arguments."""
        own = {name: getattr(self, name) for name in ("heads", "hidden", "dropout", "norm_first", "epsilon")}
        return {**super().get_config(), **own, "activation": keras.activations.serialize(self.activation)}
