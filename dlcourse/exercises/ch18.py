"""Exercises of chapter 18, bidirectional and stacked networks: a baseline, two directions, spans, and a cheat."""

from collections import Counter

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def most_frequent_tags(words, tags, asked):
    """The tag that each asked word had most often; for a word never seen, the tag that is most frequent of all."""
    counts = {}
    for word, tag in zip(words, tags, strict=True):
        counts.setdefault(word, Counter())[tag] += 1
    usual = Counter(tags).most_common(1)[0][0]
    return [counts[word].most_common(1)[0][0] if word in counts else usual for word in asked]


def both_ways(forward, backward):
    """States (steps, units) of a forward network and of one that read from the end, joined (steps, 2 units).

    `backward` is in the order in which it was computed: its first row is the state after the LAST word.
    """
    return np.concatenate([forward, backward[::-1]], axis=1)


def strict_spans(tags):
    """The spans (type, start, end) of BIO tags; a span begins at a B only, and `end` is not in it."""
    spans, kind, start = [], None, 0
    for place, tag in enumerate([*tags, "O"]):
        prefix, _, tag_kind = tag.partition("-")
        if kind is not None and (prefix != "I" or tag_kind != kind):
            spans.append((kind, start, place))
            kind = None
        if prefix == "B":
            kind, start = tag_kind, place
    return spans


def span_f1(true, found):
    """F1 of two lists of spans."""
    right = len(set(true) & set(found))
    return 2 * right / (len(true) + len(found)) if true or found else 0.0


def count_weights(features, units, depth):
    """Numbers learned by `depth` bidirectional LSTM layers, each of `units` units a direction."""
    total, width = 0, features
    for _ in range(depth):
        total += 2 * 4 * units * (width + units + 1)
        width = 2 * units
    return total


# What the mistakes share.


def _loose_spans(tags):
    spans, kind, start = [], None, 0
    for place, tag in enumerate([*tags, "O"]):
        prefix, _, tag_kind = tag.partition("-")
        if kind is not None and (prefix != "I" or tag_kind != kind):
            spans.append((kind, start, place))
            kind = None
        if prefix == "B" or (prefix == "I" and kind is None):
            kind, start = tag_kind, place
    return spans


def _merged_spans(tags):
    """Adjacent tokens of one type are one span, as if B and I were the same."""
    kinds = [tag.partition("-")[2] for tag in tags]
    spans, start = [], 0
    for place in range(1, len(kinds) + 1):
        if place == len(kinds) or kinds[place] != kinds[start]:
            if kinds[start]:
                spans.append((kinds[start], start, place))
            start = place
    return spans


def _known_only(words, tags, asked, unknown):
    right = most_frequent_tags(words, tags, asked)
    return [tag if word in set(words) else unknown for word, tag in zip(asked, right, strict=True)]


def _last_seen(words, tags, asked):
    last = dict(zip(words, tags, strict=True))
    usual = Counter(tags).most_common(1)[0][0]
    return [last.get(word, usual) for word in asked]


def _stacked(features, units, depth, *, second):
    first = 2 * 4 * units * (features + units + 1)
    return first + (depth - 1) * 2 * 4 * units * (second + units + 1)


def _states(rng):
    return rng.normal(size=(5, 3)), rng.normal(size=(5, 3))


EXERCISES = [
    Exercise(
        id="18.1",
        title="The baseline that is hard to beat",
        task=(
            "Write `most_frequent_tags(words, tags, asked)`: from training words and their tags, the tag that each of "
            "the `asked` words had most often. A word that was never seen gets the tag that is most frequent of all."
        ),
        solution=most_frequent_tags,
        cases=[
            case(["can", "can", "can", "a", "the"], ["AUX", "AUX", "NOUN", "DET", "DET"], ["can", "the", "a"]),
            case(["a", "b", "b", "c", "c", "c"], ["X", "Y", "Y", "Z", "Y", "Z"], ["zyzzyva", "c", "a"],
                 note="a word never seen"),
            case(["run", "run", "run", "dog", "cat"], ["NOUN", "NOUN", "VERB", "NOUN", "NOUN"], ["run", "new"]),
        ],
        mistakes=[
            Mistake(_last_seen, "This is the tag that the word had last: count how often it had each."),
            Mistake(
                lambda words, tags, asked: [Counter(tags).most_common(1)[0][0] for _ in asked],
                "Every word gets the same tag: count the tags for each word on its own.",
            ),
            Mistake(
                lambda words, tags, asked: _known_only(words, tags, asked, "X"),
                "A word never seen gets X: give it the tag that is most frequent of all.",
            ),
        ],
        hints=[
            "A dictionary from a word to a Counter of its tags.",
            "`counts.setdefault(word, Counter())[tag] += 1`.",
            "`counter.most_common(1)[0][0]` is the most frequent; use the Counter of all tags for unknown words.",
        ],
        why="Most words have one usual tag. A network is worth what it adds to this.",
    ),
    Exercise(
        id="18.2",
        title="Two directions, one word",
        task=(
            "Write `both_ways(forward, backward)`: states (steps, units) of two networks joined at each word, (steps, "
            "2 units), forward first. The backward network read from the end, and its states are in the order in which "
            "it computed them."
        ),
        solution=both_ways,
        cases=[*drawn(_states), case(np.array([[1.0], [2]]), np.array([[30.0], [40]]))],
        mistakes=[
            Mistake(
                lambda forward, backward: np.concatenate([forward, backward], axis=1),
                "Backward states are joined as they came: the first of them belongs to the LAST word. Turn them round.",
            ),
            Mistake(
                lambda forward, backward: np.concatenate([forward[::-1], backward], axis=1),
                "You turned the forward states round; then the words come out in the wrong order.",
            ),
            Mistake(
                lambda forward, backward: np.concatenate([backward[::-1], forward], axis=1),
                "The halves are exchanged: forward comes first.",
            ),
            Mistake(
                lambda forward, backward: forward + backward[::-1],
                "The states are added: join them, so that the next layer can tell what was before from what comes.",
            ),
        ],
        hints=[
            "To which word does the first backward state belong?",
            "`backward[::-1]` is in the order of the words.",
            "`np.concatenate([forward, backward[::-1]], axis=1)`.",
        ],
        why="At each word one half knows everything before it, the other everything after it.",
    ),
    Exercise(
        id="18.3",
        title="From tags to names",
        task=(
            "Write `strict_spans(tags)`: the spans (type, start, end) of BIO tags such as ['B-person', 'I-person', "
            "'O'], `end` not included. A span begins at a B only; an I without a beginning belongs to none."
        ),
        solution=strict_spans,
        cases=[
            case(["B-a", "I-a", "O", "B-b"]),
            case(["B-a", "B-a", "I-a"], note="two names side by side"),
            case(["O", "I-a", "I-a", "B-b", "I-a"], note="an I without a beginning"),
            case(["O", "O"], note="no name"),
            case(["B-a", "I-a", "I-a"], note="a name up to the end"),
        ],
        mistakes=[
            Mistake(_loose_spans, "A stray I begins a span here: that is seqeval's default mode; strict wants a B."),
            Mistake(_merged_spans, "Two names side by side became one: a B begins a new span, whatever is before it."),
            Mistake(
                lambda tags: [(kind, start, end - 1) for kind, start, end in strict_spans(tags)],
                "The end is included: let it be the place after the last token, as in a slice.",
            ),
            Mistake(
                lambda tags: strict_spans(tags)[:-1] if tags and tags[-1] != "O" else strict_spans(tags),
                "A name that reaches the end of the sentence is missing.",
            ),
        ],
        hints=[
            "Walk through the tags, and remember the type and the start of the span that is open.",
            "A span ends where the tag is not an I of the same type.",
            "Add an 'O' at the end: it closes what is still open.",
        ],
        why="What a tagger is for are spans, and a span counts only as a whole.",
    ),
    Exercise(
        id="18.4",
        title="F1 of spans",
        task="Write `f1_of_spans(true, found)` for two lists of spans: harmonic mean of precision and recall, or 0.0.",
        solution=span_f1,
        cases=[
            case([("a", 0, 2), ("b", 4, 5)], [("a", 0, 2)]),
            case([("a", 0, 2)], [("a", 0, 1), ("b", 0, 2), ("a", 0, 2), ("c", 5, 6)]),
            case([("a", 0, 2)], [("b", 0, 2)], note="the right place and the wrong type"),
            case([("a", 0, 1)], [], note="nothing found"),
            case([("a", 0, 1), ("a", 2, 3), ("a", 4, 5)], [("a", 0, 1), ("a", 2, 3), ("b", 9, 10)]),
        ],
        mistakes=[
            Mistake(
                lambda true, found: len(set(true) & set(found)) / len(found) if found else 0.0,
                "This is the precision: spans that were missed do not count in it.",
            ),
            Mistake(
                lambda true, found: len(set(true) & set(found)) / len(true) if true else 0.0,
                "This is the recall: wrong spans do not count in it.",
            ),
            Mistake(
                lambda true, found: len(set(true) & set(found)) / len(set(true) | set(found)),
                "This is the Jaccard similarity, right spans among all: F1 counts each right span twice.",
            ),
            Mistake(
                lambda true, found: 2 * len({s[1:] for s in true} & {s[1:] for s in found}) / (len(true) + len(found)),
                "The types are not compared: a place called a person is not found.",
            ),
        ],
        hints=[
            "Right spans are `set(true) & set(found)`.",
            "Precision is right / found, recall right / true.",
            "The harmonic mean is 2 right / (true + found).",
        ],
        why="Most tokens are O, so accuracy is high for a tagger that finds nothing; F1 of that is zero.",
    ),
    Exercise(
        id="18.5",
        title="Weights of a stack",
        task=(
            "Write `count_weights(features, units, depth)` for `depth` bidirectional LSTM layers of `units` units a "
            "direction. An LSTM has four gates, each with weights from its input and its state, and a bias."
        ),
        solution=count_weights,
        cases=[case(50, 32, 1), case(50, 32, 2), case(90, 64, 4), case(7, 5, 6)],
        mistakes=[
            Mistake(
                lambda features, units, depth: _stacked(features, units, depth, second=units),
                "From the second layer on the input is both directions' states: twice the units wide.",
            ),
            Mistake(
                lambda features, units, depth: count_weights(features, units, depth) // 2,
                "This is one direction: there are two, each with weights of its own.",
            ),
            Mistake(
                lambda features, units, depth: depth * count_weights(features, units, 1),
                "Only the first layer reads the features: the others read the layer below.",
            ),
            Mistake(
                lambda features, units, depth: count_weights(features, units, depth) // 4,
                "The four gates are missing: input, forget and output gate, and the candidate.",
            ),
        ],
        hints=[
            "One LSTM: 4 units (width + units + 1).",
            "Twice that for two directions.",
            "The width is `features` at first, and `2 * units` from the second layer on.",
        ],
        why="The upper layers of a stack are often larger than the first.",
    ),
    Exercise(
        id="18.6",
        title="Too good",
        kind="predict",
        task=(
            "A bidirectional network learns to say the next sign at every step. On held-out throws of a die, which "
            "nobody can foresee, its perplexity is almost 1. What is it: skill, overfitting, foresight or a wrong loss?"
        ),
        choices=("skill", "overfitting", "foresight", "a wrong loss"),
        solution="foresight",
        mistakes=[
            Mistake("skill", "Nothing can be learned of dice: the best possible perplexity is 6."),
            Mistake("overfitting", "The throws are held out: nothing of them could be learned by heart."),
            Mistake("a wrong loss", "The loss is right. Ask which signs the answer at step t depends on."),
        ],
        hints=["Which states go into the answer at step t?", "Where has the backward half been before step t?"],
        why="A language model may see the past alone. Change a later sign and see whether an earlier answer moves.",
    ),
]  # fmt: skip
