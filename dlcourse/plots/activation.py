"""The figures of chapter 03: functions and their slopes, gradients going down through layers, dead units, training."""

import numpy as np

from dlcourse.plots.style import COLOURS

# Function -> how it is written, its colour and its line in every figure of the chapter.
LOOK = {
    "binary_step": ("binary step", "black", ":"),
    "linear": ("linear", "grey", "--"),
    "sigmoid": ("sigmoid", "vermillion", "-"),
    "tanh": ("tanh", "purple", "-"),
    "relu": ("ReLU", "blue", "-"),
    "leaky_relu": ("leaky ReLU", "sky", "-"),
    "parametric_relu": ("parametric ReLU", "sky", "--"),
    "elu": ("ELU", "green", "-"),
    "swish": ("swish", "orange", "-"),
}

_VARIANTS = ("green", "vermillion", "purple")  # where a function has several on one pair of axes


def spoken(name: str) -> str:
    """A function's name as it is written in a text: "leaky ReLU" for "leaky_relu", and so before a comma."""
    known, comma, rest = name.partition(",")
    return f"{LOOK[known][0] if known in LOOK else known}{comma}{rest}"


def look(name: str, variant: int = 0) -> dict:
    """Colour and line style of a function; "sigmoid, …" is a variant of "sigmoid", in its colour with other dashes.

    Raises:
        ValueError: no function of that name has a look.
    """
    known = name.split(",", maxsplit=1)[0]
    if known not in LOOK:
        raise ValueError(f"name {name!r} begins with none of {', '.join(LOOK)}.")
    _, colour, style = LOOK[known]
    return {"color": COLOURS[colour], "linestyle": style if name == known else ("-.", ":", "--")[variant % 3]}


def gallery(functions: dict, z):
    """A panel for each function: the function as a line, its slope dashed.

    functions: title -> an activation, called on z and with `.derivative(z)`. z (points,), increasing.
    """
    import matplotlib.pyplot as plt

    columns = 3
    rows = -(-len(functions) // columns)
    fig, axes = plt.subplots(rows, columns, figsize=(9, 2.35 * rows), sharex=True, squeeze=False)
    for ax, (title, f) in zip(axes.flat, functions.items(), strict=False):
        ax.plot(z, _broken_at_jumps(f(z)), color=COLOURS["blue"], label="f(z)")
        ax.plot(z, _broken_at_jumps(f.derivative(z)), "--", color=COLOURS["vermillion"], label="slope f'(z)")
        ax.axhline(0, color=COLOURS["grey"], linewidth=0.7, zorder=0)
        ax.set(title=title, ylim=(-1.4, 2.4), xlim=(z[0], z[-1]))
    for ax in axes.flat[len(functions) :]:
        ax.set_axis_off()
    for ax in axes[-1]:
        ax.set_xlabel("z")
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return fig


def _broken_at_jumps(values):
    """The values with a gap where they jump, so that no upright line is drawn there."""
    values = np.array(values, dtype=float)
    values[1:][np.abs(np.diff(values)) > 0.3] = np.nan
    return values


# ReLU, the linear function and the leaky ReLU leave nearly the same: thin lines over wide ones show all three.
_LAYERED = {
    "leaky_relu": {"linewidth": 4.5, "zorder": 2},
    "relu": {"linewidth": 2.0, "zorder": 2.2},
    "linear": {"linewidth": 1.2, "zorder": 2.4},
}
_NOTHING = 1e-30  # stands for a share of 0 on a logarithmic axis, far below its lower end


def surviving(panels: dict, theory: dict, bound=None):
    """The share of a gradient left after it went down through layers, on a logarithmic axis; one panel a start.

    panels: title -> {function: shares (seeds, layers + 1)}; shares of 0 leave the axis at the bottom.
    theory: title -> {function: shares (layers + 1,)}, drawn as dots. bound: (label, shares (layers + 1,)), or None.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(panels), figsize=(10.5, 4.6), sharey=True, squeeze=False)
    for ax, (title, shares) in zip(axes[0], panels.items(), strict=True):
        for name, values in shares.items():
            bands(ax, np.arange(values.shape[1]), np.maximum(values, _NOTHING), name, **_LAYERED.get(name, {}))
            expected = np.maximum(theory[title][name], _NOTHING)
            dots = ax.plot(np.arange(len(expected))[::2], expected[::2], "k.", markersize=3.5, zorder=5)
        dots[0].set_label("theory")
        if bound:
            ax.plot(bound[1], color="black", linewidth=1, label=bound[0])
        ax.set(yscale="log", ylim=(1e-19, 1e8), title=title)
    axes[0, 0].set_ylabel("share of the gradient left")
    fig.supxlabel("layers passed, from the top down", fontsize=12)
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside right center", fontsize=11)
    return fig


def bands(ax, x, runs, name: str, **kwargs) -> None:
    """One function's runs: their geometric mean as a line, and a band from the lowest to the highest.

    x (points,). runs (seeds, points), positive.
    """
    runs, style = np.asarray(runs, dtype=float), {**look(name), **kwargs}
    ax.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=style["color"], alpha=0.18, linewidth=0)
    ax.plot(x, np.exp(np.log(runs).mean(axis=0)), label=spoken(name), **style)


def training_curves(curves: dict, baselines: dict):
    """Accuracy on held-out pictures after each epoch: all of it on the left, the best of it enlarged on the right.

    curves: function -> per cent (seeds, epochs + 1), above 0, the first before training. baselines: label -> per cent.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, 2, figsize=(10.5, 4.6))
    for ax, first in zip(axes, (0, 1), strict=True):
        for name, runs in curves.items():
            bands(ax, np.arange(first, np.shape(runs)[1]), np.asarray(runs)[:, first:], name)
        for label, level in baselines.items():
            ax.axhline(level, color="black", linewidth=1, linestyle=(0, (6, 4)), label=label)
        ax.set_xlabel("epoch")
        ax.xaxis.get_major_locator().set_params(integer=True)
    best = max(np.max(runs) for runs in curves.values())
    axes[0].set(ylabel="held-out accuracy (%)", ylim=(0, 100))
    axes[1].set(ylim=(best - 12, best + 1), title="enlarged")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside right center", fontsize=11)
    return fig


def against(ax, x, runs: dict, xlabel: str, ylabel: str, *, log: bool = False) -> None:
    """One line a name through the means of its runs, every run a dot.

    x (points,). runs: name -> (seeds, points). log: x on a logarithmic axis. Several variants of a function, such as
    "relu, biases 0.1", have a colour each.
    """
    variants = [name for name in runs if "," in name]
    for name, values in runs.items():
        style = look(name, variants.index(name) if name in variants else 0)
        if name in variants and len(variants) > 1:
            style["color"] = COLOURS[_VARIANTS[variants.index(name) % len(_VARIANTS)]]
        ax.plot(x, np.mean(values, axis=0), label=spoken(name), **style)
        ax.plot(x, np.transpose(values), "o", color=style["color"], alpha=0.45, markersize=5)
    if log:
        ax.set_xscale("log")
        ax.minorticks_off()
    few = x if len(x) <= 7 else x[4::5]
    ax.set_xticks(few, [f"{each:g}" for each in few])
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
