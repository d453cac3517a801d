"""ReLU networks whose weights are worked out instead of learned: teeth by folding, and a disc at width 3."""

import numpy as np

from dlcourse.scratch.inputs import positive
from dlcourse.scratch.mlp import MLP


def tooth_network(folds: int) -> MLP:
    """2^(folds − 1) teeth on [0, 1] by `folds` hidden layers of 2 units: the tent function applied to itself.

    tent(x) = relu(2x) − relu(4x − 2) on [0, 1]; its k-fold composition has 2^k linear pieces (Telgarsky, Benefits of
    depth in neural networks, 2016).
    """
    positive("folds", folds, whole=True)
    net = MLP((1, *[2] * folds, 1), "relu")
    up_down = np.array([[1.0], [-1.0]])  # tent = first unit − second unit
    for k, (W, b) in enumerate(zip(net.parameters[:-2:2], net.parameters[1:-2:2], strict=True)):
        bend = np.array([[2.0, 4.0]])
        W[:] = bend if k == 0 else up_down @ bend
        b[:] = [0, -2]
    net.parameters[-2][:], net.parameters[-1][:] = up_down, 0
    return net


def one_layer_network(knots, heights) -> MLP:
    """One hidden layer that passes through all points (knots, heights) and is straight between them.

    Shapes: knots (p,), increasing; heights (p,) -> a network of p − 1 hidden units: one for each piece.
    """
    knots, heights = np.asarray(knots, dtype=float), np.asarray(heights, dtype=float)
    if knots.ndim != 1 or len(knots) < 2 or knots.shape != heights.shape or np.any(np.diff(knots) <= 0):
        raise ValueError(f"knots must be two or more increasing numbers with a height each, not {knots!r}.")
    slopes = np.diff(heights) / np.diff(knots)
    net = MLP((1, len(slopes), 1), "relu")
    W, b, V, c = net.parameters
    W[:], b[:] = 1, -knots[:-1]  # unit k bends at knot k
    V[:, 0], c[:] = np.diff(slopes, prepend=0), heights[0]
    return net


def polygon_network(sides: int, area: float = 2.0) -> MLP:
    """A score above 0 inside a regular polygon round the origin, below 0 outside, for inputs in [−1, 1]².

    Width 3 and sides − 1 hidden layers: two units hand x on, the third keeps a running maximum of the sides' distances,
    max(m, l) = l + relu(m − l) (Hanin and Sellke, Approximating continuous functions by ReLU nets of minimal width,
    2017). Raises ValueError for fewer than 3 sides.
    """
    if positive("sides", sides, whole=True) < 3:
        raise ValueError(f"sides must be at least 3, not {sides}.")
    angles = 2 * np.pi * np.arange(sides) / sides
    normals = np.column_stack([np.cos(angles), np.sin(angles)])  # (sides, 2)
    reach = np.sqrt(area / (sides * np.tan(np.pi / sides)))  # from the centre to each side
    offsets = -normals.sum(axis=1) - reach  # l_k(x) = normal · (x + 1) + offset, written in x + 1 ≥ 0
    net = MLP((2, *[3] * (sides - 1), 1), "relu")
    hidden = zip(net.parameters[:-2:2], net.parameters[1:-2:2], strict=True)
    for k, (W, b) in enumerate(hidden):
        W[:], b[:] = 0, 0
        W[:2, :2] = np.eye(2)
        W[:2, 2], b[2] = normals[k] - normals[k + 1], offsets[k] - offsets[k + 1]
        if k == 0:
            b += [1, 1, (normals[0] - normals[1]).sum()]  # the first layer still sees x
        else:
            W[2, 2] = 1
    V, c = net.parameters[-2:]
    V[:, 0], c[:] = [*-normals[-1], -1], -offsets[-1]
    return net
