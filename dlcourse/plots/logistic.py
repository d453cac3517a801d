"""The longer figures of chapter 04: garments, the cost surface, cycles of gradient descent, weights as pictures."""

import numpy as np

from dlcourse.plots.style import COLOURS

PULLOVER, COAT = COLOURS["orange"], COLOURS["blue"]


def picture_rows(rows: dict, titles=None, width: float = 9.0):
    """One row of pictures for each label.

    rows: label -> pictures (k, 28, 28), dark on white, 0 to 1; the same k in each row.
    titles: one text above each picture of the first row, or None.
    """
    import matplotlib.pyplot as plt

    columns = len(next(iter(rows.values())))
    size = (width, (width / columns) * len(rows) * (1.25 if titles else 1.05))
    fig, axes = plt.subplots(len(rows), columns, figsize=size, squeeze=False)
    for line, (label, pictures) in zip(axes, rows.items(), strict=True):
        for ax, picture in zip(line, pictures, strict=True):
            ax.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
            _bare(ax)
        line[0].set_ylabel(label, fontsize=12)
    for ax, title in zip(axes[0], titles or [], strict=False):
        ax.set_title(title, fontsize=11, loc="center")
    return fig


def classes_along(ax, x, y, edges) -> None:
    """Two histograms of one feature on one axis: pullovers and coats. x (m,), y (m,) of 0 and 1, edges of the bins."""
    for value, name, colour in ((0, "pullovers", PULLOVER), (1, "coats", COAT)):
        ax.hist(x[y == value], edges, alpha=0.55, color=colour, label=name)


def cost_surface(ax, cost, path, *, w, b, at=None) -> None:
    """Contours of cost(θ) over one weight and the bias, with the path that gradient descent took.

    cost: θ (2,) -> number. path (steps + 1, 2). w, b: the values on the axes, (k,) each. at: the minimum, (2,).
    Neighbouring contours are a constant factor apart in their height above the lowest point drawn.
    """
    height = np.array([[cost(np.array([each_w, each_b])) for each_w in w] for each_b in b])
    lowest = height.min() if at is None else cost(at)
    levels = lowest + np.geomspace(0.002, height.max() - lowest, 14)
    ax.contourf(w, b, height, levels=[lowest - 1e-6, *levels], cmap="Blues_r", alpha=0.55)
    ax.contour(w, b, height, levels=levels, colors="#31577a", linewidths=0.7)
    ax.plot(*path.T, ".-", color=COLOURS["vermillion"], markersize=5, linewidth=1.2, label=f"{len(path) - 1} steps")
    ax.plot(*path[0], "o", color=COLOURS["vermillion"], markersize=8)
    if at is not None:
        ax.plot(*at, "*", color="black", markersize=14, label="minimum")
    ax.set(xlabel="w", ylabel="b", xlim=(w[0], w[-1]), ylim=(b[0], b[-1]))
    ax.grid(False)


def where_it_settles(ax, multiples, last) -> None:
    """What gradient descent comes to at each learning rate: one value where it settles, several where it cycles.

    multiples: learning rates (r,). last: the values after each of the last k steps, (k, r).
    """
    ax.plot(np.broadcast_to(multiples, last.shape).ravel(), last.ravel(), ",", color=COAT)
    ax.plot(np.broadcast_to(multiples, last.shape).ravel(), last.ravel(), ".", color=COAT, markersize=2, alpha=0.4)


def weight_pictures(weights: dict, width: float = 10.0):
    """Weights of 784 pixels as pictures: blue where brightness speaks for a coat, orange where for a pullover.

    weights: title -> w (784,). Each picture has its own scale: white is 0, full colour its largest weight.
    """
    import matplotlib.pyplot as plt
    from matplotlib.colors import LinearSegmentedColormap

    two_sided = LinearSegmentedColormap.from_list("pullover to coat", ["#B35900", PULLOVER, "white", COAT, "#003A5C"])
    fig, axes = plt.subplots(1, len(weights), figsize=(width, width / len(weights) * 1.12))
    for ax, (title, w) in zip(axes, weights.items(), strict=True):
        largest = np.abs(w).max()
        ax.imshow(w.reshape(28, 28), cmap=two_sided, vmin=-largest, vmax=largest)
        ax.set_title(title, fontsize=12, loc="center")
        _bare(ax)
    return fig


def methods_by_split(ax, accuracies: dict, highlight: str) -> None:
    """One line a method: a dot for each split and a bar at the mean. accuracies: name -> (splits,), in percent."""
    for place, (name, values) in enumerate(reversed(accuracies.items())):
        colour = COLOURS["vermillion"] if name == highlight else COLOURS["black"]
        ax.plot(values, [place] * len(values), "o", color=colour, alpha=0.6, markersize=7)
        ax.plot([np.mean(values)] * 2, [place - 0.3, place + 0.3], color=colour, linewidth=3)
    ax.set_yticks(range(len(accuracies)), list(reversed(accuracies)))


def _bare(ax) -> None:
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(False)
