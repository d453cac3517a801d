"""Names at the right ends of lines, so that no legend and no colour alone has to tell them apart."""

from dlcourse.plots.style import COLOURS


def label_ends(ax, x: float, ends: dict, apart: float = 0.065, leaders: bool = True) -> None:
    """Write each name right of the axes, moved up or down so that no two are closer than `apart`.

    A thin line in the line's colour leads from its end to the name, or the name itself has that colour. The axes'
    limits stay as they are now.

    Args:
        ax: Matplotlib axes, with everything drawn and scaled.
        x: where the lines end.
        ends: name -> (height of the line's end, its colour).
        apart: in shares of the axes' height.
        leaders: draw the thin lines; without them names should end up near their lines.
    """
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    at = {name: ax.transLimits.transform(ax.transScale.transform((x, y))) for name, (y, _) in ends.items()}
    names = sorted(ends, key=lambda name: at[name][1])
    for name, place in zip(names, spread([at[name][1] for name in names], apart), strict=True):
        own, where = ends[name][1], {"xycoords": "axes fraction", "va": "center", "fontsize": 11}
        if leaders:
            arrow = {"arrowstyle": "-", "color": own, "linewidth": 1.2, "shrinkA": 1, "shrinkB": 3}
            where |= {"xytext": (1.045, place), "arrowprops": arrow, "annotation_clip": False}
            ax.annotate(name, at[name], color=COLOURS["black"], **where)
        else:
            ax.annotate(name, (1.02, place), color=own, **where)


def spread(heights, apart: float) -> list:
    """Rising heights, moved no further than needed to stand `apart` from one another.

    >>> [round(height, 2) for height in spread([0.0, 0.5, 0.5, 2.0], 0.2)]
    [0.0, 0.4, 0.6, 2.0]
    """
    places = list(heights)
    for _ in range(100):
        for k in range(len(places) - 1):
            missing = apart - (places[k + 1] - places[k])
            if missing > 1e-9:
                places[k], places[k + 1] = places[k] - missing / 2, places[k + 1] + missing / 2
    return places
