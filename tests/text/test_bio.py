"""Spans as BIO tags: there and back, the two readings of ill-formed tags, and what is refused."""

import pytest

from dlcourse.text import bio_to_spans, spans_to_bio

SPANS = [("person", 0, 2), ("person", 2, 3), ("place", 5, 6)]
TAGS = ["B-person", "I-person", "B-person", "O", "O", "B-place"]


def test_spans_become_tags_in_any_order_and_come_back():
    assert spans_to_bio(reversed(SPANS), 6) == TAGS
    assert bio_to_spans(TAGS) == bio_to_spans(TAGS, mode="default") == SPANS
    assert spans_to_bio([], 2) == ["O", "O"]
    assert bio_to_spans([]) == []


@pytest.mark.parametrize(
    ("tags", "strict", "default"),
    [
        (["O", "I-a", "I-a"], [], [("a", 1, 3)]),
        (["B-a", "I-b"], [("a", 0, 1)], [("a", 0, 1), ("b", 1, 2)]),
        (["B-a", "O", "I-a"], [("a", 0, 1)], [("a", 0, 1), ("a", 2, 3)]),
        (["I-a", "B-a", "I-a"], [("a", 1, 3)], [("a", 0, 1), ("a", 1, 3)]),
    ],
)
def test_the_two_modes_read_stray_tags_differently(tags, strict, default):
    assert bio_to_spans(tags, mode="strict") == strict
    assert bio_to_spans(tags, mode="default") == default


@pytest.mark.parametrize("span", [("a", 1, 1), ("a", -1, 1), ("a", 2, 4), ("", 0, 1)])
def test_a_span_that_is_none_is_refused(span):
    with pytest.raises(ValueError, match="needed are a type and 0 <= start < end <= 3"):
        spans_to_bio([span], 3)


def test_spans_that_overlap_are_refused():
    with pytest.raises(ValueError, match="overlaps another"):
        spans_to_bio([("a", 0, 2), ("b", 1, 3)], 3)


@pytest.mark.parametrize("tag", ["", "B", "B-", "E-a", "o", "person"])
def test_a_tag_that_is_none_is_refused(tag):
    with pytest.raises(ValueError, match="a tag is O, B-type or I-type"):
        bio_to_spans(["O", tag])


def test_a_mode_that_is_none_is_refused():
    with pytest.raises(ValueError, match="mode is 'lenient' and must be one of strict, default"):
        bio_to_spans(["O"], mode="lenient")
