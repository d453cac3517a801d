"""k-means with the distance 1 - IoU: against every partition, against loops, and what it must not depend on."""

import itertools

import numpy as np
import pytest

from dlcourse.detection import iou, kmeans_anchors, shape_iou

RNG = np.random.default_rng(0)


def corner_boxes(sizes):
    return np.concatenate([np.zeros_like(sizes), sizes], 1)


def best_mean_overlap(sizes, anchors):
    return shape_iou(sizes, anchors).max(1).mean()


def best_of_all_partitions(sizes, k):
    """The largest mean overlap of boxes with the mean shape of their group, over all ways to make k groups."""
    best = 0
    for groups in map(np.array, itertools.product(range(k), repeat=len(sizes))):
        if len(set(groups)) == k:
            means = np.stack([sizes[groups == j].mean(0) for j in range(k)])
            best = max(best, best_mean_overlap(sizes, means))
    return best


@pytest.mark.parametrize("seed", range(5))
def test_shape_iou_is_that_of_boxes_with_one_corner(seed):
    rng = np.random.default_rng(seed)
    sizes, anchors = rng.uniform(1, 50, (30, 2)), rng.uniform(1, 50, (4, 2))
    np.testing.assert_allclose(shape_iou(sizes, anchors), iou(corner_boxes(sizes), corner_boxes(anchors)), rtol=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_as_good_as_the_best_of_all_partitions(seed):
    rng = np.random.default_rng(seed)
    sizes = rng.uniform(5, 60, (7, 2))
    for k in (2, 3):
        found = best_mean_overlap(sizes, kmeans_anchors(sizes, k, seed, restarts=30))
        assert found >= best_of_all_partitions(sizes, k) - 0.005


@pytest.mark.parametrize("seed", range(5))
def test_a_round_in_loops_changes_nothing_for_the_better(seed):
    """Lloyd's two steps written out, from where it ended: no anchor leads to a better mean."""
    sizes = np.random.default_rng(seed).uniform(5, 60, (200, 2))
    anchors = kmeans_anchors(sizes, 4, seed)
    own = [[] for _ in anchors]
    for width, height in sizes:
        overlaps = [
            min(width, w) * min(height, h) / (width * height + w * h - min(width, w) * min(height, h))
            for w, h in anchors
        ]
        own[int(np.argmax(overlaps))].append((width, height))
    moved = np.array([np.mean(each, axis=0) for each in own])
    assert best_mean_overlap(sizes, moved) <= best_mean_overlap(sizes, anchors) + 1e-12


def test_finds_clear_groups_smallest_first():
    middles = np.array([[10, 10], [20, 60], [60, 20]])
    sizes = np.concatenate([middle * RNG.uniform(0.95, 1.05, (50, 2)) for middle in middles[[2, 0, 1]]])
    found = kmeans_anchors(sizes, 3, 0)
    assert np.abs(np.sort(found, axis=0) - np.sort(middles, axis=0)).max() < 1
    assert found[0].max() < 12
    assert (np.diff(found.prod(1)) >= 0).all()


def test_more_anchors_fit_better_and_one_for_each_fits_all():
    sizes = RNG.uniform(5, 60, (12, 2))
    fits = [best_mean_overlap(sizes, kmeans_anchors(sizes, k, restarts=20)) for k in (1, 2, 4, 8, 12)]
    assert fits == sorted(fits)
    assert fits[-1] == pytest.approx(1)


def test_seed_decides_and_scale_does_not():
    sizes = RNG.uniform(5, 60, (100, 2))
    np.testing.assert_array_equal(kmeans_anchors(sizes, 5, 1), kmeans_anchors(sizes, 5, 1))
    np.testing.assert_allclose(kmeans_anchors(8 * sizes, 5, 1), 8 * kmeans_anchors(sizes, 5, 1))


def test_equal_boxes_are_no_trouble():
    np.testing.assert_allclose(kmeans_anchors(np.full((6, 2), 7.0), 3), np.full((3, 2), 7.0))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([[1, 2], [3, 4]], 3), "k is a whole number from 1 to 2, the number of sizes, not 3"),
        (([[1, 2]], 0), "k is a whole number from 1 to 1"),
        (([[1, 2, 3]], 1), r"sizes must have shape \(N, 2\), N at least 1, not \(1, 3\)"),
        ((np.zeros((0, 2)), 1), r"N at least 1, not \(0, 2\)"),
        (([[1, 0]], 1), "sizes must hold widths and heights above 0"),
        (([[1, np.nan]], 1), "sizes must hold widths and heights above 0"),
    ],
)
def test_bad_arguments(arguments, words):
    with pytest.raises(ValueError, match=words):
        kmeans_anchors(*arguments)


@pytest.mark.parametrize("name", ["restarts", "rounds"])
def test_at_least_one_start_and_round(name):
    with pytest.raises(ValueError, match=f"{name} is a whole number from 1, not 0"):
        kmeans_anchors([[1, 2]], 1, **{name: 0})
