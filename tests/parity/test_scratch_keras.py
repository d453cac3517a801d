"""What is built by hand equals Keras and TensorFlow: activations, network gradients, optimizers."""

import numpy as np
import pytest

from dlcourse.scratch import MLP, SGD, Adam, activations, logistic_cost, logistic_gradient, losses

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

FUNCTIONS = {
    "linear": keras.activations.linear,
    "sigmoid": keras.activations.sigmoid,
    "tanh": keras.activations.tanh,
    "relu": keras.activations.relu,
    "leaky_relu": lambda z: keras.activations.leaky_relu(z, negative_slope=0.1),
    "parametric_relu": lambda z: keras.activations.leaky_relu(z, negative_slope=0.25),
    "elu": keras.activations.elu,
    "swish": keras.activations.silu,
}
AROUND_ZERO = [-1.0, -1e-3, -1e-6, -1e-8, -0.0, 0.0, 1e-8, 1e-6, 1e-3, 1.0]
Z = np.array([-np.inf, -50, -20, -5, *AROUND_ZERO, 5, 20, 50, np.inf])


def value_and_slope(f, z):
    z = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(z)
        a = f(z)
    return a.numpy(), tape.gradient(a, z).numpy()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_activation_value_and_derivative(name, dtype):
    ours = activations.get(name)
    value, slope = value_and_slope(FUNCTIONS[name], Z.astype(dtype))
    defined = ~np.isnan(value) & ~np.isnan(slope)  # Keras's swish is NaN at minus infinity, its slope at both
    assert defined.sum() >= len(Z) - 2
    assert np.all(defined[1:-1])
    np.testing.assert_allclose(ours(Z.astype(dtype))[defined], value[defined], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(ours.derivative(Z.astype(dtype))[defined], slope[defined], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("a", [0.3, 1.0, 2.0])
def test_elu_with_its_parameter(a):
    value, slope = value_and_slope(lambda z: keras.activations.elu(z, alpha=a), Z)
    np.testing.assert_allclose(activations.elu(Z, a=a), value, atol=1e-6)
    np.testing.assert_allclose(activations.elu.derivative(Z, a=a), slope, atol=1e-6)


def test_parametric_relu_equals_the_keras_layer_except_where_that_has_no_slope():
    layer = keras.layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25), dtype="float64")
    value, slope = value_and_slope(lambda z: layer(z[:, None])[:, 0], Z)
    np.testing.assert_allclose(activations.parametric_relu(Z), value, atol=1e-6)
    np.testing.assert_allclose(activations.parametric_relu.derivative(Z)[Z != 0], slope[Z != 0], atol=1e-6)
    assert slope[Z == 0].tolist() == [0, 0]  # the layer gives 0 at 0, which lies between neither slope; ours gives a


def test_binary_step_equals_heaviside():
    np.testing.assert_array_equal(activations.binary_step(Z), np.heaviside(Z, 1))
    assert not activations.binary_step.derivative(Z).any()


@pytest.mark.parametrize("axis", [0, 1])
def test_softmax(axis):
    z = np.random.default_rng(0).normal(0, 30, (5, 7))
    np.testing.assert_allclose(activations.softmax(z, axis), tf.nn.softmax(z, axis=axis), atol=1e-12)
    np.testing.assert_allclose(activations.log_softmax(z, axis), tf.nn.log_softmax(z, axis=axis), atol=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_logistic_cost_and_gradient(seed):
    rng = np.random.default_rng(seed)
    m, n = rng.integers(1, 40), rng.integers(1, 12)
    X, theta = rng.normal(0, 3, (m, n)), rng.normal(size=n + 1)
    y = rng.integers(0, 2, m).astype(float)
    t = tf.Variable(theta)
    with tf.GradientTape() as tape:
        z = tf.linalg.matvec(tf.constant(X), t[:-1]) + t[-1]
        cost = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z))
    assert logistic_cost(theta, X, y) == pytest.approx(float(cost), rel=1e-12)
    np.testing.assert_allclose(logistic_gradient(theta, X, y), tape.gradient(cost, t), atol=1e-12)


def random_case(seed):
    """A network of 1 to 5 layers with its own activation in each, its batch, and the same network in TensorFlow."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 9, rng.integers(2, 7)).tolist()
    loss = ["squared_error", "cross_entropy"][seed % 2]
    hidden = rng.choice(list(FUNCTIONS), len(sizes) - 2).tolist()
    output = "linear" if loss == "cross_entropy" else str(rng.choice(list(FUNCTIONS)))
    net = MLP(sizes, hidden, output=output, loss=loss, seed=seed)
    for p in net.parameters:
        p[:] = rng.normal(0, 0.8, p.shape)
    m = int(rng.integers(1, 30))
    y = rng.normal(size=(m, sizes[-1])) if loss == "squared_error" else rng.integers(0, sizes[-1], m)
    return net, rng.normal(size=(m, sizes[0])), y, [*hidden, output]


def autodiff(net, X, y, names):
    variables = [tf.Variable(p) for p in net.parameters]
    with tf.GradientTape() as tape:
        A = tf.constant(X)
        for W, b, name in zip(variables[::2], variables[1::2], names, strict=True):
            A = FUNCTIONS[name](A @ W + b)
        if isinstance(net.loss, losses.CrossEntropy):
            cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=A))
        else:
            cost = tf.reduce_mean((A - y) ** 2)
    return float(cost), tape.gradient(cost, variables)


@pytest.mark.parametrize("seeds", [range(0, 50), range(50, 100)], ids=["first 50", "last 50"])
def test_network_gradients_over_random_configurations(seeds):
    for seed in seeds:
        net, X, y, names = random_case(seed)
        cost, gradients = autodiff(net, X, y, names)
        assert net.cost(X, y) == pytest.approx(cost, rel=1e-6), f"seed {seed}"
        for ours, theirs in zip(net.gradients(X, y), gradients, strict=True):
            scale = max(1.0, float(np.max(np.abs(theirs))))
            np.testing.assert_allclose(ours, theirs, atol=1e-6 * scale, err_msg=f"seed {seed}, {names}")


def test_network_in_float32_is_autodiff_in_float32():
    net, X, y, names = random_case(4)
    small = MLP(net.sizes, names[:-1], output=names[-1], loss=net.loss, dtype=np.float32)
    for p, q in zip(small.parameters, net.parameters, strict=True):
        p[:] = q
    for ours, theirs in zip(small.gradients(X, y), autodiff(net, X, y, names)[1], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4)


def test_parameters_are_in_the_order_of_keras_weights():
    net = MLP((3, 5, 4, 2), "tanh", seed=1)
    model = keras.Sequential(
        [keras.Input((3,)), *(keras.layers.Dense(k, a) for k, a in ((5, "tanh"), (4, "tanh"), (2, None)))]
    )
    model.set_weights(net.parameters)
    X = np.random.default_rng(0).normal(size=(6, 3))
    np.testing.assert_allclose(net.forward(X), model(X), atol=1e-5)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (SGD(0.05), keras.optimizers.SGD(0.05)),
        (SGD(0.05, momentum=0.9), keras.optimizers.SGD(0.05, momentum=0.9)),
        (Adam(0.02), keras.optimizers.Adam(0.02)),
        (Adam(0.02, beta_1=0.5, beta_2=0.9, epsilon=1e-3), keras.optimizers.Adam(0.02, 0.5, 0.9, 1e-3)),
    ],
    ids=["sgd", "momentum", "adam", "adam, other betas"],
)
def test_optimizers_over_50_steps(ours, theirs):
    rng = np.random.default_rng(0)
    start = [rng.normal(size=(4, 3)).astype(np.float32), rng.normal(size=3).astype(np.float32)]
    mine = [p.copy() for p in start]
    variables = [keras.Variable(p) for p in start]
    for _ in range(50):
        gradients = [rng.normal(size=p.shape).astype(np.float32) for p in start]
        ours.step(mine, gradients)
        theirs.apply(gradients, variables)
    for a, b in zip(mine, variables, strict=True):
        np.testing.assert_allclose(a, b.numpy(), atol=2e-5)
