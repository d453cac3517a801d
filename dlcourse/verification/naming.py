"""Whose picture is it? The nearest of a few pictures of each person decides."""

import numbers

import numpy as np

RULES = ("nearest", "mean")


def cosine_distances(a, b=None) -> np.ndarray:
    """1 - cos of the angle between rows: `(n, features)` and `(m, features)` (or a again) -> `(n, m)`, from 0 to 2.

    A row of zeros has no direction: it is at distance 1 from everything.

    Raises:
        ValueError: no matrices, or of different widths.

    Example:
        >>> cosine_distances([[1.0, 0.0]], [[2.0, 0.0], [0.0, 3.0], [-1.0, 0.0]])
        array([[0., 1., 2.]])
    """
    a = _directions("a", a)
    b = a if b is None else _directions("b", b)
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"a and b have as many features, not {a.shape[1]} and {b.shape[1]}.")
    return np.clip(1 - a @ b.T, 0, 2)


def identify(gallery, names, probes, *, rule: str = "nearest") -> np.ndarray:
    """The name whose pictures are nearest to each probe, by cosine distance: `(probes,)`.

    Args:
        gallery: features of the known pictures, `(known, features)`.
        names: whose they are, `(known,)`.
        probes: features of those to be named, `(probes, features)`.
        rule: "nearest", the name of the nearest picture; "mean", of the nearest mean of a person's directions (with one
            picture of each it is the same).

    Of several at the same distance the first of the gallery wins, with "mean" the smallest name.

    Raises:
        ValueError: shapes do not fit, nobody is known, or another rule.

    Example:
        >>> identify([[1.0, 0.0], [0.0, 1.0]], ["Ada", "Alan"], [[0.9, 0.2]])
        array(['Ada'], dtype='<U4')
    """
    if rule not in RULES:
        raise ValueError(f"rule is one of {', '.join(map(repr, RULES))}, not {rule!r}.")
    gallery, names = _directions("gallery", gallery), np.asarray(names)
    if names.shape != (len(gallery),) or not len(names):
        raise ValueError(f"names are ({len(gallery)},), one a picture of the gallery, and at least one; {names.shape}.")
    if rule == "mean":
        known = np.unique(names)
        gallery, names = np.stack([gallery[names == name].mean(axis=0) for name in known]), known
    return names[cosine_distances(probes, gallery).argmin(axis=1)]


def few_shot_accuracy(features, people, shots: int, *, draws: int = 20, seed: int = 0, rule="nearest") -> np.ndarray:
    """The share of pictures named rightly when `shots` pictures of each person are known: `(draws,)`.

    For each draw, `shots` pictures of each person are chosen at random as the gallery; all others are probes.

    Args:
        features: `(n, features)`.
        people: whose they are, `(n,)`.
        shots: from 1; everybody must have more pictures.
        draws: how many galleries.
        seed: of their choice: the same seed gives the same galleries to whatever features are compared.
        rule: as in `identify`.

    Raises:
        ValueError: an argument that is not allowed.
    """
    features, people = np.asarray(features), np.asarray(people)
    if features.ndim != 2 or people.shape != (len(features),):
        raise ValueError(f"features are (n, features) and people (n,), not {features.shape} and {people.shape}.")
    for name, value in {"shots": shots, "draws": draws}.items():
        if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
            raise ValueError(f"{name} is a whole number from 1, not {value!r}.")
    fewest = np.unique(people, return_counts=True)[1].min()
    if shots >= fewest:
        raise ValueError(f"shots is below the {fewest} pictures of whom there are fewest, not {shots}.")
    rng = np.random.default_rng(seed)
    return np.array([_one_draw(features, people, shots, rng, rule) for _ in range(draws)])


def _one_draw(features, people, shots, rng, rule):
    chosen = [rng.permutation(np.flatnonzero(people == one))[:shots] for one in np.unique(people)]
    known = np.zeros(len(people), bool)
    known[np.concatenate(chosen)] = True
    named = identify(features[known], people[known], features[~known], rule=rule)
    return np.mean(named == people[~known])


def _directions(name, x):
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 2:
        raise ValueError(f"{name} is a matrix, one row a picture, not of shape {x.shape}.")
    length = np.linalg.norm(x, axis=1, keepdims=True)
    return x / np.where(length == 0, 1, length)
