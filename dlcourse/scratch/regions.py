"""How a ReLU network cuts the plane: every unit's cut drawn back to the inputs, and the regions counted exactly."""

from dataclasses import dataclass
from math import comb

import numpy as np

from dlcourse.scratch.inputs import positive

_ROUNDING = 1e-10  # a corner this near to a cut lies on it


@dataclass(frozen=True)
class Region:
    """A convex polygon in which a layer's outputs are x · slope + offset: no unit changes sides inside.

    corners (k, 2), in order. slope (2, units). offset (units,).
    """

    corners: np.ndarray
    slope: np.ndarray
    offset: np.ndarray


@dataclass(frozen=True)
class Cuts:
    """What one hidden layer does to the plane: the regions after it, and for each unit the pieces of its cut.

    regions: a Region each. segments: one array for each unit, (pieces, 2 ends, 2 coordinates).
    """

    regions: list[Region]
    segments: list[np.ndarray]


def cut_plane(net, box=(-1.0, 1.0)) -> list[Cuts]:
    """Cut the square box × box by every hidden unit of an MLP with two inputs, layer by layer -> Cuts of each layer.

    Exact up to rounding: within a region the next layer's sums are linear in x, so each unit cuts it along a straight
    line or not at all, and each cut makes one region more.
    Raises ValueError for a network of other than two inputs, or with a hidden activation other than ReLU.
    """
    bends = [layer.activation.name for layer in net.layers[1:-1:2]]
    if net.sizes[0] != 2 or set(bends) - {"relu"}:
        raise ValueError(f"net must have 2 inputs and ReLU units, not {net.sizes[0]} inputs and {bends}.")
    low, high = box
    square = np.array([[low, low], [high, low], [high, high], [low, high]])
    regions, layers = [Region(square, np.eye(2), np.zeros(2))], []
    parameters = net.parameters[:-2]
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        layers.append(_cut_layer(regions, W, b))
        regions = layers[-1].regions
    return layers


def most_regions(units: int, n: int) -> int:
    """The most regions into which `units` hyperplanes cut n-dimensional space: Σ_{k=0}^{n} (units choose k).

    Zaslavsky, Memoirs of the AMS 154 (1975).
    """
    positive("units", units, whole=True)
    positive("n", n, whole=True)
    return sum(comb(units, k) for k in range(n + 1))


def _cut_layer(regions, W, b):
    segments = [[] for _ in b]
    after = []
    for region in regions:
        slope, offset = region.slope @ W, region.offset @ W + b  # the sums z of this layer, in this region
        pieces = [region.corners]
        for unit, found in enumerate(segments):
            pieces = [half for piece in pieces for half in _halves(piece, slope[:, unit], offset[unit], found)]
        for piece in pieces:
            on = piece.mean(axis=0) @ slope + offset > 0
            after.append(Region(piece, slope * on, offset * on))
    return Cuts(after, [np.array(found).reshape(-1, 2, 2) for found in segments])


def _halves(corners, slope, offset, found):
    """The polygon itself, or its two parts where the line slope · x + offset = 0 cuts it; the cut goes into `found`."""
    side = corners @ slope + offset
    side[np.abs(side) <= _ROUNDING * (1 + np.abs(slope).max())] = 0
    if np.all(side >= 0) or np.all(side <= 0):
        return [corners]
    ends, halves = [], ([], [])
    for k in range(len(corners)):
        here, there = corners[k], corners[(k + 1) % len(corners)]
        now, then = side[k], side[(k + 1) % len(corners)]
        for half, sign in zip(halves, (1, -1), strict=True):
            if sign * now >= 0:
                half.append(here)
        if now == 0:
            ends.append(here)
        elif now * then < 0:
            crossing = here + (there - here) * now / (now - then)
            ends.append(crossing)
            for half in halves:
                half.append(crossing)
    found.append(ends[:2])
    return [np.array(half) for half in halves]
