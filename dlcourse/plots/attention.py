"""Where a model looks: attention weights between two rows of words or letters, alone or side by side."""

import numpy as np

from dlcourse.plots.style import COLOURS


def attention_map(weights, rows, columns, *, title: str = "", boxes=(), ax=None, share: float = 1.0):
    """Draw weights (rows, columns) as blues, one row for each word that looks, one column for each it may look at.

    Args:
        weights: from 0 to 1.
        rows, columns: what looks and what is looked at, words or letters.
        title: above the picture.
        boxes: (row, first column, column after the last) outlined in orange: where it ought to look.
        ax: to draw into; a figure of its own without it.
        share: the weight that has the darkest blue.

    Returns:
        the figure.

    Raises:
        ValueError: the labels do not fit the weights.
    """
    import matplotlib.pyplot as plt

    weights = np.asarray(weights, dtype=float)
    if weights.shape != (len(rows), len(columns)):
        raise ValueError(f"weights are {weights.shape}; the labels are for ({len(rows)}, {len(columns)}).")
    if ax is None:
        _, ax = plt.subplots(figsize=(0.42 * len(columns) + 1.9, 0.36 * len(rows) + 1.5))
    ax.imshow(weights, cmap="Blues", vmin=0, vmax=share, aspect="auto", interpolation="nearest")
    letters = max(map(len, columns), default=0) <= 1
    ax.set_xticks(range(len(columns)), map(_seen, columns), rotation=0 if letters else 60, ha="center", fontsize=10)
    if not letters:
        for label in ax.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(rows)), map(_seen, rows), fontsize=10)
    for row, first, after in boxes:
        box = plt.Rectangle((first - 0.5, row - 0.5), after - first, 1, fill=False, edgecolor=COLOURS["orange"])
        ax.add_patch(box)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    if title:
        ax.set_title(title)
    return ax.figure


def attention_maps(maps, *, columns: int = 2, size: tuple[float, float] = (4.6, 3.6), share: float = 1.0):
    """Several maps in one figure, `columns` side by side: heads of a layer, or sentences.

    Args:
        maps: dictionaries of `attention_map`'s arguments: weights, rows, columns, and title and boxes if wanted.
        columns: of the figure.
        size: inches of each map, width and height.
        share: the weight that has the darkest blue, the same in all.

    Raises:
        ValueError: no maps, or what `attention_map` raises.
    """
    import matplotlib.pyplot as plt

    maps = list(maps)
    if not maps:
        raise ValueError("maps is empty; there is nothing to draw.")
    across = min(columns, len(maps))
    down = -(-len(maps) // across)
    fig, axes = plt.subplots(down, across, figsize=(size[0] * across, size[1] * down), squeeze=False)
    for ax, each in zip(axes.flat, maps, strict=False):
        attention_map(**each, ax=ax, share=share)
    for ax in axes.flat[len(maps) :]:
        ax.set_axis_off()
    return fig


def _seen(token):
    """A blank has to be seen."""
    return "␣" if token == " " else str(token)
