"""The figures of chapter 02: error against data, its power laws and exponents, and network size against data."""

import numpy as np

from dlcourse.plots.line_ends import label_ends
from dlcourse.plots.style import COLOURS

ORDER = ("vermillion", "orange", "sky", "blue")  # of the learners, in every figure
MARKS = ("s", "D", "^", "o")


def sketch_beside_measured(sizes, accuracy: dict):
    """On the left the kind of drawing that has no numbers, on the right accuracy against data as it was measured.

    sizes (k,). accuracy: learner -> (runs, k), %.
    """
    import matplotlib.pyplot as plt

    fig, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.2), width_ratios=(1, 1.35))
    _sketch(left)
    for runs, colour, mark in zip(accuracy.values(), ORDER, MARKS, strict=False):
        right.plot(sizes, np.mean(runs, axis=0), marker=mark, markersize=5, color=COLOURS[colour])
        right.fill_between(sizes, np.min(runs, axis=0), np.max(runs, axis=0), color=COLOURS[colour], alpha=0.15)
    _name_learners(right, sizes[-1], {name: np.mean(runs, axis=0)[-1] for name, runs in accuracy.items()})
    right.set(title="Measured", xlabel="labelled pictures", ylabel="test accuracy (%)")
    right.xaxis.set_major_formatter("{x:,.0f}")
    return fig


def _sketch(ax):
    x = np.linspace(0, 1, 200)
    ax.plot(x, 0.62 * (1 - np.exp(-6 * x)), color=COLOURS["vermillion"])
    ax.plot(x, 0.97 * (1 - np.exp(-2.4 * x)), color=COLOURS["blue"])
    ax.annotate("traditional learning", (0.98, 0.585), ha="right", va="top", color=COLOURS["vermillion"])
    ax.annotate("deep learning", (0.72, 0.86), ha="right", va="bottom", color=COLOURS["blue"])
    ax.text(0.98, 0.04, "a sketch: no numbers,\nno measurement", ha="right", color=COLOURS["grey"], style="italic")
    ax.set(title="As the report draws it", xlabel="amount of data", ylabel="performance", xlim=(0, 1), ylim=(0, 1))
    ax.set(xticks=[], yticks=[])


def _name_learners(ax, x, ends, apart=0.065):
    """Names at the lines' ends. ends: learner -> height, in the order of the learners' colours."""
    coloured = {name: (y, COLOURS[colour]) for (name, y), colour in zip(ends.items(), ORDER, strict=False)}
    label_ends(ax, x, coloured, apart, leaders=False)


def power_laws(sizes, errors: dict, laws: dict, test_error: float):
    """Error against data, both axes logarithmic: the runs as dots, their mean as a mark, the fitted law as a line.

    sizes (k,). errors: learner -> (runs, k), %. laws: learner -> PowerLaw in %.
    test_error: standard error, in points, that the test set gives the last figure of the last learner.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(9, 5))
    reach = np.geomspace(sizes[0], sizes[-1], 50)
    for (name, runs), colour, mark in zip(errors.items(), ORDER, MARKS, strict=False):
        mean = np.mean(runs, axis=0)
        ax.plot(np.broadcast_to(sizes, np.shape(runs)).ravel(), np.ravel(runs), ".", color=COLOURS[colour], alpha=0.4)
        ax.plot(sizes, mean, mark, color=COLOURS[colour], markersize=8)
        ax.plot(reach, laws[name].predict(reach), color=COLOURS[colour], linewidth=1.4)
    last = mean[-1]
    ax.errorbar(sizes[-1] * 1.12, last, test_error, color=COLOURS["black"], capsize=4, linewidth=1.5)
    _log_axes(ax, sizes)
    ax.set_xlim(sizes[0] / 1.15, sizes[-1] * 1.2)
    _name_learners(ax, sizes[-1], {name: laws[name].predict(sizes[-1]) for name in errors}, apart=0.055)
    ax.set(xlabel="labelled pictures", ylabel="test error (%)")
    return fig


def _log_axes(ax, sizes):
    ax.set(xscale="log", yscale="log")
    ax.set_xticks(sizes, [f"{n:,}" for n in sizes])
    low, high = ax.get_ylim()
    ticks = [tick for tick in (5, 10, 15, 20, 30, 40, 50, 70, 90) if low <= tick <= high]
    ax.set_yticks(ticks, [str(tick) for tick in ticks])
    ax.minorticks_off()


def exponents(early: dict, late: dict, spans: tuple[str, str]):
    """For each learner its exponent where data are few (open) and where they are many (filled), with 95 % intervals.

    early, late: learner -> (exponent, low, high). spans: what the two stretches of data are called.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(9, 3.8))
    for row, (name, colour) in enumerate(zip(early, ORDER, strict=False)):
        for figures, up, fill in ((early, 0.16, "white"), (late, -0.16, COLOURS[colour])):
            value, low, high = figures[name]
            ax.plot([low, high], [-row + up] * 2, color=COLOURS[colour], linewidth=2)
            ax.plot(value, -row + up, "o", color=COLOURS[colour], markerfacecolor=fill, markersize=9)
    ax.axvline(0, color=COLOURS["black"], linewidth=1)
    ax.annotate("a plateau ", (0, 0.62), ha="right", va="center")
    ax.plot([], [], "o", color=COLOURS["black"], markerfacecolor="white", markersize=9, label=spans[0])
    ax.plot([], [], "o", color=COLOURS["black"], markersize=9, label=spans[1])
    fig.legend(loc="outside upper center", ncols=2)
    ax.set_yticks([-row for row in range(len(early))], list(early))
    ax.set(xlabel="exponent b of the error (left: more data still helps)", ylim=(0.5 - len(early), 0.85))
    ax.grid(axis="y", visible=False)
    return fig


def extrapolations(sizes, errors: dict, laws: dict):
    """A panel each learner: the law fitted without the largest size, carried on to it, and the error measured there.

    sizes (k,). errors: learner -> (k,), %. laws: learner -> PowerLaw of the first k − 1.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(errors), figsize=(2.9 * len(errors), 3.6), sharey=True, squeeze=False)
    for ax, (name, error), colour in zip(axes[0], errors.items(), ORDER, strict=False):
        law, known = laws[name], sizes[:-1]
        ax.plot(known, law.predict(known), color=COLOURS[colour])
        ax.plot(sizes[-2:], law.predict(sizes[-2:]), "--", color=COLOURS[colour])
        ax.plot(known, error[:-1], "o", color=COLOURS[colour], markersize=7)
        ax.plot(sizes[-1], law.predict(sizes[-1]), "o", color=COLOURS[colour], markerfacecolor="white", markersize=8)
        ax.plot(sizes[-1], error[-1], "*", color=COLOURS["black"], markersize=14)
        ax.set_title(name, fontsize=11, color=COLOURS[colour])
    for ax in axes[0]:
        _log_axes(ax, sizes)
        ax.set_xticks(sizes[::2], [f"{n:,}" for n in sizes[::2]])
        ax.set_xlabel("labelled pictures")
    axes[0, 0].set_ylabel("test error (%)")
    return fig


def size_against_data(errors, widths, sizes):
    """Error for each width (a row, widest on top) and size of data, with an arrow to the neighbour that gains more.

    errors (widths, sizes), %. The arrow points right where the next larger data set lowers the error more than the
    next wider network, up where the network does; on the last row and column there is no choice and no arrow.
    """
    import matplotlib.pyplot as plt

    errors = np.asarray(errors)
    if errors.shape != (len(widths), len(sizes)):
        raise ValueError(f"errors is {errors.shape}; the labels are for ({len(widths)}, {len(sizes)}).")
    fig, ax = plt.subplots(figsize=(9, 4.4))
    ax.imshow(np.log(errors), cmap="Blues", origin="lower", aspect="auto", vmax=np.log(errors.max()) + 0.3)
    dark = np.log(errors) > 0.7 * np.log(errors.max()) + 0.3 * np.log(errors.min())
    for row, column in np.ndindex(*errors.shape):
        ink = "white" if dark[row, column] else "black"
        ax.text(column, row, f"{errors[row, column]:.1f}", ha="center", va="center", color=ink, fontsize=12)
    for row, column in np.ndindex(len(widths) - 1, len(sizes) - 1):
        _arrow(ax, row, column, data_gains_more(errors)[row, column])
    ax.set_xticks(range(len(sizes)), [f"{n:,}" for n in sizes])
    ax.set_yticks(range(len(widths)), [f"{h}" for h in widths])
    ax.set(xlabel="labelled pictures", ylabel="units in each of two hidden layers", title="Test error (%)")
    ax.grid(False)
    return fig


def data_gains_more(errors) -> np.ndarray:
    """Where one step of data lowers the error more than one step of width. errors (w, s) -> booleans (w − 1, s − 1)."""
    errors = np.asarray(errors)
    return errors[:-1, 1:] < errors[1:, :-1]  # what is reached by a step to the right, and by a step up


def _arrow(ax, row, column, right):
    start, end = ((0.3, 0), (0.7, 0)) if right else ((0, 0.24), (0, 0.76))
    ax.annotate(
        "",
        (column + end[0], row + end[1]),
        (column + start[0], row + start[1]),
        arrowprops={"arrowstyle": "-|>", "color": COLOURS["vermillion" if right else "green"], "linewidth": 2.5},
    )


def stored_numbers(sizes, stored: dict):
    """How many numbers each learner has to keep after training, against data; both axes logarithmic.

    sizes (k,). stored: learner -> (k,).
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(8, 3.8))
    for counts, colour, mark in zip(stored.values(), ORDER, MARKS, strict=False):
        ax.plot(sizes, counts, marker=mark, color=COLOURS[colour], markersize=6)
    ax.set(xscale="log", yscale="log", xlabel="labelled pictures", ylabel="numbers in the model")
    ax.set_xticks(sizes, [f"{n:,}" for n in sizes])
    ax.minorticks_off()
    _name_learners(ax, sizes[-1], {name: counts[-1] for name, counts in stored.items()}, apart=0.08)
    return fig
