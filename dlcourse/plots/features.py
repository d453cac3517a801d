"""The figures of chapter 07 about units: what excites them, how far they see, and what explains them, by depth."""

import base64
import io

import numpy as np

from dlcourse.plots.style import COLOURS


def show_photographs(fig, alt: str, quality: int = 72) -> None:
    """Publish a figure made of photographs as JPEG, with its alt text, and close it; see `plots.show` for the rest.

    Raises:
        ValueError: the alt text is missing or under twenty characters.
    """
    import matplotlib.pyplot as plt
    from IPython.display import display

    if len(alt.strip()) < 20:
        raise ValueError(f"alt text says in a sentence what is seen; this says {alt!r}.")
    out = io.BytesIO()
    fig.savefig(out, format="jpeg", pil_kwargs={"quality": quality, "optimize": True, "progressive": True})
    plt.close(fig)
    jpeg = base64.b64encode(out.getvalue()).decode()
    display({"image/jpeg": jpeg, "text/plain": alt}, raw=True, metadata={"image/jpeg": {"alt": alt}})


def patch(picture, row: int, column: int, side: int, size: int = 60) -> np.ndarray:
    """The square of `side` pixels round (row, column), moved inside the picture, as `(size, size, 3)` uint8."""
    from PIL import Image

    height, width = picture.shape[:2]
    side = min(side, height, width)
    top = int(np.clip(row - side // 2, 0, height - side))
    left = int(np.clip(column - side // 2, 0, width - side))
    cut = Image.fromarray(np.ascontiguousarray(picture[top : top + side, left : left + side], dtype=np.uint8))
    return np.asarray(cut.resize((size, size), Image.Resampling.NEAREST if side < 24 else Image.Resampling.BICUBIC))


def strips(rows: dict, width: float = 9.6):
    """One strip a depth: for each of some units the picture made for it, and beside it photographs' patches.

    rows: label -> a list, one entry a unit, of (made, patches): `(side, side, 3)` and a list of such.
    """
    import matplotlib.pyplot as plt

    lines = {label: [_unit(made, patches) for made, patches in units] for label, units in rows.items()}
    columns = len(next(iter(lines.values())))
    shape = next(iter(lines.values()))[0].shape
    height = width / columns * shape[0] / shape[1] * len(rows) * 1.12
    fig, axes = plt.subplots(len(rows), columns, figsize=(width, height), squeeze=False)
    for line, (label, units) in zip(axes, lines.items(), strict=True):
        for ax, unit in zip(line, units, strict=True):
            ax.imshow(unit, interpolation="nearest")
            bare(ax)
        line[0].set_ylabel(label, fontsize=10)
    for unit, ax in enumerate(axes[0], start=1):
        ax.set_title(f"unit {unit}: made | found", fontsize=10)
    return fig


def _unit(made, patches, gap=4):
    """A made picture, a gap, and patches side by side, all of the patches' size."""
    size = patches[0].shape[0]
    made = patch(made, made.shape[0] // 2, made.shape[1] // 2, made.shape[0], size)
    between = np.full((size, gap, 3), 255, np.uint8)
    return np.hstack([made, between, *patches])


def kernels(weights, columns: int = 16, width: float = 9.0):
    """The kernels of a first layer as pictures: weights `(k, k, 3, count)`; mid grey is 0, each to its own largest."""
    import matplotlib.pyplot as plt

    count = weights.shape[-1]
    fig, axes = plt.subplots(-(-count // columns), columns, figsize=(width, width / columns * -(-count // columns)))
    for ax in np.ravel(axes):
        bare(ax)
    for ax, kernel in zip(np.ravel(axes), np.moveaxis(weights, -1, 0), strict=False):
        ax.imshow(0.5 + 0.5 * kernel / max(np.abs(kernel).max(), 1e-12), interpolation="nearest")
    return fig


def fields(energies: dict, sizes: dict, reach: dict, crop: int = 224):
    """Upper row: how strongly each pixel moves the middle unit, one depth a panel; below, how far it sees by depth.

    energies: depth -> `(height, width)`. sizes: depth -> pixels in theory.
    reach: label -> {depth: pixels measured}.
    """
    import matplotlib.pyplot as plt
    from matplotlib.gridspec import GridSpec

    fig = plt.figure(figsize=(9.6, 5.2))
    grid = GridSpec(2, len(energies), figure=fig, height_ratios=(1, 2.1))
    for place, (depth, energy) in enumerate(energies.items()):
        ax = fig.add_subplot(grid[0, place])
        ax.imshow(np.sqrt(energy / energy.max()), cmap="magma", vmin=0, vmax=1)
        ax.set_title(depth, loc="center", fontsize=11)
        bare(ax)
    ax, depths = fig.add_subplot(grid[1, :]), list(sizes)
    lines = {"in theory": (sizes, "grey", "--")}
    for (label, values), (colour, style) in zip(reach.items(), (("blue", "-o"), ("orange", "-s")), strict=False):
        lines[label] = (values, colour, style)
    for label, (values, colour, style) in lines.items():
        ax.plot(range(len(depths)), [values[each] for each in depths], style, color=COLOURS[colour], label=label)
    ax.axhline(crop, color="black", linewidth=0.8)
    ax.text(0, crop * 1.1, "side of the picture", fontsize=10)
    ax.set_xticks(range(len(depths)), depths)
    ax.set(yscale="log", ylabel="side of the square seen (pixels)")
    ax.legend(loc="lower right")
    return fig


def hierarchy(edges: dict, colour, lost: dict, known: dict, depths):
    """Three panels against depth: edges, shapes and objects, each a number; see `by_depth` for the bands.

    edges, known: label -> `(runs, depths)`, the trained network first. colour: `(runs, depths)`.
    lost: kind of change -> `(runs, depths)`.
    """
    styles = (("blue", "-o"), ("grey", "--"), ("black", ":"))
    first = {label: (depths, runs, *look) for (label, runs), look in zip(edges.items(), styles, strict=False)}
    second = {
        label: (depths, runs, *look)
        for (label, runs), look in zip(lost.items(), (("blue", "-o"), ("orange", ":")), strict=False)
    }
    third = {label: (depths, runs, *look) for (label, runs), look in zip(known.items(), styles, strict=False)}
    return by_depth({
        ("Edges", "R² of a unit (median over units)"): first | {"colour, trained": (depths, colour, "orange", ":")},
        ("Shapes", "share of a unit's answer lost"): second,
        ("Objects", "share of subjects told right"): third,
    })  # fmt: skip


def by_depth(panels: dict, limit: float = 1.0, width: float = 10.5):
    """Panels side by side: a figure against depth, one line a network or a kind, with the range of its runs.

    panels: (title, ylabel) -> {label: (depths, values (runs, depths), colour, style)}.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(panels), figsize=(width, 4.1), squeeze=False)
    for ax, ((title, ylabel), lines) in zip(axes[0], panels.items(), strict=True):
        for label, (depths, runs, colour, style) in lines.items():
            values, places = np.atleast_2d(runs), np.arange(len(depths))
            ax.fill_between(places, values.min(0), values.max(0), color=COLOURS[colour], alpha=0.25, linewidth=0)
            ax.plot(places, np.median(values, axis=0), style, color=COLOURS[colour], markersize=5, label=label)
            ax.set_xticks(places, depths, rotation=60, ha="right", fontsize=10)
        ax.legend(fontsize=9.5, loc="best", handlelength=1.8)
        ax.set_title(title, fontsize=12)
        ax.set(ylabel=ylabel, ylim=(-0.05 * limit, limit))
    return fig


def bare(ax) -> None:
    """No ticks, no frame, no grid: for pictures."""
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
