"""Dot-product attention: how well a query fits a key is their product."""

import keras
from keras import layers, ops

from dlcourse.layers.attending import ShapesByCall, attention_weights, over_keys


@keras.saving.register_keras_serializable("dlcourse")
class DotAttention(ShapesByCall, layers.Layer):
    """c_i = sum_j a_ij v_j with a_i = softmax_j(q_i . k_j), the product divided by sqrt(d) if `scaled`.

    No weights of its own. The keys are the values unless they are given.

    Args:
        scaled: divide the scores by the square root of their length d, as the Transformer does. Without it, products
            of long vectors are large, the softmax is nearly one-hot, and its gradient vanishes.

    Call arguments:
        query: (batch, queries, d).
        value: (batch, keys, values); the query itself if left out (self-attention).
        key: (batch, keys, d); the value if left out.
        return_attention_scores: also return the weights (batch, queries, keys).
        mask: (batch, queries), as Keras passes it on in self-attention: True where there is something to look at.
        value_mask: (batch, keys), the same where the values are given.

    Output shape: (batch, queries, values).

    Example:
        >>> import numpy as np
        >>> states, source = np.zeros((8, 5, 48)), np.zeros((8, 7, 48))  # a decoder's and an encoder's
        >>> context, weights = DotAttention()(states, source, return_attention_scores=True)
        >>> tuple(context.shape), tuple(weights.shape)
        ((8, 5, 48), (8, 5, 7))

    References: Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation" (2015);
    Vaswani et al., "Attention is all you need" (2017) for the scale.
    """

    def __init__(self, scaled=True, **kwargs):
        super().__init__(**kwargs)
        self.scaled = bool(scaled)
        self.supports_masking = True

    def call(self, query, value=None, key=None, return_attention_scores=False, mask=None, value_mask=None):
        """(batch, queries, d), (batch, keys, values) -> (batch, queries, values)."""
        if value is None:
            value, value_mask = query, mask
        key = value if key is None else key
        scores = ops.matmul(query, ops.swapaxes(key, -1, -2))  # (batch, queries, keys)
        if self.scaled:
            scores = scores / ops.sqrt(ops.cast(ops.shape(key)[-1], scores.dtype))
        weights = attention_weights(scores, over_keys(value_mask))
        context = ops.matmul(weights, value)
        return (context, weights) if return_attention_scores else context

    def compute_output_shape(self, query_shape, value_shape=None, key_shape=None):
        """A value for each query."""
        return (*query_shape[:-1], (value_shape or query_shape)[-1])

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), "scaled": self.scaled}
