"""The hand-made network: shapes, training, and what it refuses. Its gradients are compared in tests/parity."""

import numpy as np
import pytest

from dlcourse.scratch import MLP, SGD, Adam, DivergenceError, check_gradient


@pytest.fixture
def bump():
    x = np.linspace(-2, 2, 64)
    return x, np.exp(-(x**2))


def test_literal_forward_pass():
    net = MLP((2, 2, 1), "relu")
    W1, b1, W2, b2 = net.parameters
    W1[:], b1[:], W2[:], b2[:] = [[1, -1], [2, 0]], [0, 1], [[1], [10]], [-3]
    assert net.forward([[1, 2], [3, 0]]).tolist() == [[2.0], [0.0]]  # z1 = (5, 0) and (3, -2)
    assert net.predict([[1, 2], [3, 0]]).tolist() == [2.0, 0.0]
    assert net.layer_outputs([[1, 2]])[0].tolist() == [[5.0, 0.0]]


@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
def test_gradients_are_the_slopes_of_the_cost(loss):
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(7, 3)), rng.integers(0, 2, 7)
    net = MLP((3, 4, 5, 2), "tanh", loss=loss, seed=2)
    y = np.eye(2)[y] if loss == "squared_error" else y
    for i, parameter in enumerate(net.parameters):

        def at(values, f, parameter=parameter):
            kept = parameter.copy()
            parameter[:] = values
            answer = f()
            parameter[:] = kept
            return answer

        check = check_gradient(
            lambda v, at=at: at(v, lambda: net.cost(X, y)),
            lambda v, at=at, i=i: at(v, lambda: net.gradients(X, y)[i]),
            parameter,
        )
        assert check.error < 1e-7, f"parameter {i}, component {check.where}"


@pytest.mark.parametrize("optimizer", [SGD(0.1), SGD(0.05, momentum=0.9), Adam(0.01)], ids=["sgd", "momentum", "adam"])
def test_training_learns_a_curve_no_line_can(bump, optimizer):
    x, y = bump
    net = MLP((1, 16, 1), "tanh", seed=0)
    history = net.fit(x, y, optimizer=optimizer, epochs=1500)
    assert net.cost(x, y) < 0.1 * np.var(y)
    assert len(history.cost) == history.steps == 1500


def test_classes_are_learned_and_probabilities_sum_to_one():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)  # XOR: no single line parts it
    net = MLP((2, 16, 2), "relu", loss="cross_entropy", seed=1)
    net.fit(X, y, optimizer=Adam(0.02), epochs=60, batch_size=32)
    assert np.mean(net.predict(X) == y) > 0.9
    assert net.predict_probability(X).sum(axis=1) == pytest.approx(np.ones(200))


def test_same_seed_same_network(bump):
    x, y = bump
    nets = [MLP((1, 8, 1), seed=3) for _ in range(2)]
    for net in nets:
        net.fit(x, y, optimizer=SGD(0.01), epochs=2, batch_size=10, seed=5)
    for a, b in zip(nets[0].parameters, nets[1].parameters, strict=True):
        assert np.array_equal(a, b)
    assert not np.array_equal(MLP((1, 8, 1), seed=4).parameters[0], MLP((1, 8, 1), seed=3).parameters[0])


def test_a_batch_that_does_not_divide_m_is_kept_whole(bump):
    x, y = bump
    assert MLP((1, 2, 1)).fit(x, y, optimizer=SGD(0.01), epochs=2, batch_size=30).steps == 6  # 30 + 30 + 4, twice


def test_float32_stays_float32(bump):
    x, y = bump
    net = MLP((1, 4, 4, 1), ["relu", "swish"], dtype=np.float32)
    net.fit(x, y, optimizer=Adam(0.01), epochs=3)
    assert {p.dtype for p in net.parameters} == {np.dtype(np.float32)}
    assert net.forward(x).dtype == np.float32
    assert {g.dtype for g in net.gradients(x, y)} == {np.dtype(np.float32)}


def test_parameters_are_counted():
    assert MLP((5, 16, 16, 1)).count_parameters() == 5 * 16 + 16 + 16 * 16 + 16 + 16 + 1


def test_starting_weights_keep_the_size_of_what_passes():
    net = MLP((256, *[256] * 10, 1), "relu", seed=0)
    outputs = net.layer_outputs(np.random.default_rng(0).normal(size=(100, 256)))
    assert 0.3 < outputs[9].std() / outputs[0].std() < 3


def test_divergence_names_the_step(bump):
    x, y = bump
    with pytest.raises(DivergenceError, match=r"diverged at step \d+"):
        MLP((1, 8, 1), "relu").fit(x, 1000 * y, optimizer=SGD(50.0), epochs=200)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: MLP((3,)), "sizes must name the inputs and the outputs"),
        (lambda: MLP((3, 0, 1)), "every size must be a whole number above 0"),
        (lambda: MLP((3, 4, 1), ["relu", "relu"]), "a list of 1"),
        (lambda: MLP((3, 4, 1), "gelu"), "is not one of"),
        (lambda: MLP((3, 4, 1), loss="hinge"), "squared_error, cross_entropy"),
        (lambda: MLP((3, 4, 1)).predict(np.ones((2, 4))), "n = 3 features"),
        (lambda: MLP((3, 1)).cost(np.ones((2, 3)), [1, 2, 3]), r"y must have shape \(2, 1\)"),
        (lambda: MLP((3, 2), loss="cross_entropy").cost(np.ones((2, 3)), [0, 2]), "classes 0 to 1"),
        (lambda: MLP((3, 2), loss="cross_entropy").cost(np.ones((2, 3)), [0.5, 1]), "whole numbers"),
        (lambda: MLP((3, 2)).predict_probability(np.ones((2, 3))), "cross_entropy"),
        (lambda: MLP((3, 1)).fit(np.ones((2, 3)), [0, 1], optimizer=SGD(), epochs=0), "epochs must be"),
        (lambda: SGD(-1), "learning_rate must be"),
        (lambda: SGD(1, momentum=1), "momentum must be at least 0 and below 1"),
        (lambda: Adam(beta_2=2), "beta_2 must be at least 0"),
    ],
)
def test_what_it_refuses(make, words):
    with pytest.raises(ValueError, match=words):
        make()
