"""What is built by hand equals NumPy's and scikit-learn's own: the line, and logistic regression's optimum."""

import numpy as np
import pytest
from sklearn import linear_model

from dlcourse.scratch import LogisticRegression, least_squares


@pytest.mark.parametrize("seed", range(20))
def test_line_equals_polyfit(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(1000, 300, 50), rng.normal(2e5, 1e5, 50)
    w, b = least_squares(x, y)
    np.testing.assert_allclose([w[0], b], np.polyfit(x, y, 1), rtol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_plane_equals_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    m, n = rng.integers(20, 200), rng.integers(1, 10)
    X, y = rng.normal(5, 2, (m, n)), rng.normal(size=m)
    w, b = least_squares(X, y)
    theirs = linear_model.LinearRegression().fit(X, y)
    np.testing.assert_allclose(w, theirs.coef_, atol=1e-9)
    assert b == pytest.approx(theirs.intercept_, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_logistic_optimum_equals_scikit_learn_without_penalty(seed):
    rng = np.random.default_rng(seed)
    m, n = 300, rng.integers(1, 7)
    X = rng.normal(size=(m, n))
    y = (X @ rng.normal(size=n) + rng.logistic(size=m) > 0).astype(int)
    ours = LogisticRegression()
    ours.fit(X, y, learning_rate=2.0, steps=5000, tolerance=1e-10)
    theirs = linear_model.LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(X, y)
    np.testing.assert_allclose(ours.w, theirs.coef_[0], atol=1e-4)
    assert ours.b == pytest.approx(theirs.intercept_[0], abs=1e-4)
    np.testing.assert_allclose(ours.predict_probability(X), theirs.predict_proba(X)[:, 1], atol=1e-4)
