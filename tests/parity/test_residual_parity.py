"""Bottleneck blocks against Keras's own ResNet50, the same weights in both."""

import keras
import numpy as np
import pytest

from dlcourse.layers import BottleneckBlock

EPSILON = 1.001e-5  # of every normalisation in Keras's ResNet50


@pytest.fixture(scope="module")
def published():
    """Keras's ResNet50 with random weights, biases and moving averages among them."""
    model = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(64, 64, 3))
    rng = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, w.shape) for w in layer.get_weights()])
    return model


def carried_over(model, name, block, inside):
    """Weights of Keras's block `name` given to ours, layer by layer."""
    pairs = list(zip(inside, block.convolutions, block.norms, strict=True))
    if block.projection is not None:
        pairs.append((0, block.projection, block.projection_norm))
    for number, convolution, norm in pairs:
        kernel, bias = model.get_layer(f"{name}_{number}_conv").get_weights()
        assert not bias.any()  # ours have none: normalisation takes a bias away
        convolution.set_weights([kernel])
        norm.set_weights(model.get_layer(f"{name}_{number}_bn").get_weights())
        norm.epsilon = EPSILON


@pytest.mark.parametrize(
    ("name", "before", "filters", "stride"),
    [
        ("conv2_block1", "pool1_pool", 64, 1),
        ("conv2_block2", "conv2_block1_out", 64, 1),
        ("conv3_block1", "conv2_block3_out", 128, 2),
        ("conv5_block3", "conv5_block2_out", 512, 1),
    ],
)
def test_equal_to_the_blocks_of_resnet50(published, name, before, filters, stride):
    shape = published.get_layer(before).output.shape
    x = np.random.default_rng(1).normal(size=(2, *shape[1:])).astype("float32")
    block = BottleneckBlock(filters, stride)
    block(x)
    carried_over(published, name, block, (1, 2, 3))
    part = keras.Model(published.get_layer(before).output, published.get_layer(f"{name}_out").output)
    expected, got = (keras.ops.convert_to_numpy(each(x, training=False)) for each in (part, block))
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
