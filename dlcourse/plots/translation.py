"""The figures of chapter 20: quality over length, and over training."""

import numpy as np

from dlcourse.plots.style import COLOURS


def by_length(bins, lines: dict, ylabel: str):
    """A line for each translator over groups of sentences by length, with the range that resampling gives.

    Args:
        bins: a label for each group.
        lines: name -> (3, groups): the figure, and the lower and upper end of its range.
        ylabel: what is measured.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.6, 4))
    places, colours = np.arange(len(bins)), ("blue", "green", "orange", "grey")
    for number, ((name, given), colour, mark) in enumerate(zip(lines.items(), colours, "os^D", strict=False)):
        value, low, high = np.asarray(given)
        errors = np.maximum([value - low, high - value], 0)
        where = places + 0.06 * (number - (len(lines) - 1) / 2)
        ax.errorbar(where, value, errors, marker=mark, color=COLOURS[colour], capsize=3, linewidth=1.8, label=name)
    ax.set_xticks(places, bins)
    ax.set(xlabel="English words in the sentence", ylabel=ylabel, ylim=(0, None))
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return fig


def differences(rows: dict, xlabel: str):
    """Ranges of differences, one row each, beside the line at 0: name -> (value, low, high)."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.6, 0.5 * len(rows) + 1.1))
    for place, (value, low, high) in enumerate(rows.values()):
        ax.plot([low, high], [place, place], color=COLOURS["blue"])
        ax.plot(value, place, "o", color=COLOURS["blue"])
    ax.axvline(0, color=COLOURS["black"], linewidth=1)
    ax.set_yticks(range(len(rows)), rows)
    ax.set(xlabel=xlabel, ylim=(len(rows) - 0.5, -0.5))
    return fig
