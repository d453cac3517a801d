"""Multiply-adds and parameters by layer: by hand, by TensorFlow's profiler, and on GoogLeNet by its paper."""

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.layers import InceptionBlock
from dlcourse.models import inception
from dlcourse.models.inception_network import GOOGLENET
from dlcourse.training import layer_costs
from dlcourse.training.operations import forward_flops

# Table 1 of Szegedy et al. (2014), column "ops": millions for modules 3a to 5b. The paper has 54 for 5a, its channels
# make 51.
PAPER = [128, 304, 73, 88, 100, 119, 170, 51, 71]


def total(costs):
    return sum(each.multiply_adds for each in costs)


def test_counted_by_hand():
    model = keras.Sequential(
        [keras.Input((8, 6, 3)), layers.Conv2D(4, (3, 5), 2, padding="same", name="conv"), layers.ReLU(),
         layers.Flatten(), layers.Dense(7, name="dense")]
    )  # fmt: skip
    conv, _, _, dense = layer_costs(model)
    assert (conv.name, conv.kind, conv.output_shape) == ("conv", "Conv2D", (4, 3, 4))
    assert (conv.parameters, conv.multiply_adds) == (3 * 5 * 3 * 4 + 4, 3 * 5 * 3 * 4 * 12)
    assert (dense.parameters, dense.multiply_adds) == (48 * 7 + 7, 48 * 7)


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (layers.Conv1D(4, 5, groups=2), (9, 4), 5 * 2 * 4 * 5),
        (layers.Conv3D(2, 2, use_bias=False), (3, 3, 3, 1), 8 * 2 * 8),
        (layers.DepthwiseConv2D(3, depth_multiplier=2), (5, 5, 3), 9 * 3 * 2 * 9),
        (layers.Conv2DTranspose(2, 3, 2), (4, 4, 3), 9 * 3 * 2 * 16),
        (layers.Dense(5), (6, 2), 6 * 2 * 5),
        (layers.BatchNormalization(), (6, 2), 0),
    ],
    ids=lambda each: getattr(each, "name", None),
)
def test_each_kind_of_layer(layer, shape, expected):
    model = keras.Sequential([keras.Input(shape), layer])
    (cost,) = layer_costs(model)
    assert cost.multiply_adds == expected
    assert cost.parameters == layer.count_params()


def test_what_is_inside_our_layers_is_listed_by_name_and_the_layer_is_left_as_it_was():
    block = InceptionBlock(1, 2, 0, 1, three_reduced=1)
    costs = layer_costs(block, (4, 4, 3))
    assert [(each.name, each.multiply_adds) for each in costs] == [
        ("one", 48), ("three_reduced", 48), ("three", 9 * 2 * 16), ("pooling", 0), ("pool", 48),
    ]  # fmt: skip
    assert all("call" not in vars(layer) for branch in block.branches for layer in branch)
    in_a_model = layer_costs(inception((8, 8, 1), 2, stages=(({"one": 1, "three": 0, "five": 0, "pool": 0},),), stem=2))
    assert "stage1_module1/one" in [each.name for each in in_a_model]


def test_a_layer_used_twice_has_its_parameters_once():
    x, shared = keras.Input((3,)), layers.Dense(3, name="shared")
    costs = layer_costs(keras.Model(x, shared(shared(x))))
    assert [(each.parameters, each.multiply_adds) for each in costs if each.name == "shared"] == [(12, 9), (0, 9)]


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="TensorFlow's profiler")
def test_the_profiler_counts_the_same_without_biases_and_activations():
    import tensorflow as tf

    convolution = {"use_bias": False, "padding": "same"}
    model = keras.Sequential(
        [keras.Input((9, 9, 2)), layers.Conv2D(3, 5, 2, **convolution), layers.DepthwiseConv2D(3, **convolution),
         layers.Flatten(), layers.Dense(4, use_bias=False)]
    )  # fmt: skip
    assert forward_flops(model, tf.TensorSpec((1, 9, 9, 2), tf.float32)) == 2 * total(layer_costs(model))


def test_googlenet_costs_what_its_paper_says():
    model = inception((224, 224, 3), 1000, stages=GOOGLENET, stem="googlenet", batch_norm=False)
    costs = layer_costs(model)
    assert sum(each.parameters for each in costs) == model.count_params()
    modules = {}
    for each in costs:
        if each.name.startswith("stage"):
            name = each.name.split("/")[0]
            modules[name] = modules.get(name, 0) + each.multiply_adds
    np.testing.assert_allclose(np.array(list(modules.values())) / 1e6, PAPER, atol=1)


def test_bad_arguments():
    with pytest.raises(ValueError, match="input_shape must be given"):
        layer_costs(keras.Sequential([keras.Input((None, 3)), layers.Dense(2)]))
    with pytest.raises(ValueError, match=r"multiply-adds of .*, of type LSTMCell, cannot be counted"):
        layer_costs(keras.Sequential([keras.Input((4, 3)), layers.LSTM(2, name="lstm")]))
