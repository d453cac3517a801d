"""The power law and the bootstrap by hand equal NumPy's and SciPy's own."""

import numpy as np
import pytest
from scipy import stats

from dlcourse.scratch.bootstrap import bootstrap_errors
from dlcourse.scratch.power_law import power_law


@pytest.mark.parametrize("seed", range(50))
def test_power_law_equals_polyfit_and_linregress(seed):
    rng = np.random.default_rng(seed)
    k = rng.integers(2, 9)
    sizes = rng.choice(np.arange(10, 100_000), k, replace=False)
    errors = rng.uniform(0.01, 0.9, k)
    law = power_law(sizes, errors)
    slope, intercept = np.polyfit(np.log(sizes), np.log(errors), 1)
    assert law == pytest.approx((np.exp(intercept), slope), rel=1e-9)
    theirs = stats.linregress(np.log(sizes), np.log(errors))
    assert law == pytest.approx((np.exp(theirs.intercept), theirs.slope), rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_bootstrap_of_one_run_equals_scipy(seed):
    wrong = np.random.default_rng(seed).random(300) < 0.2
    theirs = stats.bootstrap((wrong,), np.mean, n_resamples=4000, method="percentile", rng=seed)
    ours = bootstrap_errors(wrong[None, None], draws=4000, seed=seed)[:, 0]
    assert ours.std(ddof=1) == pytest.approx(theirs.standard_error, rel=0.06)
    assert np.quantile(ours, [0.025, 0.975]) == pytest.approx(theirs.confidence_interval, abs=0.006)
