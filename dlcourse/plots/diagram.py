"""Networks drawn as circles and lines, as a report or a blackboard draws them."""

import itertools

from dlcourse.plots.style import COLOURS

_WIDTH, _HEIGHT, _RADIUS = 2.6, 1.0, 0.3


def network(ax, layers) -> None:
    """Draw a dense network: one column a layer, one labelled circle a unit, a line for every weight.

    Args:
        ax: Matplotlib axes; its frame and ticks are switched off.
        layers: the labels of each layer's units, from the inputs on, such as [["size", "beds"], ["", ""], ["price"]].
    """
    places = [_column(index, labels) for index, labels in enumerate(layers)]
    for left, right in itertools.pairwise(places):
        for x0, y0 in left:
            for x1, y1 in right:
                ax.plot([x0, x1], [y0, y1], color=COLOURS["grey"], linewidth=0.8, alpha=0.6, zorder=1)
    for index, (column, labels) in enumerate(zip(places, layers, strict=True)):
        colour = COLOURS["sky"] if index == 0 else COLOURS["orange"]
        for (x, y), label in zip(column, labels, strict=True):
            _unit(ax, x, y, label, colour, side=-1 if index == 0 else 1 if index == len(layers) - 1 else 0)
    ax.set_aspect("equal")
    ax.axis("off")


def _column(index, labels):
    top = (len(labels) - 1) * _HEIGHT / 2
    return [(index * _WIDTH, top - row * _HEIGHT) for row in range(len(labels))]


def _unit(ax, x, y, label, colour, side):
    from matplotlib.patches import Circle

    ax.add_patch(Circle((x, y), _RADIUS, facecolor=colour, edgecolor="white", zorder=2))
    place = {-1: (x - _RADIUS - 0.1, "right"), 0: (x, "center"), 1: (x + _RADIUS + 0.1, "left")}[side]
    ax.text(place[0], y, label, ha=place[1], va="center", fontsize=12, zorder=3)
