"""Detection by sliding a classifier: windows of several sizes over a picture, suppression over what they found."""

import numpy as np

from dlcourse.detection.convolving import fully_convolutional, window_stride
from dlcourse.detection.suppression import nms
from dlcourse.detection.windows import sliding_windows

_CROPS = 2048  # classified together
SIDES = (18, 22, 27, 33, 41, 50)  # pixels in the picture


class SlidingDetector:
    """A classifier of windows, slid over pictures in several sizes.

    The picture is resized instead of the window: where a window of 40 pixels is wanted and the classifier takes 28, the
    picture is made 28/40 as large. Then all windows, `stride` apart in the resized picture, are classified; each whose
    best class (not the background) exceeds the score threshold gives a box of that class's shape; suppression leaves
    the best.

    Args:
        model: classifier of windows (side, side, 1) with values from 0 to 1; its answer is probabilities
            (classes + 1,), the last one of the background. Or something that slides by itself: a function of pictures
            (count, height, width, 1) that gives (count, rows, columns, classes + 1), with attributes `window`, `stride`
            and `classes`.
        sides: of the windows, in pixels of the picture.
        shapes: (classes, 4), each class's box as shares of the window, from `class_shapes`; None is the whole window.
        by: "convolution", the network turned fully convolutional, or "crops", every window classified on its own.
        stride: between windows, in pixels of the resized picture; None is the network's own. By convolution, a multiple
            of that, or a part of it: then the network goes over the picture several times, each time shifted a little.
        score_threshold, iou_threshold, max_boxes: of suppression, as in `nms`.
        across_classes: whether boxes suppress each other whatever their class, as one object may be given two.

    Raises:
        ValueError: a model that is no such classifier, another `by`, a stride that convolution does not have.
    """

    def __init__(
        self, model, *, sides=SIDES, shapes=None, by="convolution", stride=None, score_threshold=0.05,
        iou_threshold=0.3, across_classes=False, max_boxes=100,
    ):  # fmt: skip
        if by not in ("convolution", "crops"):
            raise ValueError(f"by must be 'convolution' or 'crops', not {by!r}.")
        slides = hasattr(model, "window")
        if slides and by == "crops":
            raise ValueError("by must be 'convolution' for a model that slides by itself, not 'crops'.")
        own = model.stride if slides else window_stride(model)[0]
        if stride is None:
            stride = own
        if not isinstance(stride, int | np.integer) or stride < 1:
            raise ValueError(f"stride must be a whole number above 0, not {stride!r}.")
        if by == "convolution" and stride % own and own % stride:
            raise ValueError(
                f"stride must be a multiple or a part of {own}, the network's own, by convolution; it is {stride!r}."
            )
        self.model, self.by, self.own, self.stride, self.sides = model, by, own, stride, tuple(sides)
        self.side = model.window if slides else model.input_shape[1]
        classes = model.classes if slides else model.output_shape[-1] - 1
        self.network = model if slides else fully_convolutional(model) if by == "convolution" else None
        self.shapes = np.tile([0.0, 0, 1, 1], (classes, 1)) if shapes is None else np.asarray(shapes, float)
        if self.shapes.shape != (classes, 4):
            raise ValueError(f"shapes must be ({classes}, 4), one a class, not {self.shapes.shape}.")
        self.suppression = {"iou_threshold": iou_threshold, "max_boxes": max_boxes}
        self.score_threshold, self.across_classes = score_threshold, across_classes

    def __call__(self, images, batch_size: int = 32) -> list[dict]:
        """What is found in each of the pictures (count, height, width), uint8 or values from 0 to 1.

        Returns `boxes` (n, 4), `scores` (n,) and `classes` (n,) of each picture, by falling score: what
        `average_precision` takes.
        """
        images = _pictures(images)
        found = []
        for start in range(0, len(images), batch_size):
            found += self._batch(images[start : start + batch_size])
        return found

    def scores(self, images, side) -> tuple[np.ndarray, np.ndarray]:
        """Every window's probabilities (count, rows, columns, classes + 1), and the windows (rows, columns, 4).

        Args:
            images: as for a call.
            side: of the windows, in pixels of the pictures.
        """
        level, scale = self.resized(images, side)
        answers = self._by_convolution(level) if self.by == "convolution" else self._by_crops(level)
        rows, columns = answers.shape[1:3]
        top, left = np.meshgrid(self.stride * np.arange(rows), self.stride * np.arange(columns), indexing="ij")
        windows = np.stack([left, top, left + self.side, top + self.side], axis=-1) - self._margin
        return answers, windows / np.tile(scale[::-1], 2)

    @property
    def _margin(self):
        """Pixels by which the resized picture is continued."""
        return self.side // 7

    def resized(self, images, side) -> tuple[np.ndarray, np.ndarray]:
        """What is slid over for windows of `side`: pictures (count, height, width, 1), resized and continued at the
        border, since windows of objects there reach beyond it; and the scales (down, across).
        """
        from keras import ops

        images = _pictures(images)
        sizes = [max(round(n * self.side / side), 1) for n in images.shape[1:3]]
        resized = ops.image.resize(images[..., None], sizes, interpolation="bilinear", antialias=side > self.side)
        resized = ops.convert_to_numpy(resized)
        lacking = [max(self.side - n - 2 * self._margin, 0) for n in sizes]
        pads = [(self._margin, self._margin + more) for more in lacking]
        level = np.pad(resized, ((0, 0), *pads, (0, 0)), mode="edge")
        return level, np.array([n / before for n, before in zip(sizes, images.shape[1:3], strict=True)])

    def _by_convolution(self, level):
        """As many passes as the stride is finer than the network's own, their answers put between each other."""
        from keras import ops

        rows, columns = ((n - self.side) // self.stride + 1 for n in level.shape[1:3])
        answers = np.empty((len(level), rows, columns, len(self.shapes) + 1), np.float32)
        step, passes = max(self.stride // self.own, 1), max(self.own // self.stride, 1)
        for down, across in np.ndindex(min(passes, rows), min(passes, columns)):
            shifted = level[:, down * self.stride :, across * self.stride :]
            found = ops.convert_to_numpy(self.network(shifted))
            answers[:, down::passes, across::passes] = found[:, ::step, ::step]
        return answers

    def _by_crops(self, level):
        from keras import ops

        crops = np.stack([sliding_windows(picture, self.side, self.stride)[0] for picture in level])
        places, flat = crops.shape[:3], crops.reshape(-1, *crops.shape[3:])
        parts = [self.model(flat[i : i + _CROPS], training=False) for i in range(0, len(flat), _CROPS)]
        return np.concatenate([ops.convert_to_numpy(part) for part in parts]).reshape(*places, -1)

    def _batch(self, images):
        candidates = [[] for _ in images]
        for side in self.sides:
            answers, windows = self.scores(images, side)
            best = answers[..., :-1].argmax(axis=-1)
            score = np.take_along_axis(answers, best[..., None], -1)[..., 0]
            likely = (score > self.score_threshold) & (score > answers[..., -1])
            for i, one in enumerate(likely):
                kinds = best[i][one]
                candidates[i].append((shaped(windows[one], self.shapes[kinds]), score[i][one], kinds))
        return [self._suppressed(each, images.shape[1:3]) for each in candidates]

    def _suppressed(self, candidates, size):
        boxes, scores, kinds = (np.concatenate(column) for column in zip(*candidates, strict=True))
        boxes = np.clip(boxes, 0, [*size[::-1], *size[::-1]])
        kept = nms(boxes, scores, class_ids=None if self.across_classes else kinds, **self.suppression)
        return {"boxes": boxes[kept].astype(np.float32), "scores": scores[kept], "classes": kinds[kept]}


def detect_by_sliding(model, images, **settings) -> list[dict]:
    """What a classifier of windows finds in pictures: `SlidingDetector(model, **settings)(images)`.

    A detector made once saves turning the network each time.
    """
    return SlidingDetector(model, **settings)(images)


def shaped(windows, shapes) -> np.ndarray:
    """Boxes (n, 4) that lie in windows (n, 4) as `shapes` (n, 4) says, in shares of their sides."""
    corner, side = windows[:, :2], windows[:, 2:] - windows[:, :2]
    return np.concatenate([corner + shapes[:, :2] * side, corner + shapes[:, 2:] * side], axis=1)


def _pictures(images):
    """(count, height, width) float32, 0 to 1."""
    images = np.asarray(images)
    if images.ndim != 3:
        raise ValueError(f"images must have shape (count, height, width), not {images.shape}.")
    if images.dtype == np.uint8:
        return images.astype(np.float32) / 255
    if images.dtype.kind != "f":
        raise ValueError(f"images must be uint8, or values from 0 to 1, not {images.dtype}.")
    return images.astype(np.float32)
