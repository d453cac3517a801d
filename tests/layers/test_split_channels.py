"""SplitChannels: the layer contract, which channel goes where, and what cannot be divided."""

import keras
import numpy as np
import pytest
from contract import broken_promises

from dlcourse.layers import SplitChannels


@pytest.mark.parametrize("groups", [1, 3])
def test_contract(groups):
    shape = (2, 4, 5, 6)
    assert broken_promises(SplitChannels, {"groups": groups}, shape, output_shape=(2, 4, 5, groups, 6 // groups)) == []


def test_the_first_group_holds_the_first_channels():
    x = np.arange(24, dtype="float32").reshape(1, 2, 2, 6)
    y = keras.ops.convert_to_numpy(SplitChannels(2)(x))
    np.testing.assert_array_equal(y[..., 0, :], x[..., :3])
    np.testing.assert_array_equal(y[..., 1, :], x[..., 3:])


@pytest.mark.parametrize("groups", [0, True, 2.0])
def test_groups_are_counted(groups):
    with pytest.raises(ValueError, match=f"groups is a whole number from 1, not {groups}"):
        SplitChannels(groups)


def test_groups_divide_the_channels():
    with pytest.raises(ValueError, match="groups=4 must divide the channels, of which there are 6"):
        SplitChannels(4)(np.zeros((1, 2, 2, 6), "float32"))
