"""Scenes for object detection: real garments of Fashion-MNIST at random places on clutter, with boxes and classes.

    from dlcourse.data import scenes

    train, test = scenes(4_000), scenes(500, part="test")
    train.images      # (4000, 96, 96) uint8
    train.boxes[0]    # (garments, 4) float32, [x_min, y_min, x_max, y_max] in pixels
    train.classes[0]  # (garments,) int64, the labels of Fashion-MNIST

A scene is painted from the back: a smooth ground with noise, scraps cut out of garments, garments. A pixel belongs to
a garment from `INK` of 255 on, and what lies in front hides what is behind. A garment that would hide more of another
than is allowed is put elsewhere, so every whole garment in a scene has a box.
"""

import functools
import numbers
from dataclasses import dataclass, field

import numpy as np

from dlcourse.data.loading import load

PARTS = ("train", "test")
INK = 16  # of 255; fainter pixels are the halo that making the pictures small left round the garments
TRIES = 20  # places tried for a garment before it is left out
GROUND, NOISE = 96, 32  # largest values of the smooth ground and of the noise on it
SMALLEST = 8  # pixels a side, of a garment


@dataclass(frozen=True, eq=False)
class Scenes:
    """Scenes and what is in them: `scenes.images[i]` holds `scenes.boxes[i]` of `scenes.classes[i]`.

    `images` is `(m, size, size)` uint8; `boxes` a list of `(n, 4)` float32, `[x_min, y_min, x_max, y_max]` in pixels,
    edges at 0 and at `size`; `classes` a list of `(n,)` int64; `visible` a list of `(n,)` float32, the share of each
    garment's pixels that nothing hides. Garments are in the order of painting, the hindmost first.
    """

    images: np.ndarray = field(repr=False)
    boxes: list[np.ndarray] = field(repr=False)
    classes: list[np.ndarray] = field(repr=False)
    visible: list[np.ndarray] = field(repr=False)

    def __len__(self):
        return len(self.images)


def scenes(
    count: int,
    part: str = "train",
    *,
    seed: int = 0,
    first: int = 0,
    size: int = 96,
    garments: tuple[int, int] = (1, 4),
    sides: tuple[int, int] = (20, 48),
    scraps: int = 8,
    min_visible: float = 0.6,
    full: bool = False,
) -> Scenes:
    """`count` scenes, made by `seed`: scene i is the same whatever the count. About half a second per 1,000.

    A box lies tight round the pixels of a garment that can be SEEN: what another garment hides does not count, neither
    for the box nor for learning. At least `min_visible` of each garment is seen.

    Args:
        count: how many.
        part: "train" or "test": garments (and scraps) of Fashion-MNIST's test set are in test scenes only.
        seed: of everything drawn; the two parts have nothing in common under the same seed.
        first: number of the first scene: `scenes(100, first=50)` begins with scene 50.
        size: height and width of a scene.
        garments: least and most of them in a scene; fewer where no place was found for one.
        sides: least and largest side of the square into which a garment's picture, 28 x 28, is resized. The box is
            smaller, by the picture's empty margin.
        scraps: most of the small pieces cut out of garments that lie about as clutter, behind all garments.
        min_visible: share of a garment's pixels, 0 to 1.
        full: draw from all 60,000 and 10,000 garments (fetched) instead of the bundled 10,000 and 2,000.

    Raises:
        ValueError: an argument that is not allowed.
    """
    _check(count, part, seed, first, size, garments, sides, scraps, min_visible)
    pictures, labels = _garments(part, full)
    settings = (size, garments, sides, scraps, min_visible)
    made = [
        _Scene(pictures, np.random.default_rng([seed, PARTS.index(part), number]), *settings)
        for number in range(first, first + count)
    ]
    images = np.stack([scene.image for scene in made]) if made else np.zeros((0, size, size), np.uint8)
    seen = [scene.seen() for scene in made]
    classes = [labels[scene.chosen].astype(np.int64) for scene in made]
    return Scenes(images, [boxes for boxes, _ in seen], classes, [share for _, share in seen])


class _Scene:
    """One scene while it is painted. `owner` (size, size) says to which garment a pixel belongs, -1 for none."""

    def __init__(self, pictures, rng, size, garments, sides, scraps, min_visible):
        self.rng, self.size, self.min_visible = rng, size, min_visible
        self.image = self._ground()
        self.owner = np.full((size, size), -1, np.int8)
        self.chosen, self.whole = [], []
        for _ in range(rng.integers(scraps, endpoint=True)):
            self._scrap(pictures[rng.integers(len(pictures))])
        for _ in range(rng.integers(*garments, endpoint=True)):
            self._garment(pictures, rng.integers(len(pictures)), rng.integers(*sides, endpoint=True))

    def seen(self):
        """Boxes (n, 4) tight round what is seen of the garments, and the share of each that is seen (n,)."""
        boxes = np.zeros((len(self.chosen), 4), np.float32)
        shares = np.zeros(len(self.chosen), np.float32)
        for index, whole in enumerate(self.whole):
            own = self.owner == index
            rows, columns = np.flatnonzero(own.any(1)), np.flatnonzero(own.any(0))
            boxes[index] = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
            shares[index] = own.sum() / whole
        return boxes, shares

    def _ground(self):
        """Four by four random values, with straight lines between them, and noise."""
        between = _between(self.size)
        smooth = between @ self.rng.uniform(0, GROUND, (4, 4)) @ between.T
        return smooth.astype(np.uint8) + self.rng.integers(NOISE, size=smooth.shape, dtype=np.uint8)

    def _scrap(self, picture):
        """A rectangle of 5 to 12 pixels a side out of the middle of a garment's picture, as it is."""
        height, width = self.rng.integers(5, 12, 2, endpoint=True)
        top, left = self.rng.integers(4, 24 - np.array([height, width]), endpoint=True)
        self._paint(picture[top : top + height, left : left + width], *self._place(height, width))

    def _garment(self, pictures, index, side):
        pixels = _resized(pictures[index], side)
        ink = pixels >= INK
        for _ in range(TRIES if ink.any() else 0):
            top, left = self._place(side, side)
            under = self.owner[top : top + side, left : left + side]
            if self._leaves_enough(under[ink]):
                under[ink] = len(self.chosen)
                self._paint(pixels, top, left)
                self.chosen.append(index)
                self.whole.append(ink.sum())
                return

    def _leaves_enough(self, hidden):
        """Whether each garment stays visible enough if the pixels of these owners are hidden too."""
        hit = np.bincount(hidden + 1, minlength=len(self.whole) + 1)[1:]
        return all(
            np.count_nonzero(self.owner == index) - hit[index] >= self.min_visible * self.whole[index]
            for index in np.flatnonzero(hit)
        )

    def _place(self, height, width):
        return self.rng.integers(0, self.size - np.array([height, width]), endpoint=True)

    def _paint(self, pixels, top, left):
        under = self.image[top : top + pixels.shape[0], left : left + pixels.shape[1]]
        np.copyto(under, pixels, where=pixels >= INK)


def _resized(picture, side):
    from PIL import Image

    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR))


@functools.cache
def _between(size):
    """A matrix (size, 4) that draws straight lines between four values."""
    at = np.linspace(0, 3, size)
    return np.maximum(0, 1 - np.abs(at[:, None] - np.arange(4)))


@functools.lru_cache(maxsize=2)
def _garments(part, full):
    return load("fashion_mnist", full=full)[PARTS.index(part)]


def _check(count, part, seed, first, size, garments, sides, scraps, min_visible):
    whole = {"count": (count, 0), "seed": (seed, 0), "first": (first, 0), "size": (size, 24), "scraps": (scraps, 0)}
    for name, (value, least) in whole.items():
        if not _is_whole(value) or value < least:
            raise ValueError(f"{name} is a whole number from {least}, not {value!r}.")
    if part not in PARTS:
        raise ValueError(f"part is one of {', '.join(map(repr, PARTS))}, not {part!r}.")
    for name, pair, least, most in (("garments", garments, 0, 100), ("sides", sides, SMALLEST, size)):
        if not _is_pair(pair) or not least <= pair[0] <= pair[1] <= most:
            raise ValueError(f"{name} is a pair of whole numbers, rising, from {least} to {most}, not {pair!r}.")
    if not isinstance(min_visible, numbers.Real) or not 0 < min_visible <= 1:
        raise ValueError(f"min_visible is a share above 0 up to 1, not {min_visible!r}.")


def _is_whole(value):
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _is_pair(value):
    return isinstance(value, (tuple, list)) and len(value) == 2 and all(map(_is_whole, value))
