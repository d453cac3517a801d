"""A model that is restarted trains as one that is built anew, and is not compiled again."""

import keras
import numpy as np
import pytest

from dlcourse.training import restart

X = np.random.default_rng(0).normal(size=(64, 5)).astype("float32")
Y = X[:, :1] * 2


def model():
    x = keras.Input((5,))
    hidden = keras.layers.Dense(4, activation="tanh")(x)
    made = keras.Model(x, keras.layers.Dense(1)(hidden))
    made.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.05, 12)), "mse")
    return made


def trained(made):
    made.fit(X, Y, batch_size=16, epochs=3, shuffle=False, verbose=0)
    return made.get_weights()


def test_it_trains_as_if_it_were_built_anew():
    keras.utils.set_random_seed(1)
    expected = trained(model())
    keras.utils.set_random_seed(0)
    again = model()
    first = trained(again)
    function = again.train_function
    keras.utils.set_random_seed(1)
    restart(again)
    for one, other in zip(trained(again), expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert np.abs(first[0] - expected[0]).max() > 0.01
    assert again.train_function is function


def test_a_learning_rate_that_was_set_stays():
    made = model()
    made.compile(keras.optimizers.SGD(0.25), "mse")
    trained(made)
    restart(made)
    assert float(made.optimizer.learning_rate.numpy()) == 0.25
    assert int(made.optimizer.iterations.numpy()) == 0


def test_a_model_without_an_optimizer_is_refused():
    x = keras.Input((2,))
    with pytest.raises(ValueError, match="model is not compiled"):
        restart(keras.Model(x, keras.layers.Dense(1)(x)))
