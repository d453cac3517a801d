"""Non-max suppression: of boxes that overlap much, the one with the highest score stays.

By hand in NumPy: faster than it looks, since boxes are compared in tiles, and memory grows with the number of boxes,
not with its square.
"""

import operator

import numpy as np

from dlcourse.detection.overlap import checked, iou

_BLOCK = 64  # boxes decided at a time: their overlaps are the bits of one whole number each
_TILE = 2048  # boxes compared with a block at a time
_FEW = 512  # so many are compared in few calls, which cost more here than numbers: each block with all that is left,
_FIRST, _SECOND = 16, 128  # a small one first, for where boxes lie in heaps little is left after it


def nms(boxes, scores, *, iou_threshold=0.5, score_threshold=None, class_ids=None, max_boxes=None) -> np.ndarray:
    """Which boxes to keep: by falling score, a box stays if no kept box (of its class) overlaps it by more.

    Args:
        boxes: (N, 4), [x_min, y_min, x_max, y_max].
        scores: (N,); of equal scores the earlier box comes first.
        iou_threshold: a box with a higher IoU with a kept one is dropped; 0 to 1. One without area overlaps nothing.
        score_threshold: boxes that do not exceed it are dropped beforehand; None keeps all.
        class_ids: (N,), whole numbers: only boxes of the same class suppress each other; None is one class for all.
        max_boxes: keep at most that many, the best of all classes together; None keeps all.

    Returns:
        Indices into `boxes` (kept,), by falling score.

    Raises:
        ValueError: shapes that do not match, NaN, a box that ends before it begins, a threshold outside 0 to 1.

    Example:
        >>> nms([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]], [0.8, 0.9, 0.5])
        array([1, 2])
    """
    boxes, scores, class_ids = _inputs(boxes, scores, class_ids)
    limit = _limit(max_boxes, len(boxes))
    _between("iou_threshold", iou_threshold)
    order = np.argsort(-scores, kind="stable")
    if score_threshold is not None:
        order = order[scores[order] > score_threshold]
    if class_ids is None:
        return order[_greedy(boxes[order], iou_threshold, limit)]
    kept = []
    for each in np.unique(class_ids[order]):
        of_class = np.flatnonzero(class_ids[order] == each)
        kept.append(of_class[_greedy(boxes[order[of_class]], iou_threshold, limit)])
    return order[np.sort(np.concatenate(kept))[:limit]] if kept else order


def soft_nms(
    boxes, scores, *, sigma=0.5, iou_threshold=1.0, score_threshold=0.001, class_ids=None, max_boxes=None
) -> tuple[np.ndarray, np.ndarray]:
    """Soft suppression: every box kept lowers the scores of those that overlap it, by exp(-IoU² / sigma).

    Args:
        boxes, scores, class_ids, max_boxes: as in `nms`.
        sigma: above 0; the larger, the softer. (TensorFlow's `soft_nms_sigma` is half of it.)
        iou_threshold: a box with a higher IoU with a kept one is dropped after all; 1 drops none.
        score_threshold: boxes are dropped once their score does not exceed it.

    Returns:
        Indices (kept,) by falling lowered score, and these scores.

    Raises:
        ValueError: as `nms`, or a sigma that is not above 0.

    Source: Bodla et al. (2017), arXiv:1704.04503, with the Gaussian penalty.
    """
    boxes, scores, class_ids = _inputs(boxes, scores, class_ids)
    limit = _limit(max_boxes, len(boxes))
    _between("iou_threshold", iou_threshold)
    if not sigma > 0:
        raise ValueError(f"sigma must be above 0, not {sigma!r}.")
    left = np.flatnonzero(scores > score_threshold)
    now = scores[left].astype(np.float64)
    kept, lowered = [], []
    while len(left) and len(kept) < limit:
        best = np.argmax(now)
        chosen = left[best]
        kept.append(chosen)
        lowered.append(now[best])
        left, now = np.delete(left, best), np.delete(now, best)
        overlap = iou(boxes[chosen, None], boxes[left])[0]
        if class_ids is not None:
            overlap = np.where(class_ids[left] == class_ids[chosen], overlap, 0)
        now = np.where(overlap > iou_threshold, -np.inf, now * np.exp(-(overlap**2) / sigma))
        above = now > score_threshold
        left, now = left[above], now[above]
    return np.array(kept, int), np.array(lowered, scores.dtype)


def _greedy(boxes, threshold, limit):
    """Positions that stay, of boxes that come by falling score."""
    left, sides, kept = np.arange(len(boxes)), _sides(boxes), []
    few = len(boxes) <= _FEW
    block = _FIRST if few else _BLOCK
    with np.errstate(invalid="ignore"):  # 0 / 0 of boxes without area is NaN, which exceeds no threshold
        while len(left) and len(kept) < limit:
            over = _over(sides[:, :block], sides if few else sides[:, :block], threshold)
            stay, gone = _first_come(over)
            kept += left[stay].tolist()
            if len(left) <= block:
                break
            if few:
                free = block + _zeros(gone >> block, len(left) - block)
                block = _SECOND
            else:
                free = block + _free(np.take(sides, stay, 1), sides[:, block:], threshold)
            left, sides = left[free], np.take(sides, free, 1)
    return np.array(kept[:limit], int)


def _free(kept, others, threshold):
    """Positions of the others that no kept box overlaps, tile by tile."""
    free = np.empty(others.shape[1], bool)
    for start in range(0, len(free), _TILE):
        tile = slice(start, start + _TILE)
        over = _over(kept, others[:, tile], threshold)
        np.logical_not(np.logical_or.reduce(over, axis=0), out=free[tile])
    return np.flatnonzero(free)


def _first_come(over):
    """Of the first n of m boxes, (n, m), those that stay: each shuts out what it overlaps; and all that, as bits."""
    rows = np.packbits(over, axis=1, bitorder="little")
    gone, stay = 0, []
    for i, row in enumerate(rows.view(f"S{rows.shape[1]}")[:, 0].tolist()):  # bytes, without the zeros at their end
        if not gone >> i & 1:
            stay.append(i)
            gone |= int.from_bytes(row, "little")
    return stay, gone


def _zeros(bits, count):
    """Which of the lowest bits of a whole number are 0, rising."""
    packed = np.frombuffer(bits.to_bytes(-(-count // 8), "little"), np.uint8)
    return np.flatnonzero(np.unpackbits(packed, count=count, bitorder="little") == 0)


def _sides(boxes):
    """(5, n) of boxes (n, 4): x_max, y_max, -x_min, -y_min and area: of each side, what two share is the lesser."""
    sides = np.empty((5, len(boxes)), boxes.dtype)
    sides[:2] = boxes.T[2:]
    np.negative(boxes.T[:2], out=sides[2:4])
    width, height = sides[:2] + sides[2:4]
    np.multiply(width, height, out=sides[4])
    return sides


def _over(a, b, threshold):
    """IoU > threshold for the sides (5, n) of a, and of b with m: (n, m) bool."""
    shared = np.minimum(a[:4, :, None], b[:4, None])
    width, height = np.add(shared[:2], shared[2:], out=shared[:2])
    np.maximum(width, 0, out=width)
    width *= height  # below 0 when the boxes are one above the other, which exceeds no threshold
    union = np.add(a[4][:, None], b[4], out=height)
    union -= width
    width /= union
    return width > threshold


def _inputs(boxes, scores, class_ids):
    """Arrays of matching lengths; raises ValueError otherwise."""
    boxes, scores = checked("boxes", boxes), np.asarray(scores)
    if scores.dtype.kind not in "fiub" or scores.shape != (len(boxes),):
        raise ValueError(f"scores must be {len(boxes)} numbers, one a box, not {scores.dtype} of shape {scores.shape}.")
    scores = scores if scores.dtype.kind == "f" else scores.astype(np.float64)
    if np.isnan(scores).any():
        raise ValueError("scores must be numbers; there is NaN among them.")
    if class_ids is not None:
        class_ids = np.asarray(class_ids)
        if class_ids.shape != (len(boxes),) or (len(boxes) and class_ids.dtype.kind not in "iu"):
            raise ValueError(
                f"class_ids must be {len(boxes)} whole numbers, one a box, not {class_ids.dtype} of shape "
                f"{class_ids.shape}."
            )
    return boxes, scores, class_ids


def _between(name, value):
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, not at {value!r}.")


def _limit(max_boxes, count):
    if max_boxes is None:
        return count
    if operator.index(max_boxes) < 0:
        raise ValueError(f"max_boxes must be 0 or more, or None, not {max_boxes!r}.")
    return operator.index(max_boxes)
