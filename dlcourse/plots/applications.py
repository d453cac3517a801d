"""The figures of chapter 19: speech as a picture, accuracy over length, where a reader looks, bits letter by letter."""

import numpy as np

from dlcourse.plots.style import COLOURS


def utterances(series, titles):
    """Spoken vowels side by side: coefficients over moments, `(steps, 12)` each, in one scale of colours."""
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, len(series), figsize=(9, 3), sharey=True, squeeze=False)
    for ax, one, title in zip(axes[0], series, titles, strict=True):
        ax.imshow(one.T, cmap="RdBu_r", vmin=-2.5, vmax=2.5, aspect="auto", origin="lower")
        ax.set(title=title, xlabel="moment")
        ax.grid(visible=False)
    axes[0, 0].set_ylabel("coefficient")
    return fig


def attention_rows(weights, facts, questions):
    """Where each question looks among the facts of one story: `(questions, facts)` weights from 0 to 1."""
    import matplotlib.pyplot as plt

    weights = np.asarray(weights)
    fig, ax = plt.subplots(figsize=(7.5, 0.34 * len(facts) + 1.3))
    ax.imshow(weights.T, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for column, row in np.ndindex(*weights.shape):
        dark = weights[column, row] > 0.6
        ax.text(
            column, row, f"{weights[column, row]:.2f}", ha="center", va="center", color="white" if dark else "black"
        )
    ax.set_xticks(range(len(questions)), questions)
    ax.set_yticks(range(len(facts)), facts, fontsize=10)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    return fig


def bits_by_letter(text, rows):
    """Bits that each letter of a short text cost, a line a model: name -> `(length,)`."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(10, 3.2))
    for (name, bits), style, colour in zip(rows.items(), ("-", "--", ":"), ("blue", "orange", "green"), strict=False):
        ax.plot(bits, style, marker="o", markersize=3, label=name, color=COLOURS[colour])
    ax.set_xticks(range(len(text)), [letter if letter.isprintable() and letter != " " else "␣" for letter in text])
    ax.tick_params(axis="x", labelsize=9, length=0)
    ax.set(ylabel="bits", xlim=(-1, len(text)))
    ax.legend()
    return fig


def over(x, lines, xlabel, ylabel, marks=()):
    """Lines over x, name -> `(runs, len(x))`: each run thin, the mean thick; grey verticals at `marks`."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7, 3.4))
    for (name, given), style in zip(lines.items(), ("-", "--", ":"), strict=False):
        runs = np.atleast_2d(given)
        (line,) = ax.plot(x, runs.mean(axis=0), style, marker="o", markersize=4, label=name)
        for run in runs:
            ax.plot(x, run, color=line.get_color(), linewidth=0.8, alpha=0.5)
    for mark in marks:
        ax.axvline(mark, color=COLOURS["grey"], linewidth=1)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return fig
