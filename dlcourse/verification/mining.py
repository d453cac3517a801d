"""Losses that choose their pairs and triplets within a batch: all, the hardest, or the semi-hard ones.

Each takes `(labels, embeddings)`, so that `model.compile(loss=batch_hard_triplet_loss)` does, and gives one number.
Labels are whole numbers `(batch,)` or `(batch, 1)`, the same for the same person; embeddings `(batch, features)`, one
row an example. Batches must hold several examples of several people: `people_batches` makes them. All is computed in
float32 under mixed precision, on any backend of Keras, and where several are equally hard they share the gradient.
"""

from keras import ops

from dlcourse.verification.pair_losses import (
    as_floats,
    bent,
    check_above_zero,
    check_margin,
    contrastive_loss,
    safe_root,
)


def pairwise_distances(embeddings, *, squared: bool = False):
    """The distance of every row from every row: `(batch, features)` -> `(batch, batch)`.

    From differences, not from |a|² + |b|² - 2ab: equal rows are at 0 exactly and near ones do not lose their digits,
    for batch² · features numbers in memory. The gradient at distance 0 is 0.

    Raises:
        ValueError: embeddings are no matrix.
    """
    embeddings = as_floats(embeddings)
    if len(embeddings.shape) != 2:
        raise ValueError(f"embeddings are (batch, features), not {tuple(embeddings.shape)}.")
    distances = ops.sum(ops.square(embeddings[:, None] - embeddings[None]), axis=-1)
    return distances if squared else safe_root(distances)


def batch_contrastive_loss(labels, embeddings, margin: float = 1.0):
    """The contrastive loss over all pairs of a batch: the mean over pairs of the same, plus that over different ones.

    A random pair is nearly always of different people; the two means weigh alike however many of each there are. A
    mean over no pair is 0.

    Raises:
        ValueError: margin is no number above 0, or shapes do not fit.
    """
    check_above_zero("margin", margin)
    distances = pairwise_distances(embeddings)
    same, itself = _same(labels, distances)
    losses = contrastive_loss(same, distances, margin)
    return _mean(losses, ops.logical_and(same, ops.logical_not(itself))) + _mean(losses, ops.logical_not(same))


def batch_hard_triplet_loss(labels, embeddings, margin: float | None = None, *, squared=False, scale: float = 1.0):
    """For each example its furthest of the same and its nearest of the others, as one triplet; the mean over these.

    An example that is alone in its batch, or has no others, is no anchor; without any anchor the loss is 0.

    Args:
        labels, embeddings: see the module.
        margin: None for the soft margin log(1 + e^(scale · x)) / scale with x = furthest - nearest; a number from 0 for
            the hinge max(0, x + margin). Beware of the hinge: when all embeddings are one point, the loss is the margin
            and the gradient 0, and hard triplets can drive a young network there.
        squared: distances squared; False for plain ones, as the paper advises.
        scale: of the soft margin. For embeddings of length 1, whose distances differ by 2 at most, 1 is too flat.

    Raises:
        ValueError: an argument that is not allowed, or shapes that do not fit.

    Source: Hermans, Beyer and Leibe, "In defense of the triplet loss for person re-identification" (2017), equation 5.
    """
    check_margin(margin, scale)
    distances = pairwise_distances(embeddings, squared=squared)
    same, itself = _same(labels, distances)
    positive, negative = ops.logical_and(same, ops.logical_not(itself)), ops.logical_not(same)
    furthest = ops.max(ops.where(positive, distances, ops.zeros_like(distances)), axis=1)
    nearest = ops.min(ops.where(negative, distances, _beyond(distances)), axis=1)
    anchor = ops.logical_and(ops.any(positive, axis=1), ops.any(negative, axis=1))
    # What is no anchor has no nearest: 0 in its place keeps the arithmetic, and so the gradient, finite.
    violation = ops.where(anchor, furthest - nearest, ops.zeros_like(nearest))
    return _mean(bent(violation, margin, scale), anchor)


def semi_hard_triplet_loss(labels, embeddings, margin: float = 0.2, *, squared: bool = True):
    """For each pair of the same, the nearest of the others that is further away than the pair; the mean over pairs.

    A pair for which no other is further away takes the furthest other. A pair that has no others is left out; without
    any pair the loss is 0. Every pair counts twice, once with each end as the anchor.

    Args:
        labels, embeddings: see the module.
        margin: the loss of a triplet is max(0, d(pair) - d(other) + margin).
        squared: distances squared, as in FaceNet; False for plain ones.

    Raises:
        ValueError: an argument that is not allowed, or shapes that do not fit.

    Source: Schroff, Kalenichenko and Philbin, "FaceNet" (2015), section 3.2.
    """
    if margin is None:
        raise ValueError("margin is a number from 0, not None: semi-hard triplets are those within the margin.")
    check_margin(margin, 1.0)
    distances = pairwise_distances(embeddings, squared=squared)
    same, itself = _same(labels, distances)
    positive, negative = ops.logical_and(same, ops.logical_not(itself)), ops.logical_not(same)
    pair, other = distances[:, :, None], distances[:, None, :]  # [anchor, positive, negative]
    fits = ops.logical_and(negative[:, None, :], ops.greater(other, pair))
    nearest = ops.min(ops.where(fits, other, _beyond(distances)), axis=2)
    furthest = ops.max(ops.where(negative, distances, ops.zeros_like(distances)), axis=1, keepdims=True)
    chosen = ops.where(ops.any(fits, axis=2), nearest, furthest)
    valid = ops.logical_and(positive, ops.any(negative, axis=1, keepdims=True))
    return _mean(ops.relu(distances - chosen + margin), valid)


def _same(labels, distances):
    """Which pairs have one label, and which are an example with itself, `(batch, batch)` bool each."""
    labels = ops.convert_to_tensor(labels)
    if len(labels.shape) == 2 and labels.shape[1] == 1:
        labels = ops.squeeze(labels, axis=1)
    known = None not in (*labels.shape, distances.shape[0])
    if len(labels.shape) != 1 or (known and labels.shape[0] != distances.shape[0]):
        raise ValueError(f"labels are ({distances.shape[0]},), one an embedding, not {tuple(labels.shape)}.")
    places = ops.arange(ops.shape(distances)[0])
    return ops.equal(labels[:, None], labels[None]), ops.equal(places[:, None], places[None])


def _beyond(distances):
    """A number above every distance, for what must not be the smallest. (Infinity would make NaN of a gradient.)"""
    return ops.full_like(distances, 3e38)


def _mean(values, chosen):
    """The mean of the chosen values, 0 if there is none."""
    kept = ops.where(chosen, values, ops.zeros_like(values))
    number = ops.sum(ops.cast(chosen, values.dtype))
    return ops.sum(kept) / ops.maximum(number, ops.ones_like(number))
