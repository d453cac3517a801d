"""The figures of chapter 07 about pixels: several maps of what an answer rests on, beside the picture."""

import textwrap

import numpy as np

from dlcourse.plots.features import bare


def strength(slopes) -> np.ndarray:
    """One number a pixel from slopes `(height, width, 3)`: the largest of its three absolute values."""
    return np.abs(slopes).max(axis=-1)


def enlarged(values, side: int) -> np.ndarray:
    """A small map `(h, w)` at `(side, side)`, bilinear."""
    from PIL import Image

    return np.asarray(Image.fromarray(np.asarray(values, np.float32)).resize((side, side), Image.Resampling.BILINEAR))


def beside(rows: list, width: float = 8.6):
    """One row a picture: the picture, then its maps, light where they are high.

    rows: (title, picture (height, width, 3), {name: map (height, width)}), the same names in each; a map's brightest
    hundredth is white and what is below 0 is black. A long title takes two lines.
    """
    import matplotlib.pyplot as plt

    columns = 1 + len(rows[0][2])
    titles = [textwrap.fill(title, 16, break_on_hyphens=False) for title, _, _ in rows]
    height = width / columns * len(rows) * 1.13 + 0.2 * sum(title.count("\n") for title in titles)
    fig, axes = plt.subplots(len(rows), columns, figsize=(width, height), squeeze=False)
    for ax, name in zip(axes[0, 1:], rows[0][2], strict=True):
        ax.set_title(name, fontsize=11, loc="center")
    for line, title, (_, picture, maps) in zip(axes, titles, rows, strict=True):
        line[0].imshow(picture)
        line[0].set_title(title, fontsize=11, loc="center")
        for ax, values in zip(line[1:], maps.values(), strict=True):
            top = max(np.quantile(values, 0.99), 1e-12)
            ax.imshow(np.clip(values / top, 0, 1), cmap="inferno", vmin=0, vmax=1)
        for ax in line:
            bare(ax)
    return fig
