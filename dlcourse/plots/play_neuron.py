"""To play with: one neuron's line with its cost, and an activation with its slope."""

import numpy as np

from dlcourse.plots.style import COLOURS

_LEVELS = 14
_POINTS = 81  # of the map, in each direction


def line_and_cost(x, y, cost, weights, biases, best, *, scale=(0.0, 1.0), xlabel="x", ylabel="y"):
    """A neuron's line over the examples, and where it stands on the map of its cost.

    Args:
        x, y: the examples, (m,) each, as they are drawn.
        cost: from arrays of weights and biases, which NumPy may broadcast, to the mean squared error of each pair.
        weights, biases: the ends (low, high) of the map.
        best: (weight, bias) with the smallest cost.
        scale: the neuron sees (x - scale[0]) / scale[1].

    Returns:
        `draw(weight, bias)` for `plots.play`.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.9), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    seen = (np.asarray(x) - scale[0]) / scale[1]
    ends = np.linspace(min(0, np.min(x)), np.max(x) * 1.05, 200)
    left.plot(x, y, "o", color=COLOURS["blue"], alpha=0.6, markersize=5)
    sticks = left.add_collection(LineCollection([], colors=COLOURS["vermillion"], linewidths=1, alpha=0.6))
    (line,) = left.plot([], [], color=COLOURS["orange"], linewidth=2.5)
    left.set(xlabel=xlabel, ylabel=ylabel, ylim=(-0.06 * np.max(y), 1.15 * np.max(y)), title="The neuron")
    place = _cost_map(right, cost, weights, biases, best)
    least = float(cost(*map(np.asarray, best)))

    def draw(weight, bias):
        given = np.maximum(0, weight * seen + bias)
        line.set_data(ends, np.maximum(0, weight * (ends - scale[0]) / scale[1] + bias))
        sticks.set_segments(np.stack([np.column_stack([x, y]), np.column_stack([x, given])], axis=1))
        place.set_data([weight], [bias])
        now = float(np.mean((given - y) ** 2))
        silent = " The neuron is silent for every example: no slope, nothing to learn from." * bool(np.all(given == 0))
        return figure, f"w = {weight:g}, b = {bias:g}: cost {now:.3f}; the smallest there is {least:.3f}.{silent}"

    return draw


def _cost_map(ax, cost, weights, biases, best):
    """The cost over weight and bias, dark where it is small; returns the artist that marks a place."""
    w, b = np.linspace(*weights, _POINTS), np.linspace(*biases, _POINTS)
    over = np.log(np.maximum(cost(w[None, :], b[:, None]), 1e-4))
    ax.contourf(w, b, over, levels=_LEVELS, cmap="Blues_r")
    ax.plot(*best, "*", color="white", markersize=15, markeredgecolor=COLOURS["black"])
    (place,) = ax.plot([], [], "o", color=COLOURS["orange"], markersize=11, markeredgecolor=COLOURS["black"])
    ax.set(xlabel="weight w", ylabel="bias b", title="Its cost (dark: small)", xlim=weights, ylim=biases)
    ax.grid(visible=False)
    return place


def function_and_slope(functions: dict, low: float = -6, high: float = 6):
    """An activation with its tangent, its slope beside it, and what such slopes leave of a gradient.

    Args:
        functions: name to a function of arrays with an attribute `derivative`.
        low, high: the ends of the axis.

    Returns:
        `draw(name, z, layers)` for `plots.play`.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    axis = np.linspace(low, high, 601)
    curves = {name: (f(axis), f.derivative(axis)) for name, f in functions.items()}
    (curve,) = left.plot([], [], color=COLOURS["blue"])
    (tangent,) = left.plot([], [], "--", color=COLOURS["vermillion"])
    (slopes,) = middle.plot([], [], color=COLOURS["blue"])
    dots = [ax.plot([], [], "o", color=COLOURS["vermillion"], markersize=9)[0] for ax in (left, middle)]
    (kept,) = right.semilogy([], [], "o-", color=COLOURS["orange"], markersize=5)
    left.set(xlabel="z", title="g(z) and its tangent", xlim=(low, high), ylim=(-2.5, 4.5))
    middle.set(xlabel="z", title="The slope g′(z)", xlim=(low, high), ylim=(-0.3, 1.3))
    right.set(xlabel="layers with this slope", title="Gradient left", xlim=(0, 20.5), ylim=(1e-12, 10))
    steps = np.arange(21)

    def draw(name, z, layers):
        value, slope = (float(part[0]) for part in (functions[name](np.array([z])), _slope(functions[name], z)))
        curve.set_data(axis, curves[name][0])
        slopes.set_data(axis, curves[name][1])
        tangent.set_data([z - 1.5, z + 1.5], [value - 1.5 * slope, value + 1.5 * slope])
        for dot, height in zip(dots, (value, slope), strict=True):
            dot.set_data([z], [height])
        kept.set_data(steps[: layers + 1], np.maximum(np.abs(slope) ** steps[: layers + 1], 1e-300))
        left_over = abs(slope) ** layers
        return figure, (
            f"{name} at z = {z:g}: value {value:.3f}, slope {slope:.3f}; {layers} such slopes in a row, "
            f"weights aside, leave {left_over:.2g} of a gradient."
        )

    return draw


def _slope(function, z):
    return function.derivative(np.array([z]))
