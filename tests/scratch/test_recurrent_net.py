"""The network that watches backpropagation through time: its gradients, its weights' size, clipping."""

import numpy as np
import pytest

from dlcourse.scratch import SGD, RecurrentNet, activations, check_gradient, clip_by_norm, recurrent_matrix
from dlcourse.scratch import spectral_radius as radius_of


@pytest.mark.parametrize("orthogonal", [True, False])
def test_the_matrix_has_the_radius_it_was_asked_for(orthogonal):
    U = recurrent_matrix(20, 0.7, np.random.default_rng(0), orthogonal=orthogonal)
    assert radius_of(U) == pytest.approx(0.7)
    assert np.allclose(U @ U.T, 0.49 * np.eye(20)) == orthogonal


def test_clipping_keeps_the_direction_and_leaves_short_gradients_alone():
    gradients = [np.array([3.0, 0.0]), np.array([[4.0]])]
    clipped, norm = clip_by_norm(gradients, 1.0)
    assert norm == 5
    np.testing.assert_allclose(clipped[0], [0.6, 0])
    np.testing.assert_allclose(clipped[1], [[0.8]])
    for limit in (None, 5.0, 6.0):
        same, _ = clip_by_norm(gradients, limit)
        np.testing.assert_array_equal(same[1], gradients[1])
    with pytest.raises(ValueError, match="limit must be above 0"):
        clip_by_norm(gradients, 0)


@pytest.mark.parametrize("every_step", [True, False])
@pytest.mark.parametrize("loss", ["logistic", "squares"])
def test_a_step_of_gradient_descent_goes_down_the_slope(loss, every_step):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(3, 5, 2)), rng.integers(2, size=(3, 5, 4) if every_step else (3, 4))
    mask = rng.random((3, 5)) < 0.8
    settings = {"loss": loss, "every_step": every_step, "limit": None, "activation": activations.tanh}

    def net():
        return RecurrentNet(2, 6, 4, np.random.default_rng(1), optimizer=SGD(1e-3), **settings)

    def loss_at(number, value):
        at = net()
        at.weights[number][:] = value
        return 4 * at.train_step(X, y, mask)[0]  # the loss is a mean over the readout's numbers, too

    start, moved = net(), net()
    moved.train_step(X, y, mask)
    for number, (before, after) in enumerate(zip(start.weights, moved.weights, strict=True)):
        gradient = (before - after) / 1e-3
        assert check_gradient(lambda v, n=number: loss_at(n, v), lambda _, g=gradient: g, before).error < 1e-5


def test_it_learns_the_last_sign_and_tells_accuracy_for_each_number():
    rng = np.random.default_rng(0)
    net = RecurrentNet(1, 8, 2, rng, optimizer=SGD(0.5))
    X = rng.choice([-1.0, 1.0], (256, 6, 1))
    y = np.stack([X[:, -1, 0] > 0, rng.integers(2, size=256) > 0], axis=1)
    for _ in range(50):
        net.train_step(X, y)
    accuracy = net.accuracy(X, y)
    assert accuracy.shape == (2,)
    assert accuracy[0] == 1
    assert accuracy[1] < 0.8


def test_an_unknown_loss_is_refused():
    with pytest.raises(ValueError, match="loss is 'logistic' or 'squares'"):
        RecurrentNet(1, 2, 1, np.random.default_rng(0), optimizer=SGD(), loss="hinge")
