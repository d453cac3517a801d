"""To play with: a threshold on distances, with the two errors it makes."""

import numpy as np

from dlcourse.plots.style import COLOURS

_BINS = 60


def threshold(distances, same, learned=None):
    """The distances of pairs with a threshold that is moved, and where it stands on the curve of both errors.

    Args:
        distances: (pairs,).
        same: whether both of a pair are one person, (pairs,).
        learned: a threshold chosen on other people, marked if given.

    Returns:
        `draw(threshold)` for `plots.play`.
    """
    from matplotlib.figure import Figure

    distances, same = np.asarray(distances, float), np.asarray(same, bool)
    one, two = np.sort(distances[same]), np.sort(distances[~same])
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.3, 1))
    edges = np.linspace(distances.min(), distances.max(), _BINS + 1)
    for values, sign, colour, name in ((one, 1, "blue", "one person"), (two, -1, "orange", "two people")):
        share = 100 * np.histogram(values, edges)[0] / len(values)
        left.bar(edges[:-1], sign * share, np.diff(edges), align="edge", color=COLOURS[colour], alpha=0.75, label=name)
    bar = left.axvline(edges[0], color=COLOURS["black"])
    if learned is not None:
        left.axvline(learned, color=COLOURS["grey"], linestyle=":", label="chosen on others")
    left.set(xlabel="distance", ylabel="share of the pairs (%)", title="Accepted: left of the line")
    left.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    left.legend(loc="lower left", fontsize=10)
    grid = np.unique(np.concatenate([edges, one]))
    right.plot(_accepted(two, grid), 100 - _accepted(one, grid), color=COLOURS["grey"])
    right.plot([0, 100], [0, 100], ":", color=COLOURS["grey"], linewidth=1)
    (place,) = right.plot([], [], "o", color=COLOURS["vermillion"], markersize=11)
    right.set(xlabel="false accepts (%)", ylabel="false rejects (%)", xlim=(0, 40), ylim=(0, 40), title="Both errors")

    def draw(threshold):
        wrong = float(_accepted(two, threshold)), float(100 - _accepted(one, threshold))
        bar.set_xdata([threshold] * 2)
        place.set_data(*[[min(each, 40)] for each in wrong])
        return figure, (
            f"Threshold {threshold:.2f}: {wrong[0]:.1f} % of the strangers' pairs are let in, "
            f"{wrong[1]:.1f} % of the true pairs are turned away."
        )

    return draw


def _accepted(ordered, at):
    """The share, in per cent, of sorted distances that lie below a threshold."""
    return 100 * np.searchsorted(ordered, at) / len(ordered)
