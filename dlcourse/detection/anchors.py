"""Anchor shapes: the widths and heights that a detector's boxes start from, found by clustering those of real boxes."""

import numbers

import numpy as np


def shape_iou(sizes, anchors) -> np.ndarray:
    """Intersection over union (N, K) of boxes (N, 2) and anchors (K, 2), width and height, laid corner on corner.

    Raises:
        ValueError: another shape, or a side that is not above 0.

    Example:
        >>> shape_iou([[2, 4]], [[2, 2], [4, 2]])
        array([[0.5       , 0.33333333]])
    """
    sizes, anchors = checked_sizes("sizes", sizes), checked_sizes("anchors", anchors)
    shared = np.minimum(sizes[:, None], anchors[None]).prod(-1)
    return shared / (sizes.prod(-1)[:, None] + anchors.prod(-1)[None] - shared)


def kmeans_anchors(sizes, k: int, seed: int = 0, *, restarts: int = 8, rounds: int = 100) -> np.ndarray:
    """`k` shapes (k, 2), smallest area first: k-means of widths and heights with the distance 1 - IoU.

    Euclidean distance would care for large boxes only. scikit-learn's KMeans knows no other, so Lloyd's two steps stand
    here: each box to the anchor that overlaps it most, each anchor to the mean of its boxes. A mean is not what
    minimises 1 - IoU, so the best of all rounds and restarts is kept, not the last.

    Args:
        sizes: widths and heights (N, 2), N at least k.
        k: how many anchors.
        seed: of the starts, which are spread out as k-means++ does.
        restarts: starts tried.
        rounds: at most, of the two steps, for each start.

    Raises:
        ValueError: sizes of another shape or not above 0, or a number that is not allowed.

    Source: Redmon and Farhadi (2017), YOLO9000, arXiv:1612.08242, section 2.
    """
    sizes = checked_sizes("sizes", sizes)
    for name, value, most in (("k", k, len(sizes)), ("restarts", restarts, None), ("rounds", rounds, None)):
        whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
        if not whole or value < 1 or (most is not None and value > most):
            allowed = "from 1" if most is None else f"from 1 to {most}, the number of sizes"
            raise ValueError(f"{name} is a whole number {allowed}, not {value!r}.")
    rng = np.random.default_rng(seed)
    found = [_lloyd(sizes, _spread_start(sizes, k, rng), rounds) for _ in range(restarts)]
    anchors = max(found, key=lambda pair: pair[0])[1]
    return anchors[np.argsort(anchors.prod(1), kind="stable")]


def _lloyd(sizes, anchors, rounds):
    """The largest mean of each box's best IoU that was met, and the anchors that gave it."""
    best, members = (-1.0, anchors), None
    for _ in range(rounds):
        overlap = shape_iou(sizes, anchors)
        score = overlap.max(1).mean()
        best = max(best, (score, anchors), key=lambda pair: pair[0])
        before, members = members, overlap.argmax(1)
        if before is not None and np.array_equal(before, members):
            break
        anchors = np.stack([_middle(sizes[members == j], anchors[j]) for j in range(len(anchors))])
    return best


def _middle(own, anchor):
    """The mean of an anchor's boxes; an anchor without any stays."""
    return own.mean(0) if len(own) else anchor


def _spread_start(sizes, k, rng):
    """Boxes drawn one after another, each with probability as the square of its distance from those before."""
    chosen = [rng.integers(len(sizes))]
    for _ in range(k - 1):
        far = (1 - shape_iou(sizes, sizes[chosen]).max(1)) ** 2
        far[chosen] = 0
        # Where all that is left equals what was chosen, any other box will do.
        far = far if far.sum() > 0 else np.isin(np.arange(len(sizes)), chosen, invert=True).astype(float)
        chosen.append(rng.choice(len(sizes), p=far / far.sum()))
    return sizes[chosen].copy()


def checked_sizes(name: str, sizes) -> np.ndarray:
    """`sizes` (N, 2) as numbers of double precision; ValueError unless all are above 0."""
    sizes = np.asarray(sizes, dtype=float)
    if sizes.ndim != 2 or sizes.shape[1] != 2 or not len(sizes):
        raise ValueError(f"{name} must have shape (N, 2), N at least 1, not {sizes.shape}.")
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise ValueError(f"{name} must hold widths and heights above 0.")
    return sizes
