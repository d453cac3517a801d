"""Logistic regression by hand, and the check of its gradient."""

import numpy as np
import pytest

from dlcourse.scratch import (
    LogisticRegression,
    check_gradient,
    logistic_cost,
    logistic_gradient,
    logistic_hessian,
)


@pytest.fixture
def examples():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    y = (X @ [1.5, -1.0, 0.2] + rng.normal(size=60) > 0).astype(float)
    return X, y


def test_cost_at_zero_weights_is_log_2(examples):
    X, y = examples
    assert logistic_cost(np.zeros(4), X, y) == pytest.approx(np.log(2))


def test_cost_is_the_formula_of_the_report(examples):
    X, y = examples
    theta = np.array([0.7, -0.3, 0.1, 0.2])
    y_hat = 1 / (1 + np.exp(-(X @ theta[:3] + theta[3])))
    assert logistic_cost(theta, X, y) == pytest.approx(-np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)))


def test_cost_stays_finite_and_right_for_confident_mistakes():
    assert logistic_cost(np.array([1.0, 0.0]), np.array([[1000.0], [-1000.0]]), np.array([0, 0])) == pytest.approx(500)


def test_gradient_is_the_slope_of_the_cost(examples):
    X, y = examples
    theta = np.array([0.7, -0.3, 0.1, 0.2])
    check = check_gradient(lambda t: logistic_cost(t, X, y), lambda t: logistic_gradient(t, X, y), theta)
    assert check.error < 1e-7


def test_hessian_is_the_slope_of_the_gradient_and_bounded(examples):
    X, y = examples
    theta = np.array([0.7, -0.3, 0.1, 0.2])
    H = logistic_hessian(theta, X)
    for j in range(4):
        check = check_gradient(lambda t, j=j: logistic_gradient(t, X, y)[j], lambda t, j=j: H[j], theta)
        assert check.error < 1e-7
    A = np.column_stack([X, np.ones(60)])
    assert np.linalg.eigvalsh(H)[-1] <= np.linalg.eigvalsh(A.T @ A / 240)[-1]


def test_fit_reaches_the_point_where_the_gradient_is_zero(examples):
    X, y = examples
    model = LogisticRegression()
    history = model.fit(X, y, learning_rate=1.0, steps=5000, tolerance=1e-9)
    dw, db = model.gradient(X, y)
    assert np.max(np.abs(dw)) < 1e-8
    assert abs(db) < 1e-8
    assert history.steps < 5000
    assert "Stopped after" in history.message
    assert model.cost(X, y) == pytest.approx(history.cost[-1])


def test_second_fit_goes_on(examples):
    X, y = examples
    once, twice = LogisticRegression(), LogisticRegression()
    once.fit(X, y, learning_rate=0.5, steps=20)
    twice.fit(X, y, learning_rate=0.5, steps=10)
    twice.fit(X, y, learning_rate=0.5, steps=10)
    assert twice.w == pytest.approx(once.w)


def test_predictions_are_the_likelier_class(examples):
    X, y = examples
    model = LogisticRegression()
    model.fit(X, y, learning_rate=1.0, steps=200)
    p = model.predict_probability(X)
    assert np.all((p > 0) & (p < 1))
    assert model.predict(X).tolist() == (p >= 0.5).astype(int).tolist()
    assert np.mean(model.predict(X) == y) > max(y.mean(), 1 - y.mean()) + 0.1


def test_separable_classes_let_the_weights_grow_without_end():
    x, y = np.array([-2.0, -1.0, 1.0, 2.0]), np.array([0, 0, 1, 1])
    model = LogisticRegression()
    model.fit(x, y, learning_rate=5.0, steps=100)
    first = model.w[0]
    model.fit(x, y, learning_rate=5.0, steps=10_000)
    assert model.w[0] > first + 3


def test_unfitted_model_says_so():
    with pytest.raises(ValueError, match="call fit"):
        LogisticRegression().predict([[1.0]])


def test_other_labels_are_named():
    with pytest.raises(ValueError, match="only 0 and 1; it holds 2 as well"):
        LogisticRegression().fit([[1.0], [2.0]], [1, 2], learning_rate=0.1, steps=1)


def test_check_gradient_names_the_wrong_component():
    check = check_gradient(lambda x: np.sum(x**3), lambda x: 3 * x**2 * [1, 1, -1], [1.0, 2.0, 3.0])
    assert check.where == (2,)
    assert check.error == pytest.approx(2)


def test_check_gradient_takes_any_shape_and_leaves_x_alone():
    x = np.arange(6.0).reshape(2, 3)
    kept = x.copy()
    check = check_gradient(lambda x: np.sum(np.sin(x)), np.cos, x)
    assert check.error < 1e-7
    assert check.numeric.shape == (2, 3)
    assert np.array_equal(x, kept)


def test_check_gradient_sees_an_error_in_a_small_component():
    check = check_gradient(lambda x: x[0] + 1e-5 * x[1], lambda x: np.array([1, -1e-5]), [1.0, 1.0])
    assert check.where == (1,)
    assert check.error > 1e-4


def test_check_gradient_of_a_constant_is_exact():
    assert check_gradient(lambda x: 1.0, np.zeros_like, [1.0, 2.0]).error == 0


@pytest.mark.parametrize(
    ("gradient", "words"),
    [(lambda x: x[:1], r"x's shape \(2,\)"), (lambda x: x * np.nan, "finite numbers")],
)
def test_check_gradient_refuses_other_answers(gradient, words):
    with pytest.raises(ValueError, match=words):
        check_gradient(lambda x: x.sum(), gradient, [1.0, 2.0])


def test_check_gradient_refuses_a_step_of_zero():
    with pytest.raises(ValueError, match="eps must be above 0"):
        check_gradient(np.sum, np.ones_like, [1.0], eps=0)
