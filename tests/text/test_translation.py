"""Words of two languages, batches to learn from, the translation memory, and scores."""

import numpy as np
import pytest

from dlcourse.data import load, pipeline
from dlcourse.text import (
    Bilingual,
    join_words,
    nearest_translations,
    split_words,
    teacher_forced,
    translation_scores,
)

PAIRS = [("to denver", "Denver'e"), ("to boston please", "Boston'a lütfen"), ("to denver please", "Denver'e lütfen")]


def test_suffixes_are_words_and_every_translation_comes_back():
    assert split_words("Denver'e giden 3'ten") == ["Denver", "'e", "giden", "3", "'ten"]
    for part in load("atis_en_tr").values():
        for _, sentence in part:
            assert join_words(split_words(sentence)) == " ".join(sentence.replace("’", "'").split())


def test_numbers_and_back():
    languages = Bilingual.from_pairs(PAIRS)
    source, target = languages.encode(PAIRS)
    assert (languages.start, languages.end) == (2, 3)
    assert [len(one) for one in source] == [2, 3, 3]
    assert [(one[0], one[-1]) for one in target] == [(2, 3)] * 3
    assert [languages.text(one) for one in target] == [turkish for _, turkish in PAIRS]


def test_rare_words_are_unknown_and_left_out_of_a_text():
    languages = Bilingual.from_pairs(PAIRS, min_count=2)
    assert "boston" not in languages.source
    _, target = languages.encode(PAIRS)
    assert languages.text([*target[1], *target[0]]) == "lütfen"


def test_a_model_translates_sentences():
    languages, asked = Bilingual.from_pairs(PAIRS), {}

    class Model:
        def translate(self, source, length, **how):
            asked.update(how, length=length, source=source)
            return [languages.encode(PAIRS[:1])[1][0]] * len(source)

    assert languages.translate(Model(), ["to denver", "to denver please"], length=9, beams=2) == ["Denver'e"] * 2
    assert asked.pop("source").shape == (2, 3)
    assert asked == {"length": 9, "start": 2, "end": 3, "beams": 2}


def test_batches_shift_the_target():
    languages = Bilingual.from_pairs(PAIRS)
    source, target = languages.encode(PAIRS)
    batches = pipeline((source, target), 3, prepare=teacher_forced)
    (read, so_far), following, weights = next(iter(batches(0)))
    assert read.shape == (3, 5)
    assert so_far.shape == following.shape == (3, 4)
    np.testing.assert_array_equal(following[1], [*target[1][1:]])
    np.testing.assert_array_equal(weights, np.asarray(following) != 0)
    by_hand = teacher_forced(np.asarray(read), np.pad(np.asarray(so_far), ((0, 0), (0, 1))))
    assert by_hand[2].dtype == np.float32


def test_the_memory_answers_with_its_nearest():
    assert nearest_translations(PAIRS, ["please to boston", "to denver"]) == ["Boston'a lütfen", "Denver'e"]
    with pytest.raises(ValueError, match="memory is empty"):
        nearest_translations([], ["to denver"])


def test_the_memory_on_the_development_part_and_what_sacrebleu_says():
    pairs = load("atis_en_tr")
    english, turkish = zip(*pairs["dev"], strict=True)
    scores = translation_scores(nearest_translations(pairs["train"], english), turkish)
    assert scores.bleu == pytest.approx(17.5, abs=0.3)
    assert scores.chrf == pytest.approx(53.3, abs=0.3)
    assert "tok:13a" in scores.bleu_signature
    assert "nc:6" in scores.chrf_signature


def test_perfect_translations_have_100_and_counts_must_agree():
    turkish = ["Denver'e giden uçuşları göster lütfen"] * 2
    assert translation_scores(turkish, turkish).bleu == pytest.approx(100)
    for wrong in (turkish[:1], []):
        with pytest.raises(ValueError, match="one for each"):
            translation_scores(wrong, turkish[: len(wrong) * 2])
