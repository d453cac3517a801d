"""The figures of chapter 05 that show the plane: lines between points, cuts layer by layer, decided areas."""

import numpy as np

from dlcourse.plots.style import COLOURS

_CLASSES = (COLOURS["orange"], COLOURS["blue"])
_LAYERS = ("black", "vermillion", "blue", "purple")


def points(ax, X, y, size: float = 18) -> None:
    """Examples of two classes: circles for 0, squares for 1. X (m, 2), y (m,)."""
    for value, marker in ((0, "o"), (1, "s")):
        ax.scatter(*X[y == value].T, s=size, color=_CLASSES[value], marker=marker, zorder=3)


def line(ax, theta, **style) -> None:
    """The line w · x + b = 0 across the axes as they stand; nothing when w is 0. theta (3,): w and b."""
    w, b = np.asarray(theta[:2]), theta[2]
    length = np.linalg.norm(w)
    if length == 0:
        return
    foot, along = -b * w / length**2, np.array([-w[1], w[0]]) / length
    ends = foot + np.outer([-1e3, 1e3], along)
    limits = ax.axis()
    ax.plot(*ends.T, **{"color": COLOURS["black"], **style})
    ax.axis(limits)


def moving_line(X, y, path, shown):
    """The line after some of its mistakes; a panel each. path (mistakes + 1, 3), shown: numbers of mistakes."""
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(shown), figsize=(10.5, 10.5 / len(shown) + 0.7), sharey=True)
    for ax, count in zip(axes, shown, strict=True):
        points(ax, X, y)
        ax.set(xlim=(-1.05, 1.05), ylim=(-1.05, 1.05), aspect="equal", xlabel="x₁")
        line(ax, path[count])
        wrong = np.sum((X @ path[count, :2] + path[count, 2] > 0) != y)
        ax.set_title(f"after {count} mistake{'' if count == 1 else 's'}:\n{wrong} of {len(y)} wrong", fontsize=11)
    axes[0].set_ylabel("x₂")
    return fig


def labellings(X, each, planes):
    """Every labelling of a few points, a small panel each, with a line where there is one and a cross where not.

    X (m, 2). each: labellings (m,). planes: θ (3,) or None for each of them.
    """
    import matplotlib.pyplot as plt

    columns = 8
    fig, axes = plt.subplots(-(-len(each) // columns), columns, figsize=(10.5, 3.1))
    for ax, y, theta in zip(axes.flat, each, planes, strict=True):
        points(ax, X, np.asarray(y), size=70)
        ax.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), aspect="equal", xticks=[], yticks=[])
        ax.grid(False)
        if theta is None:
            ax.set_facecolor("#F6D9CC")
            ax.set_title("no line", fontsize=11, loc="center", color=COLOURS["vermillion"])
        else:
            line(ax, theta, linewidth=1.5)
    return fig


def cut_layers(net, layers, box, titles):
    """The plane cut by each layer in turn: earlier cuts thin, the layer's own thick, the network's answer behind.

    net: an MLP of two classes; layers: what `scratch.regions.cut_plane` says of it; box: (low, high) of both axes.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(layers), figsize=(10.5, 10.5 / len(layers) + 0.5), sharey=True)
    for number, (ax, title) in enumerate(zip(axes, titles, strict=True)):
        _answer(ax, net, box)
        for earlier in range(number + 1):
            for segments in layers[earlier].segments:
                _segments(ax, segments, COLOURS[_LAYERS[earlier % 4]], 1.8 if earlier == number else 0.6)
        ax.set(xlim=box, ylim=box, aspect="equal", xlabel="x₁", title=title)
        ax.grid(False)
    axes[0].set_ylabel("x₂")
    return fig


def decided(panels: dict, box, truth, columns: int = 4):
    """What each classifier answers over the plane, with the outline of the true class.

    panels: title -> function of X (m, 2) that gives 0 or 1 for each row. truth: such a function too.
    """
    import matplotlib.pyplot as plt

    rows = -(-len(panels) // columns)
    fig, axes = plt.subplots(rows, columns, figsize=(10.5, 2.9 * rows), squeeze=False)
    side, X = _grid(box, 301)
    for ax, (title, predict) in zip(axes.flat, panels.items(), strict=False):
        _shade(ax, predict(X).reshape(301, 301), box)
        ax.contour(side, side, truth(X).reshape(301, 301), [0.5], colors="black", linewidths=1)
        ax.set(aspect="equal", xticks=[], yticks=[])
        ax.grid(False)
        ax.set_title(title, fontsize=11)
    for ax in axes.flat[len(panels) :]:
        ax.set_axis_off()
    return fig


def _answer(ax, net, box):
    _, X = _grid(box, 201)
    _shade(ax, net.predict(X).reshape(201, 201), box)


def _grid(box, count):
    side = np.linspace(*box, count)
    return side, np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)


def _shade(ax, answers, box):
    from matplotlib.colors import ListedColormap

    colours = ListedColormap(["#FBEBCB", "#CFE3F0"])
    ax.imshow(answers, origin="lower", extent=(*box, *box), cmap=colours, vmin=0, vmax=1, interpolation="nearest")


def _segments(ax, segments, colour, width):
    from matplotlib.collections import LineCollection

    ax.add_collection(LineCollection(segments, colors=colour, linewidths=width))
