"""Average precision by COCO's rule: how many of the objects are found, and how few of the finds are wrong.

A detection is right if it is of the object's class and overlaps it enough, and if no detection of a higher score has
taken that object before. Precision is the share of detections that are right, recall the share of objects found; both
change as detections come in by falling score. AP is the mean precision over 101 levels of recall, after each precision
has been raised to the best one at a higher recall.
"""

from typing import NamedTuple

import numpy as np

from dlcourse.detection.matching import gather_images, match

THRESHOLDS = np.linspace(0.5, 0.95, 10)  # of IoU
RECALLS = np.linspace(0, 1, 101)
SIZES = {"all": (0, 1e10), "small": (0, 32**2), "medium": (32**2, 96**2), "large": (96**2, 1e10)}  # areas, both ends in


class Curve(NamedTuple):
    """Precision and recall (detections,) as detections of falling score (detections,) come in."""

    recall: np.ndarray
    precision: np.ndarray
    scores: np.ndarray


def average_precision(predictions, truths, *, max_detections=(1, 10, 100), sizes=None) -> dict:
    """COCO's figures for a set of images.

    Args:
        predictions: one a picture, a mapping (or object) with `boxes` (n, 4), `scores` (n,), `classes` (n,).
        truths: one a picture, in the same order: `boxes` (m, 4), `classes` (m,) and, if there are any, `crowd` (m,)
            bool, regions in which any number of detections are neither right nor wrong, and `areas` (m,), by which an
            object's size is judged (its box's area if left out). What `data.scenes` gives is such truths, too.
        max_detections: at most so many of an image and class count, the best; AP is taken at the last.
        sizes: name to (least, most) area; COCO's small, medium and large by default. "all" is always there.

    Returns:
        "AP" (mean over IoU 0.50, 0.55, … 0.95), "AP50", "AP75"; "AP_small" and so on for each size; "AR_1", "AR_10",
        "AR_100": recall at so many detections an image, mean over the thresholds; "AR_small" and so on;
        "per_class": class to its "AP", "AP50", "AP75", and "objects", how many there are. NaN where there is nothing to
        find (COCO's tool says -1), also of a class or a size. Classes without any object count nowhere.

    Raises:
        ValueError: not as many predictions as truths, something missing, wrong shapes, NaN, or wrong settings.

    Source: Lin et al. (2014), arXiv:1405.0312, and its evaluator, pycocotools, to which it is equal.
    """
    limits = _limits(max_detections)
    sizes = SIZES | (sizes or {})
    found, objects = gather_images(predictions, truths)
    matched = match(found, objects, THRESHOLDS, list(sizes.values()), limits[-1])
    classes = np.unique(objects.classes)
    precision = np.full((len(classes), len(sizes), len(THRESHOLDS)), np.nan)
    recall = np.full((len(limits), *precision.shape), np.nan)
    for k, each in enumerate(classes):
        of_class = matched.classes == each
        own = objects.classes == each
        for a in range(len(sizes)):
            count = np.count_nonzero(~matched.unwanted[a, own])
            if not count:
                continue
            right, wrong = matched.right[a][:, of_class], matched.wrong[a][:, of_class]
            precision[k, a] = _interpolated(right, wrong, count).mean(axis=1)
            for m, limit in enumerate(limits):
                recall[m, k, a] = right[:, matched.ranks[of_class] < limit].sum(axis=1) / count
    return _figures(classes, objects, matched, list(sizes), limits, precision, recall)


def precision_recall(predictions, truths, *, iou_threshold=0.5, class_id=None, max_detections=100) -> Curve:
    """The curve behind AP at one IoU threshold, as it is, before any interpolation.

    Args:
        predictions, truths: as in `average_precision`.
        iou_threshold: how much a detection must overlap an object.
        class_id: the class asked about; None puts all together, each detection matched within its class.
        max_detections: at most so many of an image and class count.

    Raises:
        ValueError: as `average_precision`, or if there is no object (of that class) to find.
    """
    if not 0 < iou_threshold <= 1:
        raise ValueError(f"iou_threshold must lie above 0 and be at most 1, not {iou_threshold!r}.")
    found, objects = gather_images(predictions, truths)
    matched = match(found, objects, np.array([iou_threshold]), [SIZES["all"]], _limits((max_detections,))[-1])
    own, of_class = slice(None), slice(None)
    if class_id is not None:
        own, of_class = objects.classes == class_id, matched.classes == class_id
    count = np.count_nonzero(~matched.unwanted[0, own])
    if not count:
        raise ValueError(f"truths hold no object{'' if class_id is None else f' of class_id {class_id!r}'} to find.")
    right, wrong = matched.right[0, 0, of_class], matched.wrong[0, 0, of_class]
    counted = right | wrong
    so_far = np.cumsum(right[counted])
    return Curve(so_far / count, so_far / np.arange(1, len(so_far) + 1), matched.scores[of_class][counted])


def _interpolated(right, wrong, count):
    """Precision (thresholds, 101) at each level of recall, 0 where it is not reached."""
    right, wrong = np.cumsum(right, axis=1), np.cumsum(wrong, axis=1)
    precision = right / np.maximum(right + wrong, 1)
    best = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    best = np.concatenate([best, np.zeros((len(best), 1))], axis=1)
    reached = [np.searchsorted(each / count, RECALLS, side="left") for each in right]
    return np.take_along_axis(best, np.stack(reached), axis=1)


def _figures(classes, objects, matched, sizes, limits, precision, recall):
    """The dictionary of results."""
    at = {"AP": slice(None), "AP50": 0, "AP75": 5}
    result = {name: _mean(precision[:, 0, t]) for name, t in at.items()}
    result |= {f"AP_{size}": _mean(precision[:, a]) for a, size in enumerate(sizes) if size != "all"}
    result |= {f"AR_{limit}": _mean(recall[m, :, 0]) for m, limit in enumerate(limits)}
    result |= {f"AR_{size}": _mean(recall[-1, :, a]) for a, size in enumerate(sizes) if size != "all"}
    wanted = ~matched.unwanted[0]
    result["per_class"] = {
        each: {name: _mean(precision[k, 0, t]) for name, t in at.items()}
        | {"objects": int(np.count_nonzero(wanted & (objects.classes == each)))}
        for k, each in enumerate(classes.tolist())
    }
    return result


def _mean(values):
    values = np.asarray(values)
    values = values[~np.isnan(values)]
    return float(values.mean()) if values.size else float("nan")


def _limits(max_detections):
    limits = tuple(max_detections)
    if (
        not limits
        or any(not isinstance(m, int | np.integer) or m < 1 for m in limits)
        or list(limits) != sorted(limits)
    ):
        raise ValueError(f"max_detections must be whole numbers above 0, rising, not {max_detections!r}.")
    return limits
