"""Sequences made by rules, in which it is known which element decides: tasks that ask what a network can remember."""

import numpy as np

_NOUNS, _PREPOSITIONS, _ADJECTIVES = 10, 3, 3
_PREPOSITION = 2 * _NOUNS  # nouns come first, the singular before the plural of each
_ADJECTIVE = _PREPOSITION + _PREPOSITIONS
_COMMA = _ADJECTIVE + _ADJECTIVES
WORDS = _COMMA + 1  # how many words the sentences of `agreement` are made of
LONGEST = 40  # steps to which these sentences are padded


def adding(rng, batch: int, time: int) -> tuple[np.ndarray, np.ndarray]:
    """The adding problem: add the two numbers that are marked, one in each half of the sequence.

    Returns:
        X (batch, time, 2): numbers from 0 to 1, and marks; y (batch,), of mean 1 and variance 1/6.

    Raises:
        ValueError: batch is below 1 or time below 2.

    Source: Hochreiter and Schmidhuber, "Long short-term memory" (1997), in the form of Le et al. (2015).
    """
    _at_least("batch", batch, 1)
    _at_least("time", time, 2)
    numbers, marks, rows = rng.random((batch, time)), np.zeros((batch, time)), np.arange(batch)
    for start, stop in ((0, time // 2), (time // 2, time)):
        marks[rows, rng.integers(start, stop, batch)] = 1
    return np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=1)


def recall(rng, batch: int, time: int) -> tuple[np.ndarray, np.ndarray]:
    """Random signs, all of which have to be known at the end.

    Returns:
        X (batch, time, 1) of -1 and 1; y (batch, time) of 0 and 1, the signs from the last back to the first.

    Raises:
        ValueError: batch or time is below 1.
    """
    _at_least("batch", batch, 1)
    _at_least("time", time, 1)
    X = rng.choice([-1.0, 1.0], (batch, time, 1))
    return X, (X[:, ::-1, 0] > 0).astype(float)


def agreement(rng, batch: int, attractors: int | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Beginnings of sentences such as "near the old cabins , the keys to the red cabinet": is, or are?

    The subject's number decides, which is the first noun, or the first after the comma. Nouns that follow it belong to
    prepositions; where their number is another they are called attractors.

    Args:
        rng: NumPy's generator.
        batch: sentences.
        attractors: so many nouns of the other number follow every subject. None for what a language is like: in four
            sentences of five nothing follows, in the others one noun or two, three quarters of them of its number.

    Returns:
        X (batch, LONGEST, WORDS), a one for the word at each step; mask (batch, LONGEST); y (batch,), 1 for plural.

    Raises:
        ValueError: batch is below 1, attractors below 0 or above 8.

    Source: the task of Linzen, Dupoux and Goldberg, "Assessing the ability of LSTMs to learn syntax-sensitive
    dependencies" (2016), in a language of 27 words.
    """
    _at_least("batch", batch, 1)
    if attractors is not None and not 0 <= attractors <= 8:
        raise ValueError(f"attractors must be from 0 to 8, not {attractors!r}.")
    X, mask = np.zeros((batch, LONGEST, WORDS)), np.zeros((batch, LONGEST), bool)
    plural = rng.integers(2, size=batch)
    for row, number in enumerate(plural):
        words = _beginning(rng, int(number), attractors)
        X[row, np.arange(len(words)), words] = 1
        mask[row, : len(words)] = True
    return X, mask, plural.astype(float)


def _beginning(rng, number, attractors):
    words = [*_phrase(rng, int(rng.integers(2))), _COMMA] if rng.random() < 0.3 else []
    words += _noun(rng, number)
    following = rng.choice(3, p=[0.8, 0.15, 0.05]) if attractors is None else attractors
    for _ in range(following):
        same = rng.random() < 0.75 if attractors is None else False
        words += _phrase(rng, number if same else 1 - number)
    return words


def _phrase(rng, number):
    return [_PREPOSITION + int(rng.integers(_PREPOSITIONS)), *_noun(rng, number)]


def _noun(rng, number):
    """A noun of this number (0 singular, 1 plural), three times of ten with an adjective before it."""
    adjective = [_ADJECTIVE + int(rng.integers(_ADJECTIVES))] if rng.random() < 0.3 else []
    return [*adjective, 2 * int(rng.integers(_NOUNS)) + number]


def _at_least(name, value, least):
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} must be a whole number from {least}, not {value!r}.")
