"""To play with: how far two boxes overlap, and which of many detections suppression leaves."""

import numpy as np

from dlcourse.plots.style import COLOURS


def overlap(picture, box, iou):
    """A box that is moved and resized over the true one, with the area that both share.

    Args:
        picture: the scene, (height, width).
        box: the true box, (x1, y1, x2, y2) in pixels.
        iou: `iou(boxes, boxes)` of arrays (n, 4) and (k, 4), giving (n, k).

    Returns:
        `draw(right, down, size)` for `plots.play`: pixels to the right and down, and the size, 1 for the true one's.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.6, 3.4), layout="constrained")
    left, bars = figure.subplots(1, 2, width_ratios=(1, 1.1))
    _scene(left, picture)
    side = 1.1 * max(box[2] - box[0], box[3] - box[1])  # what is seen of the scene, to each side of the box's middle
    left.set(title="orange: true, blue: yours", xlim=np.mean(box[::2]) + np.array([-side, side]))
    left.set_ylim(np.mean(box[1::2]) + np.array([side, -side]))
    left.add_patch(_frame(box, COLOURS["orange"]))
    yours = left.add_patch(_frame(box, COLOURS["sky"], linestyle="--"))
    shared = left.add_patch(_frame(box, COLOURS["sky"], fill=True))
    area = _area(box)
    held = bars.barh(["shared", "either", "IoU"], [0, 0, 0], color=[COLOURS[c] for c in ("sky", "grey", "blue")])
    bars.invert_yaxis()
    bars.plot([0.5, 0.5], [1.5, 2.5], color=COLOURS["vermillion"])
    bars.set(xlim=(0, 2.2), xlabel="in areas of the true box", title="IoU = shared / either")
    middle, half = (np.array(box[:2]) + box[2:]) / 2, (np.array(box[2:]) - box[:2]) / 2

    def draw(right, down, size):
        centre = middle + np.array([right, down])
        mine = np.concatenate([centre - size * half, centre + size * half])
        both = np.concatenate([np.maximum(mine[:2], box[:2]), np.minimum(mine[2:], box[2:])])
        value = float(np.asarray(iou(np.array([box], float), mine[None]))[0, 0])
        common = _area(both)
        _move(yours, mine)
        _move(shared, both if common else np.array([*middle, *middle]))
        for patch, width in zip(held, (common / area, 1 + (_area(mine) - common) / area, value), strict=True):
            patch.set_width(width)
        return figure, f"IoU {value:.2f}: {'found' if value >= 0.5 else 'not found'}, where a half is asked for."

    return draw


def suppressed(picture, truths, candidates, kept, names):
    """Detections of one scene, before and after non-max suppression.

    Args:
        picture: the scene, (height, width).
        truths: true boxes, (k, 4).
        candidates: a row of detections before suppression: "boxes" (n, 4), "scores" (n,) and "classes" (n,).
        kept: `kept(boxes, scores, classes, iou)`: the numbers of the detections that suppression leaves.
        names: of the classes.

    Returns:
        `draw(score, iou)` for `plots.play`: from which score on a detection counts, and how far two may overlap.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.figure import Figure

    boxes, scores, classes = (np.asarray(candidates[key]) for key in ("boxes", "scores", "classes"))
    figure = Figure(figsize=(8, 4.3), layout="constrained")
    axes = figure.subplots(1, 2)
    for ax in axes:
        _scene(ax, picture)
        ax.add_collection(LineCollection(_outlines(truths), colors=COLOURS["orange"], linewidths=2.5))
    before = axes[0].add_collection(LineCollection([], colors=COLOURS["sky"], linewidths=0.7, alpha=0.7))
    after = axes[1].add_collection(LineCollection([], colors=COLOURS["sky"], linewidths=2, linestyles="--"))
    dark = {"facecolor": COLOURS["black"], "alpha": 0.6, "linewidth": 0, "pad": 1.2}
    words = [axes[1].text(0, 0, "", color="white", fontsize=8, va="top", clip_on=True) for _ in range(20)]

    def draw(score, iou):
        asked = np.flatnonzero(scores >= score)
        left = asked[np.asarray(kept(boxes[asked], scores[asked], classes[asked], iou), int)] if len(asked) else asked
        before.set_segments(_outlines(boxes[asked]))
        after.set_segments(_outlines(boxes[left]))
        axes[0].set_title(f"{len(asked)} candidates")
        axes[1].set_title(f"{len(left)} left, {len(truths)} true")
        for place, word in enumerate(words):
            here = place < len(left)
            word.set_text(names[classes[left[place]]] if here else "")
            word.set_position(boxes[left[place]][:2] + 0.8 if here else (0, 0))
            word.set_bbox(dark if here else None)
        return figure, (
            f"Score from {score:g}, overlap up to {iou:g}: of {len(asked)} candidates {len(left)} are left; "
            f"there are {len(truths)} garments."
        )

    return draw


def _scene(ax, picture):
    ax.imshow(picture, cmap="gray", extent=(0, np.shape(picture)[1], np.shape(picture)[0], 0))
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)


def _frame(box, colour, *, fill=False, linestyle="-"):
    from matplotlib.patches import Rectangle

    alpha = 0.45 if fill else 1
    patch = Rectangle((0, 0), 1, 1, fill=fill, color=colour, alpha=alpha, linewidth=0 if fill else 2.5, ls=linestyle)
    _move(patch, box)
    return patch


def _move(patch, box):
    patch.set_bounds(box[0], box[1], box[2] - box[0], box[3] - box[1])


def _area(box):
    return float(max(0, box[2] - box[0]) * max(0, box[3] - box[1]))


def _outlines(boxes):
    """The closed outlines of boxes (n, 4), as (n, 5, 2)."""
    x1, y1, x2, y2 = np.reshape(np.asarray(boxes, float), (-1, 4)).T
    return np.stack([np.stack([x1, x2, x2, x1, x1], -1), np.stack([y1, y1, y2, y2, y1], -1)], -1)
