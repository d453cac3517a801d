"""The figures of chapter 17: a memory cell at work, gates over a text, and sums that a gate lets fade."""

import numpy as np

from dlcourse.plots.style import COLOURS


def cell_at_work(values: dict, events: dict):
    """Series over time, one panel each, with vertical lines where something is done.

    values: name -> (time,). events: what is done -> the step; its name is written above the first panel.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(len(values), 1, figsize=(8.6, 1.15 * len(values) + 0.6), sharex=True, squeeze=False)
    for ax, (name, series), colour in zip(axes[:, 0], values.items(), list(COLOURS) * 2, strict=False):
        ax.plot(series, color=COLOURS[colour], linewidth=1.6)
        for step in events.values():
            ax.axvline(step, color=COLOURS["grey"], linestyle=":", linewidth=1)
        ax.set_ylabel(name, rotation=0, ha="right", va="center")
        low, high = min(0, np.min(series)), max(1e-9, np.max(series))
        ax.set_ylim(low - 0.12 * (high - low), high + 0.12 * (high - low))
    for name, step in events.items():
        axes[0, 0].annotate(
            name, (step, 1.04), xycoords=("data", "axes fraction"), rotation=30, fontsize=10, color=COLOURS["black"]
        )
    axes[-1, 0].set_xlabel("step")
    return fig


def fading(curves: dict, theory: dict):
    """What is left of a cell over the steps: name -> (time,), with a dashed line where theory has one."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.6, 3.8))
    for (name, series), colour in zip(curves.items(), COLOURS, strict=False):
        ax.plot(series, color=COLOURS[colour], label=name)
        if name in theory:
            ax.plot(theory[name], color=COLOURS["black"], linestyle="--", linewidth=1)
    ax.plot([], [], color=COLOURS["black"], linestyle="--", linewidth=1, label="σ(b) to the power of the step")
    ax.set(xlabel="steps", ylabel="share of the cell that is left", ylim=(-0.03, 1.05))
    ax.legend(title="forget bias b", loc="center left", bbox_to_anchor=(1.01, 0.5))
    return fig


def over_text(text: str, values, names, label: str):
    """A value from 0 to 1 for each character and unit, dark for 0: values (len(text), units), a row a unit.

    Raises:
        ValueError: values do not have a row for each character.
    """
    import matplotlib.pyplot as plt

    values = np.asarray(values)
    if len(values) != len(text):
        raise ValueError(f"values must have {len(text)} rows, one a character of the text; it has {len(values)}.")
    fig, ax = plt.subplots(figsize=(11, 0.32 * values.shape[1] + 1.6))
    image = ax.imshow(values.T, aspect="auto", cmap="cividis", vmin=0, vmax=1, interpolation="nearest")
    ax.set_xticks(range(len(text)), ["␣" if c == " " else c for c in text], fontsize=9, family="DejaVu Sans Mono")
    ax.set_yticks(range(values.shape[1]), names)
    ax.set_ylabel("unit")
    ax.tick_params(length=0)
    ax.grid(visible=False)
    fig.colorbar(image, ax=ax, label=label, pad=0.01)
    return fig
