"""What a YOLO network is trained to make small."""

import keras
from keras import ops

from dlcourse.detection.decoding import LIMIT
from dlcourse.detection.overlap import diou, iou
from dlcourse.detection.targets import CLASSES, OBJECTNESS, REACH, checked_geometry


@keras.saving.register_keras_serializable("dlcourse")
class YoloLoss(keras.losses.Loss):
    """For each image the sum of three: how far boxes are off, whether something is there, and what it is.

        box_weight Σ⁺ (1 - DIoU)  +  objectness_weight Σ BCE(objectness, IoU⁺)  +  class_weight Σ⁺ cross-entropy

    Σ⁺ is over the places that `encode` gave to a box, Σ over all. The objectness to be learned at a place is the IoU
    that its own box has at the moment (a constant to the gradient) and 0 where there is no box, so that well placed
    boxes score higher. Sums, as in the first YOLO, and no mean over places: it is the same whatever else is in a batch.

    Without objectness the network answers 4 + n numbers, the classes are n sigmoids, and these learn in all places:
    the IoU for the class that is there, 0 for all others. (RetinaNet, and YOLO from version 8 on, do so.)

    Args:
        anchors: widths and heights (K, 2) in pixels, as for `encode`.
        stride: pixels a cell, likewise.
        box_weight: of the boxes.
        objectness_weight: of objectness.
        class_weight: of the classes.
        objectness: whether the network answers it.

    Call arguments:
        y_true: from `encode`, (batch, rows, columns, anchors, 5 + n).
        y_pred: of the network, (batch, rows, columns, anchors, 5 + n), or 4 + n.

    Computed in float32 whatever the precision of y_pred.

    Raises:
        ValueError: anchors, a stride or a weight that is not allowed.

    Sources: Redmon et al. (2016), arXiv:1506.02640; Zheng et al. (2020), arXiv:1911.08287, for DIoU.
    """

    def __init__(
        self, anchors, stride, *, box_weight=2.0, objectness_weight=1.0, class_weight=1.0, objectness=True,
        name="yolo_loss", **kwargs,
    ):  # fmt: skip
        super().__init__(name=name, **kwargs)
        sizes, _ = checked_geometry(anchors, stride)
        weights = {"box_weight": box_weight, "objectness_weight": objectness_weight, "class_weight": class_weight}
        for which, value in weights.items():
            if not value >= 0:
                raise ValueError(f"{which} is a number from 0, not {value!r}.")
        self.anchors, self.stride, self.objectness = sizes.tolist(), stride, objectness
        self.box_weight, self.objectness_weight, self.class_weight = box_weight, objectness_weight, class_weight

    def call(self, y_true, y_pred):
        """One number for each image, (batch,)."""
        y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        there = y_true[..., OBJECTNESS]
        truth, boxes = self._corners(y_true), self._corners(y_pred)
        quality = there * ops.stop_gradient(iou(truth, boxes, paired=True))
        loss = self.box_weight * there * (1 - diou(truth, boxes, paired=True))
        if self.objectness:
            loss += self.objectness_weight * _cross_entropy(quality, y_pred[..., OBJECTNESS])
            spread = y_pred[..., CLASSES:]
            loss += self.class_weight * there * (
                ops.logsumexp(spread, -1) - ops.sum(y_true[..., CLASSES:] * spread, -1)
            )  # fmt: skip
        else:
            wanted = quality[..., None] * y_true[..., CLASSES:]
            loss += self.class_weight * ops.sum(_cross_entropy(wanted, y_pred[..., OBJECTNESS:]), -1)
        return ops.sum(loss, axis=(1, 2, 3))

    def _corners(self, t):
        """Boxes (..., 4) in pixels from the corner of each one's own cell: IoU does not see where the cell is."""
        centre = (REACH * ops.sigmoid(t[..., :2]) - 1) * self.stride
        half = ops.convert_to_tensor(self.anchors, "float32") * ops.exp(ops.clip(t[..., 2:4], -LIMIT, LIMIT)) / 2
        return ops.concatenate([centre - half, centre + half], -1)

    def get_config(self):
        """All arguments."""
        names = ("anchors", "stride", "box_weight", "objectness_weight", "class_weight", "objectness")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _cross_entropy(wanted, logits):
    """Of two outcomes, wanted from 0 to 1; without overflow."""
    return ops.relu(logits) - logits * wanted + ops.log1p(ops.exp(-ops.abs(logits)))
