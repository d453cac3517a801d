"""Losses of verification: answers known beforehand, half precision, training, and what is refused."""

import keras
import numpy as np
import pytest
from keras import ops

import dlcourse.verification
from dlcourse.layers import L2Normalize
from dlcourse.verification import (
    batch_contrastive_loss,
    batch_hard_triplet_loss,
    contrastive_loss,
    euclidean_distance,
    pairwise_distances,
    people_batches,
    semi_hard_triplet_loss,
    triplet_loss,
)


def number(tensor):
    return np.asarray(ops.convert_to_numpy(tensor), dtype=float)


def test_every_name_is_found_twice():
    """A module of the same name as what it holds would stand in its place the second time."""
    for name in dlcourse.verification.__all__:
        assert getattr(dlcourse.verification, name) is getattr(dlcourse.verification, name)


def test_contrastive_loss_of_four_pairs():
    got = contrastive_loss([1, 1, 0, 0], [0.0, 2.0, 0.25, 3.0])
    np.testing.assert_allclose(number(got), [0, 2, 0.5 * 0.75**2, 0], rtol=1e-6)
    column = contrastive_loss(np.array([True, False]), np.array([[0.5], [0.5]]))
    np.testing.assert_allclose(number(column), [0.125, 0.125])
    np.testing.assert_allclose(number(contrastive_loss([0], [1.0], margin=2)), [0.5])


def test_triplet_loss_of_one_triplet():
    a, p, n = np.array([[0.0, 0]]), np.array([[1.0, 0]]), np.array([[0.0, 2]])
    assert number(triplet_loss(a, p, n, 1.0)) == 0  # 1 - 4 + 1
    assert number(triplet_loss(a, n, p, 1.0)) == 4
    assert number(triplet_loss(a, n, p, 1.0, squared=False)) == 2
    assert number(triplet_loss(a, p, p, None)) == pytest.approx(np.log(2))
    assert number(triplet_loss(a, n, p, None, scale=100)) == pytest.approx(3)


def test_hard_and_semi_hard_of_one_batch():
    labels, x = np.array([0, 0, 1, 1]), np.array([[0.0], [2.0], [3.0], [7.0]])
    # furthest of the same 2 2 4 4, nearest of the others 3 1 1 5
    assert number(batch_hard_triplet_loss(labels, x, 1.0)) == pytest.approx((0 + 2 + 4 + 0) / 4)
    # pairs 01 10 23 32; the nearest other further away 3 5 - 5, and for the third the furthest, 3
    assert number(semi_hard_triplet_loss(labels, x, 1.0, squared=False)) == pytest.approx((0 + 0 + 2 + 0) / 4)
    assert number(batch_contrastive_loss(labels, x, 2.0)) == pytest.approx((2 + 8) / 2 + 0.5 / 4)


@pytest.mark.parametrize("loss", [batch_hard_triplet_loss, semi_hard_triplet_loss])
@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2], [0]])
def test_without_a_triplet_there_is_no_loss(loss, labels):
    assert number(loss(np.array(labels), np.random.default_rng(0).normal(size=(len(labels), 3)))) == 0


@pytest.mark.parametrize("loss", [batch_hard_triplet_loss, semi_hard_triplet_loss, batch_contrastive_loss])
def test_labels_may_be_a_column_and_any_whole_numbers(loss):
    x = 0.3 * np.random.default_rng(0).normal(size=(6, 3)).astype("float32")
    labels = np.array([3, 9, 3, 9, 700, 700])
    expected = number(loss(np.array([0, 1, 0, 1, 2, 2]), x))
    assert expected > 0
    assert number(loss(labels[:, None], x)) == pytest.approx(expected)
    assert number(loss(labels.astype("float32"), x)) == pytest.approx(expected)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_is_computed_in_single(dtype):
    """Differences below the steps of half precision are kept, and squares beyond its range."""
    x = ops.cast(np.array([[300.0, 0], [300, 1], [-300, 0], [-300, 1]], "float32"), dtype)
    labels = np.array([0, 0, 1, 1])
    for loss in (batch_hard_triplet_loss, semi_hard_triplet_loss, batch_contrastive_loss):
        value = loss(labels, x)
        assert keras.backend.standardize_dtype(value.dtype) == "float32"
        assert np.isfinite(number(value))
    assert number(pairwise_distances(x)).max() == pytest.approx((600**2 + 1) ** 0.5)
    assert number(euclidean_distance(x[:1], x[2:3])) == 600


def test_a_collapsed_batch_costs_the_hinge_its_margin():
    assert number(batch_hard_triplet_loss(np.array([0, 0, 1, 1]), np.ones((4, 3)), 0.3)) == pytest.approx(0.3)


def test_equal_rows_are_at_no_distance():
    x = np.full((2, 50), 1e3, "float32") + np.float32(0.1)
    np.testing.assert_array_equal(number(pairwise_distances(x)), np.zeros((2, 2)))


@pytest.mark.parametrize("loss", [batch_hard_triplet_loss, semi_hard_triplet_loss, batch_contrastive_loss])
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_network_learns_to_tell_people_apart(loss, policy):
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(6), 5)
    x = (rng.normal(size=(6, 8))[people] + 2 * rng.normal(size=(30, 8)) * ([0] * 4 + [1] * 4)).astype("float32")
    layers = [keras.layers.Dense(8, dtype=policy), L2Normalize(dtype=policy)]
    model = keras.Sequential([keras.Input((8,)), *layers])
    model.compile(keras.optimizers.Adam(0.02), loss, jit_compile=keras.backend.backend() == "jax")
    batches = people_batches(people, 60, people_each=5, pictures_each=3)
    losses = [float(model.train_on_batch(x[batch], people[batch])) for batch in batches]
    assert np.isfinite(losses).all()
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:10])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: contrastive_loss([1], [1.0], margin=0), "margin is a number above 0, not 0"),
        (lambda: contrastive_loss([1, 0], [1.0]), r"same and distance have the same shape, not \(2,\) and \(1,\)"),
        (lambda: euclidean_distance(np.ones((2, 3)), np.ones((2, 4))), "a and b have the same shape"),
        (lambda: triplet_loss(np.ones((2, 3)), np.ones((2, 3)), np.ones((1, 3))), "anchor and negative"),
        (lambda: triplet_loss(*np.ones((3, 1, 2)), margin=-1), "margin is a number from 0, or None.*not -1"),
        (lambda: triplet_loss(*np.ones((3, 1, 2)), margin="soft"), "margin is a number from 0, or None.*not 'soft'"),
        (lambda: triplet_loss(*np.ones((3, 1, 2)), margin=None, scale=0), "scale is a number above 0, not 0"),
        (lambda: pairwise_distances(np.ones(3)), r"embeddings are \(batch, features\), not \(3,\)"),
        (lambda: batch_hard_triplet_loss([0, 1], np.ones((3, 2))), r"labels are \(3,\), one an embedding, not \(2,\)"),
        (lambda: batch_hard_triplet_loss([0], np.ones((1, 2)), margin=float("nan")), "margin is"),
        (lambda: semi_hard_triplet_loss([0], np.ones((1, 2)), None), "margin is a number from 0, not None"),
        (lambda: batch_contrastive_loss([0], np.ones((1, 2)), -1.0), "margin is a number above 0, not -1.0"),
    ],
)
def test_wrong_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
