"""Multi-head attention: several dot-product attentions side by side, each in a subspace that it learns."""

import keras
from keras import layers, ops

from dlcourse.layers.attending import ShapesByCall, attention_weights, both, causal_mask, check_positive, check_rate


@keras.saving.register_keras_serializable("dlcourse")
class MultiHeadAttention(ShapesByCall, layers.Layer):
    """head_h = softmax(Q_h K_h^T / sqrt(k)) V_h, the heads put side by side and mixed by one more dense layer.

    Q, K and V are dense layers of the inputs, cut into heads of k numbers each.

    Args:
        heads: how many.
        head_width: k, the length of a head's queries, keys and values; the query's length / heads if left out.
        causal: place i sees places up to i only.
        dropout: share of the weights dropped in training.
        bias: whether the four dense layers have one.
        scaled: divide the scores by sqrt(k). Without it long queries and keys have large products, and the softmax has
            hardly a gradient.

    Call arguments:
        query: (batch, queries, d).
        value: (batch, keys, e), which the keys are made of too; the query itself if left out (self-attention).
        attention_mask: booleans, True where a query may look: (queries, keys), or with a batch axis, or with axes of
            batch and heads, before them.
        mask: (batch, queries), as Keras passes it on in self-attention: True where there is something to look at.
        value_mask: (batch, keys), the same where the values are given.
        cache: `(keys, values)`, each (batch, heads, places, head_width), as `empty_cache` makes it. What is computed
            for `query` is written at place `index`, and every place up to a query's own is looked at, so the layer
            must be causal; `value_mask` is not used. Then the cache is returned too.
        index: place of the first query in the cache, a whole number or a scalar tensor.
        return_attention_scores: also return the weights (batch, heads, queries, keys).

    Output shape: (batch, queries, d).

    Example:
        >>> import numpy as np
        >>> tuple(MultiHeadAttention(4, causal=True)(np.zeros((8, 20, 64))).shape)
        (8, 20, 64)

    Reference: Vaswani et al., "Attention is all you need" (2017), section 3.2.

    Raises:
        ValueError: an argument out of range; a query that its heads do not divide; a cache without `causal`.
    """

    def __init__(self, heads, head_width=None, *, causal=False, dropout=0.0, bias=True, scaled=True, **kwargs):
        super().__init__(**kwargs)
        check_positive(heads=heads, **({} if head_width is None else {"head_width": head_width}))
        check_rate(dropout=dropout)
        self.heads, self.head_width, self.bias = heads, head_width, bool(bias)
        self.causal, self.dropout, self.scaled = bool(causal), dropout, bool(scaled)
        self.supports_masking = True
        self.drop = layers.Dropout(dropout, dtype=self.dtype_policy, name="drop")

    def build(self, query_shape, value_shape=None):
        width = query_shape[-1]
        if self.head_width is None and width % self.heads:
            raise ValueError(f"heads={self.heads} do not divide a query of {width} numbers: give head_width.")
        self.key_width = self.head_width or width // self.heads
        inner, value_shape = self.heads * self.key_width, value_shape or query_shape
        self.to_query, self.to_key, self.to_value = (self._dense(inner, name) for name in ("query", "key", "value"))
        self.to_output = self._dense(width, "output")
        self.to_query.build(query_shape)
        self.to_key.build(value_shape)
        self.to_value.build(value_shape)
        self.to_output.build((*query_shape[:-1], inner))
        self.drop.build(None)
        self.built = True

    def call(
        self, query, value=None, attention_mask=None, mask=None, value_mask=None, cache=None, index=0,
        return_attention_scores=False, training=None,
    ):  # fmt: skip
        """(batch, queries, d) -> (batch, queries, d), with the cache and the weights behind it where asked for."""
        if value is None:
            value, value_mask = query, mask
        queries = self._split(self.to_query(query))  # (batch, heads, queries, k)
        keys, values = self._split(self.to_key(value)), self._split(self.to_value(value))
        if cache is not None:
            keys, values = cache = self._written(cache, keys, values, index)
        mask = self._mask(attention_mask, value_mask, ops.shape(queries)[2], ops.shape(keys)[2], index, cache)

        queries = queries * self.key_width**-0.5 if self.scaled else queries
        scores = ops.matmul(queries, ops.swapaxes(keys, 2, 3))  # (batch, heads, queries, keys)
        weights = attention_weights(scores, mask)
        mixed = ops.matmul(self.drop(weights, training=training), values)  # (batch, heads, queries, k)
        outputs = self.to_output(self._joined(mixed))

        extra = [cache] * (cache is not None) + [weights] * bool(return_attention_scores)
        return (outputs, *extra) if extra else outputs

    def empty_cache(self, batch, places, dtype=None):
        """A cache of zeros for so many sequences of so many places; the layer must be built."""
        shape = (batch, self.heads, places, self.key_width)
        return ops.zeros(shape, dtype or self.compute_dtype), ops.zeros(shape, dtype or self.compute_dtype)

    def compute_output_shape(self, query_shape, value_shape=None):
        """That of the query."""
        return tuple(query_shape)

    def get_config(self):
        """All arguments."""
        own = {name: getattr(self, name) for name in ("heads", "head_width", "causal", "dropout", "bias", "scaled")}
        return {**super().get_config(), **own}

    def _dense(self, units, name):
        return layers.Dense(units, use_bias=self.bias, dtype=self.dtype_policy, name=name)

    def _split(self, x):
        """(batch, places, heads * k) -> (batch, heads, places, k)."""
        batch, places = ops.shape(x)[:2]
        return ops.transpose(ops.reshape(x, (batch, places, self.heads, self.key_width)), (0, 2, 1, 3))

    def _joined(self, x):
        """(batch, heads, places, k) -> (batch, places, heads * k)."""
        batch, _, places, _ = ops.shape(x)
        return ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (batch, places, self.heads * self.key_width))

    def _written(self, cache, keys, values, index):
        if not self.causal:
            raise ValueError("a cache needs causal=True: later places of it are not written yet.")
        start = (0, 0, index, 0)
        return tuple(
            ops.slice_update(old, start, ops.cast(new, old.dtype))
            for old, new in zip(cache, (keys, values), strict=True)
        )

    def _mask(self, attention_mask, value_mask, queries, keys, index, cache):
        """One mask that broadcasts to (batch, heads, queries, keys), or None."""
        mask = None
        if attention_mask is not None:
            mask = ops.cast(attention_mask, "bool")
            if len(mask.shape) == 3:
                mask = mask[:, None]
        if value_mask is not None and cache is None:
            mask = both(mask, ops.cast(value_mask, "bool")[:, None, None, :])
        if self.causal:
            mask = both(mask, causal_mask(queries, keys, index if cache is not None else 0))
        return mask
