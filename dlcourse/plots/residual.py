"""The figures of chapter 10: gradients layer by layer, what training comes to at each depth, errors."""

import numpy as np

from dlcourse.plots.style import COLOURS

KINDS = {"plain": "vermillion", "residual": "blue", "pre-activation": "green"}
_OTHERS = ("purple", "sky", "orange", "black")


def gradient_norms(norms: dict, *, rows, columns, ylabel="gradient norm of the layer's kernel"):
    """Gradient norm against layer, a panel for each row and column, a thin line a seed and a thick one their mean.

    Args:
        norms: (row, column) -> {kind: (seeds, layers)}, all above zero. Kinds are "plain", "residual",
            "pre-activation", or others.
        rows, columns: their titles, from top and from left. A row shares its logarithmic axis.

    Returns:
        The figure. Layer 1 is the one at the picture, at the left; the gradient comes from the right.
    """
    import matplotlib.pyplot as plt

    size = (10.5, 3.1 * len(rows) + 0.4)
    fig, axes = plt.subplots(len(rows), len(columns), figsize=size, sharey="row", squeeze=False)
    for (i, row), (j, column) in ((a, b) for a in enumerate(rows) for b in enumerate(columns)):
        ax = axes[i, j]
        for number, (kind, runs) in enumerate(norms[row, column].items()):
            _line(ax, np.asarray(runs, dtype=float), kind, number)
        ax.set_yscale("log")
        ax.set_title(f"{column}, {row}", fontsize=12)
        if i == len(rows) - 1:
            ax.set_xlabel("layer, from the picture")
    for ax in axes[:, 0]:
        ax.set_ylabel(ylabel, fontsize=11)
        ax.legend(fontsize=11, loc="best")
    return fig


def _line(ax, runs, kind, number):
    colour = COLOURS[KINDS.get(kind, _OTHERS[number % len(_OTHERS)])]
    layers = np.arange(1, runs.shape[1] + 1)
    ax.plot(layers, runs.T, color=colour, linewidth=0.7, alpha=0.45)
    ax.plot(layers, np.exp(np.log(runs).mean(axis=0)), color=colour, label=kind, linewidth=2.4)


def by_depth(depths, panels: dict, *, chance=None):
    """A panel for each figure: its value against depth, a dot a seed and a line through the means of each kind.

    Args:
        depths: numbers of layers, drawn at equal distances.
        panels: label of the vertical axis -> {kind: (depths, seeds)}.
        chance: label -> value that guessing has, a dashed line.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(panels), figsize=(10.5, 3.9), squeeze=False)
    places = np.arange(len(depths))
    for ax, (label, kinds) in zip(axes[0], panels.items(), strict=True):
        for number, (kind, values) in enumerate(kinds.items()):
            runs = np.asarray(values, dtype=float)
            colour = COLOURS[KINDS.get(kind.split(",")[0], _OTHERS[number % len(_OTHERS)])]
            dashed = "--" if "," in kind else "-"
            ax.plot(places, runs.mean(axis=1), dashed, color=colour, label=kind)
            ax.plot(places, runs, "o", color=colour, alpha=0.55, markersize=6)
        if label in (chance or {}):
            ax.axhline(chance[label], color=COLOURS["grey"], linestyle=":", label="guessing")
        ax.set_xticks(places, [f"{depth}" for depth in depths])
        ax.set(xlabel="layers", ylabel=label)
    axes[0, 0].legend(fontsize=11, loc="best")
    return fig


def chain(norms: dict):
    """Gradient norm at each block of a chain, on a logarithmic axis: thin lines the draws, a thick one their mean.

    norms: kind -> (draws, blocks), all above zero, the first block first.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.6, 3.8))
    for number, (kind, runs) in enumerate(norms.items()):
        _line(ax, np.asarray(runs, dtype=float), kind, number)
    ax.set_yscale("log")
    ax.set(xlabel="block, from the picture", ylabel="gradient norm at its input")
    ax.legend()
    return fig


def mistaken(pictures, truths, answers, sure, *, rows=2):
    """Pictures that were answered wrongly, each with what it is, what was said, and how sure the network was.

    pictures (n, height, width); truths, answers: n names; sure: n probabilities from 0 to 1.
    """
    import matplotlib.pyplot as plt

    columns = -(-len(pictures) // rows)
    fig, axes = plt.subplots(rows, columns, figsize=(1.55 * columns, 2.15 * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, picture, truth, answer, share in zip(axes.flat, pictures, truths, answers, sure, strict=False):
        ax.imshow(picture, cmap="gray_r")
        ax.set_title(f"is {truth}\nsaid {answer}\n{100 * share:.0f} % sure", loc="center", fontsize=10)
    return fig
