"""Texts written word by word, each word chosen by what a model says of the words before.

    def step(tokens, index, state):
        '''Words (batch,) at place `index` -> scores of the next word (batch, vocabulary), and the state after them.'''
        hidden = cell(embedding(tokens), state)
        return scores(hidden), hidden

    greedy_decode(step, first_state, prompt=[[START]], length=20, end=END)

The whole loop is one compiled program, kept with `step`: call again with the same function, not with a new one. The
state is any nest of tensors with the batch as first axis; a model with nothing to remember passes it through.
"""

import numbers
import weakref

import numpy as np
from keras import ops

from dlcourse.text.choosing import check_sampling, drawn, filtered, likeliest
from dlcourse.text.programs import program

FREE = -1  # in a prompt: a place to be written


def greedy_decode(step, state, prompt, length: int, *, end: int | None = None, begin: int = 0) -> np.ndarray:
    """At each place the likeliest word.

    Args:
        step: `(tokens, index, state) -> (logits, state)`, see above.
        state: at place `begin`.
        prompt: words that are given, (batch, places); rows that are shorter end in -1.
        length: of the text, the prompt included.
        end: a word after which a row is filled with it.
        begin: the first place to call `step` with, if the state knows those before; at most the shortest prompt's last.

    Returns:
        (batch, length) int32.

    Raises:
        ValueError: a prompt without words, a length it does not fit in, or a `begin` beyond it.
    """
    tokens = whole_prompt(prompt, length, begin)
    return _run(step, state, tokens, np.zeros((length, 0), "float32"), end, begin, None)


def sample(
    step, state, prompt, length: int, *, temperature: float = 1.0, top_k: int | None = None,
    top_p: float | None = None, seed: int = 0, end: int | None = None, begin: int = 0,
) -> np.ndarray:  # fmt: skip
    """At each place a word drawn by its probability, after cutting off the unlikely ones.

    Args:
        temperature: divides the scores: below 1 safer, above 1 bolder.
        top_k: only the k likeliest words (and what ties with the last).
        top_p: only the smallest set of likeliest words whose probabilities reach it, after `top_k`.
        seed: the same seed and settings give the same text.
        step, state, prompt, length, end, begin: as for `greedy_decode`, and so is what is returned.

    Raises:
        ValueError: what `greedy_decode` raises; a temperature, top_k or top_p out of range.
    """
    check_sampling(temperature, top_k, top_p)
    tokens = whole_prompt(prompt, length, begin)
    uniform = np.random.default_rng(seed).random((length, len(tokens)), dtype="float32")
    return _run(step, state, tokens, uniform, end, begin, (float(temperature), top_k, top_p))


def whole_prompt(prompt, length, begin=0) -> np.ndarray:
    """The prompt as (batch, length) int32, what is to be written being -1; ValueError if it cannot be."""
    tokens = np.asarray(prompt)
    if tokens.ndim != 2 or tokens.dtype.kind not in "iu" or not tokens.size:
        raise ValueError(f"prompt is words (batch, places) in whole numbers, not {tokens.dtype} {tokens.shape}.")
    if isinstance(length, bool) or not isinstance(length, numbers.Integral) or length < tokens.shape[1]:
        raise ValueError(f"length is a whole number from the prompt's, {tokens.shape[1]}, not {length!r}.")
    given = (tokens != FREE).sum(1)
    if not given.all() or (np.diff((tokens != FREE).astype(int), axis=1) > 0).any():
        raise ValueError("prompt: each row begins with one word or more, and -1 only stands at its end.")
    if not 0 <= begin < given.min():
        raise ValueError(f"begin is a place of the shortest prompt, 0 to {given.min() - 1}, not {begin!r}.")
    free = np.full((len(tokens), length - tokens.shape[1]), FREE)
    return np.concatenate([tokens, free], 1).astype("int32")


def _run(step, state, tokens, uniform, end, begin, sampling):
    """The loop's program, made for this step, these settings and this length."""
    held = weakref.ref(step)

    def make():
        def loop(tokens, state, uniform):
            return _loop(held(), tokens, state, uniform, end, begin, sampling)

        return loop

    run = program(step, ("decode", tokens.shape, end, begin, sampling), make, xla=True)
    written = run(tokens, state, uniform)
    return np.array(ops.convert_to_numpy(written))


def _loop(step, tokens, state, uniform, end, begin, sampling):
    tokens, uniform = ops.convert_to_tensor(tokens), ops.convert_to_tensor(uniform)
    batch, length = tokens.shape
    places = ops.arange(length)[None, :]

    def choose(logits, at):
        if sampling is None:
            return likeliest(logits)
        return drawn(filtered(logits, *sampling), ops.take(uniform, at, axis=0))

    def go_on(at, tokens, ended, state):
        return ops.logical_and(at < length - 1, ops.logical_not(ops.all(ended)))

    def write(at, tokens, ended, state):
        logits, state = step(ops.take(tokens, at, axis=1), at, state)
        given = ops.take(tokens, at + 1, axis=1)
        new = ops.where(given == FREE, choose(logits, at), given)
        if end is not None:
            ended = ops.logical_or(ended, new == end)
        tokens = ops.where(places == at + 1, new[:, None], tokens)
        return at + 1, tokens, ended, state

    begun = (ops.convert_to_tensor(begin, "int32"), tokens, ops.zeros((batch,), "bool"), state)
    _, tokens, _, _ = ops.while_loop(go_on, write, begun)
    return tokens if end is None else _filled(tokens, end)


def _filled(tokens, end):
    """What follows the first `end` of a row, and what nobody wrote because all rows had ended, is `end`."""
    is_end = ops.cast(tokens == end, "int32")
    after = ops.cumsum(is_end, axis=1) - is_end > 0
    return ops.where(ops.logical_or(after, tokens == FREE), end, tokens)
