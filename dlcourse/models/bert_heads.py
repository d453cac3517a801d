"""What is put on a BERT: guesses of hidden words, or the class of a text."""

import keras
from keras import layers, ops

from dlcourse.layers.attending import check_positive, check_rate
from dlcourse.models.bert_model import BERT


@keras.saving.register_keras_serializable("dlcourse")
class MaskedLanguageModel(keras.Model):
    """A BERT that says at every place which word stands there, hidden or not.

    A dense layer, its activation and a normalisation, and then the words' table once more as the output layer.

    Args:
        bert: the `BERT` that is trained.

    Call arguments:
        tokens: (batch, places) whole numbers, some of them the word that hides another.

    Output: logits (batch, places, vocabulary) float32.

    Reference: Devlin and others, "BERT" (2018), section 3.1.
    """

    def __init__(self, bert: BERT, **kwargs):
        super().__init__(**kwargs)
        self.bert = bert
        self.dense = layers.Dense(bert.width, activation=bert.activation, name="dense")
        self.norm = layers.LayerNormalization(epsilon=bert.epsilon, name="norm")
        self.bias = self.add_weight(shape=(bert.vocabulary,), initializer="zeros", name="bias")

    def build(self, input_shape=None):
        if not self.bert.built:
            self.bert.build()
        for part in (self.dense, self.norm):
            part.build((None, None, self.bert.width))
        self.built = True

    def call(self, tokens, training=None):
        """(batch, places) -> (batch, places, vocabulary)."""
        x = self.norm(self.dense(self.bert(tokens, training=training)))
        scores = ops.matmul(x, ops.transpose(ops.cast(self.bert.words.embeddings, x.dtype)))
        return ops.cast(scores, "float32") + self.bias

    def get_config(self):
        """All arguments."""
        return {**super().get_config(), "bert": keras.saving.serialize_keras_object(self.bert)}

    @classmethod
    def from_config(cls, config):
        """The model of such a config."""
        return cls(**{**config, "bert": keras.saving.deserialize_keras_object(config["bert"])})


@keras.saving.register_keras_serializable("dlcourse")
class TextClassifier(keras.Model):
    """A BERT, the mean of its states, and a dense layer.

    Args:
        bert: the `BERT` that is fine-tuned.
        classes: how many.
        dropout: before the dense layer.

    Call arguments:
        tokens: (batch, places) whole numbers.

    Output: logits (batch, classes) float32.

    Raises:
        ValueError: an argument out of range.
    """

    def __init__(self, bert: BERT, classes: int, dropout: float = 0.1, **kwargs):
        super().__init__(**kwargs)
        check_positive(classes=classes)
        check_rate(dropout=dropout)
        self.bert, self.classes, self.dropout = bert, classes, dropout
        self.drop = layers.Dropout(dropout, name="drop")
        self.scores = layers.Dense(classes, dtype="float32", name="scores")

    def build(self, input_shape=None):
        if not self.bert.built:
            self.bert.build()
        self.scores.build((None, self.bert.width))
        self.built = True

    def call(self, tokens, training=None):
        """(batch, places) -> (batch, classes)."""
        mean = self.bert.mean(self.bert(tokens, training=training), tokens)
        return self.scores(self.drop(mean, training=training))

    def get_config(self):
        """All arguments."""
        own = {"bert": keras.saving.serialize_keras_object(self.bert), "classes": self.classes, "dropout": self.dropout}
        return {**super().get_config(), **own}

    @classmethod
    def from_config(cls, config):
        """The model of such a config."""
        return cls(**{**config, "bert": keras.saving.deserialize_keras_object(config["bert"])})
