"""Exercises of chapter 20, attention and translation: scores, weights, contexts, alignment, beams, BLEU."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn
from dlcourse.scratch import bleu, bleu_counts


def additive_scores(s, h, W, U, b, v):
    """How well a query s (d,) fits each key of h (keys, e): (keys,), with W (d, n), U (e, n), b (n,), v (n,)."""
    return np.tanh(s @ W + h @ U + b) @ v


def masked_softmax(scores, mask):
    """Weights (queries, keys) from scores; where mask (keys,) is False the weight is 0, and each row sums to 1."""
    scores = np.where(mask, scores, -np.inf)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def contexts(weights, h):
    """What each query finds: (queries, keys), (keys, e) -> (queries, e)."""
    return weights @ h


def aligned(weights, first, after):
    """The share of rows of weights (m, keys) whose heaviest column lies in first <= column < after, (m,) each."""
    heaviest = weights.argmax(axis=1)
    return float(np.mean((first <= heaviest) & (heaviest < after)))


def beam_step(scores, logs):
    """The best continuations of all texts: as many pairs (text, word) as there are texts, the best first.

    scores (beams,) are the texts' log-probabilities so far, logs (beams, words) those of each next word.
    """
    total = scores[:, None] + logs
    best = np.argsort(-total, axis=None, kind="stable")[: len(scores)]
    return [(int(place // logs.shape[1]), int(place % logs.shape[1])) for place in best]


def penalised(logs, alpha):
    """The score of a text from its words' log-probabilities: their sum, divided by ((5 + n) / 6)^alpha."""
    return float(np.sum(logs) / ((5 + len(logs)) / 6) ** alpha)


def brevity_penalty(c, r):
    """BLEU's factor for c words of translations where the references have r: 1, or e^(1 - r/c) if c is smaller."""
    return float(min(1.0, np.exp(1 - r / c)))


def bleu_with_an_error(words=10):
    """The lowest and the highest BLEU of a sentence of so many different words, one of them wrong."""
    reference = [str(place) for place in range(words)]
    wrong = [[*reference[:place], "wrong", *reference[place + 1 :]] for place in range(words)]
    scores = bleu(bleu_counts(wrong, [reference] * words))
    return float(scores.min()), float(scores.max())


def _score_case(rng):
    d, e, n, keys = 3, 4, 5, 6
    shapes = [(d,), (keys, e), (d, n), (e, n), (n,), (n,)]
    return tuple(rng.normal(size=shape) for shape in shapes)


def _mask_case(rng):
    return rng.normal(size=(3, 5)), np.arange(5) < rng.integers(2, 5)


def _weights_case(rng):
    weights = rng.random((4, 6))
    return weights / weights.sum(axis=1, keepdims=True), rng.normal(size=(6, 3))


def _aligned_case(rng):
    first = rng.integers(0, 6, 9)
    return rng.random((9, 8)), first, first + rng.integers(1, 3, 9)


def _beam_case(rng):
    logs = np.log(rng.dirichlet(np.ones(6), size=3))
    return -rng.random(3), logs


def _bare_softmax(scores):
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def _each_beams_best(scores, logs):
    return [(row, int(word)) for row, word in enumerate(logs.argmax(axis=1))]


def _without_the_past(scores, logs):
    return beam_step(np.zeros_like(scores), logs)


EXERCISES = [
    Exercise(
        id="20.1",
        title="How well does it fit?",
        task=(
            "Write `additive_scores(s, h, W, U, b, v)`: for a query `s` (d,) the scores v . tanh(W s + U h_j + b) of "
            "all keys `h` (keys, e), one number each. W is (d, n), U (e, n), b and v (n,)."
        ),
        solution=additive_scores,
        cases=drawn(_score_case),
        mistakes=[
            Mistake(
                lambda s, h, W, U, b, v: (s @ W + h @ U + b) @ v,
                "The tanh is missing. Without it the query adds the same to every key, and the softmax drops it.",
            ),
            Mistake(
                lambda s, h, W, U, b, v: np.tanh(s @ W + h @ U + b).sum(axis=1),
                "The hidden units are summed alike: v says how much each of them counts.",
            ),
            Mistake(lambda s, h, W, U, b, v: np.tanh(s @ W + h @ U) @ v, "The bias b inside the tanh is missing."),
        ],
        hints=["`s @ W` is (n,) and `h @ U` (keys, n): NumPy adds the first to each row.", "`np.tanh(…) @ v`."],
        why="Attention's score is a network of one hidden layer, the same for every pair of places.",
    ),
    Exercise(
        id="20.2",
        title="Nothing for the padding",
        task=(
            "Write `masked_softmax(scores, mask)`: weights (queries, keys) by a softmax over the keys. Keys where "
            "`mask` (keys,) is False get weight 0, and every row sums to 1."
        ),
        solution=masked_softmax,
        cases=drawn(_mask_case),
        mistakes=[
            Mistake(lambda scores, mask: _bare_softmax(scores), "The padding gets weight too: use the mask."),
            Mistake(
                lambda scores, mask: _bare_softmax(scores) * mask,
                "The padding took part in the sum, so that rows do not sum to 1: mask before the softmax.",
            ),
            Mistake(
                lambda scores, mask: _bare_softmax(scores * mask),
                "A score of 0 is no small score: exp(0) is 1. It takes minus infinity to get nothing.",
            ),
        ],
        hints=["Replace the scores that do not count first.", "`np.where(mask, scores, -np.inf)`, then the softmax."],
        why="A mask belongs before the softmax: what is hidden must not share in the sum.",
    ),
    Exercise(
        id="20.3",
        title="What was found",
        task="Write `contexts(weights, h)`: for each query the sum of the states `h` (keys, e), each times its weight.",
        solution=contexts,
        cases=drawn(_weights_case),
        mistakes=[
            Mistake(
                lambda weights, h: h[weights.argmax(axis=1)],
                "Only the heaviest state is taken: that step has no gradient. It is a weighted sum of all.",
            ),
            Mistake(
                lambda weights, h: weights @ h / h.shape[0],
                "The weights sum to 1 already: there is nothing to divide by.",
            ),
            Mistake(
                lambda weights, h: np.tile(h.mean(axis=0), (len(weights), 1)),
                "This is the plain mean of the states: each has a weight of its own.",
            ),
        ],
        hints=["A sum over keys of weight times state is a matrix product.", "`weights @ h`."],
        why="A soft choice can be learned by gradients, a hard one cannot.",
    ),
    Exercise(
        id="20.4",
        title="Does it look where it should?",
        task=(
            "Write `aligned_share(weights, first, after)`: the share of rows of `weights` (m, keys) whose heaviest "
            "column is in the row's span, `first <= column < after`."
        ),
        solution=aligned,
        cases=drawn(_aligned_case),
        mistakes=[
            Mistake(
                lambda weights, first, after: float(
                    np.mean((first <= weights.argmax(axis=1)) & (weights.argmax(axis=1) <= after))
                ),
                "The column `after` is no longer in the span.",
            ),
            Mistake(
                lambda weights, first, after: float(
                    np.mean([row[a:b].sum() / row.sum() for row, a, b in zip(weights, first, after, strict=True)])
                ),
                "This is the share of the weight in the span; asked is where the heaviest one lies.",
            ),
            Mistake(
                lambda weights, first, after: float(np.mean(first <= weights.argmax(axis=1))),
                "The span has an end, too.",
            ),
        ],
        hints=["`weights.argmax(axis=1)`.", "`np.mean((first <= heaviest) & (heaviest < after))`."],
        why="A picture persuades; a share of hits, with chance beside it, measures.",
    ),
    Exercise(
        id="20.5",
        title="One step of beam search",
        task=(
            "Write `beam_step(scores, logs)`: `scores` (beams,) are log-probabilities of half-written texts, `logs` "
            "(beams, words) those of every next word. Return the best continuations of all, as many as there are "
            "texts: a list of pairs (text, word), the best first."
        ),
        solution=beam_step,
        cases=[
            case(
                np.array([-0.1, -5.0]),
                np.log(np.array([[0.5, 0.4, 0.1], [0.9, 0.05, 0.05]])),
                note="one text far behind",
            ),
            *drawn(_beam_case),
        ],
        mistakes=[
            Mistake(_each_beams_best, "Each text keeps its best word: then a bad text lives on, and nothing competes."),
            Mistake(_without_the_past, "The texts' scores so far are left out: add them to those of the words."),
            Mistake(
                lambda scores, logs: beam_step(scores, logs)[::-1], "The worst comes first: sort the other way round."
            ),
        ],
        hints=[
            "`scores[:, None] + logs` has every continuation's score.",
            "`np.argsort(-total, axis=None)` sorts the flat array; `np.unravel_index` or // and % lead back.",
        ],
        why="Continuations of all texts compete, so one good text may take every place.",
    ),
    Exercise(
        id="20.6",
        title="The price of a long text",
        task=(
            "Write `penalised(logs, alpha)`: the sum of the words' log-probabilities `logs` (n,), divided by "
            "((5 + n) / 6) to the power of alpha."
        ),
        solution=penalised,
        cases=[
            case(np.log(np.array([0.5, 0.5])), 0.6),
            case(np.log(np.full(9, 0.9)), 1.0),
            case(np.array([-2.0]), 0.0),
        ],
        mistakes=[
            Mistake(
                lambda logs, alpha: float(np.sum(logs)),
                "Without the penalty every further word costs: short texts win.",
            ),
            Mistake(
                lambda logs, alpha: float(np.mean(logs)),
                "This is the mean; the penalty divides by ((5 + n) / 6)^alpha.",
            ),
            Mistake(
                lambda logs, alpha: float(np.sum(logs) * ((5 + len(logs)) / 6) ** alpha),
                "You multiply: log-probabilities are negative, so long texts lose even more.",
            ),
        ],
        hints=["n is `len(logs)`.", "`np.sum(logs) / ((5 + n) / 6) ** alpha`."],
        why="Sums of logarithms only fall. Dividing by a power of the length lets longer texts compete.",
    ),
    Exercise(
        id="20.7",
        title="BLEU and short translations",
        task=(
            "Write `brevity_penalty(c, r)`: BLEU's factor for translations of `c` words in all where the references "
            "have `r`: 1 if they are as long or longer, else e^(1 - r/c)."
        ),
        solution=brevity_penalty,
        cases=[case(90, 100), case(100, 100), case(120, 100, note="a longer translation"), case(10, 100)],
        mistakes=[
            Mistake(
                lambda c, r: float(np.exp(1 - r / c)), "A longer translation gets a reward: the factor is at most 1."
            ),
            Mistake(lambda c, r: float(min(1.0, np.exp(1 - c / r))), "The fraction is upside down: short ones pay."),
            Mistake(lambda c, r: float(min(1.0, c / r)), "This is the ratio of lengths; the penalty is exponential."),
        ],
        hints=["`np.exp(1 - r / c)` is above 1 when c is larger.", "`min(1.0, …)`."],
        why="Shares of right pieces alone would reward a translator that says only what it is sure of.",
    ),
    Exercise(
        id="20.8",
        title="In another order",
        task=(
            "Predict: the encoder's ten states are shuffled, each of them whole, before a decoder looks at them with "
            "dot-product attention. Is the context that its query finds 'the same', 'shuffled', 'another one', or is "
            "it that 'it depends'?"
        ),
        kind="predict",
        choices=("the same", "shuffled", "another one", "it depends"),
        solution="the same",
        mistakes=[
            Mistake("shuffled", "The weights are shuffled. The context is their one weighted sum, with no row a word."),
            Mistake(
                "another one", "Each state keeps its score, so its weight, too: what is summed is what was before."
            ),
            Mistake("it depends", "On what? Neither a score nor the sum asks for the place j that a state stands at."),
        ],
        hints=[
            "What does the score of a state depend on: on the state, on its place, or on both?",
            "Write the sum of a_j h_j for three states, then exchange the first and the last.",
            "Try it: `layers.DotAttention()` on `h[None]` and on `h[None, ::-1]`, with the same query.",
        ],
        why=(
            "Attention sees a set. Here the GRU has put the order into the states; without one, places have to be told "
            "apart by numbers that are added, as in chapter 21."
        ),
    ),
    Exercise(
        id="20.9",
        title="Where an error hurts",
        task=(
            "A translation of ten different words has exactly one wrong word. Guess the lowest and the highest BLEU "
            "that it can have, by where the wrong word stands. Then measure, with "
            "`bleu(bleu_counts([translation], [reference])[0])` of `dlcourse.scratch`, and give (lowest, highest), to "
            "a tenth."
        ),
        kind="investigate",
        solution=bleu_with_an_error,
        tolerance=2e-3,
        mistakes=[
            Mistake(
                (90.0, 90.0),
                "Nine words of ten are right, and that is p1 alone: pieces of two to four words count as well.",
            ),
            Mistake((88.0, 65.8), "Both are right, in the wrong order: the lowest comes first."),
            Mistake((0.658, 0.880), "BLEU goes from 0 to 100 here.", when=lambda got: max(got) <= 1),
            Mistake(
                (88.0, 88.0),
                "You tried the ends only: there a wrong word spoils one piece of each length. And further inside?",
            ),
            Mistake((29.8, 76.0), "Two words are wrong here: exchange one."),
            Mistake(
                (0.0, 88.0),
                "One wrong word leaves at least five right ones in a row, so no share of right pieces is 0.",
                when=lambda got: got[0] == 0 and got[1] > 0,
            ),
        ],
        otherwise="Ten translations, the wrong word at another place in each: the smallest and the largest BLEU.",
        hints=[
            "How many pieces of four words contain the last word? How many contain the fifth?",
            '`reference = "a b c d e f g h i j".split()`; in each copy one word becomes "wrong".',
            "A loop over `range(10)`, then `min` and `max` of what `bleu` gave.",
        ],
        why=(
            "One wrong word costs 12 points at either end and 34 in the middle, though a reader misses one word in "
            "each. BLEU measures how long the runs of right words are, and not what the wrong one meant."
        ),
    ),
]
