"""Keras layers of the course, one idea a file; each works on TensorFlow, JAX and PyTorch, with and without a compiler.

A layer is registered under `dlcourse`, returns its whole config, and keeps float32 weights under mixed precision. What
every layer has to do is asked in tests/layers/contract.py.
"""

from dlcourse.lazy import loader

_WHERE = {
    "AdditiveAttention": "additive_attention",
    "BottleneckBlock": "bottleneck_block",
    "CharacterFeatures": "character_features",
    "DotAttention": "dot_attention",
    "FeedForward": "feed_forward",
    "GRU": "gru",
    "GRUCell": "gru",
    "InceptionBlock": "inception_block",
    "L2Normalize": "l2_normalize",
    "LSTM": "lstm",
    "LSTMCell": "lstm",
    "MultiHeadAttention": "multi_head_attention",
    "ResidualBlock": "residual_block",
    "SimpleRNN": "simple_rnn",
    "SimpleRNNCell": "simple_rnn",
    "SinusoidalPositions": "sinusoidal_positions",
    "StackedCell": "stacked_cell",
    "SplitChannels": "split_channels",
    "TransformerDecoderBlock": "transformer_decoder_block",
    "TransformerEncoderBlock": "transformer_encoder_block",
}
__all__ = list(_WHERE)
__getattr__ = loader(__name__, _WHERE)


def __dir__():
    return __all__
