"""Well-formed tags by Viterbi: the best of all that are allowed, by exhaustive search."""

import itertools

import numpy as np
import pytest

from dlcourse.text import bio_to_spans, decode_bio

TAGS = ["B-a", "I-a", "B-b", "I-b", "O"]


def well_formed(tags):
    return bio_to_spans(tags, mode="strict") == bio_to_spans(tags, mode="default")


def by_search(log_chances):
    options = [
        tags for tags in itertools.product(range(5), repeat=len(log_chances)) if well_formed([TAGS[t] for t in tags])
    ]
    return max(options, key=lambda tags: sum(log_chances[n, t] for n, t in enumerate(tags)))


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_best_of_all_well_formed_sequences(seed):
    rng = np.random.default_rng(seed)
    log_chances = np.log(rng.dirichlet(np.ones(5), size=rng.integers(1, 6)))
    assert decode_bio(log_chances, TAGS) == [TAGS[t] for t in by_search(log_chances)]


def test_a_stray_tag_gives_way():
    chances = np.array([[0.3, 0.0, 0.0, 0.0, 0.7], [0.05, 0.9, 0.0, 0.0, 0.05]]) + 1e-9
    assert decode_bio(np.log(chances), TAGS) == ["B-a", "I-a"]


def test_what_is_well_formed_stays():
    rows = [0, 1, 4, 2, 3, 3, 0]
    assert decode_bio(np.log(np.eye(5)[rows] + 1e-3), TAGS) == [TAGS[row] for row in rows]
    assert decode_bio(np.zeros((0, 5)), TAGS) == []


@pytest.mark.parametrize(
    ("log_chances", "tags"), [(np.zeros((2, 4)), TAGS), (np.zeros(5), TAGS), (np.zeros((2, 1)), ["B-a"])]
)
def test_what_does_not_fit_is_refused(log_chances, tags):
    with pytest.raises(ValueError, match="with O among the tags"):
        decode_bio(log_chances, tags)
