"""The classifier of windows: shapes, and that it can be slid."""

import numpy as np
import pytest

from dlcourse.detection import fully_convolutional, window_stride
from dlcourse.models import window_net


@pytest.mark.parametrize("side", [16, 28, 40])
def test_it_can_be_slid(side):
    model = window_net(5, side=side)
    assert model.output_shape == (None, 5)
    assert window_stride(model) == (4, 4)
    answers = np.asarray(fully_convolutional(model)(np.zeros((1, side + 8, side + 5, 1), "float32")))
    assert answers.shape == (1, 3, 2, 5)
    np.testing.assert_allclose(answers.sum(axis=-1), 1, rtol=1e-5)


@pytest.mark.parametrize("side", [12, 30])
def test_a_window_that_does_not_divide_is_refused(side):
    with pytest.raises(
        ValueError, match=f"side must be a multiple of 4 from 16, so that every layer divides, not {side}"
    ):
        window_net(side=side)
