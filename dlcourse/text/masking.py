"""Words hidden from a model that is to guess them."""

import numbers

import numpy as np

KEEP, SWAP = 0.1, 0.1  # of the chosen words: left as they are, and exchanged for any other


def mask_words(
    tokens: np.ndarray, seed, *, mask: int, vocabulary: int, special: tuple[int, ...] = (0,), share: float = 0.15
) -> tuple[np.ndarray, np.ndarray]:
    """Choose words to be guessed, and hide most of them.

    Of the chosen, 80 in 100 become `mask`, 10 any word, and 10 stay: what is read later has no masks, so that a model
    must not rely on them.

    Args:
        tokens: (batch, places) whole numbers.
        seed: a number, or a NumPy generator that goes on.
        mask: the word that hides another.
        vocabulary: how many words there are.
        special: words that are never chosen, nor put in place of others: padding and the like.
        share: of the words that are chosen, each by chance.

    Returns:
        tokens with words hidden, and booleans of the same shape, True where a word is to be guessed.

    Raises:
        ValueError: a share outside 0 to 1, or no word that may be put in place of others.

    Source: Devlin and others, "BERT" (2018), section 3.1.
    """
    if isinstance(share, bool) or not isinstance(share, numbers.Real) or not 0 <= share <= 1:
        raise ValueError(f"share is a number from 0 to 1, not {share!r}.")
    others = np.setdiff1d(np.arange(vocabulary), [*special, mask])
    if not len(others):
        raise ValueError(f"vocabulary is {vocabulary}: there is no word but those of special and mask.")
    rng, tokens = np.random.default_rng(seed), np.asarray(tokens)
    chosen = (rng.random(tokens.shape) < share) & ~np.isin(tokens, [*special, mask])
    fate = rng.random(tokens.shape)
    hidden = np.where(chosen & (fate >= KEEP + SWAP), mask, tokens)
    swapped = chosen & (fate >= KEEP) & (fate < KEEP + SWAP)
    return np.where(swapped, rng.choice(others, tokens.shape), hidden).astype(tokens.dtype), chosen
