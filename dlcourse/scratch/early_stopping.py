"""Early stopping by hand: train until held-back examples say that it does no more good, and keep the best weights."""

from typing import NamedTuple

import numpy as np

from dlcourse.scratch.inputs import positive
from dlcourse.scratch.mlp import MLP


class Stopped(NamedTuple):
    """How a training with early stopping went.

    costs: the cost on the held-back examples after each round, (rounds,).
    steps: steps taken. best_step: the step whose weights were kept.
    """

    costs: np.ndarray
    steps: int
    best_step: int


def fit_until_best(
    net: MLP, training, validation, *, optimizer, steps, batch_size, every=25, patience=5, seed=0
) -> Stopped:
    """Train `net` in rounds of whole epochs until the validation cost stops falling, and give it the best weights seen.

    training, validation: pairs X (m, n), y (m,). optimizer: as for `MLP.fit`.
    steps: no round begins after so many. every: a round is the fewest epochs that take so many steps at least, so
    that small sets, with few steps an epoch, are not asked more often than large ones.
    patience: rounds without a new best cost after which it ends. seed: of the order of the rows.
    Raises what `MLP.fit` raises; ValueError for steps, every, patience or batch_size that is no whole number above 0.
    """
    for name, value in {"steps": steps, "every": every, "patience": patience, "batch_size": batch_size}.items():
        positive(name, value, whole=True)
    steps_an_epoch = -(-len(training[0]) // batch_size)
    epochs = -(-every // steps_an_epoch)
    costs, lowest, waited, kept = [], np.inf, 0, _copies(net)
    while len(costs) * epochs * steps_an_epoch < steps and waited < patience:
        net.fit(*training, optimizer=optimizer, epochs=epochs, batch_size=batch_size, seed=seed + len(costs))
        costs.append(net.cost(*validation))
        waited += 1
        if costs[-1] < lowest:
            lowest, waited, kept = costs[-1], 0, _copies(net)
    for parameter, best in zip(net.parameters, kept, strict=True):
        parameter[:] = best
    in_round = epochs * steps_an_epoch
    return Stopped(np.array(costs), len(costs) * in_round, (len(costs) - waited) * in_round)


def _copies(net):
    return [parameter.copy() for parameter in net.parameters]
