"""Verification losses against loops over pairs and triplets in NumPy: values and gradients, ties and lone people too.

Runs on whichever backend Keras has. Embeddings of small whole numbers make many distances equal; where several are
equally hard, the reference shares the gradient among them, as it says.
"""

import itertools

import keras
import numpy as np
import pytest
from keras import ops

from dlcourse.layers import L2Normalize
from dlcourse.verification import (
    batch_contrastive_loss,
    batch_hard_triplet_loss,
    contrastive_loss,
    semi_hard_triplet_loss,
    triplet_loss,
)

SEEDS = range(24)
TOLERANCE = {"rtol": 2e-4, "atol": 2e-5}


def drawn(seed):
    """A batch of 2 to 12 examples of up to 5 people; every second one of few whole numbers, so with ties and twins."""
    rng = np.random.default_rng(seed)
    number, width = rng.integers(2, 13), rng.integers(1, 5)
    labels = rng.integers(0, rng.integers(1, 6), number)
    x = rng.integers(-1, 2, (number, width)) if seed % 2 else rng.normal(size=(number, width))
    return labels, x.astype("float32")


def value_and_gradient(function, x):
    """Of a function with one number as its answer, by the backend's own differentiation."""
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        value, gradient = jax.value_and_grad(function)(x)
        return float(value), np.asarray(gradient)
    if backend == "torch":
        import torch

        tensor = torch.tensor(x, requires_grad=True)
        value = function(tensor)
        value.backward()
        return float(value), tensor.grad.numpy()
    import tensorflow as tf

    tensor = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        value = function(tensor)
    return float(value), tape.gradient(value, tensor).numpy()


class Distances:
    """All distances of a batch, and the gradient of a weighted sum of them, gathered as the loops go."""

    def __init__(self, x, squared):
        self.x, self.squared, self.gradient = x.astype(float), squared, np.zeros(x.shape)

    def __call__(self, i, j):
        d2 = float(np.sum((self.x[i] - self.x[j]) ** 2))
        return d2 if self.squared else d2**0.5

    def push(self, weight, i, j):
        """Add `weight` times the gradient of d(i, j)."""
        d = self(i, j)
        slope = 2.0 if self.squared else (1 / d if d else 0.0)
        self.gradient[i] += weight * slope * (self.x[i] - self.x[j])
        self.gradient[j] -= weight * slope * (self.x[i] - self.x[j])


def equal_to(value, d, i, among):
    """Which j of `among` have the distance `value` from i, to single precision."""
    return [j for j in among if np.isclose(d(i, j), value, rtol=1e-6, atol=1e-9)]


def bend(x, margin, scale):
    """The loss of a violation and its slope."""
    if margin is None:
        return np.logaddexp(0, scale * x) / scale, 1 / (1 + np.exp(-scale * x))
    return max(0.0, x + margin), float(x + margin > 0)


def hard_by_loops(labels, x, margin, squared, scale):
    d = Distances(x, squared)
    triplets = []
    for i in range(len(x)):
        same = [j for j in range(len(x)) if labels[j] == labels[i] and j != i]
        others = [j for j in range(len(x)) if labels[j] != labels[i]]
        if same and others:
            far, near = max(d(i, j) for j in same), min(d(i, j) for j in others)
            triplets.append((i, far, near, equal_to(far, d, i, same), equal_to(near, d, i, others)))
    total = 0.0
    for i, far, near, furthest, nearest in triplets:
        loss, slope = bend(far - near, margin, scale)
        total += loss / len(triplets)
        for j in furthest:
            d.push(slope / len(triplets) / len(furthest), i, j)
        for j in nearest:
            d.push(-slope / len(triplets) / len(nearest), i, j)
    return total, d.gradient


def semi_hard_by_loops(labels, x, margin, squared):
    d = Distances(x, squared)
    pairs = [
        (a, p)
        for a, p in itertools.permutations(range(len(x)), 2)
        if labels[a] == labels[p] and (labels != labels[a]).any()
    ]
    total = 0.0
    for a, p in pairs:
        others = [int(n) for n in np.flatnonzero(labels != labels[a])]
        further = [n for n in others if d(a, n) > d(a, p) + 1e-9]
        chosen = min(d(a, n) for n in further) if further else max(d(a, n) for n in others)
        alike = equal_to(chosen, d, a, further or others)
        loss, slope = bend(d(a, p) - chosen, margin, 1.0)
        total += loss / len(pairs)
        d.push(slope / len(pairs), a, p)
        for n in alike:
            d.push(-slope / len(pairs) / len(alike), a, n)
    return total, d.gradient


def contrastive_by_loops(labels, x, margin):
    d = Distances(x, squared=False)
    pairs = list(itertools.combinations(range(len(x)), 2))
    same = [(i, j) for i, j in pairs if labels[i] == labels[j]]
    different = [(i, j) for i, j in pairs if labels[i] != labels[j]]
    total = 0.0
    for i, j in same:
        total += 0.5 * d(i, j) ** 2 / len(same)
        d.push(d(i, j) / len(same), i, j)
    for i, j in different:
        short = max(0.0, margin - d(i, j))
        total += 0.5 * short**2 / len(different)
        d.push(-short / len(different), i, j)
    return total, d.gradient


def assert_alike(ours, reference):
    for got, expected in zip(ours, reference, strict=True):
        np.testing.assert_allclose(got, expected, **TOLERANCE)


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize(("margin", "scale"), [(None, 1.0), (None, 8.0), (1.0, 1.0), (0.0, 1.0)])
@pytest.mark.parametrize("seed", SEEDS)
def test_batch_hard(seed, margin, scale, squared):
    labels, x = drawn(seed)
    settings = {"margin": margin, "squared": squared, "scale": scale}
    ours = value_and_gradient(lambda e: batch_hard_triplet_loss(labels, e, **settings), x)
    assert_alike(ours, hard_by_loops(labels, x, margin, squared, scale))


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("margin", [0.3, 2.0])
@pytest.mark.parametrize("seed", SEEDS)
def test_semi_hard(seed, margin, squared):
    labels, x = drawn(seed)
    ours = value_and_gradient(lambda e: semi_hard_triplet_loss(labels, e, margin, squared=squared), x)
    assert_alike(ours, semi_hard_by_loops(labels, x, margin, squared))


@pytest.mark.parametrize("margin", [0.5, 1.5])
@pytest.mark.parametrize("seed", SEEDS)
def test_contrastive_over_a_batch(seed, margin):
    labels, x = drawn(seed)
    ours = value_and_gradient(lambda e: batch_contrastive_loss(labels, e, margin), x)
    assert_alike(ours, contrastive_by_loops(labels, x, margin))


@pytest.mark.parametrize("seed", SEEDS)
def test_contrastive_pair_by_pair(seed):
    rng = np.random.default_rng(seed)
    same, distance = rng.integers(0, 2, 9), rng.choice([0, 0.3, 1.0, 1.2], 9).astype("float32")
    expected = [0.5 * d**2 if y else 0.5 * max(0, 1 - d) ** 2 for y, d in zip(same, distance, strict=True)]
    slopes = [d if y else -max(0, 1 - d) for y, d in zip(same, distance, strict=True)]
    ours = value_and_gradient(lambda d: ops.sum(contrastive_loss(same, d)), distance)
    assert_alike(ours, (sum(expected), np.array(slopes)))


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("margin", [None, 0.5])
@pytest.mark.parametrize("seed", SEEDS[:12])
def test_triplets_one_by_one(seed, margin, squared):
    rng = np.random.default_rng(seed)
    triplets = rng.integers(-1, 2, (7, 3, 2)) if seed % 2 else rng.normal(size=(7, 3, 2))
    x = triplets.reshape(21, 2).astype("float32")
    d, total = Distances(x, squared), 0.0
    for a in range(0, 21, 3):
        loss, slope = bend(d(a, a + 1) - d(a, a + 2), margin, 1.0)
        total += loss
        d.push(slope, a, a + 1)
        d.push(-slope, a, a + 2)

    def ours(e):
        return ops.sum(triplet_loss(e[0::3], e[1::3], e[2::3], margin, squared=squared))

    assert_alike(value_and_gradient(ours, x), (total, d.gradient))


@pytest.mark.parametrize("axis", [-1, 1, (1, 2)])
def test_l2_normalize_equals_keras_unit_normalization(axis):
    x = np.random.default_rng(0).normal(size=(3, 4, 5)).astype("float32")
    mix = np.cos(np.arange(60, dtype="float32")).reshape(3, 4, 5)
    both = [
        value_and_gradient(lambda e, layer=layer: ops.sum(mix * layer(e)), x)
        for layer in (L2Normalize(axis), keras.layers.UnitNormalization(axis))
    ]
    assert_alike(*both)
