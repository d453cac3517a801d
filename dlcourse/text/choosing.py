"""From the scores of all words to one word: the likeliest, or one drawn among the likely."""

import numbers

from keras import ops

FAR = -1e9  # a score that is never drawn


def keep_top_k(logits, k: int):
    """Scores below the k-th largest are put out of reach; ties with it stay, so more than k may be left.

    logits: (batch, vocabulary). Source: Fan, Lewis and Dauphin, "Hierarchical neural story generation" (2018).
    """
    k = min(k, logits.shape[-1])
    smallest = ops.top_k(logits, k)[0][:, -1:]
    return ops.where(logits >= smallest, logits, FAR)


def keep_top_p(logits, p: float):
    """The smallest set of likeliest words whose probabilities reach p together; the others are put out of reach.

    logits: (batch, vocabulary). Among equals the first in the vocabulary stay. The likeliest always stays.
    Source: Holtzman et al., "The curious case of neural text degeneration" (2019).
    """
    order = ops.argsort(-logits, axis=-1)
    probabilities = ops.softmax(ops.cast(ops.take_along_axis(logits, order, axis=-1), "float32"), axis=-1)
    before = ops.cumsum(probabilities, axis=-1) - probabilities  # reached without this word
    before = ops.concatenate([ops.zeros_like(before[:, :1]) - 1.0, before[:, 1:]], axis=-1)
    rank = ops.argsort(order, axis=-1)
    return ops.where(ops.take_along_axis(before < p, rank, axis=-1), logits, FAR)


def filtered(logits, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None):
    """Logits divided by the temperature, then cut to the top k, then to the top p. (batch, vocabulary) both."""
    logits = ops.cast(logits, "float32") / temperature
    logits = logits if top_k is None else keep_top_k(logits, top_k)
    return logits if top_p is None else keep_top_p(logits, top_p)


def drawn(logits, uniform):
    """A word for each row, drawn by its probability: the first whose cumulated probability exceeds a number in [0, 1).

    logits: (batch, vocabulary); uniform: (batch,). Returns (batch,) int32.
    """
    cumulated = ops.cumsum(ops.softmax(logits, axis=-1), axis=-1)
    reached = cumulated > uniform[:, None] * cumulated[:, -1:]
    return ops.cast(ops.argmax(ops.cast(reached, "int32"), axis=-1), "int32")


def likeliest(logits):
    """(batch, vocabulary) -> (batch,) int32; among equals the first."""
    return ops.cast(ops.argmax(logits, axis=-1), "int32")


def check_sampling(temperature, top_k, top_p):
    """ValueError for a setting of sampling that is not allowed."""
    if isinstance(temperature, bool) or not isinstance(temperature, numbers.Real) or not temperature > 0:
        raise ValueError(f"temperature is a number above 0, not {temperature!r}; for the likeliest, use greedy_decode.")
    if top_k is not None and (isinstance(top_k, bool) or not isinstance(top_k, numbers.Integral) or top_k < 1):
        raise ValueError(f"top_k is a whole number from 1 or None, not {top_k!r}.")
    if top_p is not None and (isinstance(top_p, bool) or not isinstance(top_p, numbers.Real) or not 0 < top_p <= 1):
        raise ValueError(f"top_p is a number above 0, up to 1, or None, not {top_p!r}.")
