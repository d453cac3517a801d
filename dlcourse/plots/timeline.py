"""When papers appeared: one row a paper, its first public form and its publication, with the empty years cut out."""

import math

from dlcourse.plots.style import COLOURS


def timeline(rows, eras, claimed=None, *, claim_label="the year given"):
    """A figure with one row a paper: an open dot for its first public form, a full one for its publication.

    Args:
        rows: (label, first, published) for each paper, from the top; both dates in years with a fraction.
        eras: (from, to, width) in order: the whole years that are shown, and how wide each stretch is drawn.
        claimed: label to a year, drawn as a band over that whole year in the row of the label.
        claim_label: what the band is called in the legend.

    Returns:
        the Matplotlib figure.

    Raises:
        ValueError: a date lies in none of the eras.
    """
    import matplotlib.pyplot as plt

    _check(rows, eras)
    height, widths = 1 + 0.32 * len(rows), [width for _, _, width in eras]
    fig, axes = plt.subplots(1, len(eras), sharey=True, squeeze=False, figsize=(9.5, height), width_ratios=widths)
    for ax, (start, end, _) in zip(axes[0], eras, strict=True):
        _bands(ax, rows, claimed or {}, claim_label)
        _dots(ax, rows, start, end)
        _frame(ax, rows, start, end)
    for ax in axes[0, 1:]:
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
    fig.supxlabel("year (its tick is the 1st of January)", fontsize=12)
    fig.legend(*axes[0, -1].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return fig


def _check(rows, eras):
    for label, *dates in rows:
        for date in dates:
            if not any(start <= date <= end for start, end, _ in eras):
                raise ValueError(f"{label}: {date:.1f} lies in none of the eras {list(eras)}.")


def _bands(ax, rows, claimed, name):
    colour = {"color": COLOURS["orange"], "alpha": 0.45, "linewidth": 0}
    for place, (label, *_) in enumerate(rows):
        if label in claimed:
            ax.fill_between([claimed[label], claimed[label] + 1], place - 0.4, place + 0.4, **colour)
    if claimed:
        ax.fill_between([], [], [], label=name, **colour)


def _dots(ax, rows, start, end):
    colour = COLOURS["blue"]
    for place, (_, *dates) in enumerate(rows):
        ax.plot(dates, [place, place], color=colour, linewidth=2)
    for column, fill, label in ((1, "white", "first public"), (2, colour, "published")):
        inside = [place for place, row in enumerate(rows) if start <= row[column] <= end]
        dates = [rows[place][column] for place in inside]
        # Not clipped: a date in December would lose half of its dot at the end of an era.
        ax.plot(dates, inside, "o", color=colour, markerfacecolor=fill, clip_on=False, label=label)


def _frame(ax, rows, start, end):
    step = next(step for longest, step in ((2, 1), (10, 2), (math.inf, 5)) if end - start <= longest)
    ax.set_xticks(range(math.ceil(start / step) * step, end, step))
    ax.set_xticks(range(start, end), minor=True)
    ax.set_xlim(start, end)
    ax.set_yticks(range(len(rows)), [label for label, *_ in rows])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", which="minor", alpha=0.12)
