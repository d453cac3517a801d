"""Training of a language model that reads pieces of words, and what it says of a text."""

import math

import keras
import numpy as np

from dlcourse.models.letters_model import letter_log2


class TokenTraining:
    """Trains a language model, tokens (batch, places) -> logits (batch, places, vocabulary), on windows of a text.

        training = TokenTraining(model, numbers)
        training.run(1500)
        training.run(500, fall=True)

    Matrices are trained by Muon, which makes all directions of a step equally long and on one novel takes half the
    steps; tables of embeddings, vectors and a layer called "logits" by AdamW. The learning rate rises in a line for
    `warm_up` steps and stays, until it falls in a line to 0. Each pass over the text cuts it elsewhere, by chance,
    and takes its windows in another order. What is drawn depends on the seed alone: `run(1)` a hundred times is
    `run(100)`.

    Args:
        model: is compiled anew.
        numbers: (length,) int32, of the text to learn; or a function of the number of the pass that gives such, so that
            a text can be cut into other pieces each time.
        window, batch_size: tokens of a window, and windows of a step.
        rate: the learning rate, and `warm_up` the steps until it is reached.
        weight_decay: of all weights but biases and those of normalisations.
        seed: of the windows.
        jit_compile: whether the step is compiled by XLA; a small GPT is then about twice as fast on a processor, an
            LSTM slower.

    Raises:
        ValueError: a text that is too short for one batch.

    Sources: Jordan et al., "Muon: an optimizer for hidden layers" (2024); Liu et al., "Muon is scalable for LLM
    training" (2025), for one learning rate for both.
    """

    def __init__(
        self, model, numbers, *, window=128, batch_size=8, rate=4e-3, warm_up=100, weight_decay=0.1, seed=0,
        jit_compile=True,
    ):  # fmt: skip
        self.model, self.numbers, self.seed = model, numbers, seed
        self.window, self.batch_size = window, batch_size
        self.rate, self.warm_up, self.done = rate, warm_up, 0
        decay = {"weight_decay": weight_decay, "adam_weight_decay": weight_decay}
        optimizer = keras.optimizers.Muon(rate, **decay, clipnorm=1.0, exclude_layers=["logits"])
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer, loss, jit_compile=jit_compile)
        self._batches = self._drawn()

    def _drawn(self):
        """Batches without end."""
        a_pass = 0
        while True:
            numbers = self.numbers(a_pass) if callable(self.numbers) else self.numbers
            windows = len(numbers) // self.window - 1
            if windows < self.batch_size:
                raise ValueError(f"numbers has {len(numbers)} tokens, fewer than one batch needs.")
            rng = np.random.default_rng([self.seed, a_pass])
            first, order = int(rng.integers(self.window)), rng.permutation(windows)
            for place in range(0, windows - self.batch_size + 1, self.batch_size):
                starts = first + self.window * order[place : place + self.batch_size]
                rows = starts[:, None] + np.arange(self.window)
                yield numbers[rows], numbers[rows + 1]
            a_pass += 1

    def run(self, steps, *, fall=False, report=None):
        """So many steps more; with `fall` the rate falls in a line to 0. Returns the losses, in bits a token.

        `report(steps done, bits)` is called every 100 steps.
        """
        losses = []
        for place in range(steps):
            share = 1 - place / steps if fall else min(1.0, (self.done + 1) / self.warm_up)
            self.model.optimizer.learning_rate = self.rate * share
            losses.append(float(self.model.train_on_batch(*next(self._batches))) / math.log(2))
            self.model.reset_metrics()
            self.done += 1
            if report and self.done % 100 == 0:
                report(self.done, float(np.mean(losses[-100:])))
        return losses


def token_log2(model, numbers, *, first=1, window=128, before=64, batch_size=64):
    """log2 of the probability that a model gave each token of a text, from the `first` on: `(length - first,)`.

    Args:
        model: tokens (batch, places) -> logits (batch, places, vocabulary).
        numbers: (length,) whole numbers.
        window: the most tokens the model looks at, `before`: the fewest before a token that it tells.

    Divided by the number of letters, its negative sum is comparable between tokenisations: bits a letter.

    Raises:
        ValueError: what `letter_log2` raises.
    """
    numbers = np.asarray(numbers)[:, None]
    read = _Column(model)
    return letter_log2(read, numbers, first=first, window=window, before=before, batch_size=batch_size)


class _Column:
    """A model of tokens, read as `letter_log2` reads one of letters: the numbers have a last axis of one."""

    def __init__(self, model):
        self.model = model

    def __call__(self, rows, training=False):
        return self.model(rows[..., 0], training=training)
