"""Exercises of chapter 23, BERT: hidden words, means without padding, cosines, and the measure of a search."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def hide(tokens, chosen, fate, other, mask):
    """Of the chosen words those with a fate below 0.8 become the mask, below 0.9 the other word; the rest stay."""
    hidden = np.where(chosen & (fate < 0.8), mask, tokens)
    return np.where(chosen & (fate >= 0.8) & (fate < 0.9), other, hidden)


def mean_of_words(states, kept):
    """The mean over the places that are kept: (batch, places, width), (batch, places) -> (batch, width)."""
    weights = kept[:, :, None].astype(float)
    return (states * weights).sum(axis=1) / weights.sum(axis=1)


def cosines(a, b):
    """The cosine of each row of a with each row of b."""
    a = a / np.linalg.norm(a, axis=1, keepdims=True)
    b = b / np.linalg.norm(b, axis=1, keepdims=True)
    return a @ b.T


def seen_as_mask():
    """15 in 100 are chosen, 80 in 100 of those become [MASK]."""
    return 1000 * 0.15 * 0.8


def mean_reciprocal_rank(ranks):
    """The mean of 1 / rank; a rank of 0 stands for an answer that was not found."""
    return float(np.mean([1 / rank if rank else 0.0 for rank in ranks]))


# What the cases are drawn from.


def _masking(rng):
    tokens = rng.integers(10, 99, size=(3, 12))
    return tokens, rng.random((3, 12)) < 0.5, rng.random((3, 12)), rng.integers(100, 199, size=(3, 12)), 4


def _states(rng):
    kept = np.arange(6)[None] < np.array([6, 2, 4])[:, None]
    return rng.normal(size=(3, 6, 5)), kept


def _vectors(rng):
    return rng.normal(size=(4, 6)), 3 * rng.normal(size=(5, 6))


EXERCISES = [
    Exercise(
        id="23.1",
        title="Hide words as BERT does",
        task=(
            "Write `hide(tokens, chosen, fate, other, mask)`: where `chosen` is True, a word with a `fate` below 0.8 "
            "becomes `mask`, one below 0.9 becomes the word at its place in `other`, the rest stay. Words that are not "
            "chosen stay."
        ),
        solution=hide,
        cases=[*drawn(_masking, 3)],
        mistakes=[
            Mistake(
                lambda tokens, chosen, fate, other, mask: np.where(chosen, mask, tokens),
                "Every chosen word becomes the mask: one in ten should become another word, and one in ten stay.",
            ),
            Mistake(
                lambda tokens, chosen, fate, other, mask: np.where(
                    fate < 0.8, mask, np.where(fate < 0.9, other, tokens)
                ),
                "`chosen` is not used: words that nobody asks for are hidden, too.",
            ),
            Mistake(
                lambda tokens, chosen, fate, other, mask: np.where(chosen & (fate < 0.8), mask, tokens),
                "No word is exchanged: those with a fate from 0.8 to 0.9 become the word in `other`.",
            ),
            Mistake(
                lambda tokens, chosen, fate, other, mask: np.where(
                    chosen & (fate < 0.8), mask, np.where(chosen, other, tokens)
                ),
                "No chosen word stays as it is: those with a fate from 0.9 on should.",
            ),
        ],
        hints=[
            "Two uses of `np.where` are enough, one for the mask and one for the other word.",
            "The first: `np.where(chosen & (fate < 0.8), mask, tokens)`.",
            "The second starts from its result: `np.where(chosen & (fate >= 0.8) & (fate < 0.9), other, hidden)`.",
        ],
        why=(
            "The text that is read after pretraining has no masks. A network that met a mask at every place it was "
            "asked about would have nothing to say of other places; so some of them hold real words, right or wrong."
        ),
    ),
    Exercise(
        id="23.2",
        title="A mean without padding",
        task=(
            "Write `mean_of_words(states, kept)`: states (batch, places, width), kept (batch, places) booleans. "
            "The mean over the places that are kept, (batch, width)."
        ),
        solution=mean_of_words,
        cases=[*drawn(_states, 3)],
        mistakes=[
            Mistake(
                lambda states, kept: states.mean(axis=1),
                "Padding is counted: the mean of a short text changes with the length of its neighbours in the batch.",
            ),
            Mistake(
                lambda states, kept: (states * kept[:, :, None]).mean(axis=1),
                "Padding is no longer in the sum, but still in the number it is divided by.",
            ),
            Mistake(
                lambda states, kept: (states * kept[:, :, None]).sum(axis=1),
                "This is the sum: divide it by the number of words that are kept.",
            ),
            Mistake(
                lambda states, kept: (states * kept[:, :, None]).sum(axis=1) / kept.sum(),
                "You divide by the words of the whole batch: each text has its own number of words.",
            ),
            Mistake(
                lambda states, kept: states[:, 0],
                "This is the state of the first place. Some models are trained for that; here the mean is asked.",
            ),
        ],
        hints=[
            "Multiply the states by 0 where there is padding: `kept[:, :, None]` has the right number of axes.",
            "Sum over axis 1, the places.",
            "Divide by `kept.sum(axis=1, keepdims=True)`, each text's own number of words.",
        ],
        why="A text's vector must not depend on how much padding its batch happened to need.",
    ),
    Exercise(
        id="23.3",
        title="Cosines",
        task="Write `cosines(a, b)`: a (n, width), b (m, width). The cosine of each row of a with each of b, (n, m).",
        solution=cosines,
        cases=[case(np.array([[3.0, 4.0]]), np.array([[3.0, 4.0], [4.0, -3.0]])), *drawn(_vectors)],
        mistakes=[
            Mistake(lambda a, b: a @ b.T, "These are products: long vectors win. Bring every row to length 1 first."),
            Mistake(
                lambda a, b: a @ b.T / (np.linalg.norm(a) * np.linalg.norm(b)),
                "You divide by the length of the whole tables: each row has its own length, axis=1.",
            ),
            Mistake(
                lambda a, b: a @ (b / np.linalg.norm(b, axis=1, keepdims=True)).T,
                "Only b was brought to length 1: a needs it, too.",
            ),
            Mistake(lambda a, b: cosines(a, b).T, "The table is turned round: a's rows go down, b's go across."),
        ],
        hints=[
            "The cosine is the product of two vectors of length 1.",
            "`np.linalg.norm(a, axis=1, keepdims=True)` has the rows' lengths.",
            "`(a / length_of_a) @ (b / length_of_b).T`.",
        ],
        why="One matrix product compares every question with every paragraph: that is the whole search.",
    ),
    Exercise(
        id="23.4",
        title="How many masks?",
        task="Predict: 1,000 words are masked as BERT does it. How many are seen as [MASK], on average?",
        kind="predict",
        solution=seen_as_mask,
        mistakes=[
            Mistake(150, "150 are chosen to be guessed; not all of them become the mask."),
            Mistake(800, "80 in 100 of the chosen become the mask, and only 15 in 100 are chosen."),
            Mistake(135, "135 are changed; of these some become another word."),
            Mistake(0.12, "That is the share of the words: asked is how many of 1,000."),
        ],
        hints=[
            "First: how many are chosen?",
            "15 in 100 of 1,000 are 150. Of those, 80 in 100 become the mask.",
            "0.8 times 150.",
        ],
        why="The network is asked about 150 places, sees a mask at 120 of them, and a real word at 30.",
    ),
    Exercise(
        id="23.5",
        title="Mean reciprocal rank",
        task=(
            "Write `mean_reciprocal_rank(ranks)`: for each question the place of the first right answer, from 1; 0 "
            "where there is none. The mean of 1 / place, nothing for a question without an answer."
        ),
        solution=mean_reciprocal_rank,
        cases=[case([1, 2, 4]), case([1, 0, 5, 10], note="one question without an answer"), case([3, 3, 1, 0, 0])],
        mistakes=[
            Mistake(
                lambda ranks: float(np.mean([1 / rank for rank in ranks if rank])),
                "Questions without an answer are left out of the mean: they count, with 0.",
            ),
            Mistake(
                lambda ranks: 1 / float(np.mean(ranks)),
                "You took one over the mean place: take the mean of one over each place.",
            ),
            Mistake(
                lambda ranks: float(np.sum([1 / rank if rank else 0.0 for rank in ranks])),
                "This is the sum: divide by the number of questions.",
            ),
            Mistake(
                lambda ranks: float(np.mean([1 / (rank + 1) for rank in ranks])),
                "Places count from 1 here already, and 0 means that there is no answer: do not add one.",
            ),
        ],
        hints=[
            "Each question gives a number from 0 to 1: 1 for the first place, 1/2 for the second.",
            "`1 / rank if rank else 0.0` for one question.",
            "`np.mean([1 / rank if rank else 0.0 for rank in ranks])`.",
        ],
        why="It rewards the first place most, as a reader does who looks no further.",
    ),
]
