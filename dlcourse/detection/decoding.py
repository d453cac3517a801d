"""From what a YOLO network answers in its grid to boxes, scores and classes; `targets` says what the numbers mean."""

import itertools
import math
from typing import NamedTuple

import numpy as np

from dlcourse.detection.targets import CLASSES, OBJECTNESS, REACH, checked_geometry

LIMIT = math.log(64)  # |t_w|, |t_h| beyond this count as this: a side is 1/64 to 64 times its anchor's


class Detections(NamedTuple):
    """What was found in one image: `boxes` (n, 4) in pixels, `scores` (n,) and `classes` (n,), best first.

    `average_precision` takes a list of these.
    """

    boxes: np.ndarray
    scores: np.ndarray
    classes: np.ndarray

    def keep(self, which) -> "Detections":
        """Only those that are named, by number or by a mask: `found.keep(nms(found.boxes, found.scores))`."""
        return Detections(self.boxes[which], self.scores[which], self.classes[which])


def decode_boxes(outputs, *, anchors, stride: int) -> np.ndarray:
    """Boxes (images, rows, columns, anchors, 4) in pixels of outputs or targets (…, 4 or more): `encode` undone.

    Raises:
        ValueError: outputs of another shape, or a number that is not allowed.
    """
    anchors, _ = checked_geometry(anchors, stride)
    outputs = _checked(outputs, anchors, 4)
    _, row, column, anchor = np.indices(outputs.shape[:4], sparse=True)
    return _corners(outputs, column, row, anchors[anchor], stride)


def decode(
    outputs,
    *,
    anchors,
    stride: int,
    score_threshold: float = 0.0,
    objectness: bool = True,
    every_class: bool = False,
) -> list[Detections]:
    """The Detections in each image, highest scores first; `nms` has still to sift them.

    A score is the probability of the class, times that of an object. Only what passes the threshold is computed.

    Args:
        outputs: of the network, (images, rows, columns, anchors, 5 + n), or 4 + n without objectness.
        anchors: as for `encode`.
        stride: as for `encode`.
        score_threshold: what scores less is left out.
        objectness: False for a network that answers 4 + n numbers.
        every_class: a box for each class that passes the threshold, as is usual where average precision is measured,
            instead of one for the likeliest class.

    Raises:
        ValueError: outputs of another shape, or a number that is not allowed.
    """
    anchors, _ = checked_geometry(anchors, stride)
    first = CLASSES if objectness else OBJECTNESS
    outputs = _checked(outputs, anchors, first + 1)
    if not 0 <= score_threshold <= 1:
        raise ValueError(f"score_threshold is a number from 0 to 1, not {score_threshold!r}.")
    place, scores, classes = _passing(outputs, first, score_threshold, every_class)
    image, row, column, anchor = place
    boxes = _corners(outputs[place], column, row, anchors[anchor], stride).astype(np.float32)
    order = np.lexsort((-scores, image))
    borders = np.searchsorted(image[order], np.arange(len(outputs) + 1))
    parts = [order[start:end] for start, end in itertools.pairwise(borders)]
    return [Detections(boxes[part], scores[part], classes[part]) for part in parts]


def _passing(outputs, first, threshold, every_class):
    """Places (image, row, column, anchor), scores and classes of what passes the threshold."""
    if first == CLASSES:  # a score is never above its objectness: for most places that is the end of it
        confidence = _sigmoid(outputs[..., OBJECTNESS])
        place = np.nonzero(confidence >= threshold)
        scores = confidence[place][:, None] * _softmax(outputs[place][:, first:])
    else:
        place = np.nonzero(_sigmoid(outputs[..., first:].max(-1)) >= threshold)
        scores = _sigmoid(outputs[place][:, first:])
    passes = scores >= threshold
    if not every_class:
        passes &= np.arange(scores.shape[1]) == scores.argmax(1)[:, None]
    kept, classes = np.nonzero(passes)
    return tuple(axis[kept] for axis in place), scores[kept, classes], classes


def _corners(outputs, column, row, anchor, stride):
    """Boxes (..., 4) of outputs (..., 4 or more) in cells (column, row) with anchors (..., 2)."""
    centre = (np.stack(np.broadcast_arrays(column, row), -1) + REACH * _sigmoid(outputs[..., :2]) - 1) * stride
    half = anchor * np.exp(np.clip(outputs[..., 2:4], -LIMIT, LIMIT)) / 2
    return np.concatenate([centre - half, centre + half], -1)


def _sigmoid(t):
    return 0.5 * (1 + np.tanh(0.5 * t))


def _softmax(t):
    powers = np.exp(t - t.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def _checked(outputs, anchors, least):
    outputs = np.asarray(outputs)
    if outputs.ndim != 5 or outputs.shape[3] != len(anchors) or outputs.shape[4] < least:
        wanted = f"(images, rows, columns, {len(anchors)} anchors, {least} or more)"
        raise ValueError(f"outputs must have shape {wanted}, not {outputs.shape}.")
    return outputs
