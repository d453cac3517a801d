"""The figures of chapter 21: the scale of scores, waves of positions, masks, quality and time."""

import numpy as np

from dlcourse.plots.style import COLOURS


def scale_effect(widths, variances: dict, gradients: dict):
    """Variance of the scores over their width, and beside it the size of the softmax's gradient.

    Args:
        widths: numbers in a query.
        variances, gradients: name -> one figure a width.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, 2, figsize=(9.6, 3.7))
    labels = ("variance of the scores", "size of the softmax's gradient")
    for ax, lines, label in zip(axes, (variances, gradients), labels, strict=True):
        for (name, values), colour, mark in zip(lines.items(), ("orange", "blue"), "os", strict=False):
            ax.loglog(widths, values, marker=mark, color=COLOURS[colour], label=name)
        ax.set(xlabel="width k of queries and keys", ylabel=label)
        ax.set_xticks(widths, widths)
        ax.minorticks_off()
    axes[0].legend()
    return fig


def waves(table):
    """Positions (places, d): the table as colours, and how like each place is to every other."""
    import matplotlib.pyplot as plt

    table = np.asarray(table, dtype=float)
    fig, axes = plt.subplots(1, 2, figsize=(10.4, 3.9), width_ratios=(1.5, 1))
    shown = axes[0].imshow(table, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    axes[0].set(xlabel="number", ylabel="place")
    fig.colorbar(shown, ax=axes[0], fraction=0.05)
    like = table @ table.T / table.shape[1] * 2
    shown = axes[1].imshow(like, cmap="Blues", vmin=like.min(), vmax=1, interpolation="nearest")
    axes[1].set(xlabel="place", ylabel="place", title="product of two places")
    fig.colorbar(shown, ax=axes[1], fraction=0.046)
    for ax in axes:
        ax.grid(visible=False)
    return fig


def masks(named: dict):
    """Masks (queries, keys) side by side: blue where a place may look."""
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(named), figsize=(3.1 * len(named), 3.3), squeeze=False)
    for ax, (name, given) in zip(axes[0], named.items(), strict=True):
        mask = np.asarray(given, dtype=float)
        ax.imshow(mask, cmap="Blues", vmin=0, vmax=1.4, aspect="equal")
        ax.set_xticks(np.arange(-0.5, mask.shape[1]), [""] * (mask.shape[1] + 1))
        ax.set_yticks(np.arange(-0.5, mask.shape[0]), [""] * (mask.shape[0] + 1))
        ax.tick_params(length=0)
        ax.grid(color="white", linewidth=2)
        ax.set(title=name, xlabel="is looked at", ylabel="looks")
    return fig


def times_by_length(lengths, seconds: dict, ratios: dict, ylabel: str):
    """Milliseconds of a training step over the length, and beside it each line of ratios with its quartiles.

    Args:
        lengths: places of the sequences.
        seconds: name -> one figure a length.
        ratios: name -> (3, lengths): median, lower and upper quartile.
        ylabel: of the ratios.
    """
    import matplotlib.pyplot as plt

    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.9))
    for (name, values), colour, mark in zip(seconds.items(), ("blue", "orange", "green"), "os^", strict=False):
        left.loglog(lengths, 1e3 * np.asarray(values), marker=mark, color=COLOURS[colour], label=name)
    for (name, given), colour, mark in zip(ratios.items(), ("orange", "green"), "s^", strict=False):
        middle, low, high = np.asarray(given)
        errors = np.maximum([middle - low, high - middle], 0)
        right.errorbar(lengths, middle, errors, marker=mark, color=COLOURS[colour], capsize=3, label=name)
    right.axhline(1, color=COLOURS["black"], linewidth=1)
    right.set_xscale("log")
    low, high = left.get_ylim()
    ticks = [t for t in np.outer(10.0 ** np.arange(-2, 5), (1, 2, 5)).ravel() if low <= t <= high]
    left.set_yticks(ticks, [f"{t:g}" for t in ticks])
    left.set(ylabel="training step (ms)")
    right.set(ylabel=ylabel, ylim=(0, None))
    for ax in (left, right):
        ax.set_xlabel("places in a sequence")
        ax.set_xticks(lengths, lengths)
        ax.minorticks_off()
        ax.legend()
    return fig
