"""Batches in which there is something to compare: several people, several pictures of each."""

import numbers

import numpy as np


def people_batches(people, number: int, *, people_each: int, pictures_each: int, seed: int = 0) -> np.ndarray:
    """Indices of `number` batches of `people_each` people with `pictures_each` pictures, `(number, their product)`.

    People are drawn without repetition within a batch, and in rounds in which everybody comes once before anybody comes
    again; pictures without repetition where a person has enough.

    Args:
        people: whose each picture is, `(n,)`.
        number: of batches.
        people_each: from 2, at most as many as there are.
        pictures_each: from 2.
        seed: of all choices.

    Raises:
        ValueError: an argument that is not allowed.
    """
    people = np.asarray(people)
    if people.ndim != 1:
        raise ValueError(f"people is (n,), not {people.shape}.")
    where = [np.flatnonzero(people == one) for one in np.unique(people)]
    for name, value, least in (
        ("number", number, 1),
        ("people_each", people_each, 2),
        ("pictures_each", pictures_each, 2),
    ):
        if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
            raise ValueError(f"{name} is a whole number from {least}, not {value!r}.")
    if people_each > len(where):
        raise ValueError(f"people_each is at most {len(where)}, the people there are, not {people_each}.")
    rng = np.random.default_rng(seed)
    rows, round_ = [], []
    for _ in range(number):
        chosen, round_ = _next(round_, len(where), people_each, rng)
        rows.append(np.concatenate([_pictures(where[one], pictures_each, rng) for one in chosen]))
    return np.stack(rows)


def _next(round_, people, wanted, rng):
    """The next people of the round, and what is left; a new round begins where this one does not suffice."""
    if len(round_) >= wanted:
        return round_[:wanted], round_[wanted:]
    fresh = [int(one) for one in rng.permutation(people)]
    missing = [one for one in fresh if one not in round_][: wanted - len(round_)]
    return [*round_, *missing], [one for one in fresh if one not in missing]


def _pictures(places, wanted, rng):
    return rng.choice(places, wanted, replace=len(places) < wanted)
