"""The most probable sequence of BIO tags among those that are well formed."""

from collections.abc import Sequence

import numpy as np

from dlcourse.text.bio import tag_parts


def decode_bio(log_chances: np.ndarray, tags: Sequence[str]) -> list[str]:
    """The well-formed tags with the greatest sum of logarithms, found by Viterbi's algorithm.

    The best tag of each token on its own may give `O I-person`, which describes no span. Here an `I` follows a `B` or
    an `I` of its type only, and the tags around give way together.

    Args:
        log_chances: logarithms of the tags' probabilities, or logits, `(tokens, tags)`.
        tags: the BIO tags, in the order of the columns; O must be among them.

    Returns:
        one tag for each token.

    Raises:
        ValueError: columns that do not fit the tags, no O, or a tag that is not BIO.

    Source: Viterbi (1967), IEEE Transactions on Information Theory 13(2).

    Example:
        >>> import numpy as np
        >>> chances = np.log([[0.6, 0.3, 0.1], [0.1, 0.2, 0.7]])  # the likeliest, O and I, describe no span
        >>> decode_bio(chances, ["O", "B-person", "I-person"])
        ['B-person', 'I-person']
    """
    log_chances = np.asarray(log_chances, np.float64)
    if log_chances.ndim != 2 or log_chances.shape[1] != len(tags) or "O" not in tags:
        raise ValueError(
            f"log_chances is {log_chances.shape} and must be (tokens, {len(tags)}), with O among the tags."
        )
    if not len(log_chances):
        return []
    steps = np.where(_allowed(tags), 0.0, -np.inf)
    best, came_from = log_chances[0] + np.where(_begins(tags), 0.0, -np.inf), []
    for row in log_chances[1:]:
        reach = best + steps  # (tag, tag before)
        came_from.append(reach.argmax(axis=1))
        best = reach.max(axis=1) + row
    path = [int(best.argmax())]
    for before in reversed(came_from):
        path.append(int(before[path[-1]]))
    return [tags[number] for number in reversed(path)]


def _begins(tags) -> np.ndarray:
    """Which tags may stand first, (tags,)."""
    return np.array([tag_parts(tag)[0] != "I" for tag in tags])


def _allowed(tags) -> np.ndarray:
    """Which tags (rows) may follow which (columns), (tags, tags)."""
    parts = [tag_parts(tag) for tag in tags]
    return np.array([[prefix != "I" or (before != "O" and kind == kind_before) for before, kind_before in parts]
                     for prefix, kind in parts])  # fmt: skip
