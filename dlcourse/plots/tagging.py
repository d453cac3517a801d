"""Figures of taggers: what each direction knows at each word, gains by kind of word, depth, and a cheat caught."""

import numpy as np

from dlcourse.plots.style import COLOURS

_ORDER = ("blue", "orange", "green", "vermillion", "purple", "sky", "black")


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


def bars(groups: dict, ylabel: str, *, bottom: float = 0.0):
    """Groups of bars, each bar the mean of its runs, which are drawn as dots.

    Args:
        groups: group to {name: runs}; the same names in each.
        ylabel: what is measured.
        bottom: where the axis begins.
    """
    import matplotlib.pyplot as plt

    names = list(next(iter(groups.values())))
    fig, ax = plt.subplots(figsize=(8.0, 3.8))
    width = 0.8 / len(names)
    for number, name in enumerate(names):
        places = np.arange(len(groups)) + (number - (len(names) - 1) / 2) * width
        runs = [np.atleast_1d(group[name]) for group in groups.values()]
        ax.bar(places, [run.mean() - bottom for run in runs], width * 0.92, bottom=bottom, label=name,
               color=COLOURS[_ORDER[number]], alpha=0.75)  # fmt: skip
        for place, run in zip(places, runs, strict=True):
            ax.plot(np.full(len(run), place), run, "o", color=COLOURS["black"], markersize=3.5)
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set_ylabel(ylabel)
    ax.legend(ncols=len(names), loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=11)
    ax.grid(axis="x", visible=False)
    return fig


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
