"""F1 of spans: worked out on paper, the two modes, and what is refused."""

import pytest

from dlcourse.text import span_f1, span_scores

TRUTH = [["B-a", "I-a", "O", "B-b"], ["O", "B-a", "O"]]


def test_scores_are_those_worked_out_on_paper():
    found = [["B-a", "I-a", "O", "B-a"], ["O", "B-a", "I-a"]]  # 1 of 3 right, 3 found
    scores = span_scores(TRUTH, found)
    assert scores["all"] == pytest.approx({"precision": 1 / 3, "recall": 1 / 3, "f1": 1 / 3, "spans": 3})
    assert scores["a"] == pytest.approx({"precision": 1 / 3, "recall": 1 / 2, "f1": 0.4, "spans": 2})
    assert scores["b"] == {"precision": 0, "recall": 0, "f1": 0, "spans": 1}
    assert span_f1(TRUTH, TRUTH) == 1


def test_stray_tags_count_in_the_default_mode_only():
    found = [["I-a", "I-a", "O", "B-b"], ["O", "B-a", "O"]]
    assert span_f1(TRUTH, found, mode="strict") == pytest.approx(0.8)
    assert span_f1(TRUTH, found, mode="default") == 1


def test_a_type_that_is_never_true_counts_against_the_whole():
    scores = span_scores([["B-a", "O"]], [["B-a", "B-c"]])
    assert set(scores) == {"a", "all"}
    assert scores["all"]["precision"] == 0.5


def test_nothing_found_is_zero_without_a_warning():
    assert span_f1(TRUTH, [["O"] * 4, ["O"] * 3]) == 0


def test_what_cannot_be_scored_is_refused():
    with pytest.raises(ValueError, match="mode is 'iob' and must be one of strict, default"):
        span_f1(TRUTH, TRUTH, mode="iob")
    with pytest.raises(ValueError, match="different sentences"):
        span_f1(TRUTH, TRUTH[:1])
    with pytest.raises(ValueError, match="different sentences"):
        span_f1(TRUTH, [["O"], ["O"]])
