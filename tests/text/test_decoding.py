"""Choosing words and writing texts: against brute force on models small enough to try every text."""

import itertools

import keras
import numpy as np
import pytest
from keras import ops

from dlcourse.text.beam import beam_search
from dlcourse.text.choosing import FAR, drawn, filtered, keep_top_k, keep_top_p
from dlcourse.text.decoding import greedy_decode, sample

WORDS, END = 4, 3
TABLE = np.random.default_rng(0).normal(size=(WORDS, WORDS)).astype("float32")


def bigrams(tokens, index, state):
    """The next word depends on this one alone; nothing is remembered but how many were read."""
    return ops.take(ops.convert_to_tensor(TABLE), tokens, axis=0), state + 1


def remembering(tokens, index, state):
    """The next word depends on all before, each counted in the state (batch, words)."""
    state = state + ops.one_hot(tokens, WORDS)
    return ops.matmul(state, ops.convert_to_tensor(TABLE)), state


def none(batch):
    return np.zeros((batch,), "int32")


def as_array(x):
    return ops.convert_to_numpy(x)


def log_softmax(x):
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def test_top_k_keeps_ties():
    kept = as_array(keep_top_k(ops.convert_to_tensor([[1.0, 3, 2, 2, 0], [5, 4, 3, 2, 1]]), 2)) > FAR
    np.testing.assert_array_equal(kept, [[0, 1, 1, 1, 0], [1, 1, 0, 0, 0]])
    everything = as_array(keep_top_k(ops.convert_to_tensor([[1.0, 2]]), 9))
    np.testing.assert_array_equal(everything, [[1, 2]])


@pytest.mark.parametrize(
    ("p", "kept"),
    [(0.05, [0, 1, 0, 0]), (0.5, [0, 1, 0, 0]), (0.51, [0, 1, 1, 0]), (0.85, [1, 1, 1, 0]), (1.0, [1, 1, 1, 1])],
)
def test_top_p_is_the_smallest_prefix(p, kept):
    logits = ops.convert_to_tensor(np.log([[0.1875, 0.5, 0.25, 0.0625]]).astype("float32"))
    np.testing.assert_array_equal(as_array(keep_top_p(logits, p))[0] > FAR, kept)


def test_top_p_among_equals_takes_the_first():
    kept = as_array(keep_top_p(ops.zeros((1, 4)), 0.5)) > FAR
    np.testing.assert_array_equal(kept, [[1, 1, 0, 0]])


def test_temperature_divides():
    logits = np.random.default_rng(1).normal(size=(3, 5)).astype("float32")
    np.testing.assert_allclose(as_array(filtered(ops.convert_to_tensor(logits), 0.5)), 2 * logits, rtol=1e-6)


def test_words_are_drawn_by_their_probability():
    probabilities = np.array([0.1, 0.6, 0.05, 0.25])
    logits = ops.convert_to_tensor(np.tile(np.log(probabilities), (20_000, 1)).astype("float32"))
    uniform = np.random.default_rng(2).random(20_000, dtype="float32")
    counts = np.bincount(as_array(drawn(logits, uniform)), minlength=4) / 20_000
    np.testing.assert_allclose(counts, probabilities, atol=0.015)
    edges = as_array(drawn(logits[:2], ops.convert_to_tensor(np.array([0, 1 - 1e-7], "float32"))))
    np.testing.assert_array_equal(edges, [0, 3])


@pytest.mark.parametrize("step", [bigrams, remembering])
def test_greedy_takes_the_likeliest_each_time(step):
    state = none(3) if step is bigrams else np.zeros((3, WORDS), "float32")
    texts = greedy_decode(step, state, [[0], [1], [2]], 7)
    for row in range(3):
        words, counts = [row], np.zeros(WORDS)
        for _ in range(6):
            counts[words[-1]] += 1
            words.append(int(np.argmax(TABLE[words[-1]] if step is bigrams else counts @ TABLE)))
        np.testing.assert_array_equal(texts[row], words)


def test_an_end_fills_the_rest():
    def towards_end(tokens, index, state):
        return ops.one_hot(tokens + 1, 4), state

    texts = greedy_decode(towards_end, none(3), [[0], [1], [2]], 6, end=3)
    np.testing.assert_array_equal(texts, [[0, 1, 2, 3, 3, 3], [1, 2, 3, 3, 3, 3], [2, 3, 3, 3, 3, 3]])


def test_prompts_of_several_lengths_are_kept():
    texts = greedy_decode(bigrams, none(2), [[0, 2, 1], [2, -1, -1]], 5)
    alone = [greedy_decode(bigrams, none(1), p, 5)[0] for p in ([[0, 2, 1]], [[2]])]
    np.testing.assert_array_equal(texts, alone)


def test_sampling_with_one_word_left_is_greedy_and_seeds_repeat():
    greedy = greedy_decode(bigrams, none(1), [[0]], 12)
    np.testing.assert_array_equal(sample(bigrams, none(1), [[0]], 12, top_k=1, seed=5), greedy)
    np.testing.assert_array_equal(sample(bigrams, none(1), [[0]], 12, top_p=1e-6, seed=5), greedy)
    draws = [sample(bigrams, none(1), [[0]], 30, seed=seed) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(draws[0], draws[1])
    assert (draws[0] != draws[2]).any()


def test_sampled_pairs_follow_the_model():
    texts = sample(bigrams, none(4000), np.zeros((4000, 1), int), 2, seed=0)
    expected = np.exp(log_softmax(TABLE[0]))
    np.testing.assert_allclose(np.bincount(texts[:, 1], minlength=WORDS) / 4000, expected, atol=0.03)


def every_text(first, length):
    """All texts from `first` that end, or are as long as allowed, with the sum of their log-probabilities."""
    logs = log_softmax(TABLE)
    for words in range(1, length):
        for rest in itertools.product(range(WORDS), repeat=words):
            ended = rest[-1] == END
            if END in rest[:-1] or not ended:
                continue
            text = [first, *rest]
            yield text + [END] * (length - len(text)), sum(logs[a, b] for a, b in itertools.pairwise(text)), words


@pytest.mark.parametrize("penalty", [0.0, 0.6, 2.0])
def test_a_beam_wide_enough_finds_the_best_of_all_texts(penalty):
    texts, scores = beam_search(bigrams, none(2), [[0], [1]], 5, end=END, beams=64, length_penalty=penalty)
    for row, first in enumerate((0, 1)):
        found = sorted(
            ((total / ((5 + n) / 6) ** penalty, text) for text, total, n in every_text(first, 5)), reverse=True
        )
        np.testing.assert_allclose(scores[row, :8], [score for score, _ in found[:8]], rtol=1e-4)
        np.testing.assert_array_equal(texts[row, 0], found[0][1])


def test_a_beam_of_one_follows_the_greedy_way_until_it_ends():
    state = np.zeros((2, WORDS), "float32")
    greedy = greedy_decode(remembering, state, [[0], [1]], 6, end=END)
    texts, scores = beam_search(remembering, state, [[0], [1]], 6, end=END, beams=1, length_penalty=0.0)
    for row in range(2):
        if scores[row, 0] < FAR / 2:  # it did not end
            np.testing.assert_array_equal(texts[row, 0], greedy[row])


def test_state_moves_with_its_beam():
    wide, scores = beam_search(remembering, np.zeros((1, WORDS), "float32"), [[0]], 6, end=END, beams=30)
    for text, score in zip(wide[0], scores[0], strict=True):
        if score < FAR / 2:
            continue
        counts, total, words = np.zeros(WORDS), 0.0, 0
        for a, b in itertools.pairwise(text):
            counts[a] += 1
            total, words = total + log_softmax(counts @ TABLE)[b], words + 1
            if b == END:
                break
        assert score == pytest.approx(total / ((5 + words) / 6) ** 0.6, rel=1e-4)


def test_a_loop_is_compiled_once():
    calls = []

    def counted(tokens, index, state):
        calls.append(1)
        return ops.one_hot(tokens, 3), state

    greedy_decode(counted, none(1), [[0]], 40)
    traced = len(calls)
    greedy_decode(counted, none(1), [[1]], 40)
    if keras.backend.backend() != "torch":
        assert traced < 10
        assert len(calls) == traced


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: greedy_decode(bigrams, none(1), [0], 4), r"prompt is words \(batch, places\)"),
        (lambda: greedy_decode(bigrams, none(1), [[0.5]], 4), "in whole numbers, not float64"),
        (lambda: greedy_decode(bigrams, none(1), [[0, 1]], 1), "length is a whole number from the prompt's, 2, not 1"),
        (lambda: greedy_decode(bigrams, none(1), [[-1, 0]], 3), "begins with one word or more"),
        (lambda: greedy_decode(bigrams, none(1), [[0]], 3, begin=1), "begin is a place of the shortest prompt, 0 to 0"),
        (lambda: sample(bigrams, none(1), [[0]], 3, temperature=0), "temperature is a number above 0"),
        (lambda: sample(bigrams, none(1), [[0]], 3, top_k=0), "top_k is a whole number from 1 or None, not 0"),
        (lambda: sample(bigrams, none(1), [[0]], 3, top_p=1.5), r"up to 1, or None, not 1\.5"),
        (lambda: beam_search(bigrams, none(1), [[0]], 3, end=3, beams=0), "beams is a whole number from 1, not 0"),
        (lambda: beam_search(bigrams, none(1), [[0]], 3, end=3, length_penalty=-1), "length_penalty is a number"),
        (lambda: beam_search(bigrams, none(2), [[0, 1], [0, -1]], 3, end=3), "rows of one length"),
    ],
)  # fmt: skip
def test_bad_arguments(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_many_settings_draw_no_warning(caplog):
    """Each setting is a program of its own: compiling the seventh is no sign of a mistake."""
    for number in range(7):
        sample(bigrams, none(1), [[0]], 3, temperature=1.0 + number / 10)
    assert "retracing" not in caplog.text
