"""Models side by side: every run a dot, their mean a bar, so that the spread is seen before the ranking."""

import numpy as np

from dlcourse.plots.style import COLOURS


def dots(ax, figures, *, xlabel, highlight=(), higher_is_better=False) -> None:
    """Draw one row a model: a dot for each split or seed, and a line at their mean. The best mean is on top.

    Args:
        ax: Matplotlib axes.
        figures: model name to a sequence of figures, one a run.
        xlabel: what is measured, with its unit.
        highlight: names drawn in orange instead of blue.
        higher_is_better: True for an accuracy, False for an error: which mean is the best, and so on top.
    """
    names = sorted(figures, key=lambda name: np.mean(figures[name]), reverse=not higher_is_better)
    for row, name in enumerate(names):
        values = np.asarray(figures[name], dtype=float)
        colour = COLOURS["orange"] if name in highlight else COLOURS["blue"]
        ax.plot(values, np.full(len(values), row), "o", color=colour, alpha=0.55, markersize=7)
        ax.plot([values.mean()] * 2, [row - 0.32, row + 0.32], color=colour, linewidth=3)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)
