"""The figures of chapter 12: pictures with boxes, heat maps of windows, recall against stride, sizes and cost."""

import numpy as np

from dlcourse.plots.style import COLOURS


def boxed(images, boxes, captions=None, titles=None, found=None, columns: int = 4):
    """Pictures with boxes: what is there in orange, and what was found, with its caption, in blue.

    Args:
        images: (count, height, width).
        boxes: one array (n, 4) a picture.
        captions: one list (n,) a picture, written beside the blue boxes, or the orange ones if nothing was found.
        titles: one a picture.
        found: one array (n, 4) a picture; None draws none.
    """
    import matplotlib.pyplot as plt

    rows = -(-len(images) // columns)
    # Noise hardly compresses: at 60 dots an inch the notebook stays small.
    fig, axes = plt.subplots(rows, columns, figsize=(8.4, 2.25 * rows), squeeze=False, dpi=60)
    for i, (ax, image) in enumerate(zip(axes.flat, images, strict=False)):
        ax.imshow(image, cmap="gray", vmin=0, vmax=np.max(images))
        _frames(ax, boxes[i], "orange")
        _frames(ax, [] if found is None else found[i], "sky", "--")
        written = boxes[i] if found is None else found[i]
        for box, text in zip(written, captions[i] if captions else (), strict=False):
            ax.text(box[0], box[1] - 1, text, fontsize=8, color="white", va="bottom", bbox=_GROUND)
        ax.set_title(titles[i] if titles else "", loc="center", fontsize=10)
    for ax in axes.flat:
        ax.axis("off")
    return fig


def judged(images, boxes, found, wrong, columns: int = 2):
    """Few pictures, large: what is there, what was rightly found, and what was not, the last with its name.

    Only what is wrong is written on, and where no other name stands, so that names can be read at half size.

    Args:
        images: (count, height, width).
        boxes: of what is there, one array (n, 4) a picture.
        found: what was found, one array (n, 4) a picture.
        wrong: for each of these its name if it is a mistake, else None; one list (n,) a picture.
    """
    import matplotlib.pyplot as plt
    from matplotlib.patches import Patch

    rows = -(-len(images) // columns)
    fig, axes = plt.subplots(rows, columns, figsize=(4.2 * columns, 4.25 * rows + 0.35), squeeze=False, dpi=90)
    for i, (ax, image) in enumerate(zip(axes.flat, images, strict=False)):
        # Noise hardly compresses: in 32 greys it takes half the bytes, and the eye sees no difference.
        greys = np.round(31 * (np.asarray(image) / np.max(images)))
        ax.imshow(greys, cmap="gray", vmin=0, vmax=31, interpolation="nearest")
        mistakes = [name is not None for name in wrong[i]]
        _frames(ax, boxes[i], "orange")
        _frames(ax, [box for box, bad in zip(found[i], mistakes, strict=True) if not bad], "sky", "--")
        _frames(ax, [box for box, bad in zip(found[i], mistakes, strict=True) if bad], "purple", "--")
        written = [(box, name) for box, name in zip(found[i], wrong[i], strict=True) if name is not None]
        for name, place in zip((name for _, name in written), _places(written, image.shape), strict=True):
            ax.text(*place, name, fontsize=_LETTERS, color="black", ha="left", va="top", bbox=_PAPER)
    for ax in axes.flat:
        ax.axis("off")
    kinds = (("there", "orange", "-"), ("found", "sky", "--"), ("found, but wrong", "purple", "--"))
    lines = [Patch(fill=False, edgecolor=COLOURS[c], linestyle=s, linewidth=1.8, label=kind) for kind, c, s in kinds]
    fig.legend(handles=lines, loc="outside upper center", ncols=3, fontsize=13)
    return fig


_LETTERS = 12  # points
_PAPER = {"facecolor": "white", "alpha": 0.85, "pad": 1.2, "linewidth": 0}


def _places(written, shape):
    """Where names begin (their upper left corners), beside their boxes, in the picture, and as free as may be.

    written: pairs of a box and its name; shape: (height, width) of the picture, which is 4.1 inches wide.
    """
    pixel = shape[1] / (4.1 * 72)  # of the picture, a point of the page
    tall, taken = 1.6 * _LETTERS * pixel, []
    for (left, top, right, bottom), name in written:
        wide = (0.58 * _LETTERS * len(name) + 3) * pixel
        rises = [top - tall, bottom, top, bottom - tall, top - 2 * tall, bottom + tall]
        sides = [left, right - wide, right, left - wide]
        tried = [
            (min(max(x, 0), shape[1] - wide), min(max(y, 0), shape[0] - tall), order)
            for order, (x, y) in enumerate((x, y) for y in rises for x in sides)
        ]

        def shared(x, y, wide=wide):
            across = [min(x + wide, a + w) - max(x, a) for a, _, w in taken]
            along = [min(y, b) + tall - max(y, b) for _, b, _ in taken]
            return sum(max(a, 0) * max(b, 0) for a, b in zip(across, along, strict=True))

        x, y, _ = min(tried, key=lambda place: (shared(*place[:2]), place[2]))
        taken.append((x, y, wide))
        yield x, y


_GROUND = {"facecolor": "black", "alpha": 0.6, "pad": 0.8, "linewidth": 0}


def _frames(ax, boxes, colour, style="-"):
    from matplotlib.patches import Rectangle

    for left, top, right, bottom in boxes:
        corner = (left - 0.5, top - 0.5)
        ax.add_patch(
            Rectangle(
                corner,
                right - left,
                bottom - top,
                fill=False,
                edgecolor=COLOURS[colour],
                linewidth=1.8,
                linestyle=style,
            )
        )


def window_rows(rows: dict):
    """Small pictures in rows: title -> (n, side, side)."""
    import matplotlib.pyplot as plt

    count = max(len(each) for each in rows.values())
    fig, axes = plt.subplots(len(rows), 1, figsize=(8.4, 1.05 * len(rows) + 0.2))
    for ax, (title, pictures) in zip(np.atleast_1d(axes), rows.items(), strict=True):
        framed = np.pad(pictures, ((0, count - len(pictures)), (1, 1), (1, 1)), constant_values=255)
        ax.imshow(np.concatenate(list(framed), axis=1), cmap="gray", vmin=0, vmax=255)
        ax.set_title(title, fontsize=11)
        ax.axis("off")
    return fig


def heat_maps(picture, maps: dict, boxes):
    """A picture, and how likely each window of a size holds an object, at the windows' middles.

    maps: side -> (values (rows, columns) from 0 to 1, windows (rows, columns, 4)).
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(maps) + 1, figsize=(8.6, 2.5), sharex=True, sharey=True)
    axes[0].imshow(picture, cmap="gray")
    axes[0].set_title("picture", loc="center", fontsize=11)
    for ax, (side, (values, windows)) in zip(axes[1:], maps.items(), strict=True):
        middle = (windows[..., :2] + windows[..., 2:]) / 2
        (left, top), (right, bottom) = middle[0, 0], middle[-1, -1]
        half = (middle[1, 1] - middle[0, 0]) / 2
        extent = (left - half[0], right + half[0], bottom + half[1], top - half[1])
        shown = ax.imshow(values, cmap="viridis", vmin=0, vmax=1, extent=extent)
        ax.set_title(f"windows of {side:g}", loc="center", fontsize=11)
    for ax in axes:
        _frames(ax, boxes, "orange")
        ax.set_xlim(-0.5, picture.shape[1] - 0.5)
        ax.set_ylim(picture.shape[0] - 0.5, -0.5)
        ax.grid(visible=False)
        ax.set_xticks([])
        ax.set_yticks([])
    fig.colorbar(shown, ax=axes, shrink=0.8, label="not background")
    return fig


def stride_and_cost(strides, recall, seconds: dict):
    """Recall against stride (one thin line a seed, their mean thick), and the seconds a picture takes, by way.

    recall: (seeds, strides). seconds: way -> (strides,), NaN where it was not measured.
    """
    import matplotlib.pyplot as plt

    fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.4))
    for each in recall:
        left.plot(strides, each, color=COLOURS["blue"], alpha=0.35, linewidth=1)
    left.plot(strides, np.mean(recall, axis=0), "o-", color=COLOURS["blue"])
    left.set(xlabel="stride (pixels of the resized picture)", ylabel="recall at IoU 0.5", ylim=(0, 1))
    for (way, values), colour, mark in zip(seconds.items(), ("vermillion", "green"), ("s-", "^-"), strict=False):
        right.plot(strides, values, mark, color=COLOURS[colour], label=way)
    right.set(xlabel="stride", ylabel="processor seconds a picture", yscale="log")
    right.legend()
    for ax in (left, right):
        ax.set_xscale("log", base=2)
        ax.set_xticks(strides, [str(each) for each in strides])
    return fig


def recall_by_size(edges, lines: dict):
    """Recall against the longer side of an object: a line for each set of window sizes. edges: (bins + 1,)."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.0, 3.4))
    middle = (np.asarray(edges[:-1]) + np.asarray(edges[1:])) / 2
    for (label, values), mark in zip(lines.items(), ("o-", "s--", "^-.", "D:"), strict=False):
        ax.plot(middle, values, mark, label=label)
    ax.set(xlabel="longer side of the garment (pixels)", ylabel="recall at IoU 0.5", ylim=(0, 1))
    ax.legend(fontsize=10, ncols=2)
    return fig
