"""From the letters of words to features: a convolution over each word, and the greatest answer of every filter."""

import keras
from keras import layers, ops

from dlcourse.layers.attending import check_positive


@keras.saving.register_keras_serializable("dlcourse")
class CharacterFeatures(layers.Layer):
    """f_k = max over places i of (w_k · [c_i … c_{i+n-1}] + b_k), for the letters c of one word.

    A filter answers to a piece of n letters wherever it stands: a suffix, a capital, a digit. Letter 0 is padding; a
    word without letters is padding itself, and the mask of the answers says so.

    Args:
        characters: how many there are, padding included.
        filters: features of a word.
        size: n, letters that a filter sees at once.
        embedding: numbers that stand for a letter.

    Input shape: (batch, words, letters), whole numbers.
    Output shape: (batch, words, filters), with the mask (batch, words).

    Reference: Ma and Hovy, "End-to-end sequence labeling via bi-directional LSTM-CNNs-CRF" (2016), section 2.1.

    Raises:
        ValueError: an argument that is not a whole number from 1.
    """

    def __init__(self, characters, filters, size=3, embedding=24, **kwargs):
        super().__init__(**kwargs)
        check_positive(characters=characters, filters=filters, size=size, embedding=embedding)
        self.characters, self.filters, self.size, self.embedding = characters, filters, size, embedding
        self.letters = layers.Embedding(characters, embedding, dtype=self.dtype_policy, name="letters")
        self.pieces = layers.Conv2D(filters, (1, size), padding="same", dtype=self.dtype_policy, name="pieces")

    def build(self, input_shape):
        self.letters.build(input_shape)
        self.pieces.build((*input_shape, self.embedding))
        self.built = True

    def call(self, inputs):
        """(batch, words, letters) -> (batch, words, filters)."""
        return ops.max(self.pieces(self.letters(inputs)), axis=2)

    def compute_mask(self, inputs, mask=None):
        """True where a word has a letter, (batch, words)."""
        return ops.any(ops.not_equal(inputs, 0), axis=-1)

    def compute_output_shape(self, input_shape):
        """(batch, words, filters)."""
        return (*input_shape[:-1], self.filters)

    def get_config(self):
        """All arguments."""
        names = ("characters", "filters", "size", "embedding")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
