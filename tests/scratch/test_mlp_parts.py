"""Starting weights, batch norm, dropout and weight decay of the hand-made network; compared in tests/parity."""

import numpy as np
import pytest

from dlcourse.scratch import MLP, SGD, Adam, RMSprop, check_gradient, initialisation
from dlcourse.scratch.dropout import Dropout
from dlcourse.scratch.normalisation import BatchNorm


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize(
    ("name", "bend", "variance"),
    [
        ("zeros", "relu", 0.0),
        ("small", "relu", 1e-4),
        ("lecun", "relu", 1 / 400),
        ("glorot", "relu", 2 / 500),
        ("he", "tanh", 2 / 400),
        ("matched", "relu", 2 / 400),
        ("matched", "swish", 2 / 400),
        ("matched", "tanh", 1 / 400),
    ],
)
def test_variance_of_the_starting_weights(name, bend, variance, rng):
    W = initialisation.get(name)(400, 100, rng, bend)
    assert W.shape == (400, 100)
    assert W.var() == pytest.approx(variance, rel=0.03)
    assert abs(W.mean()) < 0.001


def test_a_network_starts_as_it_is_told():
    nets = {name: MLP((6, 5, 2), initialisation=name, seed=1) for name in ("zeros", "small", "he", "matched")}
    assert not any(p.any() for p in nets["zeros"].parameters)
    assert np.array_equal(nets["he"].parameters[0], nets["matched"].parameters[0])
    assert np.abs(nets["small"].parameters[0]).max() < 0.05
    ones = MLP((6, 5, 2), initialisation=lambda n_in, n_out, rng, bend: np.ones((n_in, n_out)))
    assert ones.parameters[2].tolist() == [[1, 1]] * 5


def test_from_zero_the_units_of_a_layer_never_differ(rng):
    X, y = rng.normal(size=(50, 4)), rng.integers(0, 3, 50)
    net = MLP((4, 6, 3), "sigmoid", loss="cross_entropy", initialisation="zeros")
    net.fit(X, y, optimizer=Adam(0.05), epochs=40)
    W1 = net.parameters[0]
    assert np.abs(W1).max() > 0.1
    np.testing.assert_allclose(W1, W1[:, :1].repeat(6, axis=1))


def test_from_zero_relu_learns_nothing_but_the_last_bias(rng):
    X, y = rng.normal(size=(50, 4)), rng.integers(0, 3, 50)
    net = MLP((4, 6, 3), "relu", loss="cross_entropy", initialisation="zeros")
    net.fit(X, y, optimizer=SGD(0.5), epochs=20)
    assert [p.any() for p in net.parameters] == [False, False, False, True]


def test_batch_norm_by_hand_on_four_numbers():
    layer = BatchNorm(1, momentum=0.9, epsilon=1e-3)
    layer.parameters[0][:], layer.parameters[1][:] = 2, 5
    Z = np.array([[1.0], [3.0], [5.0], [7.0]])  # mean 4, variance 5
    expected = 2 * (Z - 4) / np.sqrt(5.001) + 5
    np.testing.assert_allclose(layer.forward(Z, training=True), expected)
    assert layer.moving_mean == pytest.approx([0.4])
    assert layer.moving_variance == pytest.approx([0.9 + 0.5])
    np.testing.assert_allclose(layer.forward(Z), 2 * (Z - 0.4) / np.sqrt(1.401) + 5)


def test_the_gradient_through_batch_norm_has_no_mean_and_no_part_along_its_output(rng):
    layer = BatchNorm(3, epsilon=1e-12)
    Z = rng.normal(2, 3, (20, 3))
    Z_hat = layer.forward(Z, training=True)
    dZ = layer.backward(rng.normal(size=Z.shape))
    np.testing.assert_allclose(dZ.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(np.sum(dZ * Z_hat, axis=0), 0, atol=1e-10)


def test_a_bias_before_batch_norm_has_no_gradient(rng):
    net = MLP((4, 6, 3), "tanh", loss="cross_entropy", batch_norm=True)
    gradients = net.gradients(rng.normal(size=(30, 4)), rng.integers(0, 3, 30), training=True)
    np.testing.assert_allclose(gradients[1], 0, atol=1e-15)


def test_dropout_silences_its_share_and_keeps_the_mean(rng):
    layer = Dropout(0.3, rng)
    A = np.ones((500, 400))
    out = layer.forward(A, training=True)
    assert set(np.unique(out)) == {0, 1 / 0.7}
    assert np.mean(out == 0) == pytest.approx(0.3, abs=0.005)
    assert out.mean() == pytest.approx(1, abs=0.01)
    np.testing.assert_array_equal(layer.backward(A), out)


def test_dropout_does_nothing_outside_training(rng):
    layer, A = Dropout(0.9, rng), rng.normal(size=(5, 6))
    layer.forward(A, training=True)
    assert layer.forward(A) is A
    assert layer.backward(A) is A


def test_a_kept_mask_is_used_again(rng):
    layer, A = Dropout(0.5, rng), np.ones((8, 9))
    first = layer.forward(A, training=True)
    assert not np.array_equal(first, layer.forward(A, training=True))
    layer.keep_mask, kept = True, layer.mask
    np.testing.assert_array_equal(layer.forward(A, training=True), kept)


def test_dropout_leaves_the_starting_weights_as_they_are():
    plain, dropped = MLP((4, 5, 2), seed=3), MLP((4, 5, 2), dropout=0.5, seed=3)
    for a, b in zip(plain.parameters, dropped.parameters, strict=True):
        assert np.array_equal(a, b)


def test_the_same_seed_draws_the_same_masks(rng):
    X, y = rng.normal(size=(40, 4)), rng.normal(size=40)
    nets = [MLP((4, 8, 1), dropout=0.5, seed=seed) for seed in (1, 1, 2)]
    costs = [net.fit(X, y, optimizer=SGD(0.01), epochs=3, batch_size=10).cost for net in nets]
    assert np.array_equal(costs[0], costs[1])
    assert not np.array_equal(costs[0], costs[2])


@pytest.mark.parametrize("training", [True, False])
def test_gradients_with_everything_are_the_slopes_of_the_cost(rng, training):
    X, y = rng.normal(size=(9, 3)), rng.integers(0, 2, 9)
    net = MLP((3, 5, 4, 2), "tanh", loss="cross_entropy", batch_norm=True, dropout=0.3, seed=2)
    net.gradients(X, y, training=True)
    for layer in net.layers:
        layer.keep_mask = True
    for i, parameter in enumerate(net.parameters):
        kept = parameter.copy()

        def cost(values, parameter=parameter):
            parameter[:] = values
            return net.cost(X, y, training)

        check = check_gradient(cost, lambda values, i=i: net.gradients(X, y, training)[i], parameter)
        parameter[:] = kept
        if not (training and i in (1, 5)):  # a bias before batch norm: its slope is 0, and rounding all that is left
            assert check.error < 1e-6, f"parameter {i}, component {check.where}"


def test_layers_of_a_hidden_layer_stand_in_order():
    net = MLP((3, 4, 2), batch_norm=True, dropout=0.1, dtype=np.float32)
    names = [type(layer).__name__ for layer in net.layers]
    assert names == ["Dense", "BatchNorm", "Activate", "Dropout", "Dense", "Activate"]
    assert [p.shape for p in net.parameters] == [(3, 4), (4,), (4,), (4,), (4, 2), (2,)]
    assert net.count_parameters() == 12 + 4 + 4 + 4 + 8 + 2
    assert {p.dtype for p in net.parameters} == {np.dtype(np.float32)}


def test_float32_stays_float32_with_everything(rng):
    net = MLP((3, 4, 4, 2), loss="cross_entropy", batch_norm=True, dropout=0.2, dtype=np.float32)
    X, y = rng.normal(size=(20, 3)), rng.integers(0, 2, 20)
    net.fit(X, y, optimizer=RMSprop(0.01, weight_decay=0.1), epochs=2)
    assert {g.dtype for g in net.gradients(X, y, training=True)} == {np.dtype(np.float32)}
    assert net.layers[1].moving_mean.dtype == net.forward(X).dtype == np.float32


@pytest.mark.parametrize("optimizer", [SGD, RMSprop, Adam])
def test_without_a_gradient_decay_shrinks_every_parameter(optimizer):
    parameters = [np.full(3, 2.0)]
    optimizer(0.1, weight_decay=0.5).step(parameters, [np.zeros(3)])
    assert parameters[0].tolist() == pytest.approx([1.9] * 3)


def test_decay_of_plain_sgd_is_a_penalty_on_the_squares(rng):
    theta, g = rng.normal(size=4), rng.normal(size=4)
    decayed, penalised = [theta.copy()], [theta.copy()]
    SGD(0.1, weight_decay=0.3).step(decayed, [g])
    SGD(0.1).step(penalised, [g + 0.3 * theta])  # the slope of 0.3 / 2 · θ²
    np.testing.assert_allclose(decayed[0], penalised[0])


def test_rmsprop_by_hand():
    parameters = [np.array([1.0])]
    optimizer = RMSprop(0.1, rho=0.75, epsilon=1e-12)
    optimizer.step(parameters, [np.array([3.0])])  # s = 0.25 · 9, √s = 1.5
    assert parameters[0] == pytest.approx([1 - 0.1 * 2])
    optimizer.step(parameters, [np.array([0.0])])
    assert parameters[0] == pytest.approx([0.8])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: MLP((3, 4, 1), initialisation="xavier"), "is not one of zeros, small, lecun, glorot, he, matched"),
        (lambda: MLP((3, 4, 1), dropout=1), "dropout must be at least 0 and below 1"),
        (lambda: BatchNorm(3, momentum=1.5), "momentum must be at least 0"),
        (lambda: BatchNorm(3, epsilon=0), "epsilon must be a number above 0"),
        (lambda: SGD(weight_decay=-0.1), "weight_decay must be at least 0"),
        (lambda: RMSprop(rho=1), "rho must be at least 0"),
        (lambda: RMSprop(0), "learning_rate must be a number above 0"),
    ],
)
def test_what_the_parts_refuse(make, words):
    with pytest.raises(ValueError, match=words):
        make()
