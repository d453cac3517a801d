"""Words and letters as numbers, batches by length with masks, spans of tokens.

from dlcourse.text import Vocabulary, bucket_by_length, collate, span_f1

words = Vocabulary.from_sequences(sentences)
ids = [words.encode(sentence) for sentence in sentences]
for batch in bucket_by_length([len(one) for one in ids], [10, 20, 40], batch_size=32, seed=0):
    x, mask = collate(batch, ids)
f1 = span_f1(true_tags, predicted_tags, mode="strict")

The names below are loaded when they are first used.
"""

from dlcourse.lazy import loader

# A module bears another name than the function it holds: once loaded, it would stand in its place.
_WHERE = {
    "Batch": "batching",
    "Bilingual": "translation",
    "Grams": "grams",
    "TranslationScores": "translation",
    "Vocabulary": "vocabulary",
    "beam_search": "beam",
    "bio_to_spans": "bio",
    "bucket_by_length": "batching",
    "collate": "batching",
    "decode_bio": "bio_decoding",
    "encode_characters": "vocabulary",
    "greedy_decode": "decoding",
    "mask_words": "masking",
    "join_words": "translation",
    "length_mask": "batching",
    "nearest_translations": "translation",
    "pad": "batching",
    "plain_letters": "letters",
    "sample": "decoding",
    "span_f1": "scoring",
    "span_scores": "scoring",
    "spans_to_bio": "bio",
    "split_words": "translation",
    "teacher_forced": "translation",
    "translation_scores": "translation",
}
__all__ = list(_WHERE)
__getattr__ = loader(__name__, _WHERE)


def __dir__():
    return __all__
