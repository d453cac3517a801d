"""Figures of networks that read step by step: their state on its way, accuracy by length, a verdict word by word."""

import numpy as np

from dlcourse.plots.style import COLOURS

_ORDER = ("blue", "orange", "green", "vermillion", "purple", "sky", "black", "grey")


def latch(panels: dict):
    """One row a sequence: what came in, written at the steps, and the state of a single unit as a line.

    Args:
        panels: title to (inputs, states): texts and numbers, both `(steps,)`.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(len(panels), 1, figsize=(7.6, 1.5 * len(panels) + 0.5), sharey=True, squeeze=False)
    for ax, (title, (inputs, states)) in zip(axes[:, 0], panels.items(), strict=True):
        steps = np.arange(len(states) + 1)
        ax.axhline(0, color=COLOURS["grey"], linewidth=1)
        ax.step(steps, [0, *states], where="mid", color=COLOURS["blue"])
        for step, text in enumerate(inputs, start=1):
            ax.text(step, -1.28, text, ha="center", va="center", fontsize=11, color=COLOURS["vermillion"])
        ax.set_ylim(-1.5, 1.15)
        ax.set_title(title)
        ax.set_ylabel("state")
    axes[-1, 0].set_xlabel("step")
    return fig


def by_length(lengths, curves: dict, xlabel: str, *, baselines: dict | None = None, trained=None):
    """Accuracy against length, a line a method; every run a thin line, their mean a thick one.

    Args:
        lengths: `(n,)`, drawn on a logarithmic axis.
        curves: name to accuracies `(runs, n)` or `(n,)`, 0 to 1.
        xlabel: of the lengths.
        baselines: name to a number, a dashed line.
        trained: the longest length seen in training; what is beyond is shaded.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.2, 4.2))
    for (name, values), colour in zip(curves.items(), _ORDER, strict=False):
        runs = np.atleast_2d(values)
        for run in runs if len(runs) > 1 else []:
            ax.plot(lengths, run, color=COLOURS[colour], linewidth=1, alpha=0.4)
        ax.plot(lengths, runs.mean(axis=0), "o-", color=COLOURS[colour], label=name)
    for (name, value), colour in zip((baselines or {}).items(), ("grey", "black"), strict=False):
        ax.axhline(value, linestyle="--", color=COLOURS[colour], linewidth=1.5, label=name)
    ax.set_xscale("log")
    ax.set_xticks(lengths, [str(length) for length in lengths], minor=False)
    ax.minorticks_off()
    if trained is not None and trained < max(lengths):
        ax.axvspan(trained, max(lengths) * 1.03, color=COLOURS["grey"], alpha=0.12, label="longer than in training")
    ax.set_xlabel(xlabel)
    ax.set_ylabel("accuracy")
    ax.legend(fontsize=10, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def paths(tracks: dict, ends, classes, names, homes=()):
    """The way of a state through a plane, letter by letter, over where the states of many sequences end.

    Args:
        tracks: text to points `(steps + 1, 2)`, from the start state on.
        ends: last states of many sequences `(m, 2)`.
        classes: of these, `(m,)`, numbers into `names`.
        names: of the classes.
        homes: the class of each text: its cloud has the colour of the path, the others are grey.
    """
    import matplotlib.pyplot as plt
    from matplotlib.patheffects import withStroke

    fig, ax = plt.subplots(figsize=(8.4, 6.6))
    colours = dict(zip(homes, _PATHS, strict=False))
    for number in sorted(range(len(names)), key=lambda number: number in colours):
        own = number in colours
        look = {"s": 24, "alpha": 0.65} if own else {"s": 15, "alpha": 0.5}
        ax.scatter(*ends[classes == number].T, color=COLOURS[colours.get(number, "grey")], linewidths=0,
                   marker="os^DvP*"[number % 7], **look)  # fmt: skip
    for number, (text, points) in enumerate(tracks.items()):
        colour = COLOURS[_PATHS[number % len(_PATHS)]]
        label = f"{text} ({names[homes[number]]})" if homes else text
        edge = [withStroke(linewidth=4.5, foreground="white")]
        ax.plot(*points.T, "-", color=colour, linewidth=2.4, label=label, path_effects=edge)
        ring = {"boxstyle": "circle,pad=0.12", "facecolor": "white", "edgecolor": colour, "linewidth": 1.5}
        look = {"fontsize": 13, "weight": "bold", "color": colour, "ha": "center", "va": "center"}
        for letter, point in zip(text, points[1:], strict=True):
            ax.text(*point, letter, bbox=ring, zorder=4, **look)
    halo = [withStroke(linewidth=4, foreground="white")]
    middles = [np.median(ends[classes == number], axis=0) for number in range(len(names))]
    places = _apart(np.array(middles), np.concatenate([points[1:] for points in tracks.values()]), names)
    for number, (name, place) in enumerate(zip(names, places, strict=True)):
        ax.text(*place, name, fontsize=14, weight="bold", ha="center", va="center", path_effects=halo, zorder=5,
                color=COLOURS[colours.get(number, "black")])  # fmt: skip
    ax.set_xlabel("first direction of the state")
    ax.set_ylabel("second")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(tracks))
    return fig


_PATHS = ("vermillion", "blue", "green", "purple")


def _apart(middles, rings, names):
    """Places for names near the middles of their clouds, away from rings and from one another, (names, 2)."""
    extent = np.ptp(np.concatenate([middles, rings]), axis=0) + 1e-9
    reach = np.array([0.011, 0.025])  # half a letter across, half a line along, in shares of the extent
    steps = [(x, y) for y in np.arange(-5, 6) * 0.03 for x in np.arange(-5, 6) * 0.03]
    steps.sort(key=lambda step: step[0] ** 2 + step[1] ** 2)
    boxes = [(ring / extent, np.array([0.022, 0.026])) for ring in rings]
    for middle, name in zip(middles, names, strict=True):
        half = reach * (len(name), 1)

        def covered(step, half=half, middle=middle):
            place = middle / extent + step
            gaps = [np.min(half + other - np.abs(place - at)) for at, other in boxes]
            return sum(max(gap, 0) for gap in gaps)

        step = min(steps, key=lambda step: round(covered(step), 4))
        boxes.append((middle / extent + step, half))
        yield middle + step * extent


def confusions(table, names):
    """Which class was taken for which: rows true, columns said, in per cent of each row `(n, n)`."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7.6, 5.6))
    ax.imshow(table, cmap="Blues", vmin=0, vmax=100)
    for row, column in np.ndindex(*table.shape):
        value = table[row, column]
        if value >= 1:
            colour = "white" if value > 60 else COLOURS["black"]
            ax.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=10, color=colour)
    ax.set_xticks(range(len(names)), names, rotation=45, ha="right")
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel("said")
    ax.set_ylabel("true")
    ax.grid(visible=False)
    return fig


def verdicts(sentences: dict):
    """One row a sentence: after each word, how likely it is positive; above a half orange, below blue.

    Args:
        sentences: title to (words, probabilities), both `(words,)`.
    """
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(len(sentences), 1, figsize=(9.2, 2.5 * len(sentences)), squeeze=False)
    for ax, (title, (words, chances)) in zip(axes[:, 0], sentences.items(), strict=True):
        colours = [COLOURS["orange"] if chance > 0.5 else COLOURS["blue"] for chance in chances]
        ax.bar(range(len(words)), np.asarray(chances) - 0.5, bottom=0.5, color=colours)
        ax.axhline(0.5, color=COLOURS["black"], linewidth=1)
        ax.set_xticks(range(len(words)), words, rotation=50, ha="right", fontsize=11)
        ax.set_ylim(0, 1)
        ax.set_ylabel("P(positive)")
        ax.set_title(title)
        ax.grid(axis="x", visible=False)
    return fig
