"""The plot of a sweep: each headline record against the swept parameter, a dot for each seed, a line at the means."""

import io
import textwrap
from itertools import cycle
from numbers import Real

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from dlcourse.course.gathering import column_of
from dlcourse.course.grid import SEED, Grid
from dlcourse.plots import COLOURS, use_style

_COLUMNS = 2
_PANEL = (5.0, 3.4)  # inches
_LOG_FROM = 16  # the largest of several values over the smallest, from which a logarithmic axis shows more
_TITLE_WIDTH = 42
_MARKERS = "os^Dv<>"


def draw(table, grid: Grid) -> bytes:
    """The plot as PNG: a panel for each headline record, or for each record when none is a headline.

    Args:
        table: the records (see `dlcourse.course.gathering.records_of`), with at least one value.
        grid: the sweep. The first swept parameter is the axis; the combinations of the others have a colour each.
    """
    shown = table[table["headline"].astype(bool)] if table["headline"].any() else table
    names = list(shown["record"].unique())
    with mpl.rc_context():
        use_style()
        figure = Figure(figsize=_size(len(names)), layout="constrained")
        panels = figure.subplots(-(-len(names) // _COLUMNS), min(len(names), _COLUMNS), squeeze=False).flatten()
        for axes, name in zip(panels, names, strict=False):
            _panel(axes, shown[shown["record"] == name], grid)
        for axes in panels[len(names) :]:
            axes.set_visible(False)
        _legend(figure)
        return _png(figure)


def _size(panels):
    columns = min(panels, _COLUMNS)
    return _PANEL[0] * columns + (2.0 if panels == 1 else 0.0), _PANEL[1] * -(-panels // _COLUMNS)


def _panel(axes, part, grid):
    against = grid.swept[0] if grid.swept else SEED if SEED in grid.axes else next(iter(grid.axes))
    place = _axis(axes, against, grid.axes[against])
    others = [column_of(name) for name in grid.swept[1:]]
    groups = part.groupby(others, sort=False, dropna=False) if others else [((), part)]
    for (values, group), look in zip(groups, _looks(), strict=False):
        label = ", ".join(f"{name}={value}" for name, value in zip(grid.swept[1:], values, strict=True))
        _series(axes, group.dropna(subset=["value"]), against, place, look, label)
    axes.margins(x=0.08)
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    axes.set_xlabel(against)
    axes.set_ylabel(part["unit"].iloc[0].replace("$", r"\$"))
    axes.set_title("\n".join(textwrap.wrap(part["record"].iloc[0].replace("$", r"\$"), _TITLE_WIDTH)))


def _series(axes, group, against, place, look, label):
    colour, marker, line = look
    column = column_of(against)
    where = [place(value) for value in group[column]]
    axes.plot(where, group["value"].astype(float), marker, color=colour, alpha=0.5, markersize=7)
    means = group.groupby(column, sort=False)["value"].mean().astype(float)
    if against == SEED:  # repetitions: one mean, not a line from seed to seed
        axes.axhline(means.mean(), color=colour, linestyle=line)
    else:
        points = sorted((place(value), mean) for value, mean in means.items())
        across, up = [point[0] for point in points], [point[1] for point in points]
        axes.plot(across, up, color=colour, linestyle=line, marker="_", markersize=14, mew=2)
    if label:
        axes.plot([], [], color=colour, marker=marker, linestyle=line, label=label)


def _axis(axes, name, values):
    """Set up the x axis for the values of a parameter; the function from a value to its place on it."""
    if all(isinstance(value, Real) and not isinstance(value, bool) for value in values):
        if len(values) > 2 and min(values) > 0 and max(values) / min(values) >= _LOG_FROM:
            axes.set_xscale("log")
        axes.set_xticks(values, [f"{value:g}" for value in values], minor=False)
        axes.minorticks_off()
        return float
    texts = [str(value) for value in values]
    axes.set_xticks(range(len(texts)), texts)
    axes.set_xlim(-0.5, len(texts) - 0.5)
    return lambda value: texts.index(str(value))


def _looks():
    """A colour, a marker and a line style for each series, so that no two of the first 21 look alike."""
    names = ("blue", "orange", "green", "vermillion", "purple", "sky", "black")
    looks = [
        (COLOURS[name], marker, line) for line in ("-", "--", ":") for name, marker in zip(names, _MARKERS, strict=True)
    ]
    return cycle(looks)


def _legend(figure):
    handles, labels = figure.axes[0].get_legend_handles_labels()
    if labels:
        figure.legend(handles, labels, loc="outside right upper")


def _png(figure):
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=120, metadata={"Software": None})
    return content.getvalue()
