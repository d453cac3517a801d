"""A language model of letters: at each place of a text, scores of the letter that comes next."""

import math
import numbers

import keras
import numpy as np
from keras import layers, ops

from dlcourse.layers import GRU


def character_model(
    counts: tuple[int, ...], *, units: int = 256, vector_size: int = 64, dropout: float = 0.1,
    name: str = "character_model",
) -> keras.Model:  # fmt: skip
    """A recurrent language model as a functional Keras model.

    Input: numbers `(batch, time, len(counts))` int32 as `text.Grams.encode` gives them, of the letter and of the pair,
    triple, … that end with it. Output: logits of the next letter `(batch, time, counts[0])` float32.

        letter ─ embedding ┐
        pair   ─ embedding ├─ sum e⟨t⟩ ─ GRU ─ dropout ─ [h⟨t⟩, e⟨t⟩] ─ logits
        triple ─ embedding ┘

    The short way from e⟨t⟩ to the logits does what an n-gram does, so that the recurrent layer can learn the rest.

    Args:
        counts: how many numbers there are for letters, pairs, triples, …; `Grams.counts`.
        units: of the recurrent layer.
        vector_size: of the embeddings.
        dropout: share of the state's features that is dropped in training on the way to the logits.
        name: of the model.

    Raises:
        ValueError: an argument that is not allowed.

    Source: Mikolov et al., "Strategies for training large scale neural network language models" (2011).
    """
    sizes = {f"counts[{place}]": count for place, count in enumerate(counts)}
    for what, value in {**sizes, "units": units, "vector_size": vector_size}.items():
        if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
            raise ValueError(f"{what} is a whole number from 1, not {value!r}.")
    if not counts:
        raise ValueError("counts is empty; give the number of letters at least.")
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout is from 0 to below 1, not {dropout!r}.")
    grams = keras.Input((None, len(counts)), dtype="int32", name="grams")
    parts = [layers.Embedding(n, vector_size, name=f"embedding_{i + 1}")(grams[:, :, i]) for i, n in enumerate(counts)]
    e = layers.Add(name="e")(parts) if len(parts) > 1 else parts[0]
    h = GRU(units, return_sequences=True, name="h")(e)
    both = layers.Concatenate(name="h_e")([layers.Dropout(dropout, name="dropout")(h), e])
    return keras.Model(grams, layers.Dense(counts[0], dtype="float32", name="logits")(both), name=name)


class CharacterTraining:
    """Trains a character model on windows of a text: at one learning rate, then with one that falls to 0.

        training = CharacterTraining(model, grams.encode(text))
        training.run(1500)
        training.run(500, fall=True)

    Each pass over the text cuts it elsewhere, by chance, and takes its windows in another order. What is drawn depends
    on the seed and the number of the step alone: `run(1)` a hundred times is `run(100)`.

    Args:
        model: of `character_model`.
        numbers: `(length, columns)` int32, of the text to learn.
        window, batch_size: letters of a window, and windows of a step.
        rate: the learning rate of Adam, reached in the first 50 steps.
        seed: of the windows.
    """

    def __init__(self, model, numbers, *, window=64, batch_size=64, rate=3e-3, seed=0):
        if len(numbers) < window * batch_size + window:
            raise ValueError(f"numbers has {len(numbers)} letters, fewer than one batch needs.")
        self.model, self.numbers, self.seed = model, numbers, seed
        self.window, self.batch_size, self.rate, self.done = window, batch_size, rate, 0
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.AdamW(rate, weight_decay=1e-4, clipnorm=1.0), loss, jit_compile=False)

    @property
    def steps_a_pass(self):
        """Steps of one pass over the text."""
        return (len(self.numbers) // self.window - 1) // self.batch_size

    def batch(self, step):
        """The windows of a step, and the letters that follow each of theirs."""
        a_pass, place = divmod(step, self.steps_a_pass)
        rng = np.random.default_rng([self.seed, a_pass])
        first, order = int(rng.integers(self.window)), rng.permutation(len(self.numbers) // self.window - 1)
        starts = first + self.window * order[place * self.batch_size : (place + 1) * self.batch_size]
        rows = starts[:, None] + np.arange(self.window)
        return self.numbers[rows], self.numbers[rows + 1, 0]

    def run(self, steps, *, fall=False, report=None):
        """So many steps more; with `fall` the rate falls in a line to 0. Returns the losses, in bits a letter.

        `report(steps done, bits)` is called every 100 steps.
        """
        losses = []
        for place in range(steps):
            share = 1 - place / steps if fall else min(1.0, (self.done + 1) / 50)
            self.model.optimizer.learning_rate = self.rate * share
            x, y = self.batch(self.done)
            losses.append(float(self.model.train_on_batch(x, y)) / math.log(2))
            self.model.reset_metrics()
            self.done += 1
            if report and self.done % 100 == 0:
                report(self.done, float(np.mean(losses[-100:])))
        return losses


def letter_log2(model, numbers, *, first=1, window=256, before=128, batch_size=64):
    """log2 of the probability that the model gave each letter of a text, from the `first` on: `(length - first,)`.

    The text is read in windows that overlap, so that each letter is told with at least `before` letters before it
    (fewer only at the beginning of the text).

    Raises:
        ValueError: a `first` outside the text or below 1; `before` that is not below `window`.
    """
    if not 1 <= first < len(numbers):
        raise ValueError(f"first is from 1 to below the text's {len(numbers)} letters, not {first!r}.")
    if not 0 <= before < window:
        raise ValueError(f"before is from 0 to below window={window}, not {before!r}.")
    told = np.arange(first, len(numbers), window - before)  # the first letter each window has to tell
    starts = np.maximum(told - 1 - before, 0)
    rows = starts[:, None] + np.arange(window)
    inside = np.minimum(rows, len(numbers) - 1)
    result = np.full(len(numbers), np.nan)
    for chunk in range(0, len(told), batch_size):
        here = slice(chunk, chunk + batch_size)
        logits = _letters_log2(model, numbers[inside[here]])
        target = np.minimum(rows[here] + 1, len(numbers) - 1)
        chosen = np.take_along_axis(logits, numbers[target, 0][..., None], axis=-1)[..., 0]
        for row, one in enumerate(told[here]):
            stop = min(one + window - before, len(numbers))
            at = starts[here][row]
            result[one:stop] = chosen[row, one - 1 - at : stop - 1 - at]
    return result[first:]


def _letters_log2(model, rows):
    """log2 of the probabilities of all letters, at each place of windows `(batch, time, columns)`."""
    return ops.convert_to_numpy(ops.log_softmax(model(rows, training=False), axis=-1)) / math.log(2)
