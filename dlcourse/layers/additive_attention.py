"""Additive attention: how well a query fits a key is what a small network of one hidden layer says."""

import keras
from keras import layers, ops

from dlcourse.layers.attending import ShapesByCall, attention_weights, check_positive, over_keys


@keras.saving.register_keras_serializable("dlcourse")
class AdditiveAttention(ShapesByCall, layers.Layer):
    """c_i = sum_j a_ij h_j with a_i = softmax_j(v . tanh(W s_i + U h_j + b)).

    Unlike a product, this lets query s and value h have different lengths. `keras.layers.AdditiveAttention` is the same
    with W and U left to the user.

    Args:
        units: length of the hidden layer, and of v.

    Call arguments:
        query: s, (batch, queries, d).
        value: h, (batch, keys, values); the query itself if left out.
        return_attention_scores: also return the weights a (batch, queries, keys).
        mask: (batch, queries), as Keras passes it on in self-attention: True where there is something to look at.
        value_mask: (batch, keys), the same where the values are given.
        projected: U h of an earlier call of `project`, so that a decoder computes it once for all its steps.

    Output shape: (batch, queries, values).

    Example:
        >>> import numpy as np
        >>> states, source = np.zeros((8, 5, 32)), np.zeros((8, 7, 48))  # a decoder's and an encoder's
        >>> context, weights = AdditiveAttention(64)(states, source, return_attention_scores=True)
        >>> tuple(context.shape), tuple(weights.shape)
        ((8, 5, 48), (8, 5, 7))

    Reference: Bahdanau, Cho and Bengio, "Neural machine translation by jointly learning to align and translate" (2014).

    Raises:
        ValueError: units is no whole number from 1.
    """

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        check_positive(units=units)
        self.units = units
        self.supports_masking = True
        self.of_query = layers.Dense(units, use_bias=False, dtype=self.dtype_policy, name="query")  # W
        self.of_value = layers.Dense(units, dtype=self.dtype_policy, name="value")  # U and b
        self.score = layers.Dense(1, use_bias=False, dtype=self.dtype_policy, name="score")  # v

    def build(self, query_shape, value_shape=None):
        self.of_query.build(query_shape)
        self.of_value.build(value_shape or query_shape)
        self.score.build((*query_shape[:-1], self.units))
        self.built = True

    def project(self, value):
        """U h + b: (batch, keys, values) -> (batch, keys, units)."""
        return self.of_value(value)

    def call(
        self, query, value=None, return_attention_scores=False, mask=None, value_mask=None, projected=None
    ):  # fmt: skip
        """(batch, queries, d), (batch, keys, values) -> (batch, queries, values)."""
        if value is None:
            value, value_mask = query, mask
        projected = self.project(value) if projected is None else projected
        # (batch, queries, keys, units)
        hidden = ops.tanh(self.of_query(query)[:, :, None, :] + projected[:, None, :, :])
        scores = ops.squeeze(self.score(hidden), -1)
        weights = attention_weights(scores, over_keys(value_mask))
        context = ops.matmul(weights, value)
        return (context, weights) if return_attention_scores else context

    def compute_output_shape(self, query_shape, value_shape=None):
        """A value for each query."""
        return (*query_shape[:-1], (value_shape or query_shape)[-1])

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), "units": self.units}
