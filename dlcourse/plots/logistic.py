"""The longer figures of chapter 04: garments, the cost surface, cycles of gradient descent, weights as pictures."""

from itertools import cycle

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


def candidate_curves(x, y, candidates: dict, xlabel: str):
    """Histograms of one feature for both classes, and over them the sigmoid curves of some candidates.

    x (m,), y (m,) of 0 and 1. candidates: name -> (w, b).
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots()
    low, high = np.quantile(x, 0.001) - 0.2, np.quantile(x, 0.999) + 0.2
    for value, name, colour in ((0, "pullovers", PULLOVER), (1, "coats", COAT)):
        ax.hist(x[y == value], np.linspace(low, high, 40), alpha=0.55, color=colour, label=name)
    right, grid = ax.twinx(), np.linspace(low, high, 200)
    for (name, (w, b)), style in zip(candidates.items(), cycle(("-", "--", ":")), strict=False):
        right.plot(grid, 1 / (1 + np.exp(-w * grid - b)), style, color="black", label=name)
    ax.set(xlabel=xlabel, ylabel="training garments")
    right.set(ylabel="P(coat)", ylim=(0, 1.02))
    right.grid(False)
    fig.legend(loc="outside upper center", ncols=5)
    return fig


def cost_surfaces(panels: dict):
    """Contours of a cost over one weight and the bias, with the path that gradient descent took; a panel each.

    panels: title -> (cost, path, minimum): a function of θ (2,), points (steps + 1, 2), a point (2,).
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(panels), figsize=(5 * len(panels), 4.4), squeeze=False)
    for ax, (title, (cost, path, minimum)) in zip(axes[0], panels.items(), strict=True):
        _cost_surface(ax, cost, path, minimum)
        ax.set_title(title)
    axes[0, -1].legend(loc="lower right")
    return fig


def _cost_surface(ax, cost, path, minimum):
    w, b = _range(path[:, 0], minimum[0]), _range(path[:, 1], minimum[1])
    height = np.array([[cost(np.array([each_w, each_b])) for each_w in w] for each_b in b])
    levels = cost(minimum) + np.geomspace(0.002, height.max() - cost(minimum), 14)  # equal factors apart in height
    ax.contourf(w, b, height, levels=[cost(minimum) - 1e-6, *levels], cmap="Blues_r", alpha=0.55)
    ax.contour(w, b, height, levels=levels, colors="#31577a", linewidths=0.7)
    ax.plot(*path.T, ".-", color=COLOURS["vermillion"], markersize=5, linewidth=1.2, label=f"{len(path) - 1} steps")
    ax.plot(*path[0], "o", color=COLOURS["vermillion"], markersize=8)
    ax.plot(*minimum, "*", color="black", markersize=14, label="minimum")
    ax.set(xlabel="w", ylabel="b", xlim=(w[0], w[-1]), ylim=(b[0], b[-1]))
    ax.grid(False)


def _range(values, middle):
    """60 values round the minimum that take in the path, with some margin on both sides."""
    reach = np.max(np.abs(values - middle))
    low, high = min(values.min() - reach / 4, middle - reach), max(values.max() + reach / 4, middle + reach)
    return np.linspace(low, high, 60)


def settling(curves: dict, multiples, last, marks: dict):
    """The cost, step by step, at a few learning rates; and what gradient descent comes to at many.

    curves: label -> costs. multiples: learning rates (r,). last: a parameter after each of the last k steps, (k, r).
    marks: label -> a learning rate to be marked.
    """
    import matplotlib.pyplot as plt

    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
    for (label, costs), style in zip(curves.items(), cycle(("-", "--", "-", ":")), strict=False):
        left.plot(costs, style, label=label)
    left.set(xlabel="step", ylabel="cost")
    left.legend()
    right.plot(np.broadcast_to(multiples, last.shape).ravel(), last.ravel(), ".", color=COAT, markersize=2, alpha=0.5)
    for label, rate in marks.items():
        right.axvline(rate, color="black", linewidth=1)
        right.annotate(f"{label} ", (rate, last.max()), ha="right", va="top")
    right.set(xlabel="learning rate, in units of 2/λ", ylabel=f"b, last {len(last)} steps")
    return fig


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


def methods_by_division(results: dict, xlabel: str, highlight: str):
    """One line a method: a dot for each division and a bar at the mean. results: name -> (divisions,)."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(8, 3.6))
    for place, (name, values) in enumerate(reversed(results.items())):
        colour = COLOURS["vermillion"] if name == highlight else COLOURS["black"]
        ax.plot(values, [place] * len(values), "o", color=colour, alpha=0.6, markersize=7)
        ax.plot([np.mean(values)] * 2, [place - 0.3, place + 0.3], color=colour, linewidth=3)
    ax.set_yticks(range(len(results)), list(reversed(results)))
    ax.set(xlabel=xlabel)
    return fig


def _bare(ax) -> None:
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(False)
