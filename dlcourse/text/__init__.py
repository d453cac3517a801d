"""Words and letters as numbers, batches by length with masks, spans of tokens.

from dlcourse.text import Vocabulary, bucket_by_length, pad, span_f1

words = Vocabulary.from_sequences(sentences)
for batch in bucket_by_length(lengths, [10, 20, 40], batch_size=32, seed=0):
    ids = pad([words.encode(sentences[row]) for row in batch.rows], batch.length)
f1 = span_f1(true_tags, predicted_tags, mode="strict")

The names below are loaded when they are first used.
"""

from dlcourse.lazy import loader

# A module bears another name than the function it holds: once loaded, it would stand in its place.
_WHERE = {
    "beam_search": "beam",
    "bio_to_spans": "bio",
    "greedy_decode": "decoding",
    "sample": "decoding",
    "spans_to_bio": "bio",
}
__all__ = list(_WHERE)
__getattr__ = loader(__name__, _WHERE)


def __dir__():
    return __all__
