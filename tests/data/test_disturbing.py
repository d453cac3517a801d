"""`disturbed` leaves a picture what it is: each change on its own, and what is refused."""

import numpy as np
import pytest
from scipy import ndimage

from dlcourse.data import disturbed

NOTHING = {"shift": 0, "turn": 0, "zoom": 0, "light": 0, "hide": 0}


class Fixed:
    """A generator whose uniform numbers are all at one end of what is allowed."""

    def __init__(self, end):
        self.end = end

    def uniform(self, low, high, shape):
        return np.full(shape, high if self.end > 0 else low)

    def random(self, number):
        return np.ones(number)


def smooth(batch=3, height=20, width=16):
    noise = np.random.default_rng(0).normal(size=(batch, height, width, 1))
    return ndimage.gaussian_filter(noise, (0, 2, 2, 0)).astype("float32")


def test_nothing_asked_nothing_done():
    x = smooth()
    np.testing.assert_allclose(disturbed(x, np.random.default_rng(0), **NOTHING), x, atol=1e-6)


def test_a_shift_moves_whole_pixels_and_the_rim_goes_on():
    x = smooth()
    moved = disturbed(x, Fixed(1), **{**NOTHING, "shift": 0.25})  # 5 rows, 4 columns
    np.testing.assert_allclose(moved[:, :15, :12], x[:, 5:, 4:], atol=1e-5)
    np.testing.assert_allclose(moved[:, 15:, :12], np.repeat(x[:, -1:, 4:], 5, axis=1), atol=1e-5)


@pytest.mark.parametrize("amounts", [{"turn": 0.4}, {"zoom": 0.3}, {"turn": 0.2, "zoom": 0.2, "shift": 0.1}])
@pytest.mark.parametrize("end", [-1, 1])
def test_turning_and_scaling_equal_scipy(amounts, end):
    x, given = smooth(), {**NOTHING, **amounts}
    angle, size, sides = end * given["turn"], np.exp(end * given["zoom"]), np.exp(end * given["zoom"] / 2)
    matrix = size * np.array(
        [[np.cos(angle) * sides, np.sin(angle) * sides], [-np.sin(angle) / sides, np.cos(angle) / sides]]
    )
    middle = (np.array([20, 16]) - 1) / 2
    offset = middle - matrix @ middle + end * given["shift"] * np.array([20, 16])
    expected = [ndimage.affine_transform(one[..., 0], matrix, offset, order=1, mode="nearest") for one in x]
    np.testing.assert_allclose(disturbed(x, Fixed(end), **given)[..., 0], expected, atol=1e-4)


def test_light_is_a_ramp_and_contrast_a_factor():
    lit = disturbed(np.zeros((2, 5, 5, 1)), Fixed(1), **{**NOTHING, "light": 0.4})
    np.testing.assert_allclose(lit[0, 0, :, 0], [-0.4, -0.2, 0, 0.2, 0.4], atol=1e-6)
    contrast = disturbed(np.ones((1, 5, 5, 1)), Fixed(1), **{**NOTHING, "light": 0.4})[0, 0, 2, 0]
    assert contrast == pytest.approx(np.exp(0.2))


@pytest.mark.parametrize(("share", "low", "high"), [(0, 0, 0), (0.5, 0.4, 0.6), (1, 1, 1)])
def test_a_patch_is_hidden_in_that_share_of_pictures(share, low, high):
    x = np.ones((400, 18, 18, 1), "float32")
    hidden = disturbed(x, np.random.default_rng(0), **{**NOTHING, "hide": share}) == 0
    assert low <= hidden.any(axis=(1, 2, 3)).mean() <= high
    assert hidden.sum(axis=(1, 2, 3)).max() <= 36
    assert (x == 1).all()


def test_each_picture_changes_in_its_own_way_and_the_seed_decides():
    x = np.repeat(smooth(1), 4, axis=0)
    one, again = (disturbed(x, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(one, again)
    assert one.dtype == np.float32
    assert all(np.abs(one[0] - other).max() > 0.01 for other in one[1:])


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ({"shift": 1.5}, "shift is a number from 0 to 1, not 1.5"),
        ({"hide": True}, "hide is a number from 0 to 1, not True"),
        ({"turn": -0.1}, "turn is a number from 0, not -0.1"),
        ({"zoom": "much"}, "zoom is a number from 0, not 'much'"),
    ],
)
def test_wrong_amounts_are_named(amounts, words):
    with pytest.raises(ValueError, match=words):
        disturbed(smooth(), np.random.default_rng(0), **amounts)


def test_a_wrong_shape_is_named():
    with pytest.raises(ValueError, match=r"pictures are \(batch, height, width, channels\), not \(20, 16\)"):
        disturbed(np.ones((20, 16)), np.random.default_rng(0))
