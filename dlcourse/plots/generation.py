"""Figures of a language model that writes: what it may look at, what it chooses from, what writing costs."""

import matplotlib.pyplot as plt
import numpy as np

from dlcourse.plots.style import COLOURS

_ORDER = ("blue", "orange", "green", "vermillion", "purple")


def who_looks_where(tables: dict, pieces):
    """Tables (places, places) side by side, name -> numbers from 0 to 1: each row a place that looks at the columns."""
    fig, axes = plt.subplots(1, len(tables), figsize=(4.6 * len(tables), 4.4), squeeze=False)
    shown = [_visible(piece) for piece in pieces]
    for ax, (name, table) in zip(axes[0], tables.items(), strict=True):
        ax.imshow(np.asarray(table, float), cmap="Blues", vmin=0, vmax=1)
        ax.set_xticks(range(len(shown)), shown, rotation=90, fontsize=9)
        ax.set_yticks(range(len(shown)), shown, fontsize=9)
        ax.set(title=name, xlabel="looked at")
        ax.grid(visible=False)
        ax.tick_params(length=0)
    axes[0, 0].set_ylabel("looks")
    return fig


def next_pieces(panels: dict, pieces, count: int = 16):
    """The likeliest next pieces under several settings, one panel each: name -> probabilities (vocabulary,).

    All panels show the same pieces, the first panel's likeliest; one whose probability is 0 has a cross.
    """
    order = np.argsort(-next(iter(panels.values())))[:count]
    height = 0.24 * count + 1.1
    place = {"left": 0.09, "right": 0.99, "wspace": 0.12, "bottom": 0.6 / height, "top": 1 - 0.35 / height}
    fig, axes = plt.subplots(
        1, len(panels), figsize=(11, height), sharey=True, squeeze=False, layout="none", gridspec_kw=place
    )
    axes = axes[0]
    for ax, (name, chances), colour in zip(axes, panels.items(), _ORDER * 2, strict=False):
        values = np.asarray(chances)[order]
        ax.barh(range(count), values, color=COLOURS[colour])
        gone = np.flatnonzero(values <= 0)
        ax.plot(np.zeros(len(gone)), gone, "x", color=COLOURS["grey"], markersize=4, clip_on=False)
        ax.set_title(name, fontsize=11)
        ax.set_xlabel("probability")
        ax.set_xlim(0, 1.05 * values.max())
        ax.xaxis.set_major_locator(plt.MaxNLocator(2))
    axes[0].set_yticks(range(count), [_visible(pieces[number]) for number in order], fontsize=9)
    axes[0].set_ylim(count - 0.4, -0.6)
    return fig


def cost(lengths, seconds: dict):
    """Processor seconds of writing against the length of the text, on logarithmic axes; name -> (runs, lengths)."""
    fig, ax = plt.subplots(figsize=(6.6, 3.8))
    for (name, values), colour, marker in zip(seconds.items(), _ORDER, "os^Dv", strict=False):
        runs = np.atleast_2d(values)
        ax.plot(lengths, np.median(runs, axis=0), marker + "-", color=COLOURS[colour], label=name)
        for run in runs if len(runs) > 1 else []:
            ax.plot(lengths, run, ".", color=COLOURS[colour], alpha=0.4)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xticks(lengths, [str(length) for length in lengths])
    ax.minorticks_off()
    ax.set(xlabel="length of the text (tokens)", ylabel="processor seconds")
    ax.legend()
    return fig


def by_size(weights, bits, law, reach):
    """Bits a letter against the number of weights: dots, one a run, and a power law drawn over `reach` as a line.

    Args:
        weights: (sizes,), bits: (runs, sizes).
        law: a function of the number of weights.
        reach: (least, most) weights it was fitted on; only there the line is drawn.
    """
    fig, ax = plt.subplots(figsize=(6.6, 3.8))
    for row in np.atleast_2d(bits):
        ax.plot(weights, row, "o", color=COLOURS["blue"], alpha=0.7)
    x = np.geomspace(*reach, 50)
    ax.plot(x, law(x), color=COLOURS["orange"], label="power law through them")
    ax.set_xscale("log")
    ax.set(xlabel="weights", ylabel="bits a letter")
    ax.legend()
    return fig


def training(tracks: dict, lines: dict):
    """Bits a letter against seconds of processor time, name -> list of runs [(seconds, bits), …]; lines: name -> bits.

    Runs of one kind have one colour; `lines` are what is known without this training.
    """
    fig, ax = plt.subplots(figsize=(7.2, 3.9))
    for (name, runs), colour, style in zip(tracks.items(), _ORDER, ("-", "--", ":"), strict=False):
        for number, run in enumerate(runs):
            seconds, bits = np.transpose(run)
            label = name if number == 0 else None
            ax.plot(seconds, bits, style, marker="o", markersize=3, color=COLOURS[colour], label=label)
    for (name, bits), style in zip(lines.items(), ("--", ":", "-."), strict=False):
        ax.axhline(bits, linestyle=style, color=COLOURS["grey"], label=name)
    ax.set(xlabel="processor seconds of training", ylabel="bits a letter, held out")
    ax.legend(fontsize=10, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def letters_a_piece(counts, letters):
    """How many letters a piece has on average, on the text learnt from and on others: name -> (counts,)."""
    fig, ax = plt.subplots(figsize=(6.6, 3.6))
    for (name, values), colour, style in zip(letters.items(), _ORDER, ("o-", "s--", "^:"), strict=False):
        ax.plot(counts, values, style, color=COLOURS[colour], label=name)
    ax.set_xscale("log")
    ax.set_xticks(counts, [f"{count:,}" for count in counts])
    ax.minorticks_off()
    ax.set(xlabel="pieces in the vocabulary", ylabel="letters a piece")
    ax.legend()
    return fig


def _visible(piece):
    """A piece with its spaces and ends of lines made visible."""
    return piece.replace(" ", "␣").replace("\n", "⏎")
