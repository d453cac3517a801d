"""BLEU by hand: which pieces of a translation stand in the reference (Papineni and others, 2002).

counts = bleu_counts([one.split() for one in translations], [one.split() for one in references])
bleu(counts.sum(axis=0))                      # of the whole corpus
bleu(times_drawn @ counts)                    # of corpora drawn from it anew: the bootstrap of Koehn (2004)
"""

from collections import Counter

import numpy as np

ORDER = 4  # pieces of one to four words


def bleu_counts(translations, references) -> np.ndarray:
    """What BLEU needs to know of each sentence: (sentences, 10) whole numbers, to be added up over a corpus.

    Columns: the pieces of 1, 2, 3 and 4 words that stand in the reference too, each as often as there at most; how many
    pieces of 1 to 4 words there are; the words of the translation; the words of the reference.

    Args:
        translations, references: lists of lists of words, one reference a translation.

    Raises ValueError when there are not as many references as translations, or none.
    """
    translations, references = list(translations), list(references)
    if len(translations) != len(references) or not references:
        raise ValueError(
            f"translations are {len(translations)} and references {len(references)}: one for each, at least one."
        )
    return np.array([_of_one(list(mine), list(true)) for mine, true in zip(translations, references, strict=True)])


def _of_one(mine, true):
    right, pieces = [], []
    for n in range(1, ORDER + 1):
        found, wanted = _pieces(mine, n), _pieces(true, n)
        right.append((found & wanted).total())  # the smaller count of each piece
        pieces.append(found.total())
    return [*right, *pieces, len(mine), len(true)]


def _pieces(words, n):
    return Counter(tuple(words[start : start + n]) for start in range(len(words) - n + 1))


def bleu(counts) -> np.ndarray:
    """BLEU from 0 to 100 = 100 · min(1, e^(1 - r/c)) · (p1 p2 p3 p4)^(1/4), from counts added up over a corpus.

    p_n is the share of pieces of n words that are right, c the words of the translations, r those of the references.
    A p_n without a right piece is smoothed as sacreBLEU does: 1/2, 1/4, … of one piece.

    Shapes: (…, 10) -> (…).
    Raises ValueError when the last axis has not 10 columns, as `bleu_counts` has.
    """
    counts = np.asarray(counts, dtype=float)
    if counts.ndim < 1 or counts.shape[-1] != 2 * ORDER + 2:
        raise ValueError(f"counts must have the {2 * ORDER + 2} columns of bleu_counts; it has shape {counts.shape}.")
    right, pieces = counts[..., :ORDER], counts[..., ORDER : 2 * ORDER]
    c, r = counts[..., -2], counts[..., -1]
    none = (right == 0) & (pieces > 0)
    right = np.where(none, 0.5 ** np.cumsum(none, axis=-1), right)
    p = right / np.maximum(pieces, 1)
    brevity = np.exp(np.minimum(0, 1 - r / np.maximum(c, 1)))
    usable = (pieces > 0).all(axis=-1) & (counts[..., :ORDER] > 0).any(axis=-1)  # no word right, or too short: 0
    return np.where(usable, 100 * brevity * np.exp(np.log(np.where(p > 0, p, 1)).mean(axis=-1)), 0.0)
