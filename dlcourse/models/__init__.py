"""Networks put together from layers, some with weights that were trained elsewhere.

from dlcourse.models import efficientnet_lite0

model = efficientnet_lite0(weights="imagenet")

The names below are loaded when they are first used, and Keras with them.
"""

from dlcourse.lazy import loader

# A module bears another name than the function it holds: once loaded, it would stand in its place.
_WHERE = {
    "BERT": "bert_model",
    "CharacterTraining": "letters_model",
    "CheckpointCard": "checkpoint_cards",
    "CheckpointError": "checkpoint_cards",
    "GPT": "gpt_model",
    "MaskedLanguageModel": "bert_heads",
    "SentenceEncoder": "sentence_encoder",
    "Seq2Seq": "seq2seq",
    "TextClassifier": "bert_heads",
    "TokenTraining": "token_training",
    "Transformer": "transformer_model",
    "character_model": "letters_model",
    "checkpoint_card": "checkpoint_cards",
    "checkpoints": "checkpoint_cards",
    "cnn": "convolutional",
    "efficientnet_lite0": "efficientnet",
    "embedding_net": "embedding_network",
    "inception": "inception_network",
    "lenet": "lenet5",
    "letter_log2": "letters_model",
    "load_checkpoint": "checkpoint_files",
    "resnet": "residual",
    "save_checkpoint": "checkpoint_files",
    "tagger": "tagging",
    "token_log2": "token_training",
    "window_net": "window_network",
    "yolo": "yolo_network",
    "yolo_head": "yolo_network",
}
__all__ = list(_WHERE)
__getattr__ = loader(__name__, _WHERE)


def __dir__():
    return __all__
