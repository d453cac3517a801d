"""The inception module: the contract, its branches side by side, and the weights that can be counted by hand."""

import keras
import numpy as np
import pytest
from contract import as_array, inputs, keeps_the_contract

from dlcourse.layers import InceptionBlock


@pytest.mark.parametrize(
    ("reduced", "trainable"), [({"three_reduced": 2, "five_reduced": 1}, 12), ({}, 8)], ids=["bottlenecks", "none"]
)
def test_it_keeps_the_contract(reduced, trainable):
    settings = {"one": 2, "three": 3, "five": 1, "pool": 2, **reduced}
    keeps_the_contract(InceptionBlock, settings, (2, 6, 5, 3), output_shape=(2, 6, 5, 8), trainable=trainable)


def test_module_3a_of_googlenet_has_the_weights_of_the_paper():
    block = InceptionBlock(64, 128, 32, 32, three_reduced=96, five_reduced=16)
    block.build((None, 28, 28, 192))
    kernels = 192 * 64 + (192 * 96 + 9 * 96 * 128) + (192 * 16 + 25 * 16 * 32) + 192 * 32
    assert block.count_params() == kernels + 64 + 96 + 128 + 16 + 32 + 32
    assert block.compute_output_shape((None, 28, 28, 192)) == (None, 28, 28, 256)


def test_each_branch_answers_as_its_layers_do_alone():
    block, x = InceptionBlock(2, 3, 2, 1, three_reduced=2), inputs((2, 6, 6, 3))
    answer = as_array(block(x))
    ops = keras.ops

    def convolved(x, layer):
        kernel, bias = layer.get_weights()
        return ops.relu(ops.conv(x, kernel, padding="same") + bias)

    (one,), (reduce, three), (five,), (_, pool) = block.branches
    pooled = ops.max_pool(x, 3, 1, padding="same")
    apart = [convolved(x, one), convolved(convolved(x, reduce), three), convolved(x, five), convolved(pooled, pool)]
    np.testing.assert_allclose(answer, np.concatenate([as_array(each) for each in apart], axis=-1), atol=1e-5)


@pytest.mark.parametrize(("name", "value"), [("one", 0), ("three", None), ("five_reduced", 1.5), ("pool", True)])
def test_bad_arguments(name, value):
    with pytest.raises(ValueError, match=f"{name} is a whole number from 1"):
        InceptionBlock(**{"one": 1, "three": 1, "five": 1, "pool": 1, name: value})
