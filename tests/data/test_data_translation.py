"""Pairs of sentences, the novel, dates as people write them: what cards and docstrings say of them."""

import bz2
import datetime

import numpy as np
import pytest

from dlcourse.data import load, written_dates
from dlcourse.data.dates import LOCALES, write_date
from dlcourse.data.errors import DataError
from dlcourse.data.sets.atis_en_tr import read_pairs


@pytest.fixture(scope="module")
def pairs():
    return load("atis_en_tr")


def words(pairs, side):
    return [word for pair in pairs for word in pair[side].split()]


def test_pairs_are_those_of_the_card(pairs):
    lengths = {split: [len(english.split()) for english, _ in part] for split, part in pairs.items()}
    assert {split: (len(part), max(part)) for split, part in lengths.items()} == {
        "train": (4_274, 46), "dev": (572, 42), "test": (586, 33),
    }  # fmt: skip
    assert np.mean(lengths["train"]) == pytest.approx(11.4, abs=0.05)
    assert all(english and turkish for part in pairs.values() for english, turkish in part)


def test_pairs_have_the_flaws_the_card_states(pairs):
    known = {english for english, _ in pairs["train"]}
    assert not any(english in known for english, _ in pairs["test"])
    for side, kinds, unseen in ((0, 863, 0.0065), (1, 1_888, 0.033)):
        seen = set(words(pairs["train"], side))
        assert len(seen) == kinds
        assert np.mean([word not in seen for word in words(pairs["test"], side)]) == pytest.approx(unseen, abs=5e-4)


def test_a_file_that_holds_no_pairs(tmp_path):
    path = tmp_path / "pairs.bz2"
    path.write_bytes(bz2.compress(b"train\tone\n"))
    with pytest.raises(DataError, match="is not one of pairs of sentences"):
        read_pairs(path)


def test_the_novel():
    text = load("moby_dick")
    assert (len(text), len(set(text)), len(text.split())) == (1_189_511, 80, 207_871)
    assert text.isascii()
    assert "Call me Ishmael." in text[:40]
    assert text.count("\n\n\n") == 134
    assert len(text) - int(0.95 * len(text)) == 59_476


def test_minilm_is_fetched_by_name():
    from dlcourse.data.manifest import manifest

    entry = manifest("minilm")
    assert {file.name for file in entry.files} == {"config.json", "model.safetensors", "tokenizer.json", "vocab.txt"}


def test_dates_stand_where_their_spans_say():
    for one in written_dates(500, seed=3):
        year, month, day = one.iso.split("-")
        parts = {name: one.text[slice(*span)] for name, span in one.spans.items()}
        assert parts["year"] == year
        assert int(parts["day"]) == int(day)
        assert not parts["month"].isdigit() or int(parts["month"]) == int(month)


def test_a_written_date_means_one_day():
    meaning = {}
    for one in written_dates(20_000, seed=1):
        assert meaning.setdefault(one.text, one.iso) == one.iso, one.text


def test_dates_repeat_by_seed_and_leave_out_what_is_not_wanted():
    assert written_dates(20, seed=5) == written_dates(20, seed=5) != written_dates(20, seed=6)
    known = {one.iso for one in written_dates(200, seed=5, last="1901-12-31")}
    assert known.isdisjoint(one.iso for one in written_dates(200, seed=6, last="1901-12-31", without=known))
    assert {one.locale for one in written_dates(300, seed=0)} == set(LOCALES)


def test_a_pattern_by_hand():
    one = write_date(datetime.date(1964, 7, 9), "EEEE, MMMM d, y", "en")
    assert (one.text, one.iso) == ("Thursday, July 9, 1964", "1964-07-09")
    assert one.spans == {"month": (10, 14), "day": (15, 16), "year": (18, 22)}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"count": -1}, "count is a whole number from 0, not -1"),
        ({"count": 1, "locales": ("xx",)}, "locales are one or more of en, de"),
        ({"count": 1, "first": "2000-01-02", "last": "2000-01-01"}, "which is earlier"),
        ({"count": 1, "first": "2000-01-01", "last": "2000-01-01", "without": {"2000-01-01"}}, "leaves no date"),
    ],
)
def test_bad_arguments(arguments, says):
    with pytest.raises(ValueError, match=says):
        written_dates(**arguments)
    with pytest.raises(ValueError, match="pattern needs a year, a month and a day, and 'MMMM y' has month, year"):
        write_date(datetime.date(2000, 1, 1), "MMMM y", "en")
