"""How fast, by how much faster, and what more devices can give."""

import numpy as np

from dlcourse.plots.style import COLOURS


def rates(ax, figures, *, xlabel) -> None:
    """Draw one bar a way of computing, on a logarithmic axis, with its figure beside it; the fastest on top.

    Args:
        ax: Matplotlib axes.
        figures: name to a rate, or None where it was not measured: that is said in words and gets no bar.
        xlabel: what is measured, with its unit.
    """
    names = sorted(figures, key=lambda name: figures[name] or 0.0)
    known = [figures[name] for name in names if figures[name]]
    left = min(known) / 3
    for row, name in enumerate(names):
        rate = figures[name]
        ax.barh(row, 0 if rate is None else rate - left, left=left, height=0.6, color=COLOURS["blue"])
        text = " not measured" if rate is None else f" {_scientific(rate)}"
        ax.annotate(text, (rate or left, row), va="center", color=COLOURS["grey" if rate is None else "black"])
    ax.set_xscale("log")
    ax.set_xlim(left, max(known) * 30)
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)


def _scientific(rate):
    """1.3e+11 as it is printed in a book."""
    mantissa, exponent = f"{rate:.1e}".split("e")
    return rf"{mantissa} $\times\ 10^{{{int(exponent)}}}$"


def ratios(ax, figures, *, xlabel) -> None:
    """Draw one dot a comparison with a line between its quartiles, beside the line at 1 where nothing is gained.

    Args:
        ax: Matplotlib axes.
        figures: name to a `Ratio`, something with `median`, `low` and `high`.
        xlabel: what is divided by what.
    """
    names = list(figures)[::-1]
    for row, name in enumerate(names):
        ratio = figures[name]
        colour = COLOURS["blue"] if ratio.median >= 1 else COLOURS["vermillion"]
        ax.plot([ratio.low, ratio.high], [row, row], color=colour, linewidth=4, alpha=0.4)
        ax.plot(ratio.median, row, "o", color=colour, markersize=9)
        ax.annotate(
            f"{ratio.median:.2g}", (ratio.median, row), (0, 9), textcoords="offset points", ha="center", va="bottom"
        )
    ends = [each for ratio in figures.values() for each in (ratio.low, ratio.high, 1.0)]
    ax.axvline(1, color=COLOURS["grey"], linestyle="--", linewidth=1.2)
    ax.set_xscale("log")
    ax.set_xlim(min(ends) / 1.6, max(ends) * 1.6)
    ax.set_xticks(_ticks(*ax.get_xlim()), minor=False)
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter("")
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(-0.5, len(names) - 0.3)
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)


def _ticks(low, high):
    """1, 2 and 5 times powers of ten, within the axis."""
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    return [each for each in np.outer(powers, (1, 2, 5)).ravel() if low <= each <= high]


def amdahl(ax, most, shares, measured=None) -> None:
    """Draw Amdahl's law, speedup 1 / ((1 - p) + p / n) over n workers, for some parallel shares p of the work.

    Args:
        ax: Matplotlib axes.
        most: the highest number of workers.
        shares: the parallel shares p to draw, each from 0 to 1.
        measured: workers to measured speedup, drawn as points.
    """
    workers = np.geomspace(1, most, 100)
    for share in shares:
        ax.plot(workers, 1 / (1 - share + share / workers), label=f"{100 * share:g} % parallel")
    if measured:
        ax.plot(list(measured), list(measured.values()), "o", color=COLOURS["black"], label="measured here")
    for scale in (ax.set_xscale, ax.set_yscale):
        scale("log", base=2)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter("{x:g}")
    ax.set_xlabel("workers")
    ax.set_ylabel("times faster than one")
    ax.legend()
