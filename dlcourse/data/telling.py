"""Stories of people who walk from place to place, and a question about one of them, in the manner of bAbI's first task.

from dlcourse.data import stories

one = stories(1, seed=0)[0]
one.facts     # ("Mary moved to the bathroom", "John went to the hallway")
one.question  # "Where is Mary"
one.answer    # "bathroom"
one.support   # 0, the fact that says so
"""

import numbers
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

PEOPLE = ("Daniel", "John", "Mary", "Sandra", "Fred", "Julie")
PLACES = ("bathroom", "bedroom", "garden", "hallway", "kitchen", "office", "park", "school")
MOVES = ("moved to", "went to", "went back to", "travelled to", "journeyed to")
TRIES = 1_000  # draws for one story before it is said that there are too few


@dataclass(frozen=True)
class Story:
    """Facts in the order they happened, a question, its answer, and the number of the fact that holds it."""

    facts: tuple[str, ...]
    question: str
    answer: str
    support: int

    @property
    def words(self) -> tuple[list[str], ...]:
        """The words of each fact."""
        return tuple(fact.split() for fact in self.facts)

    def __str__(self) -> str:
        return ". ".join(self.facts) + f". {self.question}? {self.answer}."


def stories(
    count: int, seed: int = 0, *, facts: tuple[int, int] = (2, 10), people: tuple[str, ...] = PEOPLE,
    places: tuple[str, ...] = PLACES, without: Collection[Story] = (),
) -> list[Story]:  # fmt: skip
    """Draw stories, no two the same.

    Each fact moves one of the people to a place; the question asks where one of those who moved is, and the answer
    is where that one moved last: a single supporting fact. Whom is asked about is drawn among those who moved, so that
    the fact is early as well as late.

    Args:
        count: how many.
        seed: the same seed and settings give the same stories.
        facts: fewest and most facts of a story.
        people, places: at least one, and at least two, different single words.
        without: stories that are not drawn, such as those of a training set.

    Raises:
        ValueError: an argument that is not allowed; fewer stories than asked for.

    Source: after task 1 of Weston et al., "Towards AI-complete question answering" (2015); written anew.
    """
    _check(count, facts, people, places)
    rng, seen, told = np.random.default_rng(seed), set(without), []
    while len(told) < count:
        for _ in range(TRIES):
            story = _drawn(rng, facts, people, places)
            if story not in seen:
                break
        else:
            raise ValueError(f"count is {count}, and after {len(told)} no new story was found; allow more facts.")
        seen.add(story)
        told.append(story)
    return told


def _drawn(rng, facts, people, places):
    length = int(rng.integers(facts[0], facts[1] + 1))
    who, where = rng.integers(len(people), size=length), rng.integers(len(places), size=length)
    moves = rng.integers(len(MOVES), size=length)
    told = tuple(f"{people[a]} {MOVES[b]} the {places[c]}" for a, b, c in zip(who, moves, where, strict=True))
    asked = rng.choice(np.unique(who))
    support = int(np.flatnonzero(who == asked)[-1])
    return Story(told, f"Where is {people[asked]}", places[where[support]], support)


def _check(count, facts, people, places):
    if isinstance(count, bool) or not isinstance(count, numbers.Integral) or count < 0:
        raise ValueError(f"count is a whole number from 0, not {count!r}.")
    whole = len(facts) == 2 and all(isinstance(n, numbers.Integral) for n in facts)
    if not whole or not 1 <= facts[0] <= facts[1]:
        raise ValueError(f"facts is the fewest and the most of a story, from 1, such as (2, 10), not {facts!r}.")
    for name, words, least in (("people", people, 1), ("places", places, 2)):
        single = all(isinstance(word, str) and len(word.split()) == 1 for word in words)
        if not single or len(set(words)) != len(words) or len(words) < least:
            raise ValueError(f"{name} is at least {least} different single words, not {words!r}.")
