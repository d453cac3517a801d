"""Figures of taggers: what each direction knows at each word, gains by kind of word, depth, and a cheat caught."""

import numpy as np

from dlcourse.plots.style import COLOURS

_ORDER = ("blue", "orange", "green", "vermillion", "purple", "sky", "black")
_MARKS = "os^DvP*"


def confidence(words, tags, chances: dict):
    """How sure each network is of the right tag at each word of a sentence, as a table of colours with numbers.

    Args:
        words, tags: of the sentence; the right tags.
        chances: network to probabilities of the right tag `(words,)`.
    """
    import matplotlib.pyplot as plt

    table = np.array(list(chances.values()))
    fig, ax = plt.subplots(figsize=(max(6.0, 0.78 * len(words) + 1.8), 0.52 * len(table) + 1.5))
    ax.imshow(table, cmap="RdYlBu", vmin=0, vmax=1, aspect="auto")
    for row, column in np.ndindex(*table.shape):
        value = table[row, column]
        ink = "white" if value < 0.12 or value > 0.9 else COLOURS["black"]
        ax.text(column, row, f"{100 * value:.0f}", ha="center", va="center", fontsize=10, color=ink)
    labels = [f"{word}\n{tag}" for word, tag in zip(words, tags, strict=True)]
    ax.set_xticks(range(len(words)), labels, fontsize=10)
    ax.set_yticks(range(len(table)), list(chances))
    ax.tick_params(length=0)
    ax.grid(visible=False)
    return fig


def bars(groups: dict, ylabel: str):
    """Groups of bars from zero, one a name.

    Args:
        groups: group to {name: value}; the same names in each.
        ylabel: what is measured.
    """
    fig, ax, names, width = _grouped(groups, ylabel)
    for number, name in enumerate(names):
        places = np.arange(len(groups)) + (number - (len(names) - 1) / 2) * width
        heights = [group[name] for group in groups.values()]
        ax.bar(places, heights, width * 0.92, label=name, color=COLOURS[_ORDER[number]], alpha=0.75)
    _legend(ax, names)
    return fig


def dots(groups: dict, ylabel: str):
    """Groups of dots: every run of every name, and a line at the mean of its runs; the axis need not begin at zero.

    Args:
        groups: group to {name: runs}; the same names in each.
        ylabel: what is measured.
    """
    fig, ax, names, width = _grouped(groups, ylabel)
    for number, (name, mark) in enumerate(zip(names, _MARKS, strict=False)):
        colour = COLOURS[_ORDER[number]]
        for place, group in enumerate(groups.values()):
            at, runs = place + (number - (len(names) - 1) / 2) * width, np.atleast_1d(group[name])
            ax.plot([at - 0.4 * width, at + 0.4 * width], [runs.mean()] * 2, color=colour, linewidth=2.5)
            ax.plot(np.full(len(runs), at), runs, mark, color=colour, markersize=7, alpha=0.6)
        ax.plot([], [], mark + "-", color=colour, markersize=7, label=name)
    for between in range(1, len(groups)):
        ax.axvline(between - 0.5, color=COLOURS["grey"], linewidth=0.8, alpha=0.5)
    _legend(ax, names)
    return fig


def _grouped(groups, ylabel):
    """Axes with a place for each group, the names, and the width of one of them."""
    import matplotlib.pyplot as plt

    names = list(next(iter(groups.values())))
    fig, ax = plt.subplots(figsize=(8.0, 3.8))
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set_ylabel(ylabel)
    ax.grid(axis="x", visible=False)
    return fig, ax, names, 0.8 / len(names)


def _legend(ax, names):
    ax.legend(ncols=len(names), loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=11)


def by_depth(depths, curves: dict, xlabel: str, ylabel: str):
    """A line a kind of stack over its depth: the mean of the runs, each run a dot."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(6.8, 3.9))
    for (name, values), colour in zip(curves.items(), _ORDER, strict=False):
        runs = np.atleast_2d(values)
        ax.plot(depths, runs.mean(axis=0), "-", color=COLOURS[colour], label=name)
        for run in runs:
            ax.plot(depths, run, "o", color=COLOURS[colour], alpha=0.6, markersize=5)
    ax.set_xticks(list(depths))
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.legend()
    return fig


def reach(grids: dict):
    """Which inputs an answer depends on: a square a network, rows answers, columns inputs, dark where it does.

    Args:
        grids: network to `(steps, steps)`, row t the change of answer t when the input of each column is changed.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(grids), figsize=(3.3 * len(grids), 4.1), squeeze=False)
    for ax, (name, grid) in zip(axes[0], grids.items(), strict=True):
        ax.imshow(np.asarray(grid) > 0, cmap="Blues", vmin=0, vmax=1.4)
        steps = len(grid)
        # The sign that answer t is asked for is input t + 1: what lies from there on, a language model may not see.
        ax.plot(np.repeat(np.arange(steps) + 0.5, 2)[:-1], np.repeat(np.arange(steps) - 0.5, 2)[1:],
                color=COLOURS["vermillion"], linewidth=2.5)  # fmt: skip
        ax.set_title(name)
        ax.set_xlabel("input at step")
        ax.grid(visible=False)
        ax.set_xlim(-0.5, steps - 0.5)
        ax.set_ylim(steps - 0.5, -0.5)
    axes[0, 0].set_ylabel("answer after step")
    return fig
