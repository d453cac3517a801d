"""Beam search: several half-written texts are kept at each place, not only the likeliest."""

import numbers
import weakref

import keras
import numpy as np
from keras import ops

from dlcourse.text.choosing import FAR
from dlcourse.text.decoding import FREE, whole_prompt
from dlcourse.text.programs import program


def beam_search(
    step, state, prompt, length: int, *, end: int, beams: int = 4, length_penalty: float = 0.6, begin: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """The texts that a search with `beams` candidates finds likeliest, best first.

    A text's score is the sum of its words' log-probabilities after the prompt, divided by ((5 + n) / 6)^length_penalty
    for n words: without it, short texts win.

    Args:
        step, state, length, begin: as for `greedy_decode`.
        prompt: words that are given, (batch, places), all rows of the same length.
        end: the word that ends a text.
        beams: candidates kept for each row.
        length_penalty: 0 for none.

    Returns:
        texts (batch, beams, length) int32, filled with `end`, and their scores (batch, beams) float32. A text that did
        not end within `length` stands behind those that did, with -1e9 added to its score.

    Raises:
        ValueError: what `greedy_decode` raises; rows of several lengths; beams that is no whole number from 1; a
            length_penalty below 0.

    Sources: Graves (2012), Sutskever et al. (2014) for the search; Wu et al., "Google's neural machine translation
    system" (2016), equation 14, for the penalty.
    """
    if isinstance(beams, bool) or not isinstance(beams, numbers.Integral) or beams < 1:
        raise ValueError(f"beams is a whole number from 1, not {beams!r}.")
    if isinstance(length_penalty, bool) or not isinstance(length_penalty, numbers.Real) or length_penalty < 0:
        raise ValueError(f"length_penalty is a number from 0, not {length_penalty!r}.")
    tokens = whole_prompt(prompt, length, begin)
    given = (tokens != FREE).sum(1)
    if len(set(given.tolist())) > 1:
        raise ValueError(f"prompt: beam search needs rows of one length; there are {min(given)} to {max(given)} words.")
    held, settings = weakref.ref(step), (end, beams, float(length_penalty), begin, int(given[0]))

    def make():
        def search(tokens, state):
            return _search(held(), tokens, state, *settings)

        return search

    texts, scores = program(step, ("beam", tokens.shape, settings), make)(tokens, state)
    return np.array(ops.convert_to_numpy(texts)), np.array(ops.convert_to_numpy(scores))


def _search(step, tokens, state, end, beams, penalty, begin, given):
    tokens = ops.convert_to_tensor(tokens)
    batch, length = tokens.shape
    places = ops.arange(length)[None, None, :]

    def spread(x):
        """(batch, …) -> (batch * beams, …): each row once for each beam."""
        return ops.repeat(ops.convert_to_tensor(x), beams, axis=0)

    def picked(x, which):
        """Of (batch, n, …) the rows `which` (batch, beams)."""
        which = ops.reshape(which, (batch, beams, *[1] * (len(x.shape) - 2)))
        return ops.take_along_axis(x, which, axis=1)

    def normed(scores, at):
        """Divided by the penalty for the words after the prompt, with the one at place `at` + 1."""
        words = ops.cast(at + 2 - given, "float32")
        return scores / ((5.0 + words) / 6.0) ** penalty

    def advance(at, alive, alive_scores, done, done_scores, state):
        logits, state = step(ops.reshape(ops.take(alive, at, axis=2), (-1,)), at, state)
        logs = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
        words = logs.shape[-1]
        total = alive_scores[:, :, None] + ops.reshape(logs, (batch, beams, words))
        forced = at + 1 < given
        # Inside the prompt the next word is given: all that is done is to move the state.
        scores, flat = ops.top_k(ops.reshape(total, (batch, beams * words)), min(2 * beams, beams * words))
        source, word = flat // words, ops.cast(flat % words, "int32")
        texts = ops.take_along_axis(alive, source[:, :, None], axis=1)
        texts = ops.where(places == at + 1, word[:, :, None], texts)

        is_end = word == end
        all_done = ops.concatenate([done, texts], 1)
        all_scores = ops.concatenate([done_scores, ops.where(is_end, normed(scores, at), 2 * FAR)], 1)
        best, which = ops.top_k(all_scores, beams)
        new_done, new_done_scores = picked(all_done, which), best

        best, which = ops.top_k(ops.where(is_end, 2 * FAR, scores), beams)
        new_alive, came_from = picked(texts, which), ops.take_along_axis(source, which, axis=1)
        rows = ops.reshape(came_from + ops.cast(ops.arange(batch) * beams, came_from.dtype)[:, None], (-1,))
        moved = keras.tree.map_structure(lambda x: ops.take(x, rows, axis=0), state)

        def either(a, b):
            return ops.where(forced, a, b)

        state = keras.tree.map_structure(either, state, moved)
        return (
            at + 1, either(alive, new_alive), either(alive_scores, best), either(done, new_done),
            either(done_scores, new_done_scores), state,
        )  # fmt: skip

    def go_on(at, *_):
        return at < length - 1

    alive = ops.repeat(tokens[:, None, :], beams, axis=1)
    # All beams begin alike: only the first may branch at first.
    alive_scores = ops.tile(ops.convert_to_tensor([[0.0] + [FAR] * (beams - 1)], "float32"), (batch, 1))
    begun = (
        ops.convert_to_tensor(begin, "int32"), alive, alive_scores, alive,
        ops.full((batch, beams), 2 * FAR, "float32"), keras.tree.map_structure(spread, state),
    )  # fmt: skip
    _, alive, alive_scores, done, done_scores, _ = ops.while_loop(go_on, advance, begun)

    # What did not end fills the places that are left.
    unfinished = normed(alive_scores, length - 2) + FAR
    scores, which = ops.top_k(ops.concatenate([done_scores, unfinished], 1), beams)
    return _filled_after(picked(ops.concatenate([done, alive], 1), which), end, given), scores


def _filled_after(texts, end, given):
    """What follows the first `end` behind the prompt is `end`."""
    behind = ops.arange(texts.shape[-1]) >= given
    is_end = ops.cast(ops.logical_and(texts == end, behind), "int32")
    after = ops.cumsum(is_end, axis=-1) - is_end > 0
    return ops.where(ops.logical_or(after, texts == FREE), end, texts)
