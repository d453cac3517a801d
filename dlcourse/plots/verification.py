"""The figures of chapter 14: faces in rows, losses, ROC curves, distances of pairs, and naming from few pictures."""

import numpy as np

from dlcourse.plots.style import COLOURS


def faces(rows, notes=None, width: float = 0.62):
    """Rows of small faces; each row a list of pictures `(height, width)`.

    rows: label -> pictures. notes: label -> a note above each picture ("" for none).
    """
    import matplotlib.pyplot as plt

    columns = max(len(row) for row in rows.values())
    tall = width * 112 / 92 + (0.24 if notes else 0.02)
    fig, axes = plt.subplots(len(rows), columns, figsize=(width * columns + 1.5, tall * len(rows)), squeeze=False)
    for line, (label, row) in zip(axes, rows.items(), strict=True):
        for ax in line:
            ax.axis("off")
        for place, (ax, picture) in enumerate(zip(line, row, strict=False)):
            ax.imshow(picture, cmap="gray", vmin=0, vmax=255)
            if notes:
                ax.set_title(notes[label][place], fontsize=9, loc="center", pad=2)
        line[0].text(-0.15, 0.5, label, transform=line[0].transAxes, ha="right", va="center", fontsize=10)
    return fig


def losses(margin: float, scales=(1.0, 10.0)):
    """Left the contrastive loss of a pair over its distance, right the triplet loss, hinge and soft."""
    import matplotlib.pyplot as plt

    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.3))
    d = np.linspace(0, 2, 200)
    left.plot(d, d**2 / 2, label="the same", color=COLOURS["blue"])
    left.plot(d, np.maximum(0, margin - d) ** 2 / 2, "--", label="different", color=COLOURS["vermillion"])
    left.set(xlabel="distance of the pair", ylabel="loss", title="contrastive")
    x = np.linspace(-1, 1, 200)
    right.plot(x, np.maximum(0, x + 0.3), label="hinge, margin 0.3", color=COLOURS["black"])
    for scale, style in zip(scales, (":", "--"), strict=True):
        soft = np.logaddexp(0, scale * x) / scale
        right.plot(x, soft, style, label=f"soft, scale {scale:g}", color=COLOURS["green"])
    right.set(xlabel="d(anchor, same) - d(anchor, other)", title="triplet")
    for ax in (left, right):
        ax.legend(fontsize=10)
    return fig


def roc_curves(ax, curves, grid=None) -> None:
    """True accepts over false accepts, the mean over splits as a line and their range as a band.

    curves: method -> a list of (false accepts, true accepts), one a split.
    """
    grid = np.geomspace(1e-3, 1, 200) if grid is None else grid
    styles = ["-", "--", "-.", ":", "-", "--", "-."]
    for number, (name, splits) in enumerate(curves.items()):
        steps = np.array([[true[np.searchsorted(false, x, "right") - 1] for x in grid] for false, true in splits])
        (line,) = ax.plot(grid, steps.mean(axis=0), styles[number % len(styles)], label=name)
        ax.fill_between(grid, steps.min(axis=0), steps.max(axis=0), color=line.get_color(), alpha=0.1, linewidth=0)
    ax.plot(grid, 1 - grid, color=COLOURS["grey"], linewidth=1)
    ax.set(xscale="log", xlabel="false accept rate", ylabel="true accept rate", ylim=(0, 1.02))
    ax.legend(fontsize=10, loc="lower right")


def pair_distances(ax, distances, same, threshold: float) -> None:
    """Shares of pairs by distance, the same above and different ones below the axis, and the threshold."""
    bins = np.linspace(0, max(distances.max(), threshold) * 1.02, 50)
    for chosen, sign, name in ((same, 1, "same"), (~same, -1, "different")):
        share, _ = np.histogram(distances[chosen], bins)
        colour = COLOURS["blue" if sign > 0 else "vermillion"]
        ax.bar(bins[:-1], sign * share / chosen.sum(), np.diff(bins), align="edge", color=colour, label=name)
    ax.axvline(threshold, color=COLOURS["black"], label="threshold")
    ax.axhline(0, color=COLOURS["black"], linewidth=0.8)
    ax.set(xlabel="distance (1 - cosine)", ylabel="share of such pairs")
    ax.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.2g}")
    ax.legend(fontsize=10)


def by_shots(ax, shots, rates) -> None:
    """Pictures named rightly over known pictures a person; method -> `(splits, shots)`."""
    styles = ["o-", "s--", "^-.", "D:", "v-", "P--", "X-."]
    for number, (name, values) in enumerate(rates.items()):
        style = styles[number % len(styles)]
        ax.plot(shots, np.mean(values, axis=0), style, label=name)
    ax.set(xlabel="known pictures of each person", ylabel="share named rightly", xticks=shots)
    ax.legend(fontsize=10, loc="lower right")


def by_depth(ax, depths, errors) -> None:
    """Equal error rate of features by depth; how they are used -> `(splits, depths)`."""
    for (name, values), style in zip(errors.items(), ("o-", "s--"), strict=False):
        (line,) = ax.plot(range(len(depths)), np.mean(values, axis=0), style, label=name)
        for row in values:
            ax.plot(range(len(depths)), row, ".", color=line.get_color(), alpha=0.5)
    ax.set_xticks(range(len(depths)), depths)
    ax.set(xlabel="depth in EfficientNet-lite0", ylabel="equal error rate", ylim=(0, None))
    ax.legend(fontsize=10)
