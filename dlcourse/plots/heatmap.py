"""A labelled table of numbers as colours, with the numbers written in."""

import numpy as np


def heatmap(ax, table, rows, columns, *, limit=1.0, text="{:.2f}") -> None:
    """Draw `table` (rows, columns) in a blue-white-red scale from -limit to limit, each number written in its cell.

    Raises:
        ValueError: the labels do not fit the table.
    """
    table = np.asarray(table, dtype=float)
    if table.shape != (len(rows), len(columns)):
        raise ValueError(f"the table is {table.shape}; the labels are for ({len(rows)}, {len(columns)}).")
    ax.imshow(table, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
    for row, column in np.ndindex(*table.shape):
        value = table[row, column]
        ax.text(column, row, text.format(value), ha="center", va="center", color=_ink(value, limit), fontsize=10)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(length=0)
    ax.grid(visible=False)


def _ink(value, limit):
    """White on the dark ends of the scale, black in its middle."""
    return "white" if abs(value) > 0.6 * limit else "black"
