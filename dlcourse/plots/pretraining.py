"""Figures of pretraining: guesses of hidden words, accuracy by the number of labels, and what a search finds."""

import matplotlib.pyplot as plt
import numpy as np

from dlcourse.plots.style import COLOURS

_ORDER = ("blue", "orange", "green", "vermillion", "purple")


def masked_loss(steps, surprise, blind: float):
    """Surprise at hidden words (steps,) in nats against training steps, and that of a guess by word frequencies."""
    fig, ax = plt.subplots(figsize=(7, 3.4))
    ax.plot(steps, surprise, "o-", color=COLOURS["blue"], label="masked language model")
    ax.axhline(blind, color=COLOURS["grey"], linestyle="--", label="by word frequencies")
    ax.set_xlabel("training steps")
    ax.set_ylabel("surprise at hidden words (nats)")
    ax.legend()
    return fig


def few_labels(labels, scores: dict, ylabel: str):
    """Accuracy against the number of labels, a line a way: `scores[way][count]` holds one figure a draw.

    Each point is the mean, its bar the standard deviation over draws.
    """
    fig, ax = plt.subplots(figsize=(7.5, 4))
    for number, (way, row) in enumerate(scores.items()):
        values = [np.asarray(row[count], float) for count in labels]
        shifted = np.asarray(labels) * (1 + 0.05 * (number - len(scores) / 2))  # bars side by side
        spread = [each.std(ddof=1) if len(each) > 1 else 0 for each in values]
        means = [each.mean() for each in values]
        ax.errorbar(shifted, means, spread, fmt="o-", capsize=3, color=COLOURS[_ORDER[number % 5]], label=way)
    ax.set_xscale("log")
    ax.set_xticks(labels, [f"{count:,}" for count in labels])
    ax.minorticks_off()
    ax.set_xlabel("labelled sentences")
    ax.set_ylabel(ylabel)
    ax.legend()
    return fig


def found_within(ranks: dict, chance: float, most: int = 10):
    """Share of questions whose answer is among the first n found, for each search, and what one guess would find.

    ranks: search -> places of the first right answer (questions,), from 1.
    """
    fig, ax = plt.subplots(figsize=(7, 3.6))
    places = np.arange(1, most + 1)
    for number, (search, found) in enumerate(ranks.items()):
        share = [100 * np.mean(np.asarray(found) <= place) for place in places]
        ax.plot(places, share, "os"[number % 2] + "-", color=COLOURS[_ORDER[number % 5]], label=search)
    ax.axhline(100 * chance, color=COLOURS["grey"], linestyle="--", label="one paragraph by chance")
    ax.set_xticks(places)
    ax.set_ylim(0, 102)
    ax.set_xlabel("paragraphs read")
    ax.set_ylabel("questions answered (%)")
    ax.legend(loc="center right")
    return fig
