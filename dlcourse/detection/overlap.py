"""How much two boxes overlap: intersection over union, and its three kin that are good losses.

NumPy arrays (and lists) go in and NumPy arrays come out, without Keras; tensors of Keras's backend go in and tensors
come out, with gradients. Shapes: a (N, 4) and b (M, 4) give (N, M), every box with every other; with `paired=True`
a and b (..., 4) broadcast and give (...), box by box, which is what a loss needs.

Areas are those of the plane, not of pixels counted (no "+ 1"): a box from 10 to 20 is 10 wide. Boxes that only touch
do not overlap. A box without area overlaps nothing, itself included: its IoU is 0, never NaN.
"""

import math

import numpy as np


def iou(a, b, *, paired: bool = False):
    """Intersection over union, 0 to 1.

    Args:
        a: boxes (N, 4), or (..., 4) if paired.
        b: boxes (M, 4), or (..., 4) if paired.
        paired: box by box instead of every one with every other.

    Returns:
        (N, M), or (...) if paired; float32 stays, whole numbers become float64, half precision float32.

    Raises:
        ValueError: no boxes of four numbers, NaN, or a box whose maximum lies before its minimum (of arrays; what is in
            a tensor is not looked at: there such a box counts as empty).

    Source: Jaccard (1912), The distribution of the flora in the alpine zone; Everingham et al. (2010), PASCAL VOC.

    Example:
        >>> iou([[0, 0, 2, 2]], [[1, 0, 3, 2], [2, 2, 3, 3]])  # a third shared; only a corner touched
        array([[0.33333333, 0.        ]])
    """
    ops, a, b = _prepared(a, b, paired)
    return _overlap(ops, a, b)[0]


def giou(a, b, *, paired: bool = False):
    """Generalised IoU, -1 to 1: IoU - (hull - union) / hull, the hull being the smallest box that holds both.

    Falls on with the distance of boxes that do not overlap, so its gradient pulls them together; IoU's is 0 there.
    Arguments, shapes and errors as in `iou`. A hull without area takes nothing off.
    Source: Rezatofighi et al. (2019), arXiv:1902.09630, algorithm 1.

    Example:
        >>> giou([[0, 0, 1, 1]], [[2, 0, 3, 1]])  # a gap of one between them
        array([[-0.33333333]])
    """
    ops, a, b = _prepared(a, b, paired)
    overlap, union = _overlap(ops, a, b)
    width, height = _hull(ops, a, b)
    hull = width * height
    return overlap - _divided(ops, hull - union, hull)


def diou(a, b, *, paired: bool = False):
    """Distance IoU, -1 to 1: IoU - d² / c², d between the centres, c the diagonal of the hull.

    Arguments, shapes and errors as in `iou`. Source: Zheng et al. (2020), arXiv:1911.08287, equation 7.
    """
    ops, a, b = _prepared(a, b, paired)
    return _overlap(ops, a, b)[0] - _distance(ops, a, b)


def ciou(a, b, *, paired: bool = False):
    """Complete IoU: DIoU - α v, where v is how far the shapes differ, in angles, and α = v / (1 - IoU + v).

    v = 4/π² (arctan(w_a / h_a) - arctan(w_b / h_b))². As in the paper, no gradient flows through α.
    Arguments, shapes and errors as in `iou`. Source: Zheng et al. (2020), arXiv:1911.08287, equations 8 to 11.
    """
    ops, a, b = _prepared(a, b, paired)
    overlap = _overlap(ops, a, b)[0]
    v = (4 / math.pi**2) * (_angle(ops, a) - _angle(ops, b)) ** 2
    weight = _divided(ops, v, 1 - overlap + v)
    weight = weight if ops is np else ops.stop_gradient(weight)
    return overlap - _distance(ops, a, b) - weight * v


def _overlap(ops, a, b):
    """IoU and union."""
    width = ops.maximum(ops.minimum(a[2], b[2]) - ops.maximum(a[0], b[0]), 0)
    height = ops.maximum(ops.minimum(a[3], b[3]) - ops.maximum(a[1], b[1]), 0)
    shared = width * height
    union = _area(ops, a) + _area(ops, b) - shared
    return _divided(ops, shared, union), union


def _area(ops, box):
    return ops.maximum(box[2] - box[0], 0) * ops.maximum(box[3] - box[1], 0)


def _hull(ops, a, b):
    """Width and height of the smallest box that holds both."""
    width = ops.maximum(a[2], b[2]) - ops.minimum(a[0], b[0])
    return width, ops.maximum(a[3], b[3]) - ops.minimum(a[1], b[1])


def _distance(ops, a, b):
    """d² / c²."""
    width, height = _hull(ops, a, b)
    across = (a[0] + a[2] - b[0] - b[2]) / 2
    down = (a[1] + a[3] - b[1] - b[3]) / 2
    return _divided(ops, across**2 + down**2, width**2 + height**2)


def _angle(ops, box):
    """arctan(width / height), π/2 for a flat box, π/4 for a point (whose shape is nobody's: it has no gradient)."""
    width, height = ops.maximum(box[2] - box[0], 0), ops.maximum(box[3] - box[1], 0)
    point = (width <= 0) & (height <= 0)
    return ops.arctan2(ops.where(point, 1.0, width), ops.where(point, 1.0, height))


def _divided(ops, above, below):
    """above / below, and 0 where below is 0, with a gradient of 0 there."""
    empty = below <= 0
    return ops.where(empty, 0.0, above / ops.where(empty, 1.0, below))


def _prepared(a, b, paired):
    """The operations to use, and the four coordinates of each side, shaped so that they broadcast."""
    if _plain(a) and _plain(b):
        ops, a, b = np, checked("a", a, 1 if paired else 2), checked("b", b, 1 if paired else 2)
        dtype = np.promote_types(a.dtype, b.dtype)
        a, b = a.astype(dtype, copy=False), b.astype(dtype, copy=False)
    else:
        from keras import ops

        a, b = _tensor(ops, "a", a, paired), _tensor(ops, "b", b, paired)
    if not paired:
        a, b = a[:, None, :], b[None, :, :]
    return ops, [a[..., i] for i in range(4)], [b[..., i] for i in range(4)]


def _plain(values):
    return isinstance(values, np.ndarray | np.generic | list | tuple)


def _tensor(ops, name, values, paired):
    values = ops.convert_to_tensor(values)
    if len(values.shape) < 1 or values.shape[-1] != 4 or (not paired and len(values.shape) != 2):
        raise ValueError(f"{name} must have shape {'(..., 4)' if paired else '(N, 4)'}, not {tuple(values.shape)}.")
    from keras import backend

    kind = backend.standardize_dtype(values.dtype)
    return values if kind in ("float32", "float64") else ops.cast(values, "float32")


def checked(name: str, boxes, axes: int = 2) -> np.ndarray:
    """`boxes` as a floating array, float32 or float64: (N, 4), or (..., 4) with axes=1; an empty list is (0, 4).

    Raises ValueError for another shape, NaN or infinity, or a maximum before its minimum.
    """
    boxes = np.asarray(boxes)
    if boxes.size == 0 and boxes.ndim == 1:
        boxes = boxes.reshape(0, 4)
    if boxes.ndim < 1 or boxes.shape[-1] != 4 or (axes == 2 and boxes.ndim != 2):
        raise ValueError(f"{name} must have shape {'(N, 4)' if axes == 2 else '(..., 4)'}, not {boxes.shape}.")
    if boxes.dtype.kind not in "fiub":
        raise ValueError(f"{name} must hold real numbers, not {boxes.dtype}.")
    if boxes.dtype not in (np.float32, np.float64):
        boxes = boxes.astype(np.float32 if boxes.dtype == np.float16 else np.float64)
    if not np.isfinite(boxes).all():
        raise ValueError(f"{name} must hold finite numbers; there is NaN or infinity in it.")
    if (boxes[..., 2:] < boxes[..., :2]).any():
        wrong = boxes[(boxes[..., 2:] < boxes[..., :2]).any(axis=-1)][0].tolist()
        raise ValueError(f"{name} must hold [x_min, y_min, x_max, y_max]; {wrong} ends before it begins.")
    return boxes
