"""What translators share: writing a translation word by word, the likeliest each time or by beams."""

import keras
import numpy as np
from keras import ops

from dlcourse.text.beam import beam_search
from dlcourse.text.decoding import greedy_decode


class Translator(keras.Model):
    """A model with `begin(source, length)`, the state before the first word, and `advance(words, index, state)`.

    `advance` takes words (batch,) and gives logits (batch, vocabulary) of the next and the state after them.
    """

    padding = 0

    def translate(
        self, source, length: int, *, start: int, end: int, beams: int | None = None, length_penalty: float = 0.6
    ) -> np.ndarray:
        """Translations of the sentences.

        Args:
            source: (batch, places) whole numbers, padded at the end.
            length: of the longest translation, `start` and `end` included.
            start, end: the words that begin and end a translation.
            beams: candidates of a beam search; None takes the likeliest word each time.
            length_penalty: see `dlcourse.text.beam_search`.

        Returns:
            (batch, length) int32, `start` first, filled with `end`.

        Raises:
            ValueError: what `dlcourse.text.beam_search` and `greedy_decode` raise.
        """
        source = np.asarray(source)
        prompt, state = np.full((len(source), 1), start), self.begin(source, length)
        if beams is None:
            return greedy_decode(self._one_step(), state, prompt, length, end=end)
        texts, _ = beam_search(
            self._one_step(), state, prompt, length, end=end, beams=beams, length_penalty=length_penalty
        )
        return texts[:, 0]

    def kept(self, tokens):
        """(batch, places) booleans: where there is a word."""
        return ops.not_equal(tokens, self.padding)

    def _one_step(self):
        """The same function each time, so that the loop it runs in is compiled once."""
        if not hasattr(self, "_step"):
            self._step = self.advance
        return self._step
