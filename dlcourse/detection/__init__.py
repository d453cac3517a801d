"""Boxes round objects: how much two overlap, which to keep, how good a set of them is, and windows that slide.

Boxes are `[x_min, y_min, x_max, y_max]` in pixels everywhere; x grows to the right, y downward.

from dlcourse.detection import average_precision, iou, nms

kept = nms(boxes, scores, iou_threshold=0.5, class_ids=classes)

The names below are loaded when they are first used; Keras only by what needs it.
"""

from dlcourse.lazy import loader

# A module bears another name than the function it holds: once loaded, it would stand in its place.
_WHERE = {
    "average_precision": "precision",
    "ciou": "overlap",
    "class_shapes": "windows",
    "crop_resized": "windows",
    "decode": "decoding",
    "decode_boxes": "decoding",
    "detect_by_sliding": "sliding",
    "Detections": "decoding",
    "diou": "overlap",
    "encode": "targets",
    "fully_convolutional": "convolving",
    "giou": "overlap",
    "iou": "overlap",
    "kinds_of_mistake": "mistakes",
    "kmeans_anchors": "anchors",
    "nms": "suppression",
    "precision_recall": "precision",
    "random_crops": "crops",
    "shape_iou": "anchors",
    "sliding_windows": "windows",
    "SlidingDetector": "sliding",
    "soft_nms": "suppression",
    "training_windows": "windows",
    "turned": "crops",
    "window_stride": "convolving",
    "windows_round": "windows",
    "YoloLoss": "yolo_loss",
}
__all__ = list(_WHERE)
__getattr__ = loader(__name__, _WHERE)


def __dir__():
    return __all__
