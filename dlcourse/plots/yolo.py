"""The figures of chapter 13: boxes on pictures, the grid and who answers in it, anchors, curves, mistakes."""

import numpy as np

from dlcourse.plots.style import COLOURS

KINDS = {
    "right": COLOURS["green"],
    "double": COLOURS["sky"],
    "class": COLOURS["orange"],
    "place": COLOURS["purple"],
    "nothing there": COLOURS["vermillion"],
    "missed": COLOURS["blue"],
}


def draw_boxes(ax, image, boxes=(), labels=None, colours="orange", *, width=2.0, dashed=False) -> None:
    """A picture with boxes (n, 4) on it, a label at the upper left corner of each.

    colours: a name of the course's colours, or one colour a box. labels: one text a box, or None.
    """
    from matplotlib.patches import Rectangle

    if image is not None:
        grey = {"cmap": "gray", "vmin": 0, "vmax": 255} if image.ndim == 2 else {}
        ax.imshow(image, interpolation="nearest", **grey)  # which a PNG packs well
        ax.axis("off")
    each = [COLOURS.get(colours, colours)] * len(boxes) if isinstance(colours, str) else colours
    for number, (x_min, y_min, x_max, y_max) in enumerate(boxes):
        ax.add_patch(
            Rectangle(
                (x_min - 0.5, y_min - 0.5), x_max - x_min, y_max - y_min, fill=False, edgecolor=each[number],
                linewidth=width, linestyle="--" if dashed else "-",
            )
        )  # fmt: skip
        if labels is not None:
            ax.text(
                x_min, y_min - 1, labels[number], color="white", fontsize=8, va="bottom",
                bbox={"facecolor": each[number], "edgecolor": "none", "pad": 0.8},
            )  # fmt: skip


def gallery(images, drawn, titles=None, columns: int = 4, size: float = 2.1):
    """Pictures in rows, each with what `drawn` says: a list of dicts of arguments of `draw_boxes` for each picture."""
    import matplotlib.pyplot as plt

    rows = -(-len(images) // columns)
    fig, axes = plt.subplots(rows, columns, figsize=(size * columns, (size + 0.25) * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for number, (image, layers) in enumerate(zip(images, drawn, strict=True)):
        ax = axes.flat[number]
        draw_boxes(ax, image)
        for layer in layers:
            draw_boxes(ax, None, **layer)
        if titles is not None:
            ax.set_title(titles[number], loc="center", fontsize=11)
    return fig


def answering_cells(image, boxes, targets, stride: int):
    """One scene: its grid, boxes with their centres, and for each anchor the cells that answer for a box.

    targets: (rows, columns, anchors, 5 + n) of the scene.
    """
    import matplotlib.pyplot as plt

    rows, columns, anchors = targets.shape[:3]
    fig, axes = plt.subplots(1, anchors, figsize=(3.1 * anchors, 3.4))
    for number, ax in enumerate(np.atleast_1d(axes)):
        draw_boxes(ax, image, boxes, width=1.5)
        for line in range(1, rows):
            ax.axhline(line * stride - 0.5, color="white", linewidth=0.4, alpha=0.6)
        for line in range(1, columns):
            ax.axvline(line * stride - 0.5, color="white", linewidth=0.4, alpha=0.6)
        shown = np.zeros((rows, columns, 4))
        shown[targets[:, :, number, 4] > 0] = [0.34, 0.71, 0.91, 0.6]
        ax.imshow(shown, extent=(-0.5, columns * stride - 0.5, rows * stride - 0.5, -0.5), interpolation="nearest")
        ax.plot(*((boxes[:, :2] + boxes[:, 2:]).T / 2 - 0.5), "o", color=COLOURS["orange"], markersize=5)
        ax.set(xlim=(-0.5, columns * stride - 0.5), ylim=(rows * stride - 0.5, -0.5))
        ax.set_title(f"anchor {number + 1}", loc="center")
    return fig


def anchors_and_fit(sizes, anchors, fits: dict):
    """Left the boxes' shapes with the anchors, right how well k shapes fit against k.

    sizes (n, 2) and anchors (k, 2) in pixels; fits: name -> {k: mean IoU of a box with its best shape}.
    """
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8))
    left.plot(*sizes.T, ".", color=COLOURS["grey"], markersize=2, alpha=0.5)
    for width, height in anchors:
        left.plot(width, height, "s", color=COLOURS["vermillion"], markersize=8)
        left.add_patch(Rectangle((0, 0), width, height, fill=False, edgecolor=COLOURS["vermillion"], linewidth=1.2))
    left.set(xlabel="width (pixels)", ylabel="height (pixels)", xlim=(0, None), ylim=(0, None), aspect="equal")
    for name, curve in fits.items():
        right.plot(list(curve), list(curve.values()), "o-", label=name)
    right.set(xlabel="anchors k", ylabel="mean IoU with the best anchor")
    right.legend(loc="lower right")
    return fig


def precision_recall_curves(curves: dict):
    """Precision against recall: name -> (recall (n,), precision (n,))."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.6, 4.0))
    for name, (recall, precision) in curves.items():
        ax.plot(recall, precision, label=name, linewidth=1.8)
    ax.set(xlabel="recall: share of objects found", ylabel="precision: share of detections right")
    ax.set(xlim=(0, 1), ylim=(0, 1.02))
    ax.legend(loc="center left", fontsize=10, bbox_to_anchor=(1.0, 0.5))
    return fig


def against_threshold(thresholds, curves: dict, none: float, ylabel: str = "AP50"):
    """A figure of merit against the IoU threshold of suppression, with that of no suppression as a dashed line.

    curves: name -> values, one a threshold.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(6.4, 3.6))
    for name, values in curves.items():
        ax.plot(thresholds, values, "o-", label=name)
    ax.axhline(none, color=COLOURS["grey"], linestyle="--", linewidth=1.5, label="no suppression")
    ax.set(xlabel="suppress above this IoU", ylabel=ylabel, ylim=(0, 1))
    ax.legend(loc="lower center", ncols=2)
    return fig


def mistakes(counts: dict, missed: dict):
    """Detections by kind, a bar for each detector: name -> {kind: count}; name -> objects that nothing found."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(8, 0.75 * len(counts) + 1.5))
    for row, (name, kinds) in enumerate(counts.items()):
        start = 0
        for kind, colour in KINDS.items():
            value = missed[name] if kind == "missed" else kinds.get(kind, 0)
            ax.barh(row, value, left=start, color=colour, label=kind if row == 0 else None, edgecolor="white")
            start += value
    ax.set_yticks(range(len(counts)), list(counts))
    ax.invert_yaxis()
    ax.set_xlabel("detections, and missed objects")
    ax.grid(visible=False, axis="y")
    ax.legend(ncols=len(KINDS), loc="upper center", bbox_to_anchor=(0.45, -0.35), fontsize=9, columnspacing=0.8)
    return fig


def photograph(image, truths, boxes, kinds, part=None, size: float = 6.4):
    """A photograph with the objects' boxes dashed in white and what was found, coloured by its kind of mistake.

    part: (x_min, y_min, x_max, y_max) of the photograph that is shown, or None for all.
    """
    import matplotlib.pyplot as plt
    from matplotlib.patches import Patch

    x_min, y_min, x_max, y_max = (0, 0, *image.shape[1::-1]) if part is None else part
    fig, ax = plt.subplots(figsize=(size, size * (y_max - y_min) / (x_max - x_min) + 0.5))
    draw_boxes(ax, image, truths, colours="white", width=0.9, dashed=True)
    draw_boxes(ax, None, boxes, colours=[KINDS[kind] for kind in kinds], width=1.3)
    ax.set(xlim=(x_min - 0.5, x_max - 0.5), ylim=(y_max - 0.5, y_min - 0.5))
    shown = [kind for kind in KINDS if kind in set(kinds)]
    handles = [Patch(edgecolor=KINDS[kind], facecolor="none", label=kind, linewidth=2) for kind in shown]
    where = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.01), "ncols": len(shown)}
    ax.legend(handles=handles, fontsize=9, handlelength=1.2, columnspacing=1.0, **where)
    return fig
