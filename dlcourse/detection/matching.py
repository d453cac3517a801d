"""Which detection has found which object: COCO's greedy matching, for all images and classes at a time.

Within an image and class, detections come by falling score, and each takes, of the objects it overlaps enough and that
are still free, the one it overlaps most. Detections of the same rank in different images or classes do not compete, so
they are matched at once, at every IoU threshold and for every range of sizes.
"""

import itertools
from typing import NamedTuple

import numpy as np

from dlcourse.detection.overlap import checked

_PAIRS = 100_000  # of a detection and an object, looked at together


class Found(NamedTuple):
    """Detections of all images: number of the image (n,), boxes (n, 4), scores (n,), classes (n,)."""

    images: np.ndarray
    boxes: np.ndarray
    scores: np.ndarray
    classes: np.ndarray


class Objects(NamedTuple):
    """Objects of all images: number of the image (m,), boxes (m, 4), classes (m,), crowd (m,) bool, areas (m,)."""

    images: np.ndarray
    boxes: np.ndarray
    classes: np.ndarray
    crowd: np.ndarray
    areas: np.ndarray


class Matched(NamedTuple):
    """What became of the detections (n,) that count, by falling score; A ranges of size, T thresholds.

    positions, classes, scores, ranks: (n,), which detection it is, and its rank within its image and class.
    right, wrong: (A, T, n) bool; what took an unwanted object, or is of another size, is neither.
    objects: (A, T, n), the object that was taken, -1 for none.
    unwanted: (A, m) bool, objects that are not to be found: crowds, and those of another size.
    """

    positions: np.ndarray
    classes: np.ndarray
    scores: np.ndarray
    ranks: np.ndarray
    right: np.ndarray
    wrong: np.ndarray
    objects: np.ndarray
    unwanted: np.ndarray


def match(found: Found, objects: Objects, thresholds, ranges, limit: int) -> Matched:
    """Match detections to objects.

    Args:
        found, objects: from `gather_images`.
        thresholds: of IoU (T,), rising.
        ranges: A pairs of least and most area.
        limit: at most so many detections of an image and class count.
    """
    least, most = np.array(ranges, float).T[:, :, None]
    unwanted = objects.crowd | (objects.areas < least) | (objects.areas > most)
    order, keys, ranks, object_keys = _ranked(found, objects, limit)
    boxes = found.boxes[order]
    d, g, overlap = _pairs(boxes, keys, objects, object_keys, min(thresholds[0], 1 - 1e-10))
    by = np.lexsort((g, overlap, d, ranks[d]))
    d, g, overlap = d[by], g[by], overlap[by]
    taken = _greedy(d, g, overlap, ranks[d], np.minimum(thresholds, 1 - 1e-10), unwanted, objects.crowd, len(order))
    right = (taken >= 0) & ~np.take_along_axis(unwanted[:, None], np.maximum(taken, 0), -1) if len(g) else taken >= 0
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    wrong = (taken < 0) & ((area >= least) & (area <= most))[:, None]
    return Matched(order, found.classes[order], found.scores[order], ranks, right, wrong, taken, unwanted)


def _ranked(found, objects, limit):
    """By falling score: positions, keys of image and class, and ranks within a key, of detections that count."""
    classes = np.unique(objects.classes)
    order = np.argsort(-found.scores, kind="stable")
    order = order[np.isin(found.classes[order], classes)]
    keys, object_keys = (
        each.images * len(classes) + np.searchsorted(classes, each.classes)
        for each in (Found(*(column[order] for column in found)), objects)
    )
    together = np.argsort(keys, kind="stable")
    begins = np.searchsorted(keys[together], keys[together])
    ranks = np.empty(len(order), int)
    ranks[together] = np.arange(len(order)) - begins
    counts = ranks < limit
    return order[counts], keys[counts], ranks[counts], object_keys


def _pairs(boxes, keys, objects, object_keys, least):
    """Detection, object and overlap of all pairs of an image and class that overlap by at least so much."""
    together = np.argsort(object_keys, kind="stable")
    first = np.searchsorted(object_keys[together], keys)
    counts = np.searchsorted(object_keys[together], keys, side="right") - first
    ends = np.cumsum(counts)
    chunks, start = [(np.zeros(0, int), np.zeros(0, int), np.zeros(0))], 0
    while start < len(keys):
        done = ends[start] - counts[start]
        stop = max(start + 1, int(np.searchsorted(ends, done + _PAIRS, side="right")))
        d = np.repeat(np.arange(start, stop), counts[start:stop])
        g = together[
            np.arange(len(d)) + np.repeat(first[start:stop] - (ends - counts)[start:stop] + done, counts[start:stop])
        ]
        overlap = _overlap(boxes[d], objects.boxes[g], objects.crowd[g])
        enough = overlap >= least
        chunks.append((d[enough], g[enough], overlap[enough]))
        start = stop
    return (np.concatenate(column) for column in zip(*chunks, strict=True))


def _overlap(a, b, crowd):
    """IoU (n,) box by box; of a crowd, the share of a's own area that lies within it."""
    size = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
    shared = np.where((size > 0).all(axis=1), size[:, 0] * size[:, 1], 0)
    own, other = ((box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) for box in (a, b))
    return shared / np.where(shared > 0, np.where(crowd, own, own + other - shared), 1)


def _greedy(d, g, overlap, ranks, thresholds, unwanted, crowd, count):
    """The object (A, T, count) each detection takes, -1 for none; pairs come by rank, detection, overlap, object."""
    shape = len(unwanted), len(thresholds)
    taken, gone = np.full((*shape, count), -1), np.zeros((*shape, len(crowd)), bool)
    enough = overlap >= thresholds[:, None]
    rounds = np.searchsorted(ranks, np.arange(ranks[-1] + 2)) if len(ranks) else [0]
    for start, stop in itertools.pairwise(rounds):
        if start == stop:
            continue
        at = slice(start, stop)
        n, objects = stop - start, g[at]
        free = enough[:, at] & ~(gone[:, :, objects] & ~crowd[objects])
        # The last pair is the best one; what is not wanted is taken only if nothing wanted is left.
        merit = np.where(free, np.arange(1, n + 1) + n * ~unwanted[:, None, objects], 0)
        begins = np.flatnonzero(np.diff(d[at], prepend=-1))
        best = np.maximum.reduceat(merit, begins, axis=2)
        a, t, which = np.nonzero(best)
        chosen = objects[(best[a, t, which] - 1) % n]
        taken[a, t, d[at][begins][which]] = chosen
        gone[a, t, chosen] = True
    return taken


def gather_images(predictions, truths) -> tuple[Found, Objects]:
    """Detections and objects of all images, flat.

    Raises ValueError as `average_precision` says.
    """
    predictions, truths = list(predictions), _one_a_picture(truths)
    if len(predictions) != len(truths):
        raise ValueError(
            f"predictions and truths must be one a picture each, not {len(predictions)} and {len(truths)}."
        )
    found = [_detections(f"predictions[{i}]", each) for i, each in enumerate(predictions)]
    objects = [_objects(f"truths[{i}]", each) for i, each in enumerate(truths)]
    return Found(_numbers(found), *_columns(found)), Objects(_numbers(objects), *_columns(objects))


def _one_a_picture(truths):
    if hasattr(truths, "boxes") and hasattr(truths, "classes"):
        return [
            {"boxes": boxes, "classes": classes} for boxes, classes in zip(truths.boxes, truths.classes, strict=True)
        ]
    return list(truths)


def _numbers(rows):
    return np.repeat(np.arange(len(rows)), np.array([len(row[0]) for row in rows], int))


def _columns(rows):
    if not rows:
        raise ValueError("predictions and truths must hold at least one picture.")
    return [np.concatenate(column) for column in zip(*rows, strict=True)]


def _detections(name, prediction):
    boxes = checked(f"{name}['boxes']", _of(name, prediction, "boxes")).astype(float)
    scores = np.asarray(_of(name, prediction, "scores"))
    _one_a_box(f"{name}['scores']", scores, len(boxes), "fiu")
    if np.isnan(scores).any():
        raise ValueError(f"{name}['scores'] must be numbers; there is NaN among them.")
    return boxes, scores.astype(float), _classes(name, prediction, len(boxes))


def _objects(name, truth):
    boxes = checked(f"{name}['boxes']", _of(name, truth, "boxes")).astype(float)
    crowd = _of(name, truth, "crowd", np.zeros(len(boxes), bool))
    areas = _of(name, truth, "areas", (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))
    crowd, areas = np.asarray(crowd), np.asarray(areas)
    _one_a_box(f"{name}['crowd']", crowd, len(boxes), "biu")
    _one_a_box(f"{name}['areas']", areas, len(boxes), "fiu")
    return boxes, _classes(name, truth, len(boxes)), crowd.astype(bool), areas.astype(float)


def _classes(name, image, count):
    classes = np.asarray(_of(name, image, "classes"))
    _one_a_box(f"{name}['classes']", classes, count, "iu")
    return classes.astype(int)


def _of(name, image, key, default=None):
    """image[key], or image.key; the default if there is one and it is not there."""
    value = image.get(key, default) if hasattr(image, "get") else getattr(image, key, default)
    if value is None:
        raise ValueError(f"{name} must have {key!r}.")
    return value


def _one_a_box(name, values, count, kinds):
    if values.shape != (count,) or (count and values.dtype.kind not in kinds):
        wanted = "whole numbers" if "f" not in kinds else "numbers"
        raise ValueError(f"{name} must be {count} {wanted}, one a box, not {values.dtype} of shape {values.shape}.")
