"""What a model costs, layer by layer: parameters, and the multiplications with their additions of a forward pass."""

import contextlib
import math
from dataclasses import dataclass

# Layers that multiply their whole kernel at each place of the output, or of the input; and those that count as none.
_AT_EACH_OUTPUT = ("Dense", "Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D")
_AT_EACH_INPUT = ("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
_NONE = ("BatchNormalization", "LayerNormalization", "GroupNormalization", "Embedding", "PReLU")


@dataclass(frozen=True)
class LayerCost:
    """The cost of one layer for one example.

    Attributes:
        name: of the layer, with what it is part of before a slash, such as "stage1_module1/three".
        kind: of the layer, such as "Conv2D".
        output_shape: without the batch axis.
        parameters: weights and biases, and what normalisation keeps.
        multiply_adds: products of a weight and an input, each with its addition.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int
    multiply_adds: int


def layer_costs(model, input_shape=None) -> list[LayerCost]:
    """The cost of every layer that has no layers inside, in the order of the forward pass, for one example.

    Counted exactly, from shapes: a convolution takes as many multiply-adds as it has kernel weights times places of
    its output, products with zeros of the padding included; a dense layer as many as weights times places. Biases,
    normalisation, activations and pooling count as none, as is the custom. A layer called twice is listed twice, with
    its parameters the first time. On every backend of Keras; see `forward_flops` for operations of every kind.

    Args:
        model: a Keras model or layer, built or not, of one input; layers of ours inside may have layers of their own.
        input_shape: of one example, without None; the model's own if left out.

    Raises:
        ValueError: an input shape that is not known, or a layer with weights of a kind that cannot be counted.
    """
    import keras

    shape = tuple(getattr(model, "input_shape", (None, None))[1:] if input_shape is None else input_shape)
    if not all(isinstance(side, int) for side in shape):
        raise ValueError(f"input_shape must be given, without None: the model's own is {shape}.")
    calls = []
    with contextlib.ExitStack() as watched:
        for layer, name in _leaves(model):
            watched.enter_context(_noting(layer, name, calls))
        model(keras.ops.zeros((1, *shape)), training=False)
    return _costs(calls)


def _leaves(model, prefix=""):
    """The layers without layers inside, each with its name."""
    inside = model._flatten_layers(include_self=False, recursive=False)
    for layer in inside:
        if any(layer._flatten_layers(include_self=False)):
            yield from _leaves(layer, f"{prefix}{layer.name}/")
        else:
            yield layer, f"{prefix}{layer.name}"


@contextlib.contextmanager
def _noting(layer, name, calls):
    """Within it, every call of the layer is noted with the shapes that go in and come out."""
    original = layer.call

    def call(x, *args, **kwargs):
        y = original(x, *args, **kwargs)
        calls.append((layer, name, tuple(getattr(x, "shape", ())), tuple(getattr(y, "shape", ()))))
        return y

    layer.call = call
    try:
        yield
    finally:
        del layer.call


def _costs(calls):
    costs, seen = [], set()
    for layer, name, before, after in calls:
        parameters = 0 if id(layer) in seen else layer.count_params()
        seen.add(id(layer))
        costs.append(LayerCost(name, type(layer).__name__, after[1:], parameters, _multiply_adds(layer, before, after)))
    return costs


def _multiply_adds(layer, before, after):
    """For one example; shapes with the batch axis."""
    kind = type(layer).__name__
    if not layer.weights or kind in _NONE:
        return 0
    if kind not in _AT_EACH_OUTPUT + _AT_EACH_INPUT:
        raise ValueError(f"multiply-adds of {layer.name}, of type {kind}, cannot be counted here.")
    shape = after if kind in _AT_EACH_OUTPUT else before
    places = shape[2:] if getattr(layer, "data_format", None) == "channels_first" else shape[1:-1]
    return math.prod(layer.kernel.shape) * math.prod(places)
