"""Schedules, the range test, step times, gradients and activations."""

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.training import activations, benchmark_step, find_learning_rate, gradient_norms, setup, warmup_cosine
from dlcourse.training.operations import forward_flops

rng = np.random.default_rng(0)
X = rng.normal(size=(64, 6)).astype("float32")
Y = (X @ rng.normal(size=(6, 1))).astype("float32")


def build(rate=0.01, middle=None):
    setup(5)
    model = keras.Sequential([
        keras.Input((6,)), layers.Dense(8, "relu"), middle or layers.Dropout(0.3), layers.BatchNormalization(),
        layers.Dense(1),
    ])  # fmt: skip
    model.compile(keras.optimizers.Adam(rate), "mse", jit_compile=False)
    return model


def everything(model):
    return b"".join(np.asarray(each).tobytes() for each in [*model.variables, *model.optimizer.variables])


def test_warmup_rises_in_a_line_and_falls_in_a_cosine():
    schedule = warmup_cosine(0.1, 100, warmup_steps=10, final=0.01)
    rates = np.array([float(schedule(step)) for step in range(121)])
    np.testing.assert_allclose(np.diff(rates[:11]), np.diff(rates[:11])[0], rtol=1e-5)
    assert rates.argmax() == 10
    assert rates[0] > 0
    expected = 0.01 + 0.09 * (1 + np.cos(np.pi * np.arange(91) / 90)) / 2
    np.testing.assert_allclose(rates[10:101], expected, rtol=1e-5)
    np.testing.assert_allclose(rates[100:], 0.01, rtol=1e-6)


def test_warmup_defaults_and_none():
    assert float(warmup_cosine(0.1, 100)(5)) == pytest.approx(0.1)
    assert float(warmup_cosine(0.1, 100, warmup_steps=0)(0)) == pytest.approx(0.1)


def test_schedule_survives_its_configuration():
    schedule = warmup_cosine(0.1, 100)
    again = type(schedule).from_config(schedule.get_config())
    assert [float(again(step)) for step in (0, 3, 50)] == [float(schedule(step)) for step in (0, 3, 50)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"peak": 0.1, "steps": 0}, "steps is a whole number from 1, not 0"),
        ({"peak": 0.1, "steps": 10, "warmup_steps": 10}, "below steps=10, not 10"),
        ({"peak": 0.0, "steps": 10}, "peak is above 0"),
        ({"peak": 0.1, "steps": 10, "final": 0.2}, "final from 0 to peak"),
    ],
)
def test_schedules_that_are_not_allowed(arguments, message):
    with pytest.raises(ValueError, match=message):
        warmup_cosine(**arguments)


def test_range_test_of_gradient_descent_on_a_parabola_explodes_past_two_over_its_curvature():
    """Loss w^2, batches all alike: gradient descent shrinks w below the rate 1 (2 / curvature 2) and grows it above."""
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="ones")])
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
    ones = np.ones((8, 1), "float32")
    found = find_learning_rate(model, (ones, 0 * ones), lowest=1e-3, highest=10, steps=60, batch_size=8)
    assert found.exploded_at is not None
    assert 1 < found.exploded_at < 4
    np.testing.assert_allclose(found.rates, np.geomspace(1e-3, 10, 60)[: len(found.losses)])
    w = 1.0
    for rate, loss in zip(found.rates[:20], found.losses, strict=False):
        assert loss == pytest.approx(w**2, rel=1e-4)
        w -= rate * 2 * w
    assert 1e-3 < found.suggestion < 1
    assert "explodes at" in str(found)


def test_range_test_leaves_the_model_as_it_was():
    model = build()
    model.fit(X, Y, verbose=0)
    before = everything(model)
    find_learning_rate(model, (X, Y), steps=12, batch_size=16)
    assert everything(model) == before
    assert float(model.optimizer.learning_rate) == pytest.approx(0.01)
    assert model.stop_training is False


def test_range_test_that_does_not_explode():
    found = find_learning_rate(build(), (X, Y), lowest=1e-7, highest=1e-5, steps=10, batch_size=16)
    assert (len(found.rates), found.exploded_at) == (10, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"lowest": 1.0, "highest": 0.1}, "lowest and highest are positive and in this order"),
        ({"steps": 5}, "steps is at least 10, not 5"),
    ],
)
def test_ranges_that_are_not_allowed(arguments, message):
    with pytest.raises(ValueError, match=message):
        find_learning_rate(build(), (X, Y), **arguments)


def test_range_test_refuses_a_schedule_and_a_loss_that_is_nan():
    with pytest.raises(ValueError, match="not a schedule"):
        find_learning_rate(build(warmup_cosine(0.1, 10)), (X, Y))
    model = build()
    # Not by an input of NaN: some processors' ReLU turns it into 0.
    model.layers[-1].set_weights([w * np.nan for w in model.layers[-1].get_weights()])
    with pytest.raises(ValueError, match="not finite at the lowest rate"):
        find_learning_rate(model, (X, Y), steps=10)


def test_step_time_is_consistent_and_leaves_the_model():
    model = build()
    before = everything(model)
    measured = benchmark_step(model, (X, Y), steps=4)
    assert everything(model)[: len(before)] == before
    assert measured.examples_per_second == pytest.approx(64 / measured.seconds)
    assert measured.first_seconds > measured.seconds > 0
    assert measured.share_of_peak == pytest.approx(measured.flops / measured.seconds / measured.peak)
    assert "examples/s" in str(measured)


def test_operations_of_a_matrix_product_are_counted():
    model = keras.Sequential([keras.Input((100,)), layers.Dense(50, use_bias=False)])
    assert forward_flops(model, np.zeros((8, 100), "float32")) == 2 * 8 * 100 * 50


def test_step_time_bad_arguments():
    with pytest.raises(ValueError, match="steps is at least 4, not 1"):
        benchmark_step(build(), (X, Y), steps=1)
    with pytest.raises(ValueError, match="not compiled"):
        benchmark_step(keras.Sequential([layers.Dense(1)]), (X, Y))


def test_gradient_norms_of_a_linear_model_are_the_formula():
    model = keras.Sequential([keras.Input((6,)), layers.Dense(1, name="line")])
    model.compile("sgd", "mse", jit_compile=False)
    norms = gradient_norms(model, X, Y)
    residual = model(X).numpy() - Y
    assert list(norms) == [each.path for each in model.trainable_variables]
    assert list(norms.values()) == pytest.approx(
        [np.linalg.norm(2 * X.T @ residual / 64), abs(2 * residual.mean())], rel=1e-5
    )


def test_gradient_norms_leave_the_model_and_see_dropout():
    model = build()
    before = everything(model)
    first = gradient_norms(model, X, Y)
    assert everything(model)[: len(before)] == before
    assert gradient_norms(model, X, Y) == first  # the random state is put back too
    assert all(norm > 0 for name, norm in first.items() if "kernel" in name)


def test_gradient_that_does_not_reach_a_layer_is_zero():
    model = build(middle=layers.Lambda(lambda x: 0 * x))
    assert next(iter(gradient_norms(model, X, Y).values())) == 0


def test_activations_count_zeros_and_dead_units():
    model = keras.Sequential([keras.Input((2,)), layers.ReLU(name="cut"), layers.Dense(3, name="out")])
    x = np.array([[1.0, -1.0], [-2.0, -3.0], [3.0, -4.0]], "float32")
    cut, out = activations(model, x)
    assert (cut.layer, out.layer) == ("cut", "out")
    assert cut.zeros == pytest.approx(4 / 6)
    assert cut.dead == 0.5
    assert (cut.mean, cut.std) == pytest.approx((4 / 6, np.std([1, 0, 0, 0, 3, 0])))


def test_activations_need_known_layers():
    class Own(keras.Model):
        def call(self, x):
            return x

    with pytest.raises(ValueError, match="built Sequential or functional model, not Own"):
        activations(Own(), X)
