"""A tagger: from the words of a sentence to a label for each, by recurrent layers that read it from both ends."""

import keras
from keras import layers

from dlcourse.layers import CharacterFeatures

CELLS = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}


def tagger(
    tags: int,
    characters: int,
    *,
    vector_size: int = 50,
    width: int = 10,
    filters: int = 48,
    cell: str = "lstm",
    units: int = 64,
    depth: int = 1,
    bidirectional: bool = True,
    skips: bool = False,
    dropout: float = 0.4,
    name: str = "tagger",
) -> keras.Model:
    """A recurrent tagger as a functional Keras model.

    Inputs, by name: "vectors" `(batch, words, vector_size)`, a vector for each word, such as GloVe's, looked up
    outside, so that the table is no part of the weights; "characters" `(batch, words, width)` int32, numbers of the
    letters, 0 after a word's end and for words that are padding, which says where a sentence ends. Output: logits
    `(batch, words, tags)` float32.

        vectors ┐
                ├─ dropout ─ recurrent layer, there and back ─ dropout ─ (as many more as `depth` says) ─ logits
        letters ┘

    Args:
        tags: how many labels.
        characters: how many letters there are, padding included.
        vector_size: numbers in the vector of a word.
        width: letters of a word that are read.
        filters: features made of the letters.
        cell: "rnn", "lstm" or "gru".
        units: of each recurrent layer and direction.
        depth: recurrent layers on top of each other.
        bidirectional: read the sentence from both ends, and join what is known at each word.
        skips: from the second layer on, add a layer's input to its output.
        dropout: share of the features that is dropped in training, before the first layer and after each.
        name: of the model.

    Raises:
        ValueError: an argument that is not allowed; says what came and what is allowed.

    Source: Huang, Xu and Yu, arXiv:1508.01991 (2015); letters as in Ma and Hovy (2016).
    """
    _check(cell, dropout, tags=tags, characters=characters, vector_size=vector_size, width=width, filters=filters,
           units=units, depth=depth)  # fmt: skip
    vectors = keras.Input((None, vector_size), name="vectors")
    letters = keras.Input((None, width), dtype="int32", name="characters")
    spelling = CharacterFeatures(characters, filters, name="spelling")(letters)
    x = _Joined(name="features")([vectors, spelling])
    x = layers.Dropout(dropout, name="drop_0")(x)
    for number in range(1, depth + 1):
        y = _recurrent(cell, units, bidirectional, f"{cell}_{number}")(x)
        x = layers.Add(name=f"skip_{number}")([x, y]) if skips and number > 1 else y
        x = layers.Dropout(dropout, name=f"drop_{number}")(x)
    logits = layers.Dense(tags, dtype="float32", name="logits")(x)
    return keras.Model({"vectors": vectors, "characters": letters}, logits, name=name)


@keras.saving.register_keras_serializable("dlcourse")
class _Joined(layers.Concatenate):
    """Features side by side, with the last part's mask: Keras's own lets a part without a mask hide nothing."""

    def compute_mask(self, inputs, mask=None):
        return None if mask is None else mask[-1]


def _recurrent(cell, units, bidirectional, name):
    layer = CELLS[cell](units, return_sequences=True, name=name)
    return layers.Bidirectional(layer, name=f"both_ways_{name}") if bidirectional else layer


def _check(cell, dropout, **counts):
    if cell not in CELLS:
        raise ValueError(f"cell is one of {', '.join(map(repr, CELLS))}, not {cell!r}.")
    if isinstance(dropout, bool) or not isinstance(dropout, (int, float)) or not 0 <= dropout < 1:
        raise ValueError(f"dropout is from 0 to below 1, not {dropout!r}.")
    for name, value in counts.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} is a whole number from 1, not {value!r}.")
