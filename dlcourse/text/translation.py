"""What a translator needs beside its network: words and numbers of two languages, scores, and a rival to beat.

pairs = load("atis_en_tr")
languages = Bilingual.from_pairs(pairs["train"], min_count=2)
source, target = languages.encode(pairs["train"])          # lists of int32 arrays
batches = pipeline((source, target), 32, shuffle_seed=0, bucket_by=[10, 14, 18, 26], prepare=teacher_forced)
model.fit(batches.repeat(10))                              # (source, target so far) -> the next word
written = languages.translate(model, english)              # strings
translation_scores(written, turkish).bleu
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlcourse.text.batching import pad
from dlcourse.text.vocabulary import Vocabulary

START, END = "[START]", "[END]"
Pair = tuple[str, str]


def split_words(sentence: str) -> list[str]:
    """Words at the spaces; what follows an apostrophe is a word of its own, and keeps it.

    split_words("Denver'e giden")  # ["Denver", "'e", "giden"]: Turkish hangs its suffixes on names this way
    """
    return re.sub(r"(?<=\w)['’](?=\w)", " '", sentence).split()


def join_words(words: Sequence[str]) -> str:
    """The sentence that `split_words` takes apart into these."""
    return " ".join(words).replace(" '", "'")


@dataclass(frozen=True)
class Bilingual:
    """The vocabularies of two languages, which number the words of pairs of sentences.

    In both, 0 is padding and 1 an unknown word; in the target 2 begins a sentence and 3 ends it.
    """

    source: Vocabulary
    target: Vocabulary

    @classmethod
    def from_pairs(cls, pairs: Sequence[Pair], *, min_count: int = 1) -> "Bilingual":
        """The words that pairs of sentences hold `min_count` times or more, those of the training part."""
        source, target = ([split_words(pair[side]) for pair in pairs] for side in (0, 1))
        return cls(
            Vocabulary.from_sequences(source, min_count=min_count),
            Vocabulary.from_sequences(target, min_count=min_count, specials=(START, END)),
        )

    @property
    def start(self) -> int:
        """The number of the word that begins a translation."""
        return self.target.number(START)

    @property
    def end(self) -> int:
        """The number of the word that ends it."""
        return self.target.number(END)

    def encode(self, pairs: Sequence[Pair]) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Both sides as lists of int32 arrays `(words,)`; each target has its start and its end."""
        source = [self.source.encode(split_words(text)) for text, _ in pairs]
        target = [self.target.encode((START, *split_words(text), END)) for _, text in pairs]
        return source, target

    def text(self, numbers: Sequence[int]) -> str:
        """The target sentence of numbers, up to its end; a word that the vocabulary has not is left out."""
        words = self.target.decode(numbers)
        words = words[: words.index(END)] if END in words else words
        return join_words([word for word in words if word not in (START, self.target.unknown)])

    def translate(self, model, sentences: Sequence[str], *, length: int = 40, **how) -> list[str]:
        """What a model such as `models.Transformer` writes for source sentences.

        Args:
            model: with `translate(source, length, start=, end=)`.
            sentences: in the source language.
            length: of the longest translation, its start and end included.
            how: for `model.translate`, such as `beams=4`.
        """
        source = pad([self.source.encode(split_words(text)) for text in sentences])
        written = model.translate(source, length, start=self.start, end=self.end, **how)
        return [self.text(row) for row in written]


def teacher_forced(source, target):
    """A batch for `fit`: `((source, target without its last word), the word after each, 1 where it is real)`.

    The decoder reads what a translator wrote, not what it has written itself; `prepare` of `data.pipeline`. The weights
    go with a loss whose reduction is "mean_with_sample_weight".
    """
    following = target[:, 1:]
    return (source, target[:, :-1]), following, _as_float(following != 0)


def _as_float(booleans):
    if isinstance(booleans, np.ndarray):
        return booleans.astype("float32")
    from keras import ops

    return ops.cast(booleans, "float32")


def nearest_translations(memory: Sequence[Pair], sentences: Sequence[str]) -> list[str]:
    """The translation memory: for each sentence the translation of the one in memory that is most like it.

    Likeness is the cosine of counts of words and pairs of words, each weighed by how rare it is (TF-IDF).

    Raises:
        ValueError: an empty memory.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not memory:
        raise ValueError("memory is empty; give the pairs of sentences to look in.")
    counts = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\S+", lowercase=False)
    known = counts.fit_transform([source for source, _ in memory])
    nearest = np.asarray((counts.transform(sentences) @ known.T).toarray()).argmax(axis=1)
    return [memory[place][1] for place in nearest]


@dataclass(frozen=True)
class TranslationScores:
    """Scores of translations from 0 to 100, and the settings that sacreBLEU says they were computed with."""

    bleu: float
    chrf: float
    bleu_signature: str
    chrf_signature: str


def translation_scores(translations: Sequence[str], references: Sequence[str]) -> TranslationScores:
    """Corpus BLEU and chrF by sacreBLEU, one reference a sentence, with its settings as they come.

    References: Papineni et al., "BLEU" (2002); Popović, "chrF" (2015); Post, "A call for clarity in reporting BLEU
    scores" (2018).

    Raises:
        ValueError: not as many translations as references, or none.
    """
    from sacrebleu.metrics import BLEU, CHRF

    if len(translations) != len(references) or not references:
        raise ValueError(
            f"translations are {len(translations)} and references {len(references)}: one for each, at least one."
        )
    bleu, chrf = BLEU(), CHRF()
    scores = [metric.corpus_score(list(translations), [list(references)]).score for metric in (bleu, chrf)]
    return TranslationScores(*scores, str(bleu.get_signature()), str(chrf.get_signature()))
