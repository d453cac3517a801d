"""The figures of chapters 16 and 17: gradients against lag and weights, training that breaks, what is remembered."""

import numpy as np

from dlcourse.plots.line_ends import label_ends
from dlcourse.plots.style import COLOURS

ORDER = ("blue", "orange", "vermillion", "green", "purple", "sky")
MARKS = ("o", "s", "^", "D", "v", "P")


def looks(names) -> dict:
    """A colour and a line for each name; "GRU, held" is a variant of "GRU", in its colour and dashed.

    Raises:
        ValueError: there are more names without a variant than colours.
    """
    names, colours = list(names), {}
    for name in names:
        plain = name.partition(",")[0]
        colours.setdefault(plain if plain in names else name, None)
    if len(colours) > len(ORDER):
        raise ValueError(f"names has {len(colours)} kinds of lines; there are colours for {len(ORDER)}.")
    colours = dict(zip(colours, ORDER, strict=False))
    return {
        name: {"color": COLOURS[colours[name]], "linestyle": "-"}
        if name in colours
        else {"color": COLOURS[colours[name.partition(",")[0]]], "linestyle": (0, (4, 1.5))}
        for name in names
    }


def shares_by_step(shares: dict):
    """How much each step contributes to a gradient, a panel a network: name -> (time,), drawn as bars.

    The steps of a panel are shown as shares of its largest bar.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(shares), figsize=(9, 2.8), sharey=True, squeeze=False)
    for ax, (name, values), colour in zip(axes[0], shares.items(), ORDER, strict=False):
        ax.bar(np.arange(1, len(values) + 1), np.asarray(values) / np.max(values), color=COLOURS[colour])
        ax.set(title=name, xlabel="step")
    axes[0, 0].set_ylabel("size, largest = 1")
    return fig


def against_lag(norms: dict, theory: dict | None = None, ylabel="norm of ∂h(T) / ∂h(T − lag)"):
    """Norms against the lag, on a logarithmic axis: a band and the median of logarithms for each name, theory dashed.

    norms: name -> (runs, lags) from lag 0. theory: name -> (lags,), for some names or all; without it the names stand
    at the lines' ends.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.6, 4.2))
    ends = {}
    for name, look in looks(norms).items():
        runs, lags = np.atleast_2d(norms[name]), np.arange(np.shape(norms[name])[-1])
        ax.fill_between(lags, runs.min(axis=0), runs.max(axis=0), color=look["color"], alpha=0.2)
        (line,) = ax.plot(lags, np.exp(np.median(np.log(runs), axis=0)), label=name, **look)
        ends[name] = (line.get_ydata()[-1], look["color"])
        if theory and name in theory:
            ax.plot(lags, theory[name], color=COLOURS["black"], linestyle="--", linewidth=1.2)
    if theory:
        ax.plot([], [], color=COLOURS["black"], linestyle="--", linewidth=1.2, label="theory")
    ax.set(xlabel="lag (steps)", ylabel=ylabel, yscale="log")
    if theory:
        ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    else:
        label_ends(ax, lags[-1], ends, apart=0.085)
    return fig


def against_weights(radii, norms: dict):
    """Norms against the weights' spectral radius, both axes logarithmic, a line for each lag: lag -> (len(radii),)."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.2, 4.0))
    for (lag, values), colour, mark in zip(norms.items(), ORDER, MARKS, strict=False):
        ax.plot(radii, values, color=COLOURS[colour], marker=mark, markersize=5, label=f"lag {lag}")
    ax.axvline(1, color=COLOURS["grey"], linewidth=1, linestyle=":")
    ax.set(xscale="log", yscale="log", xlabel="spectral radius of U", ylabel="norm of the gradient")
    ax.set_xticks(radii[::2], [f"{r:.2g}" for r in radii[::2]])
    ax.minorticks_off()
    ax.legend()
    return fig


def slopes(radii, measured: dict):
    """Growth of the gradient in a step against the spectral radius, name -> (runs, len(radii)), beside log radius."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.6, 4.2))
    ax.axhline(0, color=COLOURS["grey"], linewidth=1)
    ax.plot(radii, np.log(radii), color=COLOURS["black"], linestyle="--", linewidth=1.2, label="log of the radius")
    for (name, given), colour, mark in zip(measured.items(), ORDER, MARKS, strict=False):
        runs = np.atleast_2d(given)
        ax.fill_between(radii, runs.min(axis=0), runs.max(axis=0), color=COLOURS[colour], alpha=0.2)
        ax.plot(radii, runs.mean(axis=0), color=COLOURS[colour], marker=mark, markersize=5, label=name)
    ax.annotate("explodes", (0.02, 0.97), xycoords="axes fraction", va="top", color=COLOURS["grey"])
    ax.annotate("vanishes", (0.98, 0.03), xycoords="axes fraction", va="bottom", ha="right", color=COLOURS["grey"])
    ax.set(xlabel="spectral radius of U", ylabel="growth in a step (natural log)")
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return fig


def losses(curves: dict, baseline: float, baseline_name: str):
    """Losses of training runs, name -> list of runs, a panel each; a cross stands where a run ended in no number."""
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(curves), figsize=(10, 3.2), sharey=True, squeeze=False)
    longest = max(len(run) for runs in curves.values() for run in runs)
    for ax, (name, runs) in zip(axes[0], curves.items(), strict=True):
        ax.axhline(baseline, color=COLOURS["grey"], linestyle=":", label=baseline_name)
        for run, colour in zip(map(np.asarray, runs), ORDER, strict=False):
            finite = np.flatnonzero(np.isfinite(run))
            ax.plot(finite, _smooth(run[finite]), color=COLOURS[colour], linewidth=1.3)
            if len(finite) < len(run):
                ax.plot(finite[-1:], run[finite[-1:]], "X", color=COLOURS[colour], markersize=11, clip_on=False)
        ax.set(title=name, xlabel="training step", yscale="log", xlim=(-0.04 * longest, 1.02 * longest))
    axes[0, 0].set_ylabel("loss")
    axes[0, -1].legend(loc="upper right", fontsize=10)
    return fig


def _smooth(values, width=10):
    """The geometric mean of up to `width` neighbours, as a logarithmic axis wants it."""
    if len(values) < 2 * width:
        return values
    logs = np.log(np.maximum(values, 1e-12))
    kernel = np.ones(width)
    return np.exp(np.convolve(logs, kernel, "same") / np.convolve(np.ones(len(logs)), kernel, "same"))


def accuracies(x, runs: dict, xlabel: str, chance=0.5, chance_name="chance", mark_at=None, mark_name=""):
    """Accuracy (%) against x, name -> (runs, len(x)) of shares: the mean, and a band from the worst to the best."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.6, 4.0))
    ax.axhline(100 * chance, color=COLOURS["grey"], linestyle=":", label=chance_name)
    for (name, look), mark in zip(looks(runs).items(), MARKS, strict=False):
        values = 100 * np.atleast_2d(runs[name])
        ax.fill_between(x, values.min(axis=0), values.max(axis=0), color=look["color"], alpha=0.2)
        ax.plot(x, values.mean(axis=0), marker=mark, markersize=4, label=name, **look)
    if mark_at is not None:
        ax.axvline(mark_at, color=COLOURS["black"], linewidth=1, linestyle="--", label=mark_name)
    ax.set(xlabel=xlabel, ylabel="accuracy (%)", ylim=(-3, 103))
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return fig
