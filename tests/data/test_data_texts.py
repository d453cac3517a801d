"""The data sets of words and series: what their cards say of them, and files that are not what they should be."""

import bz2
from collections import Counter

import numpy as np
import pytest

from dlcourse.data import class_names, load
from dlcourse.data.conllu import read_conllu
from dlcourse.data.errors import DataError
from dlcourse.data.sets.japanese_vowels import read_ts
from dlcourse.data.tagged import TaggedSentence, read_tagged, write_tagged
from dlcourse.text import bio_to_spans


@pytest.fixture(scope="module")
def treebank():
    return load("ewt_pos")


@pytest.fixture(scope="module")
def named():
    return load("gum_ner")


@pytest.fixture(scope="module")
def glove():
    return load("glove_50d")


def spans(sentences):
    return [(kind, one.words[start:end]) for one in sentences for kind, start, end in bio_to_spans(one.tags)]


def test_treebank_has_the_sentences_and_tags_of_its_card(treebank):
    assert {split: (len(part), sum(map(len, part)), max(map(len, part))) for split, part in treebank.items()} == {
        "train": (12_544, 204_576, 159),
        "dev": (2_001, 25_149, 75),
        "test": (2_077, 25_094, 81),
    }
    assert {tag for part in treebank.values() for one in part for tag in one.tags} == set(class_names("ewt_pos"))
    assert all(len(one.words) == len(one.tags) > 0 for part in treebank.values() for one in part)


def test_treebank_has_the_flaws_its_card_states(treebank):
    known = {one.words for one in treebank["train"]}
    again = [one for one in treebank["test"] if one.words in known]
    assert (len(again), sum(map(len, again))) == (94, 165)
    words = {word for sentence in known for word in sentence}
    unseen = np.mean([word not in words for one in treebank["test"] for word in one.words])
    assert unseen == pytest.approx(0.091, abs=5e-4)


def test_named_entities_are_those_of_the_card(named):
    assert {split: (len(part), sum(map(len, part)), len(spans(part))) for split, part in named.items()} == {
        "train": (2_783, 55_454, 2_826),
        "dev": (289, 6_610, 224),
        "test": (329, 6_945, 390),
    }
    counts = Counter(kind for kind, _ in spans(named["train"]))
    assert counts.most_common(5) == [
        ("place", 1006), ("person", 870), ("organization", 525), ("abstract", 316), ("event", 59),
    ]  # fmt: skip
    assert set(counts) == set(class_names("gum_ner"))


def test_named_entities_are_names_without_article_or_possessive(named):
    found = spans(named["train"])
    assert ("organization", ("University", "of", "Paris")) in found
    assert ("place", ("Groningen",)) in found
    assert sum(words[0].lower() in ("the", "a", "an") for _, words in found) == 0
    assert sum(words[-1] in ("'s", ",", "(") for _, words in found) == 0


def test_most_names_of_the_test_documents_are_new(named):
    known = {words for _, words in spans(named["train"])}
    assert np.mean([words in known for _, words in spans(named["test"])]) == pytest.approx(0.2, abs=0.01)


def test_names_have_one_country_each():
    names = load("names")
    assert (len(names), names["name"].nunique()) == (11_752, 11_752)
    assert names["country"].value_counts()[["Italy", "Greece"]].to_dict() == {"Italy": 1620, "Greece": 592}
    assert tuple(names["country"].cat.categories) == class_names("names")
    assert names["gender"].value_counts().to_dict() == {"male": 6158, "female": 5467, "both": 127}
    assert names["name"].str.len().between(2, 17).all()
    assert dict(zip(names["name"], names["country"], strict=True))["Þorfinnur"] == "Iceland"


def test_vectors_have_close_words_close(glove):
    unit = glove.vectors / np.linalg.norm(glove.vectors, axis=1, keepdims=True)
    like = {word: glove.words[np.argsort(-unit @ unit[glove.index[word]])[1]] for word in ("three", "france", "cat")}
    assert like == {"three": "four", "france": "french", "cat": "dog"}


def test_vectors_of_any_words(glove):
    found = glove.matrix(["The", "zzzxyz", "the"])
    assert found.shape == (3, 50)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found[0], glove.vectors[0])
    np.testing.assert_array_equal(found[[1]], 0)
    assert glove.matrix([]).shape == (0, 50)
    with pytest.raises(ValueError, match="read-only"):
        glove.vectors[0] = 0


def test_review_snippets_are_those_of_the_card(brought):
    brought("review_snippets")
    for kind, rows, tested, share in (("movies", 10_605, 2_000, 0.49), ("products", 3_708, 741, 0.57),
                                      ("editorials", 5_190, 1_038, 0.42), ("tweets", 4_200, 840, 0.69)):  # fmt: skip
        table = load("review_snippets", kind=kind)
        assert (len(table), (table["split"] == "test").sum()) == (rows, tested)
        assert table["positive"].mean() == pytest.approx(share, abs=0.005)
        assert not table.isna().any().any()
        tests = table["text"][table["split"] == "test"].str.lower()
        assert not tests.isin(table["text"][table["split"] == "train"].str.lower()).any()


def test_review_snippets_of_another_kind_are_an_error():
    with pytest.raises(ValueError, match="kind is 'books' and must be one of movies, products, editorials, tweets"):
        load("review_snippets", kind="books")


def test_japanese_vowels_are_series_of_different_lengths(brought):
    brought("japanese_vowels")
    (x_train, y_train), (x_test, y_test) = load("japanese_vowels")
    np.testing.assert_array_equal(np.bincount(y_train), [30] * 9)
    np.testing.assert_array_equal(np.bincount(y_test), [31, 35, 88, 44, 29, 24, 40, 50, 29])
    lengths = [len(series) for series in x_train + x_test]
    assert (min(lengths), max(lengths), {series.shape[1] for series in x_train}) == (7, 29, {12})
    np.testing.assert_allclose(x_train[0][0, :2], [1.860936, -0.207383], rtol=1e-6)


def test_tagged_sentences_come_back(tmp_path):
    sentences = [TaggedSentence(("A", "b"), ("X", "Y")), TaggedSentence(("ç",), ("Z",))]
    write_tagged(tmp_path / "a", sentences)
    assert read_tagged(tmp_path / "a") == sentences


@pytest.mark.parametrize("content", [b"", b"plain", bz2.compress(b"word\tTAG\nword\n"), bz2.compress(b"")])
def test_a_file_that_is_not_of_tagged_sentences_is_refused(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(DataError, match="is not one of tagged sentences"):
        read_tagged(tmp_path / "a")


@pytest.mark.parametrize("content", ["", "@data\n1,2:3,4:1\n1,x:2\n", "1,2:1"])
def test_a_file_that_is_not_of_series_is_refused(tmp_path, content):
    (tmp_path / "a").write_text(content)
    with pytest.raises(DataError, match=r"is not a \.ts file of series"):
        read_ts(tmp_path / "a")


def test_conllu_gives_written_and_analysed_words_once():
    lines = [
        "# newdoc id = d1",
        "# text = don't",
        "1-2\tdon't",
        "1\tdo\tdo",
        "2\tn't\tnot",
        "2.1\t_",
        "",
        "1\tA\ta",
        "",
    ]
    assert list(read_conllu(lines)) == [("d1", [["1", "do", "do"], ["2", "n't", "not"]]), ("d1", [["1", "A", "a"]])]
    assert list(read_conllu(["1\tlast\tx\n"])) == [("", [["1", "last", "x"]])]
