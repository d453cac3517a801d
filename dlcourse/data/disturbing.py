"""Small random changes that leave a picture what it is: moved, turned, scaled, lit from a side, partly hidden."""

import math
import numbers

import numpy as np


def disturbed(
    pictures, rng, *, shift: float = 0.08, turn: float = 0.15, zoom: float = 0.12, light: float = 0.4, hide: float = 0.5
) -> np.ndarray:
    """Each picture changed in its own way: `(batch, height, width, channels)` -> the same, float32.

    Pixels are taken by linear interpolation; beyond the rim its nearest pixel goes on.

    Args:
        pictures: of mean 0 and standard deviation 1 or so, to which `light` refers.
        rng: a NumPy generator.
        shift: the most it is moved, as a share of height and width.
        turn: the most it is turned, in radians.
        zoom: the most its logarithm of size changes, and half of that the ratio of its sides'.
        light: the most that is added at one side and taken off at the other; contrast is changed by half as much.
        hide: the share of pictures of which a patch, up to a third of each side, is made 0.

    Raises:
        ValueError: another shape, or an amount that is not allowed.
    """
    pictures = np.asarray(pictures, dtype=np.float32)
    if pictures.ndim != 4:
        raise ValueError(f"pictures are (batch, height, width, channels), not {pictures.shape}.")
    for name, value in {"shift": shift, "turn": turn, "zoom": zoom, "light": light, "hide": hide}.items():
        most = 1 if name in ("shift", "hide") else math.inf
        if isinstance(value, bool) or not isinstance(value, numbers.Real) or not 0 <= value <= most:
            raise ValueError(f"{name} is a number from 0{' to 1' if most == 1 else ''}, not {value!r}.")
    moved = _sampled(pictures, *_places(pictures.shape, rng, shift, turn, zoom))
    lit = _lit(moved, rng, light)
    _hide(lit, rng, hide)
    return lit


def _places(shape, rng, shift, turn, zoom):
    """Rows and columns, `(batch, height, width)`, from which each new pixel is taken."""
    batch, height, width, _ = shape

    def drawn(most):
        return rng.uniform(-most, most, (batch, 1, 1)).astype(np.float32)

    angle, size, sides = drawn(turn), np.exp(drawn(zoom)), np.exp(drawn(zoom / 2))
    rows = np.arange(height, dtype=np.float32)[:, None] - (height - 1) / 2
    columns = np.arange(width, dtype=np.float32)[None] - (width - 1) / 2
    cos, sin = np.cos(angle) * size, np.sin(angle) * size
    from_rows = (cos * rows + sin * columns) * sides + (height - 1) / 2 + drawn(shift) * height
    from_columns = (cos * columns - sin * rows) / sides + (width - 1) / 2 + drawn(shift) * width
    return np.clip(from_rows, 0, height - 1), np.clip(from_columns, 0, width - 1)


def _sampled(pictures, rows, columns):
    """The pictures' values at places between pixels, by linear interpolation."""
    top, left = np.floor(rows).astype(np.intp), np.floor(columns).astype(np.intp)
    bottom, right = np.minimum(top + 1, pictures.shape[1] - 1), np.minimum(left + 1, pictures.shape[2] - 1)
    down, along = (rows - top)[..., None], (columns - left)[..., None]
    each = np.arange(len(pictures))[:, None, None]
    above = pictures[each, top, left] * (1 - along) + pictures[each, top, right] * along
    below = pictures[each, bottom, left] * (1 - along) + pictures[each, bottom, right] * along
    return above * (1 - down) + below * down


def _lit(pictures, rng, light):
    """Contrast changed, and a ramp of light added from left to right."""
    batch, _, width, _ = pictures.shape
    contrast, ramp = (rng.uniform(-most, most, (batch, 1, 1, 1)) for most in (light / 2, light))
    side = np.linspace(-1, 1, width)[:, None]
    return (pictures * np.exp(contrast) + ramp * side).astype(np.float32)


def _hide(pictures, rng, share):
    """Make a patch 0, in place."""
    height, width = pictures.shape[1:3]
    for place in np.flatnonzero(rng.random(len(pictures)) < share):
        tall, wide = rng.integers(height // 9, height // 3 + 1), rng.integers(width // 9, width // 3 + 1)
        row, column = rng.integers(0, height - tall + 1), rng.integers(0, width - wide + 1)
        pictures[place, row : row + tall, column : column + wide] = 0
