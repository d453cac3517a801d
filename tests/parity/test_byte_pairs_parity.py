"""Byte-pair encoding by hand against `tokenizers`: the same merges in the same order, the same pieces."""

import json

import numpy as np
import pytest

from dlcourse.data import load
from dlcourse.scratch import BytePairs
from dlcourse.scratch.byte_pairs import WORDS


def theirs(text, pieces, alphabet):
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(WORDS), "isolated")
    how = {"vocab_size": pieces, "initial_alphabet": sorted(alphabet), "show_progress": False}
    tokenizer.train_from_iterator([text], trainers.BpeTrainer(**how))
    return tokenizer, [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]


@pytest.mark.parametrize("start", range(0, 200, 20))
def test_random_words(start):
    for seed in range(start, start + 20):
        rng = np.random.default_rng(seed)
        letters = "abcd"[: rng.integers(1, 5)]
        words = ["".join(rng.choice(list(letters), rng.integers(1, 10))) for _ in range(rng.integers(1, 60))]
        text, other = " ".join(words), "".join(rng.choice(list(letters + " "), 60))
        ours = BytePairs.learn(text, 30, letters + " ")
        tokenizer, merges = theirs(text, 30, letters + " ")
        assert ours.merges == merges
        for each in (text, other):
            assert ours.encode(each).tolist() == tokenizer.encode(each).ids


def test_the_novel():
    novel = load("moby_dick")[:300_000]
    ours = BytePairs.learn(novel[:200_000], 400, novel)
    tokenizer, merges = theirs(novel[:200_000], 400, set(novel))
    assert ours.merges == merges
    encoded = tokenizer.encode(novel[200_000:])
    assert ours.encode(novel[200_000:]).tolist() == encoded.ids
    assert [ours.pieces[number] for number in encoded.ids[:500]] == encoded.tokens[:500]
