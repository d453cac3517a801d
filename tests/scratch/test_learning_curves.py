"""What a learning curve is made of: the power law, the bootstrap, early stopping."""

import numpy as np
import pytest

from dlcourse.scratch import MLP, SGD, Adam
from dlcourse.scratch.bootstrap import bootstrap_errors
from dlcourse.scratch.early_stopping import fit_until_best
from dlcourse.scratch.power_law import PowerLaw, power_law

SIZES = np.array([100, 316, 1000, 3162, 10000])


def test_power_law_is_found_again():
    law = power_law(SIZES, 2.5 * SIZES**-0.3)
    assert law == pytest.approx((2.5, -0.3))
    assert law.predict(60000) == pytest.approx(2.5 * 60000**-0.3)


def test_several_laws_at_once_are_the_same_as_one_by_one():
    errors = np.random.default_rng(0).uniform(0.1, 0.5, (2, 3, 5))
    together = power_law(SIZES, errors)
    assert together.exponent.shape == together.scale.shape == (2, 3)
    assert together.exponent[1, 2] == pytest.approx(power_law(SIZES, errors[1, 2]).exponent)
    assert together.predict(500)[0, 1] == pytest.approx(power_law(SIZES, errors[0, 1]).predict(500))


def test_exponent_is_free_of_the_unit_of_the_error():
    errors = np.array([0.4, 0.3, 0.2, 0.2, 0.1])
    assert power_law(SIZES, 100 * errors).exponent == pytest.approx(power_law(SIZES, errors).exponent)


def test_prediction_of_a_law():
    assert PowerLaw(8.0, -1 / 3).predict([1, 8, 1000]) == pytest.approx([8, 4, 0.8])


@pytest.mark.parametrize(
    ("sizes", "errors", "words"),
    [
        ([10, 100], [0.2, 0.0], "errors must be finite and above 0.*one is 0"),
        ([0, 100], [0.2, 0.1], "sizes must be finite and above 0"),
        ([10, 100], [0.2, np.nan], "errors must be finite"),
        ([10, 10], [0.2, 0.1], "at least two different sizes"),
        ([10, 100], [0.3, 0.2, 0.1], r"one error for each of the 2 sizes"),
        ([10, 100], 0.3, r"one error for each of the 2 sizes"),
    ],
)
def test_power_law_refuses_what_has_no_logarithm_or_no_partner(sizes, errors, words):
    with pytest.raises(ValueError, match=words):
        power_law(sizes, errors)


def test_bootstrap_varies_as_the_binomial_says():
    wrong = np.random.default_rng(1).random((1, 2, 2000)) < [[[0.15], [0.4]]]
    drawn = bootstrap_errors(wrong, draws=3000)
    e = wrong.mean(axis=(0, 2))
    assert drawn.shape == (3000, 2)
    assert drawn.mean(axis=0) == pytest.approx(e, abs=0.001)
    assert drawn.std(axis=0) == pytest.approx(np.sqrt(e * (1 - e) / 2000), rel=0.06)


def test_bootstrap_draws_runs_too():
    wrong = np.zeros((2, 1, 10), dtype=bool)
    wrong[1] = True
    drawn = bootstrap_errors(wrong, draws=2000)
    assert np.unique(drawn.round(6)).tolist() == [0, 0.5, 1]
    assert (drawn == 0).mean() == pytest.approx(0.25, abs=0.04)


def test_same_seed_same_draws_so_that_what_two_learners_share_falls_out():
    wrong = np.random.default_rng(2).random((3, 2, 500)) < 0.3
    worse = wrong.copy()
    worse[:, 1, :10] |= True
    difference = bootstrap_errors(worse, 200, seed=5) - bootstrap_errors(wrong, 200, seed=5)
    assert np.all(difference[:, 0] == 0)
    assert np.all(difference[:, 1] >= 0)
    assert difference[:, 1].std() < bootstrap_errors(wrong, 200, seed=5)[:, 1].std() / 3


@pytest.mark.parametrize("wrong", [np.zeros((3, 100)), np.zeros((0, 2, 5))])
def test_bootstrap_refuses_other_shapes(wrong):
    with pytest.raises(ValueError, match=r"wrong must have shape \(runs, sizes, m\)"):
        bootstrap_errors(wrong)


def _two_classes(m, seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, m)
    return rng.normal(size=(m, 4)) + y[:, None], y


def _trained(**options):
    net = MLP((4, 8, 2), "relu", loss="cross_entropy", seed=0)
    validation = _two_classes(40, 1)
    wanted = {"optimizer": Adam(0.05), "steps": 400, "batch_size": 10, "every": 6, "patience": 3} | options
    return net, validation, fit_until_best(net, _two_classes(30, 0), validation, **wanted)


def test_early_stopping_keeps_the_weights_of_the_lowest_cost():
    net, validation, stopped = _trained()
    assert net.cost(*validation) == stopped.costs.min()
    assert stopped.best_step == 6 * (stopped.costs.argmin() + 1)


def test_early_stopping_waits_for_its_patience_and_no_longer():
    _, _, stopped = _trained()
    assert len(stopped.costs) == stopped.costs.argmin() + 1 + 3
    assert stopped.steps == 6 * len(stopped.costs) < 400


def test_early_stopping_ends_with_the_steps():
    _, _, stopped = _trained(steps=18, patience=100)
    assert stopped.steps == 18
    assert len(stopped.costs) == 3


def test_a_round_is_made_of_whole_epochs():
    _, _, stopped = _trained(every=7, steps=18, patience=100)  # 3 steps an epoch: 3 epochs take 9 steps
    assert stopped.steps == 18
    assert len(stopped.costs) == 2


def test_rounds_go_on_where_the_last_ended():
    net, _, stopped = _trained(optimizer=SGD(0.01), steps=12, patience=100)
    by_hand = MLP((4, 8, 2), "relu", loss="cross_entropy", seed=0)
    optimizer = SGD(0.01)
    for seed in (0, 1):
        by_hand.fit(*_two_classes(30, 0), optimizer=optimizer, epochs=2, batch_size=10, seed=seed)
    assert stopped.best_step == 12
    assert all(np.array_equal(a, b) for a, b in zip(net.parameters, by_hand.parameters, strict=True))


@pytest.mark.parametrize("name", ["steps", "every", "patience", "batch_size"])
def test_early_stopping_refuses_what_is_no_whole_number_above_0(name):
    with pytest.raises(ValueError, match=f"{name} must be a whole number above 0, not 0"):
        _trained(**{name: 0})
