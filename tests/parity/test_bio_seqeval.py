"""Spans read by hand are those that seqeval reads, in both modes, ill-formed tags included."""

import numpy as np
import pytest
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, Entities

from dlcourse.text import bio_to_spans, span_scores, spans_to_bio

TAGS = ["O", "O", "B-a", "I-a", "I-a", "B-b", "I-b"]


def drawn(seed):
    rng = np.random.default_rng(seed)
    return [rng.choice(TAGS, rng.integers(1, 12)).tolist() for _ in range(20)]


@pytest.mark.parametrize("seed", range(10))
def test_default_mode_is_conllevals(seed):
    for tags in drawn(seed):
        theirs = [(kind, start, end + 1) for kind, start, end in get_entities(tags)]
        assert bio_to_spans(tags, mode="default") == theirs, tags


@pytest.mark.parametrize("seed", range(10))
def test_strict_mode_is_seqevals(seed):
    for tags in drawn(seed):
        theirs = [(one.tag, one.start, one.end) for one in Entities([tags], IOB2).entities[0]]
        assert bio_to_spans(tags, mode="strict") == theirs, tags


@pytest.mark.parametrize("seed", range(10))
def test_well_formed_tags_come_back_from_their_spans(seed):
    for tags in drawn(seed):
        spans = bio_to_spans(tags, mode="default")
        well_formed = spans_to_bio(spans, len(tags))
        assert bio_to_spans(well_formed, mode="strict") == spans


@pytest.mark.parametrize("mode", ["strict", "default"])
@pytest.mark.parametrize("seed", range(5))
def test_f1_is_that_of_the_spans_counted_by_hand(seed, mode):
    truth, found = drawn(seed), drawn(seed)
    rng = np.random.default_rng(seed)
    found = [tags if rng.random() < 0.5 else rng.permutation(tags).tolist() for tags in found]
    true = {(n, *span) for n, tags in enumerate(truth) for span in bio_to_spans(tags, mode)}
    said = {(n, *span) for n, tags in enumerate(found) for span in bio_to_spans(tags, mode)}
    f1 = 2 * len(true & said) / (len(true) + len(said))
    assert span_scores(truth, found, mode=mode)["all"]["f1"] == pytest.approx(f1)
