"""How well a distance tells the same from different: all pairs, ROC, error rates at a threshold, equal error rate.

A pair is accepted as the same when its distance is at most the threshold. The *false accept rate* is the share of pairs
of different people that are accepted, the *true accept rate* that of pairs of the same; the rest of these are *false
rejects*.
"""

import math
import numbers
from typing import NamedTuple

import numpy as np

METHODS = ("interpolated", "threshold")


class Roc(NamedTuple):
    """One entry a threshold, which grows: shares of pairs accepted, `(thresholds,)` each; the first accepts no pair."""

    false_accepts: np.ndarray
    true_accepts: np.ndarray
    thresholds: np.ndarray


def all_pairs(distances, people) -> tuple[np.ndarray, np.ndarray]:
    """Each pair once, none of an example with itself: `(n, n)` distances and `(n,)` labels -> `(n(n-1)/2,)` twice.

    Gives the distances of the pairs and whether both are the same person, in the order of `np.triu_indices(n, 1)`.

    Raises:
        ValueError: shapes do not fit.
    """
    distances, people = np.asarray(distances), np.asarray(people)
    if people.ndim != 1 or distances.shape != (len(people), len(people)):
        raise ValueError(f"distances are (n, n) and people (n,), not {distances.shape} and {people.shape}.")
    i, j = np.triu_indices(len(people), 1)
    return distances[i, j], people[i] == people[j]


def roc(distances, same) -> Roc:
    """The receiver operating characteristic, by scikit-learn, with distances in place of scores.

    Args:
        distances: `(pairs,)`, small where both are likely the same.
        same: `(pairs,)` bool.

    Raises:
        ValueError: shapes differ, a distance is not finite, or a kind of pair is missing.
    """
    from sklearn.metrics import roc_curve

    distances, same = _checked(distances, same)
    false, true, scores = roc_curve(same, -distances, drop_intermediate=False)
    return Roc(false, true, -scores)


def error_rates(distances, same, threshold: float) -> tuple[float, float]:
    """The false accept rate and the false reject rate when pairs up to `threshold` are accepted.

    Raises:
        ValueError: as in `roc`, or the threshold is no number.

    Example:
        >>> error_rates([0.1, 0.4, 0.3, 0.9], [True, True, False, False], 0.35)
        (0.5, 0.5)
    """
    distances, same = _checked(distances, same)
    if not isinstance(threshold, numbers.Real) or math.isnan(threshold):
        raise ValueError(f"threshold is a number, not {threshold!r}.")
    accepted = distances <= threshold
    return float(accepted[~same].mean()), float((~accepted[same]).mean())


def equal_error_rate(distances, same, *, method: str = "interpolated") -> float:
    """The error rate where as large a share of the same is rejected as of the different accepted.

    With finitely many pairs no threshold may make the two equal. There are two common definitions, which differ by up
    to half a step of the curve:

    - "interpolated": where the ROC, its points joined by straight lines, crosses the line of equal errors;
    - "threshold": the mean of both rates at the threshold at which they differ least (the lowest of several).

    The first is what no single threshold may give, but does not jump when one pair is added; the second is what one
    threshold gives, on average. 0.5 is chance.

    Raises:
        ValueError: as in `roc`, or another method.

    Example:
        >>> equal_error_rate([0.1, 0.2, 0.8, 0.9], [True, True, False, False])
        0.0
    """
    if method not in METHODS:
        raise ValueError(f"method is one of {', '.join(map(repr, METHODS))}, not {method!r}.")
    false, true, _ = roc(distances, same)
    rejects = 1 - true
    if method == "threshold":
        place = _closest(false, rejects)
        return float((false[place] + rejects[place]) / 2)
    gap = false - rejects  # grows from -1 to 1
    after = int(np.argmax(gap >= 0))
    share = -gap[after - 1] / (gap[after] - gap[after - 1])
    return float(false[after - 1] + share * (false[after] - false[after - 1]))


def equal_error_threshold(distances, same) -> float:
    """The threshold at which false accepts and false rejects differ least, halfway to the next distance.

    It is to be chosen on people who are not those it is used on. (Halfway, because the distance itself is that of a
    pair seen: others would fall on either side of it by chance.)

    Raises:
        ValueError: as in `roc`.
    """
    false, true, thresholds = roc(distances, same)
    place = _closest(false, 1 - true)
    if place == 0:  # accepts no pair: any number below the smallest distance does
        return float(np.nextafter(thresholds[1], -np.inf))
    following = thresholds[min(place + 1, len(thresholds) - 1)]
    return float((thresholds[place] + following) / 2)


def true_accept_rate(distances, same, false_accept_rate: float = 0.01) -> float:
    """The largest true accept rate of a threshold whose false accept rate is at most the one given; no interpolation.

    Raises:
        ValueError: as in `roc`, or false_accept_rate is not from 0 to 1.
    """
    good = isinstance(false_accept_rate, numbers.Real) and not isinstance(false_accept_rate, bool)
    if not good or not 0 <= false_accept_rate <= 1:
        raise ValueError(f"false_accept_rate is a number from 0 to 1, not {false_accept_rate!r}.")
    false, true, _ = roc(distances, same)
    return float(true[false <= false_accept_rate].max())


def _closest(false, rejects):
    return int(np.argmin(np.abs(false - rejects)))


def _checked(distances, same):
    distances, same = np.asarray(distances, dtype=float), np.asarray(same)
    if distances.ndim != 1 or distances.shape != same.shape:
        raise ValueError(f"distances and same are (pairs,) both, not {distances.shape} and {same.shape}.")
    if not np.isfinite(distances).all():
        raise ValueError("distances are finite numbers; one is not.")
    if not np.isin(same, (0, 1)).all():
        raise ValueError("same is True or False for each pair.")
    same = same.astype(bool)
    if same.all() or not same.any():
        raise ValueError(f"same holds {'only' if same.all() else 'no'} pairs of the same: both kinds are needed.")
    return distances, same
