"""The perceptron by hand against scikit-learn's, in the same order of examples; margins and separability likewise."""

import warnings

import numpy as np
import pytest
from sklearn.linear_model import Perceptron as SklearnPerceptron
from sklearn.svm import SVC

from dlcourse.scratch import Perceptron
from dlcourse.scratch.separation import separating_plane, widest_margin


def random_case(seed):
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(5, 80)), int(rng.integers(1, 8))
    X = rng.normal(rng.normal(), np.exp(rng.normal()), (m, n))
    y = (X @ rng.normal(size=n) + rng.normal() + rng.choice([0, 1]) * rng.normal(size=m) > X.mean()).astype(int)
    y[:2] = 0, 1
    return X, y, rng


@pytest.mark.parametrize("seed", range(100))
def test_weights_equal_scikit_learns(seed):
    X, y, rng = random_case(seed)
    rate, epochs, bias = float(rng.choice([0.1, 1.0, 3.0])), int(rng.integers(1, 40)), bool(rng.random() < 0.7)
    ours = Perceptron(learning_rate=rate, bias=bias)
    ours.fit(X, y, epochs=epochs)
    theirs = SklearnPerceptron(eta0=rate, max_iter=epochs, tol=None, shuffle=False, fit_intercept=bias).fit(X, y)
    scale = 1 + np.abs(theirs.coef_).max()
    np.testing.assert_allclose(ours.w, theirs.coef_[0], atol=1e-12 * scale, rtol=1e-12)
    assert ours.b == pytest.approx(theirs.intercept_[0], abs=1e-12 * scale)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))


@pytest.mark.parametrize("seed", range(30))
def test_separability_and_margin_equal_a_support_vector_machines(seed):
    X, y, _ = random_case(seed)
    with_ones = np.column_stack([X, np.ones(len(X))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        machine = SVC(kernel="linear", C=1e6, max_iter=200_000).fit(with_ones, y)
    separable = separating_plane(X, y) is not None
    assert (widest_margin(X, y) > 0) == separable
    if machine.score(with_ones, y) == 1:
        assert separable


@pytest.mark.parametrize("seed", range(20))
def test_no_direction_has_a_wider_margin(seed):
    X, y, rng = random_case(seed)
    t, with_ones = 2 * y - 1, np.column_stack([X, np.ones(len(X))])
    gamma = widest_margin(X, y)
    plane = separating_plane(X, y)
    tried = rng.normal(size=(20_000, with_ones.shape[1]))
    if plane is not None:
        tried = np.vstack([tried, plane + rng.normal(size=tried.shape) * np.linalg.norm(plane) * 0.1])
    tried /= np.linalg.norm(tried, axis=1, keepdims=True)
    found = (t[:, None] * (with_ones @ tried.T)).min(axis=0).max()
    assert found <= gamma + 1e-9
