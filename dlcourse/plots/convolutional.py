"""The figures of chapter 09: what pooling keeps, accuracy over processor time, kernels and maps, moved pictures."""

import numpy as np

from dlcourse.plots.style import COLOURS

_ORDER = ("blue", "orange", "green", "vermillion", "purple", "sky", "black")


def panels(pictures: dict, columns: int = 4, width: float = 9.0):
    """Grey pictures of any size, each filling its panel, 0 black and 1 white. pictures: title -> (height, width)."""
    import matplotlib.pyplot as plt

    rows = -(-len(pictures) // columns)
    height, across = next(iter(pictures.values())).shape
    size = (width, rows * (width / columns * height / across + 0.3))
    fig, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for ax, (title, picture) in zip(axes.flat, pictures.items(), strict=False):
        ax.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        ax.set_title(title, loc="center", fontsize=11)
    for ax in axes.flat:
        ax.axis("off")
    return fig


def lines(ax, x, curves: dict, *, xlabel, ylabel, spread: float = 0.05) -> None:
    """One line a name through the means of its runs, the range of the runs shaded, its name at its right end.

    Args:
        ax: Matplotlib axes.
        x: (points,).
        curves: name -> (points,) or (runs, points).
        xlabel, ylabel: with units.
        spread: the least distance between two names, in shares of the axes' height.
    """
    ends = {}
    for (name, values), colour in zip(curves.items(), _ORDER, strict=False):
        runs = np.atleast_2d(np.asarray(values, dtype=float))
        mean = runs.mean(axis=0)
        ax.plot(x, mean, "o-", color=COLOURS[colour], markersize=5)
        ax.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=COLOURS[colour], alpha=0.18, linewidth=0)
        ends[name] = (mean[-1], COLOURS[colour])
    ax.set(xlabel=xlabel, ylabel=ylabel, xticks=x)
    _name_ends(ax, ends, spread)


def _name_ends(ax, ends, spread):
    low, high = ax.get_ylim()
    below = -np.inf
    for name, (height, colour) in sorted(ends.items(), key=lambda item: item[1][0]):
        below = max((height - low) / (high - low), below + spread)
        ax.annotate(name, (1.01, below), xycoords="axes fraction", va="center", color=colour, fontsize=11)


def accuracy_over_time(ax, trainings: dict, points: dict) -> None:
    """Accuracy on pictures not seen against the processor seconds of training, these logarithmic.

    Args:
        ax: Matplotlib axes.
        trainings: name -> list of whole trainings, each (seconds, accuracy) of two arrays (epochs,): a thin line that
            ends in a dot, which is what the training came to. Dots of one budget lie near each other.
        points: name -> (seconds, accuracy) of a model without epochs, a diamond.
    """
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    for (name, runs), colour in zip(trainings.items(), _ORDER, strict=False):
        for label, (seconds, accuracy) in zip([name] + [None] * len(runs), runs, strict=False):
            ax.plot(seconds, accuracy, color=COLOURS[colour], linewidth=0.9, alpha=0.6)
            ax.plot(seconds[-1], accuracy[-1], "o", color=COLOURS[colour], markersize=8, label=label)
    for (name, (seconds, accuracy)), mark in zip(points.items(), "Ds^", strict=False):
        ax.plot(seconds, accuracy, mark, color=COLOURS["black"], markersize=7, label=name)
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set(xlabel="processor seconds of training", ylabel="garments recognised (%)")
    ax.legend(loc="lower right")


def maps(rows: dict, columns: int = 12, width: float = 9.5):
    """Rows of small pictures, each to its own scale: kernels (blue, white, red) or maps (black to white).

    rows: label -> (count, height, width); a row with a negative value anywhere is drawn as signed. At most `columns` of
    each are shown.
    """
    import matplotlib.pyplot as plt

    size = (width, width / (columns + 1.2) * len(rows) * 1.06)
    fig, axes = plt.subplots(len(rows), columns, figsize=size, squeeze=False)
    for line, (label, pictures) in zip(axes, rows.items(), strict=True):
        signed = np.min(pictures) < 0
        for ax, picture in zip(line, pictures, strict=False):
            reach = max(np.abs(picture).max(), 1e-12)
            look = {"cmap": "RdBu_r", "vmin": -reach} if signed else {"cmap": "gray", "vmin": 0}
            ax.imshow(picture, vmax=reach, interpolation="nearest", **look)
        line[0].set_ylabel(label, rotation=0, ha="right", va="center", fontsize=10)
        for ax in line[len(pictures) :]:
            ax.set_visible(False)
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
        ax.grid(visible=False)
    return fig
