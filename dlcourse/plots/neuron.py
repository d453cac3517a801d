"""Figures of one neuron over one feature: its line through the data, its way there, and where it cannot start."""

import numpy as np

from dlcourse.plots.style import COLOURS


def lines(ax, x, y, curves, *, xlabel, ylabel, title, alpha=0.6) -> None:
    """Data as dots and functions of one feature as lines over them.

    Args:
        ax: Matplotlib axes.
        x, y: the data, (m,) each, in the axes' units.
        curves: label to (grid, values) or (grid, values, style), drawn in the order of the course's colours.
        alpha: how opaque the dots are; less for many.
    """
    ax.plot(x, y, "o", alpha=alpha, color=COLOURS["grey"], label="sales")
    for label, (grid, values, *style) in curves.items():
        ax.plot(grid, values, *style, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.legend()


def descent(ax, cost) -> None:
    """The cost above its smallest value against the step, on a logarithmic axis."""
    cost = np.asarray(cost, dtype=float)
    above = np.maximum(cost - cost.min(), np.finfo(float).eps)
    ax.semilogy(above)
    ax.set(xlabel="step", ylabel="cost above its minimum", title="Straight down on a log scale")


def starting_points(ax, starts, learned, dead, x) -> None:
    """Starting weights and biases of a ReLU neuron: which learned, which were dead, and the wedge of the dead.

    Args:
        ax: Matplotlib axes.
        starts: (k, 2), a weight and a bias each.
        learned, dead: boolean (k,).
        x: the inputs (m,); the wedge is where w x + b <= 0 for all of them.
    """
    weights = np.linspace(starts[:, 0].min() - 0.3, starts[:, 0].max() + 0.3, 200)
    floor = starts[:, 1].min() - 0.3
    edge = -np.maximum(weights * x.min(), weights * x.max())
    ax.fill_between(
        weights, np.maximum(edge, floor), floor, color=COLOURS["vermillion"], alpha=0.12, label="nothing gets through"
    )
    groups = {
        "learned": (learned, "blue", "o"),
        "dead from the start": (dead, "vermillion", "X"),
        "alive, not there yet": (~learned & ~dead, "orange", "s"),
    }
    for label, (chosen, colour, marker) in groups.items():
        ax.scatter(*starts[chosen].T, s=30, marker=marker, color=COLOURS[colour], label=f"{label}: {chosen.sum()}")
    ax.set(xlabel="starting weight w", ylabel="starting bias b")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
