"""The bottleneck block: the contract, and its identity path."""

import numpy as np
import pytest
from contract import as_array, broken_promises, inputs

from dlcourse.layers import BottleneckBlock


@pytest.mark.parametrize(
    ("settings", "shape", "output_shape", "trainable"),
    [
        ({"filters": 2}, (2, 6, 6, 8), (2, 6, 6, 8), 9),
        ({"filters": 2, "stride": 2}, (2, 7, 6, 3), (2, 4, 3, 8), 12),
        ({"filters": 2, "shortcut": False, "batch_norm": False}, (2, 6, 6, 3), (2, 6, 6, 8), 6),
        ({"filters": 2, "preactivation": True}, (2, 6, 6, 3), (2, 6, 6, 8), 10),
    ],
    ids=["identity", "projection", "plain, no normalisation", "preactivation"],
)
def test_it_keeps_the_contract(settings, shape, output_shape, trainable):
    assert broken_promises(BottleneckBlock, settings, shape, output_shape=output_shape, trainable=trainable) == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [({}, lambda x: np.maximum(x, 0)), ({"preactivation": True}, lambda x: x), ({"shortcut": False}, np.zeros_like)],
    ids=["residual", "preactivation", "plain"],
)
def test_with_silent_convolutions_only_the_shortcut_is_left(settings, expected):
    block, x = BottleneckBlock(2, batch_norm=False, **settings), inputs((2, 5, 5, 8))
    block(x)
    block.set_weights([np.zeros_like(w) for w in block.get_weights()])
    np.testing.assert_allclose(as_array(block(x)), expected(x))


@pytest.mark.parametrize(("name", "value"), [("filters", 0), ("filters", 2.5), ("stride", True)])
def test_bad_arguments(name, value):
    with pytest.raises(ValueError, match=f"{name} is a whole number from 1"):
        BottleneckBlock(**{"filters": 3, name: value})
