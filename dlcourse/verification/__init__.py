"""Is this the same person? Losses that shape a space of distances, mining, error rates, and naming from few pictures.

A distance is small for the same and large for different; a pair is accepted when its distance is at most a threshold.

from dlcourse.verification import all_pairs, batch_hard_triplet_loss, cosine_distances, equal_error_rate

model.compile("adam", loss=batch_hard_triplet_loss)
distances, same = all_pairs(cosine_distances(model.predict(pictures)), people)
print(equal_error_rate(distances, same))

The names below are loaded when they are first used; Keras only by the losses.
"""

from dlcourse.lazy import loader

# A module bears another name than the function it holds: once loaded, it would stand in its place.
_WHERE = {
    "Whitening": "projection",
    "Roc": "rates",
    "all_pairs": "rates",
    "batch_contrastive_loss": "mining",
    "batch_hard_triplet_loss": "mining",
    "contrastive_loss": "pair_losses",
    "cosine_distances": "naming",
    "equal_error_rate": "rates",
    "equal_error_threshold": "rates",
    "error_rates": "rates",
    "euclidean_distance": "pair_losses",
    "few_shot_accuracy": "naming",
    "identify": "naming",
    "pairwise_distances": "mining",
    "people_batches": "sampling",
    "roc": "rates",
    "semi_hard_triplet_loss": "mining",
    "triplet_loss": "pair_losses",
    "true_accept_rate": "rates",
}
__all__ = list(_WHERE)
__getattr__ = loader(__name__, _WHERE)


def __dir__():
    return __all__
