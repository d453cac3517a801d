"""Figures of chapter 06: the gap between seen and unseen pictures, costs over epochs, what changes help."""

import numpy as np

from dlcourse.plots.style import COLOURS


def gap(ax, sizes, seen, unseen, *, ylabel="accuracy (%)") -> None:
    """Accuracy on seen and on unseen examples against the number of training examples, the gap between them shaded.

    Args:
        ax: Matplotlib axes.
        sizes: numbers of training examples, (points,); drawn on a logarithmic axis.
        seen, unseen: (seeds, points), a dot each and a line through the means.
        ylabel: what is measured, with its unit.
    """
    means = []
    for label, runs, colour in (("seen in training", seen, "blue"), ("not seen", unseen, "orange")):
        means.append(np.mean(runs, axis=0))
        ax.plot(sizes, np.transpose(runs), "o", color=COLOURS[colour], alpha=0.5, markersize=5)
        ax.plot(sizes, means[-1], color=COLOURS[colour])
        ax.annotate(
            label, (sizes[-1], means[-1][-1]), (8, 0), "data", "offset points", color=COLOURS[colour], va="center"
        )
    ax.fill_between(sizes, *means, color=COLOURS["grey"], alpha=0.15, linewidth=0)
    logarithmic(ax, sizes)
    ax.set(xlabel="training pictures", ylabel=ylabel)


def power_law(ax, sizes, gaps, slope, intercept) -> None:
    """The gap against the number of examples, both logarithmic, with the fitted line 10^intercept · size^slope.

    Args:
        ax: Matplotlib axes.
        sizes: (points,). gaps: (seeds, points), positive, in points of accuracy.
        slope, intercept: of the line through log10(gap) over log10(size).
    """
    ax.plot(sizes, np.transpose(gaps), "o", color=COLOURS["purple"], alpha=0.55, markersize=6)
    ax.plot(sizes, 10**intercept * np.asarray(sizes, dtype=float) ** slope, color=COLOURS["black"])
    ax.set_yscale("log")
    logarithmic(ax, sizes)
    low, high = np.min(gaps), np.max(gaps)
    ticks = [each for each in (1, 2, 5, 10, 20, 50) if low / 1.5 <= each <= high * 1.5]
    ax.set_yticks(ticks, [str(each) for each in ticks])
    ax.minorticks_off()
    ax.set(xlabel="training pictures", ylabel="gap (points)", ylim=(low / 1.3, high * 1.3))


def logarithmic(ax, sizes) -> None:
    """A logarithmic x axis with a tick at each of the sizes, or at every other one if there are more than five."""
    ax.set_xscale("log")
    ticks = sizes if len(sizes) <= 5 else sizes[::2]
    ax.set_xticks(ticks, [f"{each:,}" for each in ticks])
    ax.minorticks_off()


def costs(curves: dict, *, ylim):
    """A panel for each way of training: cost on seen and unseen examples after each epoch, and where it was lowest.

    Args:
        curves: title -> (seeds, epochs, 2), the cost on seen and on unseen examples.
        ylim: the common range of the cost axis.

    Returns:
        The figure. A thin line each seed, a thick one their mean; a triangle at the epoch of the lowest unseen mean.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(curves), figsize=(10.5, 3.9), sharey=True, squeeze=False)
    for ax, (title, several) in zip(axes[0], curves.items(), strict=True):
        runs = np.asarray(several, dtype=float)
        epochs = np.arange(1, runs.shape[1] + 1)
        for k, (label, colour) in enumerate((("seen", "blue"), ("not seen", "orange"))):
            mean = runs[:, :, k].mean(axis=0)
            ax.plot(epochs, runs[:, :, k].T, color=COLOURS[colour], linewidth=0.8, alpha=0.5)
            ax.plot(epochs, mean, color=COLOURS[colour], label=label)
        best = int(mean.argmin())
        ax.plot(epochs[best], mean[best], "v", color=COLOURS["black"], markersize=8, zorder=5)
        ax.set(title=title, xlabel="epoch", ylim=ylim)
    axes[0, 0].set_ylabel("cost (nats)")
    axes[0, 0].legend(loc="upper right")
    return fig


def ablation(ax, figures: dict, base: str, noise: float, *, xlabel: str, lowest: float) -> None:
    """One row a change: a dot a seed, a bar at the mean, and the band round the base that chance alone would fill.

    Args:
        ax: Matplotlib axes.
        figures: name -> values (seeds,), the best mean on top.
        base: the name of the row that the others are changes of.
        noise: half the width of the band, in the unit of the values.
        xlabel: what is measured, with its unit.
        lowest: where the axis begins; a row below it is told in words at the axis' left end.
    """
    names = sorted(figures, key=lambda name: np.mean(figures[name]))
    centre = np.mean(figures[base])
    ax.axvspan(centre - noise, centre + noise, color=COLOURS["grey"], alpha=0.2, linewidth=0)
    for row, name in enumerate(names):
        values = np.asarray(figures[name], dtype=float)
        colour = COLOURS["orange"] if name == base else COLOURS["blue"]
        if values.mean() < lowest:
            ax.annotate(f"◂ {values.mean():.0f}", (lowest, row), (4, 0), textcoords="offset points", va="center")
            continue
        ax.plot(values, np.full(len(values), row), "o", color=colour, alpha=0.55, markersize=7)
        ax.plot([values.mean()] * 2, [row - 0.32, row + 0.32], color=colour, linewidth=3)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlim=(lowest, None), ylim=(-0.6, len(names) - 0.4), xlabel=xlabel)
    ax.grid(axis="y", visible=False)
