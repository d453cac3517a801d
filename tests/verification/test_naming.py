"""Naming, projection and batches of people: against SciPy and scikit-learn, by properties, and what is refused."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid

from dlcourse.verification import Whitening, cosine_distances, few_shot_accuracy, identify, people_batches


@pytest.fixture
def people():
    return np.repeat(np.arange(6), 5)


@pytest.fixture
def features(people):
    rng = np.random.default_rng(0)
    return rng.normal(size=(6, 12))[people] + rng.normal(size=(30, 12)) * np.array([0.4] * 9 + [3] * 3)


def directions(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def test_cosine_distances_equal_scipy(features):
    np.testing.assert_allclose(
        cosine_distances(features, features[:4]), cdist(features, features[:4], "cosine"), atol=1e-12
    )
    np.testing.assert_allclose(cosine_distances(features), cosine_distances(features, features), atol=1e-12)
    np.testing.assert_array_equal(cosine_distances(np.zeros((1, 2)), [[3, 4]]), [[1]])


def test_identify_equals_scikit_learn(features, people):
    known = np.arange(30) % 5 < 3
    gallery, names, probes = features[known], people[known] * 10, features[~known]
    nearest = KNeighborsClassifier(1).fit(directions(gallery), names).predict(directions(probes))
    np.testing.assert_array_equal(identify(gallery, names, probes), nearest)
    centroids = NearestCentroid().fit(directions(gallery), names).centroids_
    means = np.unique(names)[cdist(probes, centroids, "cosine").argmin(axis=1)]
    np.testing.assert_array_equal(identify(gallery, names, probes, rule="mean"), means)


def test_names_may_be_words_and_the_first_of_equals_wins():
    named = identify([[1, 0], [2, 0], [0, 1]], ["b", "a", "c"], [[3, 0], [0, 5]])
    assert named.tolist() == ["b", "c"]


def test_with_one_picture_each_both_rules_agree(features, people):
    one, other = (few_shot_accuracy(features, people, 1, rule=rule) for rule in ("nearest", "mean"))
    np.testing.assert_array_equal(one, other)


def test_more_pictures_help_and_the_same_seed_draws_the_same(features, people):
    one, four = few_shot_accuracy(features, people, 1, draws=30), few_shot_accuracy(features, people, 4, draws=30)
    assert one.shape == (30,)
    assert one.mean() < four.mean()
    np.testing.assert_array_equal(one, few_shot_accuracy(features, people, 1, draws=30))
    assert not np.array_equal(one, few_shot_accuracy(features, people, 1, draws=30, seed=1))


def test_people_who_are_far_apart_are_always_named(people):
    assert (few_shot_accuracy(np.eye(6)[people], people, 1) == 1).all()


def test_a_picture_never_names_itself():
    """Features that are all different directions: only a probe among the gallery could be named rightly by more."""
    people, rng = np.repeat(np.arange(20), 2), np.random.default_rng(0)
    assert few_shot_accuracy(rng.normal(size=(40, 200)), people, 1, draws=50).mean() < 0.15


def test_whitening_makes_what_varies_within_people_round(features, people):
    Z = Whitening(7).fit(features, people).transform(features)
    rest = Z - np.stack([Z[people == one].mean(axis=0) for one in people])
    np.testing.assert_allclose(rest.T @ rest / 24, np.eye(7), atol=1e-9)
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-9)


def test_with_full_shrinkage_only_the_principal_components_are_left(features, people):
    from sklearn.decomposition import PCA

    ours = Whitening(5, shrinkage=1).fit(features, people).transform(features)
    theirs = PCA(5).fit_transform(features)
    ratio = cdist(ours, ours)[0, 1:] / cdist(theirs, theirs)[0, 1:]
    np.testing.assert_allclose(ratio, ratio[0])


def test_whitening_helps_where_people_vary_most_in_what_does_not_tell_them_apart(features, people):
    train = people < 3
    Z = Whitening(10, 0.2).fit(features[train], people[train]).transform(features[~train])
    before = few_shot_accuracy(features[~train], people[~train], 1, draws=50).mean()
    assert few_shot_accuracy(Z, people[~train], 1, draws=50).mean() > before


def test_batches_hold_people_and_pictures(people):
    batches = people_batches(people, 40, people_each=4, pictures_each=3, seed=1)
    assert batches.shape == (40, 12)
    for batch in batches:
        who = people[batch].reshape(4, 3)
        assert (who == who[:, :1]).all()
        assert len(set(who[:, 0])) == 4
        assert len(set(batch)) == 12
    counts = np.bincount(people[batches].ravel(), minlength=6)
    assert counts.max() - counts.min() <= 6
    np.testing.assert_array_equal(batches, people_batches(people, 40, people_each=4, pictures_each=3, seed=1))
    assert not np.array_equal(batches, people_batches(people, 40, people_each=4, pictures_each=3))


def test_a_person_of_few_pictures_comes_with_some_of_them_twice():
    batches = people_batches(np.array([0, 0, 1, 1]), 3, people_each=2, pictures_each=3)
    assert batches.shape == (3, 6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cosine_distances(np.ones(3)), "a is a matrix, one row a picture"),
        (lambda: cosine_distances(np.ones((1, 3)), np.ones((1, 2))), "as many features, not 3 and 2"),
        (lambda: identify(np.ones((2, 3)), [0], np.ones((1, 3))), r"names are \(2,\)"),
        (lambda: identify(np.ones((0, 3)), [], np.ones((1, 3))), "at least one"),
        (lambda: identify(np.ones((1, 3)), [0], np.ones((1, 3)), rule="vote"), "rule is one of 'nearest', 'mean'"),
        (lambda: few_shot_accuracy(np.ones((4, 2)), [0, 0, 1], 1), r"not \(4, 2\) and \(3,\)"),
        (lambda: few_shot_accuracy(np.ones((4, 2)), [0, 0, 1, 1], 2), "shots is below the 2 pictures"),
        (lambda: few_shot_accuracy(np.ones((4, 2)), [0, 0, 1, 1], 0), "shots is a whole number from 1, not 0"),
        (lambda: few_shot_accuracy(np.ones((4, 2)), [0, 0, 1, 1], 1, draws=1.5), "draws is a whole number"),
        (lambda: Whitening(0), "components is a whole number from 1, not 0"),
        (lambda: Whitening(3, 1.1), "shrinkage is a number from 0 to 1, not 1.1"),
        (lambda: Whitening(3).transform(np.ones((1, 3))), "nothing was learned yet"),
        (lambda: Whitening(4).fit(np.ones((4, 9)), [0, 0, 1, 1]), "components is at most 3"),
        (lambda: Whitening(1).fit(np.eye(3), [0, 1, 2]), "nobody has two pictures"),
        (lambda: Whitening(2).fit(np.eye(4), [0, 0]), r"not \(4, 4\) and \(2,\)"),
        (lambda: Whitening(3).fit(np.eye(4), [0, 0, 1, 1]), "3 components are too many for shrinkage 0"),
        (lambda: people_batches([0, 0, 1, 1], 0, people_each=2, pictures_each=2), "number is a whole number from 1"),
        (lambda: people_batches([0, 0, 1, 1], 1, people_each=3, pictures_each=2), "people_each is at most 2"),
        (lambda: people_batches([0, 0, 1, 1], 1, people_each=2, pictures_each=1), "pictures_each is a whole number"),
        (lambda: people_batches(np.ones((2, 2)), 1, people_each=2, pictures_each=2), r"people is \(n,\)"),
    ],
)
def test_wrong_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_the_whitening_knows_the_width_it_was_learned_for(features, people):
    with pytest.raises(ValueError, match=r"features are \(m, 12\), not \(2, 3\)"):
        Whitening(3).fit(features, people).transform(np.ones((2, 3)))
