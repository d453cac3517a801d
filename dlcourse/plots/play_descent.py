"""To play with: a way downhill over two weights, and the cost along it."""

import numpy as np

from dlcourse.plots.style import COLOURS

_LEVELS = 16
_POINTS = 81  # of the map, in each direction
_FLOOR = 1e-12  # of the cost above its minimum, where a logarithmic axis ends


def downhill(cost, walk, across, up, minimum, *, labels=("w", "b"), ylim=(1e-8, 1e2)):
    """The path of a descent on the map of its cost, and the cost above the minimum, step by step.

    Args:
        cost: from a pair of weights (2,) to a number; for the map it is asked once for every point of a grid.
        walk: `walk(**values)` gives the points visited, (steps + 1, 2), for the values of the controls.
        across, up: the ends (low, high) of the map in the first and the second weight.
        minimum: the pair of weights with the smallest cost.
        labels: what the weights are called.
        ylim: the ends of the axis of the cost above its minimum.

    Returns:
        `draw(**values)` for `plots.play`.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.9), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
    a, b = np.linspace(*across, _POINTS), np.linspace(*up, _POINTS)
    lowest = float(cost(np.asarray(minimum, float)))
    grid = np.array([[cost(np.array([one, two])) for one in a] for two in b])
    left.contourf(a, b, np.log(np.maximum(grid - lowest, 1e-4)), levels=_LEVELS, cmap="Blues_r")
    left.plot(*minimum, "*", color="white", markersize=15, markeredgecolor=COLOURS["black"])
    (path,) = left.plot([], [], "o-", color=COLOURS["orange"], markersize=3.5, linewidth=1.3)
    (end,) = left.plot([], [], "o", color=COLOURS["vermillion"], markersize=9, markeredgecolor="white")
    left.set(xlabel=labels[0], ylabel=labels[1], xlim=across, ylim=up, title="The way (dark: small cost)")
    left.grid(visible=False)
    (fall,) = right.semilogy([], [], color=COLOURS["orange"])
    right.set(xlabel="step", title="Cost above the minimum", ylim=ylim)

    def draw(**values):
        points = np.asarray(walk(**values), float)
        shown = np.clip(points, -1e6, 1e6)  # Agg draws no path that ends in the infinite
        above = np.array([max(cost(each) - lowest, _FLOOR) for each in points])
        path.set_data(*shown.T)
        end.set_data(*shown[-1:].T)
        fall.set_data(np.arange(len(points)), np.minimum(above, 1e300))
        right.set_xlim(0, len(points) - 1)
        return figure, _told(above)

    return draw


def _told(above):
    """What became of the cost, in a sentence."""
    steps = len(above) - 1
    if not np.isfinite(above[-1]) or above[-1] > above[0]:
        return f"After {steps} steps the cost is higher than at the start: the steps are too long."
    late = above[-max(2, steps // 5) :]
    restless = late.max() > 1e-6 and np.any(np.diff(late) > 1e-3 * late.max())
    tail = "; it still swings" if restless else ""
    return f"After {steps} steps the cost is {above[-1]:.1e} above the minimum, from {above[0]:.1e} at the start{tail}."
