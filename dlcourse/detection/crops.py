"""Random squares out of large photographs, turned, zoomed and changed in light, with the boxes that fall into them."""

import numbers
from collections.abc import Sequence

import numpy as np

from dlcourse.detection.overlap import checked


def random_crops(
    images: Sequence[np.ndarray],
    boxes: Sequence,
    count: int,
    *,
    size: int = 256,
    zoom: tuple[float, float] = (1.0, 1.0),
    light: float = 0.0,
    blur: float = 0.0,
    min_visible: float = 0.5,
    weights: Sequence[float] | None = None,
    seed: int = 0,
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Squares (count, size, size, 3) uint8 and the boxes (n, 4) float32 in each.

    Each is one of the eight ways to turn and mirror a square of size / zoom pixels, resized to `size`. Right for
    pictures from above, which have no up and down; elsewhere not.

    Args:
        images: photographs (height, width, 3) uint8, at least size / zoom pixels a side at the least zoom.
        boxes: of each photograph, (n, 4).
        count: how many.
        size: of the squares, in pixels.
        zoom: least and largest magnification; drawn evenly in its logarithm.
        light: how much brightness, contrast and the balance of colours vary, as a share: 0.2 is 80 to 120 %.
        blur: largest radius of a Gaussian blur in pixels; half of the squares stay sharp.
        min_visible: a box is cut off at the square's border, and left out if less of its area remains.
        weights: how often each photograph is taken; by default as its area.
        seed: of everything drawn; square i is the same whatever the count.

    Raises:
        ValueError: an argument that is not allowed.
    """
    images, boxes = list(images), [checked("boxes", each).astype(np.float32) for each in boxes]
    _check(images, boxes, count, size, zoom, light, blur, min_visible)
    shares = np.array([image.shape[0] * image.shape[1] for image in images] if weights is None else weights, float)
    squares, found = np.zeros((count, size, size, 3), np.uint8), []
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        which = rng.choice(len(images), p=shares / shares.sum())
        square, own = _cut(images[which], boxes[which], size, np.exp(rng.uniform(*np.log(zoom))), min_visible, rng)
        square, own = turned(_relit(_blurred(square, blur, rng), light, rng), own, int(rng.integers(8)))
        squares[number] = square
        found.append(own)
    return squares, found


def turned(image: np.ndarray, boxes, way: int) -> tuple[np.ndarray, np.ndarray]:
    """A picture (height, width, channels) and its boxes (n, 4) in one of eight ways, and what comes of both.

    `way` 0 to 3 turns by so many right angles against the clock; 4 to 7 mirrors left and right first.

    Raises ValueError for another way.
    """
    if way not in range(8):
        raise ValueError(f"way is a whole number from 0 to 7, not {way!r}.")
    x_min, y_min, x_max, y_max = np.asarray(boxes, np.float32).reshape(-1, 4).T
    width = image.shape[1]
    if way >= 4:
        image, x_min, x_max = image[:, ::-1], width - x_max, width - x_min
    for _ in range(way % 4):
        width = image.shape[1]
        image = np.rot90(image)
        x_min, y_min, x_max, y_max = y_min, width - x_max, y_max, width - x_min
    return image, np.stack([x_min, y_min, x_max, y_max], -1)


def _cut(image, boxes, size, zoom, min_visible, rng):
    from PIL import Image

    side = round(size / zoom)
    top, left = (int(rng.integers(0, whole - side, endpoint=True)) for whole in image.shape[:2])
    square = image[top : top + side, left : left + side]
    if side != size:
        square = np.asarray(Image.fromarray(square).resize((size, size), Image.Resampling.BILINEAR))
    moved = (boxes - np.array([left, top, left, top], np.float32)) * (size / side)
    seen = np.clip(moved, 0, size)
    areas = [np.prod(each[:, 2:] - each[:, :2], axis=1) for each in (seen, moved)]
    return square, seen[(areas[0] >= min_visible * areas[1]) & (areas[0] > 0)]


def _blurred(square, blur, rng):
    from PIL import Image, ImageFilter

    radius = max(0.0, rng.uniform(-blur, blur))
    return np.asarray(Image.fromarray(square).filter(ImageFilter.GaussianBlur(radius))) if radius else square


def _relit(square, light, rng):
    """Contrast about the mean, then brightness, of each colour a little differently."""
    if not light:
        return square
    contrast, brightness = rng.uniform(1 - light, 1 + light, 2)
    colours = rng.uniform(1 - light / 3, 1 + light / 3, 3)
    pixels = square.astype(np.float32)
    pixels = ((pixels - pixels.mean()) * contrast + pixels.mean()) * brightness * colours
    return np.clip(pixels, 0, 255).astype(np.uint8)


def _check(images, boxes, count, size, zoom, light, blur, min_visible):
    if len(images) != len(boxes) or not images:
        raise ValueError(f"images and boxes must be as many, at least one; they are {len(images)} and {len(boxes)}.")
    for name, value, least in (("count", count, 0), ("size", size, 8)):
        if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
            raise ValueError(f"{name} is a whole number from {least}, not {value!r}.")
    if len(tuple(zoom)) != 2 or not 0 < zoom[0] <= zoom[1]:
        raise ValueError(f"zoom is two numbers above 0, rising, not {zoom!r}.")
    for name, value, most in (("light", light, 1), ("blur", blur, np.inf), ("min_visible", min_visible, 1)):
        if not 0 <= value <= most:
            raise ValueError(f"{name} is a number from 0{'' if most == np.inf else f' to {most}'}, not {value!r}.")
    for image in images:
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or min(image.shape[:2]) < size / zoom[0]:
            raise ValueError(
                f"images must be (height, width, 3) uint8, sides from {size / zoom[0]:.0f} pixels "
                f"(size / least zoom), not {image.shape} {image.dtype}."
            )
