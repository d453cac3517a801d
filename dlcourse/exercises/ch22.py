"""Exercises of chapter 22, GPT: the mask, a merge, temperature, the nucleus, bits a letter, and what a cache saves."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def causal_mask(places):
    """True where a place (row) may look at a place (column): itself and those before it."""
    return np.tril(np.ones((places, places), bool))


def merge(pieces, pair):
    """The pieces after one merge, from left to right: what was just merged takes part in no second one."""
    result, place = [], 0
    while place < len(pieces):
        both = tuple(pieces[place : place + 2]) == tuple(pair)
        result.append(pieces[place] + pieces[place + 1] if both else pieces[place])
        place += 2 if both else 1
    return result


def tempered(scores, temperature):
    """The probabilities of scores that are divided by the temperature."""
    scores = scores / temperature
    P = np.exp(scores - scores.max())
    return P / P.sum()


def nucleus(probabilities, p):
    """True for the smallest set of likeliest words that reaches p together."""
    order = np.argsort(-probabilities, kind="stable")
    before = np.cumsum(probabilities[order]) - probabilities[order]
    kept = np.zeros(len(probabilities), bool)
    kept[order[before < p]] = True
    return kept


def bits_a_letter(perplexity, pieces, letters):
    """Bits a letter from the perplexity of each piece."""
    return float(np.log2(perplexity) * pieces / letters)


def times_as_much():
    """1 + 2 + … + 127 words without a cache, over 127 words with it."""
    return (127 + 1) / 2


# What the cases are drawn from.


def _scores(rng):
    return rng.normal(0, 2, size=6), float(rng.uniform(0.3, 2))


def _chances(rng):
    return rng.dirichlet(np.full(8, 0.5)), float(rng.uniform(0.2, 0.95))


def _once(pieces, pair):
    """Only the first occurrence."""
    for place in range(len(pieces) - 1):
        if tuple(pieces[place : place + 2]) == tuple(pair):
            return [*pieces[:place], pieces[place] + pieces[place + 1], *pieces[place + 2 :]]
    return list(pieces)


def _all_that_fit(probabilities, p):
    """One word too few: the one that crosses p is left out."""
    order = np.argsort(-probabilities, kind="stable")
    kept = np.zeros(len(probabilities), bool)
    kept[order[np.cumsum(probabilities[order]) <= p]] = True
    return kept


EXERCISES = [
    Exercise(
        id="22.1",
        title="Who may look at whom",
        task=(
            "Write `causal_mask(places)`: a table (places, places) of booleans, True where the place of the row may "
            "look at the place of the column: at itself and at all before it."
        ),
        solution=causal_mask,
        cases=[case(1), case(4), case(7)],
        mistakes=[
            Mistake(
                lambda places: np.triu(np.ones((places, places), bool)),
                "Turned round: your places look at themselves and at what comes after them.",
            ),
            Mistake(
                lambda places: np.tril(np.ones((places, places), bool), -1),
                "A place may look at itself, too; your first place would have nothing to look at at all.",
            ),
            Mistake(
                lambda places: np.ones((places, places), bool),
                "Everybody sees everything: then the next word is no longer a question, it can be copied.",
            ),
        ],
        hints=[
            "`np.ones((places, places), bool)` is a table of True.",
            "`np.tril` keeps what is on and below the diagonal.",
        ],
        why="One triangle is all that makes a Transformer's block a language model's, and all places learn at once.",
    ),
    Exercise(
        id="22.2",
        title="One merge",
        task=(
            "Write `merge(pieces, pair)`: the list of pieces of a word after every occurrence of the two neighbours "
            "`pair` has become one piece, from left to right."
        ),
        solution=merge,
        cases=[
            case(["w", "h", "a", "l", "e"], ("h", "a")),
            case(["a", "b", "a", "b"], ("a", "b")),
            case(["a", "a", "a"], ("a", "a"), note="the middle one can be used once"),
            case(["a", "b"], ("b", "a"), note="nothing to merge"),
        ],
        mistakes=[
            Mistake(
                lambda pieces, pair: [
                    piece + pieces[k + 1] if (piece, *pieces[k + 1 : k + 2]) == tuple(pair) else piece
                    for k, piece in enumerate(pieces)
                ],
                "The second of the two is still there after the merge: step over it.",
            ),
            Mistake(
                _once,
                "Only the first occurrence was merged: a pair may stand in a word several times.",
            ),
            Mistake(
                lambda pieces, pair: "".join(pieces).replace("".join(pair), " " + "".join(pair) + " ").split(),
                "What was not merged must stay as it is: the other pieces keep their bounds.",
            ),
        ],
        hints=[
            "A `while` loop with the place you are at.",
            "Where the two fit, append both joined and go on two places; else append one and go on one.",
        ],
        why="Learning is this merge with the most frequent pair, a thousand times; reading, the same merges in order.",
    ),
    Exercise(
        id="22.3",
        title="Temperature",
        task=(
            "Write `tempered(scores, temperature)`: the probabilities (softmax) of scores (words,) at a temperature. "
            "Large scores must not overflow."
        ),
        solution=tempered,
        cases=[
            case(np.array([1.0, 2.0, 3.0]), 1.0),
            case(np.array([1000.0, 999.0, 0.0]), 0.5, note="large scores"),
            *drawn(_scores),
        ],
        mistakes=[
            Mistake(
                lambda scores, temperature: tempered(scores, 1 / temperature),
                "Multiplied where you should divide: a high temperature makes the words more alike.",
            ),
            Mistake(
                lambda scores, temperature: tempered(scores, 1.0) / temperature,
                "The temperature belongs to the scores, before the softmax; these do not sum to 1.",
            ),
            Mistake(lambda scores, temperature: tempered(scores, 1.0), "The temperature changes nothing here."),
        ],
        hints=["First `scores / temperature`, then the softmax.", "Take the largest score off before `np.exp`."],
        why="At 0 only the likeliest word is left, at infinity all are equal: one number between safe and bold.",
    ),
    Exercise(
        id="22.4",
        title="The nucleus",
        task=(
            "Write `nucleus(probabilities, p)`: True for the words of the smallest set of likeliest words whose "
            "probabilities reach `p` together, (words,) booleans. The word that crosses `p` belongs to it."
        ),
        solution=nucleus,
        cases=[
            case(np.array([0.1, 0.6, 0.3]), 0.5, note="the likeliest reaches it alone"),
            case(np.array([0.1, 0.6, 0.3]), 0.7),
            *drawn(_chances),
        ],
        mistakes=[
            Mistake(_all_that_fit, "The word that crosses p is missing: without it the set does not reach p."),
            Mistake(
                lambda probabilities, p: probabilities >= p,
                "This compares single words with p: it is their sum that has to reach it.",
            ),
            Mistake(
                lambda probabilities, p: np.cumsum(probabilities) - probabilities < p,
                "The words are taken in the order of the vocabulary: sort them by probability first.",
            ),
        ],
        hints=[
            "`order = np.argsort(-probabilities)` has the likeliest first.",
            "A word is in as long as the sum *before* it is below p.",
            "`kept[order[before < p]] = True`.",
        ],
        why="Where the model is sure, one word is left; where it is not, many: top-k cannot do that.",
    ),
    Exercise(
        id="22.5",
        title="From perplexity to bits a letter",
        task=(
            "Write `bits_a_letter(perplexity, pieces, letters)`: a model reads a text of `letters` letters in `pieces` "
            "pieces, with this perplexity (two to the mean bits a piece). How many bits is that a letter?"
        ),
        solution=bits_a_letter,
        cases=[case(64.0, 100, 300), case(2.0, 50, 50), case(37.5, 1234, 3456)],
        mistakes=[
            Mistake(
                lambda perplexity, pieces, letters: float(np.log2(perplexity)),
                "These are bits a piece: a piece has several letters.",
            ),
            Mistake(
                lambda perplexity, pieces, letters: float(np.log(perplexity) * pieces / letters),
                "These are nats: a bit is a logarithm to the base 2.",
            ),
            Mistake(
                lambda perplexity, pieces, letters: float(np.log2(perplexity * pieces / letters)),
                "First the logarithm, then the share: bits add up, perplexities do not.",
            ),
            Mistake(
                lambda perplexity, pieces, letters: float(np.log2(perplexity) * letters / pieces),
                "Turned round: the whole text costs bits a piece times pieces, shared by the letters.",
            ),
        ],
        hints=[
            "log2 of the perplexity is the bits a piece.",
            "Times the pieces: the whole text. Over the letters: each.",
        ],
        why="Perplexities of models with different pieces cannot be compared. Bits a letter can.",
    ),
    Exercise(
        id="22.6",
        title="What a cache saves",
        task=(
            "Predict: a model writes 127 words. Without a cache it reads 1 word, then 2, … up to 127; with one "
            "it reads each word once. How many times as many words are read without?"
        ),
        kind="predict",
        solution=times_as_much,
        mistakes=[
            Mistake(127, "The early words are read with few before them: the mean is about half."),
            Mistake(63.5, "Close: 1 + 2 + … + n is n (n + 1) / 2, a little more than n n / 2."),
            Mistake(8128, "This is all that is read without a cache; divide by what is read with it."),
        ],
        hints=["1 + 2 + … + n = n (n + 1) / 2.", "Divide by n = 127.", "128 / 2."],
        why="The saving grows with the length: that is what linear against quadratic means.",
    ),
]
