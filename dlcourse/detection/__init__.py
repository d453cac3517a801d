"""Boxes round objects: how much two overlap, which to keep, how good a set of them is, and windows that slide.

Boxes are `[x_min, y_min, x_max, y_max]` in pixels everywhere; x grows to the right, y downward.

from dlcourse.detection import average_precision, iou, nms

kept = nms(boxes, scores, iou_threshold=0.5, class_ids=classes)

The names below are loaded when they are first used; Keras only by what needs it.
"""

from dlcourse.lazy import loader

# A module bears another name than the function it holds: once loaded, it would stand in its place.
_WHERE = {
    "Detections": "decoding",
    "YoloLoss": "yolo_loss",
    "average_precision": "precision",
    "ciou": "overlap",
    "decode": "decoding",
    "decode_boxes": "decoding",
    "diou": "overlap",
    "encode": "targets",
    "giou": "overlap",
    "iou": "overlap",
    "kmeans_anchors": "anchors",
    "nms": "suppression",
    "precision_recall": "precision",
    "random_crops": "crops",
    "shape_iou": "anchors",
    "soft_nms": "suppression",
    "turned": "crops",
}
__all__ = list(_WHERE)
__getattr__ = loader(__name__, _WHERE)


def __dir__():
    return __all__
