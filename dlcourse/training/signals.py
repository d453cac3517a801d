"""What flows through a network: gradients on the way down, activations on the way up."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from dlcourse.training import state


@dataclass(frozen=True)
class Activation:
    """The output of a layer over a batch. `zeros`: the share that is exactly 0; `dead`: of units always 0."""

    layer: str
    mean: float
    std: float
    zeros: float
    dead: float


def gradient_norms(model, x, y) -> dict[str, float]:
    """The Euclidean norm of the loss's gradient for each trainable variable, from the first layer to the last.

    The model runs as in training (dropout, batch statistics) and is left as it was.

    Args:
        model: compiled.
        x, y: one batch, examples along axis 0.

    Returns:
        {path of the variable: norm}; 0.0 for a variable that the loss does not depend on.

    Raises:
        ValueError: the model is not compiled.
    """
    if not getattr(model, "compiled", False):
        raise ValueError("model is not compiled: call model.compile(optimizer, loss) first.")
    batch = (tf.nest.map_structure(tf.convert_to_tensor, x), tf.convert_to_tensor(y))
    model._symbolic_build(data_batch=batch)
    before = state.snapshot(model)
    with tf.GradientTape() as tape:
        loss = model.compute_loss(*batch, y_pred=model(batch[0], training=True))
    gradients = tape.gradient(loss, [each.value for each in model.trainable_variables])
    state.restore(model, before)
    return {
        variable.path: 0.0 if gradient is None else float(tf.linalg.global_norm([gradient]))
        for variable, gradient in zip(model.trainable_variables, gradients, strict=True)
    }


def activations(model, x) -> list[Activation]:
    """The output of each layer of a Sequential or functional model over a batch, as in inference.

    A unit is one place along the last axis (a channel of a convolution), dead if it is 0 for every example and place.

    Raises:
        ValueError: the model is neither, so that its layers' outputs are not known.
    """
    if not isinstance(model, (keras.Sequential, keras.Model)) or not getattr(model, "inputs", None):
        raise ValueError(f"model is a built Sequential or functional model, not {type(model).__name__}.")
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    inputs = model.inputs if len(model.inputs) > 1 else model.inputs[0]
    outputs = keras.Model(inputs, [layer.output for layer in layers])(x, training=False)
    pairs = zip(layers, outputs if isinstance(outputs, list) else [outputs], strict=True)
    return [_describe(layer.name, np.asarray(output, np.float64)) for layer, output in pairs]


def _describe(name, values):
    zero = values == 0
    dead = zero.reshape(-1, values.shape[-1]).all(axis=0)
    return Activation(name, float(values.mean()), float(values.std()), float(zero.mean()), float(dead.mean()))
