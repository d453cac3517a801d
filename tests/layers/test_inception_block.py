"""The inception module: the contract, its branches side by side, and the weights that can be counted by hand."""

import keras
import numpy as np
import pytest
from contract import as_array, broken_promises, inputs

from dlcourse.layers import InceptionBlock

FOUR = {"one": 2, "three": 3, "five": 1, "pool": 2}


@pytest.mark.parametrize(
    ("settings", "trainable"),
    [
        ({**FOUR, "three_reduced": 2, "five_reduced": 1}, 12),
        (FOUR, 8),
        ({**FOUR, "five_reduced": 2, "factorised": True, "batch_norm": True}, 18),
        ({"one": 0, "three": 8, "five": 0, "pool": 0}, 2),
    ],
    ids=["bottlenecks", "none", "factorised and normalised", "one branch"],
)
def test_it_keeps_the_contract(settings, trainable):
    assert broken_promises(InceptionBlock, settings, (2, 6, 5, 3), output_shape=(2, 6, 5, 8), trainable=trainable) == []


def test_module_3a_of_googlenet_has_the_weights_of_the_paper():
    block = InceptionBlock(64, 128, 32, 32, three_reduced=96, five_reduced=16)
    block.build((None, 28, 28, 192))
    kernels = 192 * 64 + (192 * 96 + 9 * 96 * 128) + (192 * 16 + 25 * 16 * 32) + 192 * 32
    assert block.count_params() == kernels + 64 + 96 + 128 + 16 + 32 + 32
    assert block.compute_output_shape((None, 28, 28, 192)) == (None, 28, 28, 256)


def test_two_convolutions_of_three_see_what_one_of_five_sees():
    settings = {"one": 0, "three": 0, "five": 4, "pool": 0}
    one, two = InceptionBlock(**settings), InceptionBlock(**settings, factorised=True)
    for block in (one, two):
        block.build((None, 9, 9, 4))
    assert one.count_params() == 25 * 4 * 4 + 4
    assert two.count_params() == 2 * (9 * 4 * 4 + 4)
    x = np.zeros((1, 9, 9, 4), "float32")
    for block in (one, two):
        block.set_weights([np.ones(w.shape) for w in block.get_weights()])
        x[0, 4, 4] = 1
        reached = as_array(block(x))[0, ..., 0] > as_array(block(np.zeros_like(x)))[0, ..., 0]
        assert reached.sum() == 25
        assert reached[2:7, 2:7].all()


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


def test_with_normalisation_a_channel_does_not_depend_on_the_scale_of_the_input_in_training():
    block, x = InceptionBlock(2, 2, 2, 2, batch_norm=True), inputs((8, 6, 6, 3))
    once, tenfold = (as_array(block(factor * x, training=True)) for factor in (1, 10))
    np.testing.assert_allclose(tenfold, once, atol=0.01)
    assert np.abs(as_array(block(10 * x)) - as_array(block(x))).max() > 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"one": -1}, "one is a whole number from 0, not -1"),
        ({"three": None}, "three is a whole number from 0"),
        ({"five_reduced": 1.5}, "five_reduced is a whole number from 1"),
        ({"three_reduced": 0}, "three_reduced is a whole number from 1"),
        ({"pool": True}, "pool is a whole number from 0"),
        ({"one": 0, "three": 0, "five": 0, "pool": 0}, "at least one of them needs channels"),
        ({"five": 0, "five_reduced": 2}, "five_reduced is 2, but five is 0"),
    ],
)
def test_bad_arguments(changed, words):
    with pytest.raises(ValueError, match=words):
        InceptionBlock(**{**FOUR, **changed})
