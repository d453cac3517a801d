"""What kind of mistake each detection is, and which objects nothing found."""

import numpy as np

from dlcourse.detection.overlap import iou

KINDS = ("right", "double", "class", "place", "nothing there")
NEAR = 0.1  # IoU below which a detection has nothing to do with an object


def kinds_of_mistake(found, boxes, classes, *, iou_threshold: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """For each detection of an image its kind (n,), for each object whether one found it (m,) bool.

    In the order of their scores, a detection is

    - "right": of its class, on an object (IoU at least the threshold) that no better detection has taken;
    - "double": the same, on an object that one has taken;
    - "class": on an object of another class only;
    - "place": near an object (IoU from 0.1), on none;
    - "nothing there": none of these.

    Args:
        found: `boxes` (n, 4), `scores` (n,) and `classes` (n,), as `decode` gives them.
        boxes: of the objects, (m, 4).
        classes: of the objects, (m,).
        iou_threshold: above 0 up to 1.

    Raises:
        ValueError: a threshold that is not allowed, boxes that are none.

    Sources: Hoiem, Chodpathumwan and Dai (2012), Diagnosing error in object detectors; Bolya et al. (2020), TIDE,
    arXiv:2008.08115, whose thresholds these are.
    """
    if not 0 < iou_threshold <= 1:
        raise ValueError(f"iou_threshold is a number above 0 up to 1, not {iou_threshold!r}.")
    overlap, classes = iou(found.boxes, boxes), np.asarray(classes)
    kinds, taken = np.empty(len(overlap), dtype="<U13"), np.zeros(len(classes), bool)
    for number in np.argsort(-np.asarray(found.scores), kind="stable"):
        own = np.where(classes == found.classes[number], overlap[number], 0.0)
        free = np.where(taken, 0.0, own)
        if free.max(initial=0) >= iou_threshold:
            taken[free.argmax()] = True
            kinds[number] = "right"
        elif own.max(initial=0) >= iou_threshold:
            kinds[number] = "double"
        else:
            best = overlap[number].max(initial=0)
            kinds[number] = "class" if best >= iou_threshold else "place" if best >= NEAR else "nothing there"
    return kinds, taken
