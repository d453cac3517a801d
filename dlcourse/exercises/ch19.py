"""Exercises of chapter 19, applications of sequence models: smoothing, bits, a fact, pooling, orders."""

import numpy as np

from dlcourse.data import load
from dlcourse.exercises.definition import Exercise, Mistake, case, drawn
from dlcourse.scratch import NGram


def witten_bell(count, total, kinds, shorter):
    """P(c | s) from N(s c), N(s), T(s) and the probability after the shorter context."""
    return (count + kinds * shorter) / (total + kinds)


def bits(probabilities):
    """The mean of -log2 of the probabilities that were given to the letters that came."""
    return float(-np.mean(np.log2(probabilities)))


def last_fact(facts, who):
    """The number of the last fact whose first word is `who`, or -1."""
    return max((number for number, fact in enumerate(facts) if fact.split()[0] == who), default=-1)


def masked_max(states, mask):
    """The largest value of each feature over the real steps: (steps, features), (steps,) -> (features,)."""
    return np.max(states[mask], axis=0)


def best_order():
    """The order with the fewest bits a letter, when 20,000 letters are learnt."""
    novel = load("moby_dick")
    learnt, judged = novel[:20_000], novel[900_000:905_000]
    bits_of = {order: NGram(order, novel).fit(learnt).bits(judged) for order in range(1, 8)}
    return min(bits_of, key=bits_of.get)


def _batch(rng):
    mask = np.arange(6) < rng.integers(2, 6)
    return rng.normal(size=(6, 3)) - 3, mask


FACTS = ("Mary went to the park", "John moved to the school", "Mary went to the office", "John went to the park")

EXERCISES = [
    Exercise(
        id="19.1",
        title="What a context leaves to the shorter one",
        task=(
            "Write `witten_bell(count, total, kinds, shorter)`: the smoothed probability of a letter that followed its "
            "context `count` times, where the context was followed `total` times, by `kinds` different letters."
        ),
        solution=witten_bell,
        cases=[case(3, 10, 2, 0.1), case(0, 10, 5, 0.02, note="a letter never seen here"), case(7, 7, 1, 0.5)],
        mistakes=[
            Mistake(lambda count, total, kinds, shorter: count / total, "Nothing is left to the shorter context."),
            Mistake(
                lambda count, total, kinds, shorter: (count + shorter) / (total + 1),
                "The shorter context weighs as much as there were kinds of letters, not one.",
            ),
            Mistake(
                lambda count, total, kinds, shorter: (count + kinds * shorter) / total,
                "These do not sum to 1: divide by the total and the kinds together.",
            ),
        ],
        hints=["The shorter context's probability counts `kinds` times.", "`(count + kinds * shorter) / (…)`."],
        why="A context with many different successors is a bad oracle, and says so by its kinds.",
    ),
    Exercise(
        id="19.2",
        title="Bits a letter",
        task="Write `bits(probabilities)`: bits a letter, from the probability that each letter of a text was given.",
        solution=bits,
        cases=[
            case(np.array([0.5, 0.25])),
            case(np.array([1.0, 1.0, 0.125])),
            *drawn(lambda rng: (rng.uniform(0.01, 1, 9),)),
        ],
        mistakes=[
            Mistake(lambda p: float(-np.mean(np.log(p))), "These are nats: a bit is a logarithm to the base 2."),
            Mistake(lambda p: float(-np.log2(np.mean(p))), "First the logarithm, then the mean: costs add up."),
            Mistake(lambda p: float(-np.sum(np.log2(p))), "This is the whole text's cost; divide by its letters."),
        ],
        hints=["A letter of probability p costs -log2 p bits.", "`-np.mean(np.log2(probabilities))`."],
        why="Bits a letter is the length of the text under an ideal code made from the model.",
    ),
    Exercise(
        id="19.3",
        title="The supporting fact",
        task=(
            "Write `last_fact(facts, who)`: the number of the last fact about `who`, its first word, or -1 if there "
            "is none. This rule answers every question of the stories."
        ),
        solution=last_fact,
        cases=[case(FACTS, "Mary"), case(FACTS, "John"), case(FACTS, "Fred", note="nobody moved him")],
        mistakes=[
            Mistake(
                lambda facts, who: min((i for i, f in enumerate(facts) if f.split()[0] == who), default=-1),
                "This is the first fact about this one: who moves again is no longer there.",
            ),
            Mistake(lambda facts, who: len(facts) - 1, "The last fact of all may be about somebody else."),
            Mistake(
                lambda facts, who: max((i for i, f in enumerate(facts, 1) if f.split()[0] == who), default=-1),
                "Your count begins at 1; facts are numbered from 0, as a list is.",
            ),
        ],
        hints=["Go through `enumerate(facts)` and compare `fact.split()[0]`.", "`max(…, default=-1)`."],
        why="A rule written in a line is the ceiling that a trained reader is to be compared with.",
    ),
    Exercise(
        id="19.4",
        title="The largest over the real words",
        task=(
            "Write `masked_max(states, mask)`: of each feature of `states` (steps, features) the largest value over "
            "the steps where `mask` (steps,) is True."
        ),
        solution=masked_max,
        cases=[
            case(np.array([[-1.0, -2], [-3, -1], [0, 0]]), np.array([True, True, False])),
            *drawn(_batch),
        ],
        mistakes=[
            Mistake(lambda states, mask: states.max(axis=0), "Padding takes part: leave it out before the maximum."),
            Mistake(
                lambda states, mask: (states * mask[:, None]).max(axis=0),
                "A padded step set to 0 still wins where all real values are negative.",
            ),
            Mistake(
                lambda states, mask: states[mask].mean(axis=0),
                "This is the mean: one strong word in a long sentence would drown in it.",
            ),
        ],
        hints=["Choose the rows first: `states[mask]`.", "`np.max(states[mask], axis=0)`."],
        why="Zeros are no neutral element of a maximum; minus infinity is.",
    ),
    Exercise(
        id="19.5",
        title="How long a memory can be paid for?",
        task=(
            'The novel is `load("moby_dick")`. Let `NGram(order, novel)` of the orders 1 to 7 learn from its first '
            "20,000 letters only, and judge `novel[900_000:905_000]`. Which order needs the fewest bits a letter? "
            "Guess, then measure."
        ),
        kind="investigate",
        solution=best_order,
        mistakes=[
            Mistake(6, "That was the best with nearly the whole novel. A sixtieth of it fills far fewer contexts."),
            Mistake(7, "The longer a context is, the rarer: most contexts of six letters are new here."),
            Mistake(5, "Near: 20,000 letters do not fill the contexts of four letters well enough."),
            Mistake(3, "Near: order counts the letter that is guessed, too. Which has a context of three letters?"),
            Mistake(
                2, "One letter of context is less than 20,000 letters can teach.", when=lambda answer: answer in (1, 2)
            ),
        ],
        otherwise="The answer is an order, a whole number from 1 to 7.",
        hints=[
            "Learn with `NGram(order, novel).fit(novel[:20_000])`; the novel names the letters there may be.",
            "`model.bits(novel[900_000:905_000])` is what it needs for one letter.",
            "Do it in a loop over `range(1, 8)` and take the order with the fewest bits.",
        ],
        why=(
            "With more text the best order grows: long contexts tell more, and only many letters fill them. A network "
            "shares what it learns between contexts, which counting cannot."
        ),
    ),
]
