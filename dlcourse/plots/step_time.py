"""Where the time of a training step goes: waiting for input beside computing."""

import numpy as np

from dlcourse.plots.style import COLOURS


def step_time(ax, measured) -> None:
    """Draw a bar for each pipeline, in the order given from the top: the mean step, split into its two parts.

    Args:
        ax: Matplotlib axes.
        measured: name to an object with `waiting` and `computing`, seconds `(steps,)`, as `dlcourse.data.time_steps`
            gives.

    Raises:
        ValueError: nothing was measured.
    """
    if not measured:
        raise ValueError("measured has no step times to draw.")
    names = list(measured)
    waiting, computing = (1e3 * np.array([np.mean(getattr(measured[name], part)) for name in names])
                          for part in ("waiting", "computing"))  # fmt: skip
    rows = np.arange(len(names))
    # Hatched, so that the parts are told apart without colour as well.
    ax.barh(rows, waiting, 0.6, color=COLOURS["orange"], hatch="//", edgecolor="white", label="waiting for input")
    ax.barh(rows, computing, 0.6, left=waiting, color=COLOURS["blue"], label="computing")
    for row, whole, part in zip(rows, waiting + computing, waiting, strict=True):
        ax.text(whole, row, f" {100 * part / whole:.0f} % waiting", va="center", fontsize=10)
    ax.set_yticks(rows, names)
    ax.invert_yaxis()
    ax.set_xlim(0, 1.3 * (waiting + computing).max())
    ax.set_xlabel("mean time of a training step (ms)")
    ax.grid(axis="y", visible=False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)


def timeline(ax, measured, steps: int = 12) -> None:
    """Draw the first steps of each pipeline one after the other along the time they took.

    Args:
        ax: Matplotlib axes.
        measured: as for `step_time`.
        steps: how many of them.
    """
    for row, times in enumerate(measured.values()):
        waiting, computing = 1e3 * np.asarray(times.waiting[:steps]), 1e3 * np.asarray(times.computing[:steps])
        starts = np.cumsum(waiting + computing) - waiting - computing
        bar = {"facecolors": COLOURS["orange"], "hatch": "//", "edgecolor": "white"}
        ax.broken_barh(list(zip(starts, waiting, strict=True)), (row - 0.3, 0.6), **bar)
        ax.broken_barh(
            list(zip(starts + waiting, computing, strict=True)), (row - 0.3, 0.6),
            facecolors=COLOURS["blue"], edgecolor="white",
        )  # fmt: skip
    ax.set_yticks(range(len(measured)), list(measured))
    ax.invert_yaxis()
    ax.set_xlabel(f"time of the first {steps} steps timed (ms)")
    ax.grid(axis="y", visible=False)
