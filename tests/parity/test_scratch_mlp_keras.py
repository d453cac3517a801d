"""The hand-made network with batch norm and dropout, and every optimizer, equal Keras and autodiff."""

import numpy as np
import pytest

from dlcourse.scratch import MLP, SGD, Adam, RMSprop, initialisation
from dlcourse.scratch.dropout import Dropout
from dlcourse.scratch.normalisation import BatchNorm

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

FUNCTIONS = {
    "linear": keras.activations.linear,
    "sigmoid": keras.activations.sigmoid,
    "tanh": keras.activations.tanh,
    "relu": keras.activations.relu,
    "leaky_relu": lambda z: keras.activations.leaky_relu(z, negative_slope=0.1),
    "elu": keras.activations.elu,
    "swish": keras.activations.silu,
}


def random_case(seed):
    """A network of 1 to 4 hidden layers, with batch norm, dropout, both or neither, and a batch for it."""
    rng = np.random.default_rng(1000 + seed)
    sizes = [int(rng.integers(1, 8)), *rng.integers(2, 9, rng.integers(1, 5)).tolist(), int(rng.integers(1, 6))]
    hidden = rng.choice(list(FUNCTIONS), len(sizes) - 2).tolist()
    loss = ["squared_error", "cross_entropy"][seed % 2]
    rate = [0.0, round(rng.uniform(0.1, 0.7), 2)][seed // 2 % 2]
    net = MLP(sizes, hidden, loss=loss, batch_norm=bool(seed // 4 % 2), dropout=rate, seed=seed)
    for p in net.parameters:
        p[:] = rng.normal(0, 0.8, p.shape)
    for layer in net.layers:
        if isinstance(layer, BatchNorm):
            layer.moving_mean[:] = rng.normal(size=layer.moving_mean.shape)
            layer.moving_variance[:] = rng.uniform(0.2, 2, layer.moving_variance.shape)
    m = int(rng.integers(2, 30))
    y = rng.normal(size=(m, sizes[-1])) if loss == "squared_error" else rng.integers(0, sizes[-1], m)
    return net, rng.normal(size=(m, sizes[0])), y


def twin_cost(net, variables, X, y, training):
    """The same network in TensorFlow operations, with the dropout masks that `net` drew last."""
    A, left = tf.constant(X), iter(variables)
    for layer in net.layers:
        if isinstance(layer, BatchNorm):
            mean, variance = layer.moving_mean, layer.moving_variance
            if training:
                mean, variance = tf.nn.moments(A, axes=[0])
            gamma, beta = next(left), next(left)
            A = tf.nn.batch_normalization(A, mean, variance, beta, gamma, layer.epsilon)
        elif isinstance(layer, Dropout):
            A = A * layer.mask if training else A
        elif layer.parameters:
            A = A @ next(left) + next(left)
        else:
            A = FUNCTIONS[layer.activation.name](A)
    if y.ndim == 2:
        return tf.reduce_mean((A - y) ** 2)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=A))


@pytest.mark.parametrize("training", [True, False], ids=["training", "inference"])
@pytest.mark.parametrize("seeds", [range(0, 50), range(50, 100)], ids=["first 50", "last 50"])
def test_gradients_equal_autodiff_over_random_configurations(seeds, training):
    for seed in seeds:
        net, X, y = random_case(seed)
        ours = net.gradients(X, y, training=training)
        variables = [tf.Variable(p) for p in net.parameters]
        with tf.GradientTape() as tape:
            cost = twin_cost(net, variables, X, y, training)
        for layer in net.layers:
            layer.keep_mask = True
        assert net.cost(X, y, training=training) == pytest.approx(float(cost), rel=1e-6), f"seed {seed}"
        for mine, theirs in zip(ours, tape.gradient(cost, variables), strict=True):
            scale = max(1.0, float(np.max(np.abs(theirs))))
            np.testing.assert_allclose(mine, theirs, atol=1e-6 * scale, err_msg=f"seed {seed}")


@pytest.mark.parametrize("seed", range(5))
def test_batch_norm_equals_the_keras_layer_over_several_batches(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 7))
    ours, theirs = BatchNorm(n), keras.layers.BatchNormalization(dtype="float64")
    theirs.build((None, n))
    for p in ours.parameters:
        p[:] = rng.normal(1, 0.5, n)
    theirs.set_weights([*ours.parameters, ours.moving_mean, ours.moving_variance])
    for step in range(20):
        Z, G = rng.normal(rng.normal(), 3, (2, int(rng.integers(2, 40)), n))
        training = step % 5 != 4
        tensor = tf.constant(Z)
        with tf.GradientTape() as tape:
            tape.watch(tensor)
            out = theirs(tensor, training=training)
            product = tf.reduce_sum(out * G)
        dZ, *slopes = tape.gradient(product, [tensor, theirs.gamma, theirs.beta])
        np.testing.assert_allclose(ours.forward(Z, training), out, atol=1e-6)
        np.testing.assert_allclose(ours.backward(G), dZ, atol=1e-6)
        for mine, theirs_ in zip(ours.gradients, slopes, strict=True):
            np.testing.assert_allclose(mine, theirs_, atol=1e-5)
        np.testing.assert_allclose(ours.moving_mean, theirs.moving_mean, atol=1e-6)
        np.testing.assert_allclose(ours.moving_variance, theirs.moving_variance, atol=1e-5)


def test_a_small_epsilon_and_momentum_are_those_of_keras():
    ours = BatchNorm(3, momentum=0.6, epsilon=0.5)
    theirs = keras.layers.BatchNormalization(momentum=0.6, epsilon=0.5, dtype="float64")
    Z = np.random.default_rng(0).normal(2, 0.3, (9, 3))
    np.testing.assert_allclose(ours.forward(Z, True), theirs(Z, training=True), atol=1e-6)
    np.testing.assert_allclose(ours.moving_variance, theirs.moving_variance, atol=1e-6)


def test_defaults_are_those_of_keras():
    theirs = keras.layers.BatchNormalization()
    assert (BatchNorm(1).momentum, BatchNorm(1).epsilon) == (theirs.momentum, theirs.epsilon)


def keras_twin(net):
    layers = [keras.Input((net.sizes[0],))]
    for layer in net.layers:
        if isinstance(layer, BatchNorm):
            layers.append(keras.layers.BatchNormalization())
        elif not isinstance(layer, Dropout):
            units = layer.parameters[1].size if layer.parameters else None
            layers.append(keras.layers.Dense(units) if units else keras.layers.Activation(layer.activation.name))
    model = keras.Sequential(layers)
    for variable, p in zip(model.trainable_weights, net.parameters, strict=True):
        variable.assign(p)
    return model


def test_training_with_batch_norm_and_decay_ends_where_keras_ends():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(64, 6)).astype(np.float32), rng.integers(0, 3, 64)
    net = MLP((6, 8, 5, 3), "tanh", loss="cross_entropy", batch_norm=True, seed=1)
    model = keras_twin(net)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9, weight_decay=0.01), loss)
    for _ in range(10):
        model.train_on_batch(X, y)
    net.fit(X, y, optimizer=SGD(0.1, momentum=0.9, weight_decay=0.01), epochs=10)
    for mine, theirs in zip(net.parameters, model.trainable_weights, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=2e-4)
    np.testing.assert_allclose(net.forward(X), model(X, training=False), atol=2e-3)


OPTIMIZERS = [
    (SGD, keras.optimizers.SGD, {"learning_rate": 0.05}),
    (SGD, keras.optimizers.SGD, {"learning_rate": 0.05, "momentum": 0.9}),
    (SGD, keras.optimizers.SGD, {"learning_rate": 0.05, "momentum": 0.9, "weight_decay": 0.1}),
    (RMSprop, keras.optimizers.RMSprop, {"learning_rate": 0.01}),
    (RMSprop, keras.optimizers.RMSprop, {"learning_rate": 0.01, "rho": 0.5, "epsilon": 1e-3}),
    (RMSprop, keras.optimizers.RMSprop, {"learning_rate": 0.01, "momentum": 0.9}),
    (RMSprop, keras.optimizers.RMSprop, {"learning_rate": 0.01, "centered": True}),
    (RMSprop, keras.optimizers.RMSprop, {"learning_rate": 0.01, "momentum": 0.5, "centered": True}),
    (RMSprop, keras.optimizers.RMSprop, {"learning_rate": 0.01, "weight_decay": 0.1}),
    (Adam, keras.optimizers.Adam, {"learning_rate": 0.02}),
    (Adam, keras.optimizers.Adam, {"learning_rate": 0.02, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}),
    (Adam, keras.optimizers.Adam, {"learning_rate": 0.02, "weight_decay": 0.1}),
    (Adam, keras.optimizers.AdamW, {"learning_rate": 0.02, "weight_decay": 0.1}),
]


@pytest.mark.parametrize(("ours", "theirs", "options"), OPTIMIZERS)
def test_optimizers_over_50_steps(ours, theirs, options):
    ours, theirs = ours(**options), theirs(**options)
    rng = np.random.default_rng(0)
    start = [rng.normal(size=(4, 3)).astype(np.float32), rng.normal(size=3).astype(np.float32)]
    mine, variables = [p.copy() for p in start], [keras.Variable(p) for p in start]
    for _ in range(50):
        gradients = [(rng.normal(size=p.shape) + 0.5).astype(np.float32) for p in start]
        ours.step(mine, gradients)
        theirs.apply(gradients, variables)
    for a, b in zip(mine, variables, strict=True):
        np.testing.assert_allclose(a, b.numpy(), atol=5e-5)


@pytest.mark.parametrize("ours", [SGD, RMSprop, Adam])
def test_defaults_of_the_optimizers_are_those_of_keras(ours):
    theirs = getattr(keras.optimizers, ours.__name__)()
    config = {**theirs.get_config(), "weight_decay": theirs.weight_decay or 0.0}
    for name, value in vars(ours()).items():
        if not name.startswith("_"):
            assert value == pytest.approx(config[name]), name


@pytest.mark.parametrize(
    ("name", "keras_name"), [("glorot", "GlorotNormal"), ("he", "HeNormal"), ("lecun", "LecunNormal")]
)
def test_starting_weights_have_the_variance_of_keras(name, keras_name):
    ours = initialisation.get(name)(300, 200, np.random.default_rng(0), "relu")
    theirs = getattr(keras.initializers, keras_name)(seed=0)((300, 200)).numpy()
    assert ours.std() == pytest.approx(theirs.std(), rel=0.01)
