"""The figures of chapter 11: the module drawn, what its branches cost, accuracy against cost, and who is used."""

import itertools

import numpy as np

from dlcourse.plots.style import COLOURS

_ORDER = ["blue", "orange", "green", "vermillion", "purple", "sky", "black", "grey"]
_MARKS = "os^Dv*P"


def module(branches: dict, source: str, result: str):
    """The module as boxes: the input below, a column a branch, what is put together on top.

    branches: name -> labels of the branch's layers, from the input on, one or two each.
    source, result: what goes in and what comes out.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(8.4, 3.8))
    centre = (len(branches) - 1) * 1.1
    bottom, top = (centre, 0), (centre, 4.2)
    for column, (name, labels) in enumerate(branches.items()):
        heights = [2.1] if len(labels) == 1 else [1.4, 2.8]
        places = [bottom, *[(2.2 * column, height) for height in heights], top]
        for (x0, y0), (x1, y1) in itertools.pairwise(places):
            ends = {"arrowstyle": "-|>", "color": COLOURS["grey"], "shrinkA": 14, "shrinkB": 14}
            ax.annotate("", (x1, y1), (x0, y0), arrowprops=ends, zorder=1)
        for place, label in zip(places[1:-1], labels, strict=True):
            _box(ax, place, label, _ORDER[column])
        side = -1 if 2.2 * column < centre else 1
        place = (2.2 * column + 0.15 * side, heights[-1] + 0.55)
        look = {"fontsize": 11, "color": COLOURS[_ORDER[column]], "zorder": 4}
        look["bbox"] = {"boxstyle": "round,pad=0.1", "facecolor": "white", "linewidth": 0}
        ax.text(*place, name, ha="right" if side < 0 else "left", **look)
    _box(ax, bottom, source, "black")
    _box(ax, top, result, "black")
    ax.set(xlim=(-1.1, 2 * centre + 1.1), ylim=(-0.5, 4.7))
    ax.axis("off")
    return fig


def _box(ax, place, label, colour):
    look = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": COLOURS[colour], "linewidth": 2}
    ax.text(*place, label, ha="center", va="center", fontsize=11, bbox=look, zorder=3)


def branch_costs(costs: dict, xlabel: str):
    """Bars of what each branch costs, one bar a module; the total stands at its end.

    costs: module's name -> {part: cost}; the parts of all modules are those of the first, in its order.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(8.4, 0.75 * len(costs) + 1.5))
    names, left = list(costs)[::-1], np.zeros(len(costs))
    for part, colour in zip(next(iter(costs.values())), _ORDER, strict=False):
        widths = np.array([costs[name][part] for name in names])
        ax.barh(names, widths, left=left, color=COLOURS[colour], label=part, height=0.6, edgecolor="white")
        left = left + widths
    for row, total in enumerate(left):
        ax.text(total * 1.01, row, f"{total:.0f}", va="center")
    ax.set(xlabel=xlabel, xlim=(0, 1.12 * left.max()))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=4)
    return fig


def against_costs(runs: dict, panels: dict, baseline: tuple, ylabel: str):
    """A figure against several costs, side by side: a dot a run, the mean marked, a line through a kind's means.

    Args:
        runs: kind -> a list, one entry a budget, of figures (one a run).
        panels: label of the horizontal axis (logarithmic) -> {kind: one cost a budget}.
        baseline: name and figure of what every kind is compared with, drawn as a line.
        ylabel: what the figures are.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(panels), figsize=(9.6, 4.4), sharey=True, squeeze=False)
    for ax, (xlabel, costs) in zip(axes[0], panels.items(), strict=True):
        for place, (kind, budgets) in enumerate(runs.items()):
            _kind(ax, kind, costs[kind], budgets, place, len(runs))
        ax.axhline(baseline[1], color=COLOURS["grey"], linewidth=1.2, linestyle="--")
        ax.set(xscale="log", xlabel=xlabel)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        ax.xaxis.set_minor_formatter(lambda value, _: f"{value:g}" if f"{value:e}"[0] in "235" else "")
    left = axes[0, 0]
    left.set_ylabel(ylabel)
    left.text(0.02, baseline[1], baseline[0], transform=left.get_yaxis_transform(), va="bottom", fontsize=10)
    handles, labels = left.get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside right center", fontsize=10)
    return fig


def _kind(ax, kind, costs, budgets, place, kinds):
    """Runs of one kind, moved a little sideways so that kinds of equal cost do not cover each other."""
    colour, x = COLOURS[_ORDER[place % 8]], np.array(costs) * 1.035 ** (place - (kinds - 1) / 2)
    for cost, runs in zip(x, budgets, strict=True):
        ax.plot(np.full(len(runs), cost), runs, ".", color=colour, alpha=0.5)
    means = [np.mean(runs) for runs in budgets]
    ax.plot(x, means, color=colour, marker=_MARKS[place % 7], markersize=8, linewidth=1.2, label=kind)


def with_fewer(sizes, runs: dict, xlabel: str, ylabel: str):
    """A figure against the number of examples: a dot a run, a line through the means. runs: kind -> runs a size."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(6.4, 3.6))
    for place, (kind, each) in enumerate(runs.items()):
        _kind(ax, kind, sizes, each, place, len(runs))
    ax.set(xscale="log", xlabel=xlabel, ylabel=ylabel)
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.minorticks_off()
    ax.legend()
    return fig


def used(panels: dict, xlabels: dict):
    """Bars of several shares for each branch, one panel a share: a dot a run, a bar for the mean.

    panels: title -> {branch: figures (one a run)}. xlabels: title -> the horizontal axis's label.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(panels), figsize=(9.6, 3.2), sharey=True, squeeze=False)
    for ax, (title, branches) in zip(axes[0], panels.items(), strict=True):
        for row, figures in enumerate(branches.values()):
            ax.barh(row, np.mean(figures), color=COLOURS[_ORDER[row]], alpha=0.75, height=0.6)
            ax.plot(figures, np.full(len(figures), row), "o", color=COLOURS["black"], markersize=4)
        ax.set_yticks(range(len(branches)), list(branches))
        ax.set_title(title)
        ax.set_xlabel(xlabels[title])
        ax.grid(axis="y", visible=False)
    axes[0, 0].invert_yaxis()
    return fig


def maps(picture, branches: dict, count: int = 4):
    """A picture, and the strongest maps of each branch for it, one row a branch.

    branches: name -> maps (height, width, channels); those of the largest variance are shown, each from its own
    smallest to its largest value.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(len(branches), count + 1, figsize=(1.25 * (count + 1) + 1, 1.3 * len(branches)))
    for row, (name, values) in zip(axes, branches.items(), strict=True):
        strongest = np.argsort(-values.reshape(-1, values.shape[-1]).var(axis=0))[:count]
        row[0].imshow(picture)  # again in each row, to compare
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
        for ax, channel in zip(row[1:], strongest, strict=False):
            ax.imshow(values[..., channel])
        for ax in row[1 + len(strongest) :]:
            ax.set_visible(False)
        for ax in row:
            ax.set(xticks=[], yticks=[])
            ax.grid(visible=False)
    return fig
