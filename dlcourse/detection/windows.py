"""Windows that slide over a picture, and what they hold: crops to classify, crops to train on."""

import numpy as np

from dlcourse.detection.overlap import checked, iou


def sliding_windows(image, window, stride) -> tuple[np.ndarray, np.ndarray]:
    """Every window of a picture, row by row, those that fit in whole; without copying a pixel.

    Args:
        image: (height, width) or (height, width, channels).
        window: side in pixels, or (height, width).
        stride: pixels from one window to the next, or (down, across).

    Returns:
        Crops (rows, columns, *window[, channels]), a view that must not be written to, and boxes (rows, columns, 4).

    Raises:
        ValueError: no picture, a window that does not fit, a stride below 1.
    """
    image = np.asarray(image)
    if image.ndim not in (2, 3):
        raise ValueError(f"image must have shape (height, width) or (height, width, channels), not {image.shape}.")
    window, stride = _pair("window", window), _pair("stride", stride)
    if window[0] > image.shape[0] or window[1] > image.shape[1]:
        raise ValueError(f"window {window} must not be larger than the picture, {image.shape[:2]}.")
    view = np.lib.stride_tricks.sliding_window_view(image, window, (0, 1))[:: stride[0], :: stride[1]]
    crops = np.moveaxis(view, 2, -1) if image.ndim == 3 else view
    top, left = (step * np.arange(count) for step, count in zip(stride, crops.shape[:2], strict=True))
    top, left = np.meshgrid(top, left, indexing="ij")
    return crops, np.stack([left, top, left + window[1], top + window[0]], axis=-1).astype(np.float32)


def crop_resized(image, boxes, size: int) -> np.ndarray:
    """What lies in each box, resized to size x size with bilinear weights; beyond the picture its border is repeated.

    Args:
        image: (height, width) uint8.
        boxes: (N, 4), whole numbers or not.
        size: pixels a side.

    Returns:
        (N, size, size) uint8.

    Raises:
        ValueError: another kind of picture, boxes that are not, or empty ones.
    """
    from PIL import Image

    image, boxes = np.asarray(image), checked("boxes", boxes)
    if image.ndim != 2 or image.dtype != np.uint8:
        raise ValueError(f"image must be uint8 (height, width), not {image.dtype} of shape {image.shape}.")
    if (boxes[:, 2:] <= boxes[:, :2]).any():
        raise ValueError("boxes must have an area to be cropped; one has none.")
    if not len(boxes):
        return np.zeros((0, size, size), np.uint8)
    height, width = image.shape
    beyond = max(0, -boxes[:, :2].min(), (boxes[:, 2] - width).max(), (boxes[:, 3] - height).max())
    margin = int(np.ceil(beyond))
    padded = Image.fromarray(np.pad(image, margin, mode="edge"))
    return np.stack(
        [np.asarray(padded.resize((size, size), Image.Resampling.BILINEAR, box=tuple(box))) for box in boxes + margin]
    )


def windows_round(boxes, margin: float = 1.15) -> np.ndarray:
    """The square window (N, 4) that belongs to each box: centred on it, `margin` times its longer side."""
    boxes = checked("boxes", boxes)
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = margin / 2 * (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True, initial=0)
    return np.concatenate([centre - half, centre + half], axis=1)


def class_shapes(boxes, classes, count: int, margin: float = 1.15) -> np.ndarray:
    """The mean box of each class within its window, as shares of the window's side: (count, 4).

    A window says what is in it, not how wide that is; but trousers are narrow and shoes are flat. Each class's mean box
    is what a sliding window can know. A class without boxes gets the whole window.

    Args:
        boxes, classes: one array a picture, or flat ones.
        count: classes, numbered from 0.
        margin: as in `windows_round`.
    """
    boxes, classes = _flat(boxes, classes)
    window = windows_round(boxes, margin)
    inside = (boxes - np.tile(window[:, :2], 2)) / (window[:, 2:3] - window[:, :1])
    shapes = np.tile(np.array([0.0, 0, 1, 1]), (count, 1))
    for each in np.unique(classes):
        shapes[each] = inside[classes == each].mean(axis=0)
    return shapes


def training_windows(
    images, boxes, classes, *, background: int, size: int = 28, per_object: int = 2, near: int = 4, per_image: int = 4,
    seed: int = 0, shift: float = 0.08, zoom: float = 0.2, most_overlap: float = 0.45, sides=(20, 56),
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Windows to train a classifier on: round objects, a little off as sliding windows are, and of background.

    A sliding window sees parts of objects far more often than objects, so these are background, too: of the windows
    tried for it, near objects and anywhere, those stay that overlap no object's window by more than `most_overlap`.

    Args:
        images: (count, height, width) uint8.
        boxes, classes: one array (n, 4) and (n,) a picture.
        background: the label of windows without an object.
        size: pixels a side that all windows are resized to.
        per_object: windows round each object.
        near: windows of background tried near each object, up to as far off as it is large and up to twice its size.
        per_image: windows of background tried anywhere in each picture.
        seed: of all that is drawn.
        shift: most by which a window lies off an object's, as a share of its side.
        zoom: most by which it is larger or smaller, as a logarithm.
        most_overlap: IoU.
        sides: least and largest side of the windows anywhere, drawn evenly on a logarithmic scale.

    Returns:
        Windows (m, size, size) uint8 and labels (m,) int64, picture by picture.
    """
    rng = np.random.default_rng(seed)
    crops, labels = [], []
    for image, own, kinds in zip(images, boxes, classes, strict=True):
        right = windows_round(own)
        good = _moved(rng, np.repeat(right, per_object, axis=0), shift, zoom)
        away = [
            _moved(rng, np.repeat(right, near, axis=0), 1.0, np.log(2)),
            _anywhere(rng, image.shape, per_image, sides),
        ]
        away = np.concatenate(away)
        away = away[(iou(away, right) <= most_overlap).all(axis=1)]
        crops.append(crop_resized(image, np.concatenate([good, away]), size))
        labels += [np.repeat(np.asarray(kinds, int), per_object), np.full(len(away), background)]
    return np.concatenate(crops), np.concatenate(labels)


def _moved(rng, windows, shift, zoom):
    """Each window a little off, by shares of its side, and a little larger or smaller."""
    side = windows[:, 2:3] - windows[:, :1]
    centre = windows[:, :2] + side / 2 + side * rng.uniform(-shift, shift, (len(windows), 2))
    half = side / 2 * np.exp(rng.uniform(-zoom, zoom, side.shape))
    return np.concatenate([centre - half, centre + half], axis=1)


def _anywhere(rng, shape, count, sides):
    """Windows anywhere in the picture, each in whole."""
    least, most = np.log(np.minimum(sides, min(shape)))
    side = np.exp(rng.uniform(least, most, (count, 1)))
    corner = rng.uniform(0, 1, (count, 2)) * (np.array(shape[1::-1]) - side)
    return np.concatenate([corner, corner + side], axis=1)


def _flat(boxes, classes):
    if not isinstance(boxes, np.ndarray):
        boxes, classes = np.concatenate(list(boxes)), np.concatenate(list(classes))
    return checked("boxes", boxes), np.asarray(classes)


def _pair(name, value):
    pair = tuple(value) if np.ndim(value) else (value, value)
    if len(pair) != 2 or any(not isinstance(n, int | np.integer) or isinstance(n, bool) or n < 1 for n in pair):
        raise ValueError(f"{name} must be a whole number above 0, or two of them, not {value!r}.")
    return tuple(int(n) for n in pair)
