"""BLEU by hand equals sacreBLEU's over random corpora, short and bad ones included."""

import numpy as np
import pytest

from dlcourse.scratch import bleu, bleu_counts

sacrebleu = pytest.importorskip("sacrebleu")


def a_corpus(seed):
    """Words from a vocabulary so small or so large that many or few pieces are right; sentences of 1 to 12 words."""
    rng = np.random.default_rng(seed)
    words = [f"w{number}" for number in range(rng.integers(2, 30))]

    def sentences(m):
        return [list(rng.choice(words, rng.integers(1, 13))) for _ in range(m)]

    m = rng.integers(1, 12)
    translations, references = sentences(m), sentences(m)
    for row in np.flatnonzero(rng.random(m) < 0.4):  # some are nearly right
        translations[row] = references[row][: rng.integers(1, 13)]
    return translations, references


@pytest.mark.parametrize("seed", range(60))
def test_of_a_corpus(seed):
    translations, references = a_corpus(seed)
    theirs = sacrebleu.corpus_bleu(
        [" ".join(one) for one in translations], [[" ".join(one) for one in references]], tokenize="none"
    )
    counts = bleu_counts(translations, references).sum(axis=0)
    assert counts[:4].tolist() == theirs.counts
    assert counts[4:8].tolist() == theirs.totals
    assert counts[8:].tolist() == [theirs.sys_len, theirs.ref_len]
    assert bleu(counts) == pytest.approx(theirs.score, abs=1e-9)


def test_many_corpora_at_once():
    counts = np.stack([bleu_counts(*a_corpus(seed)).sum(axis=0) for seed in range(6)]).reshape(2, 3, 10)
    together = bleu(counts)
    assert together.shape == (2, 3)
    np.testing.assert_allclose(together, [[bleu(one) for one in row] for row in counts])


def test_literal_answers():
    same = [["the", "cat", "sat", "down"]]
    assert bleu(bleu_counts(same, same).sum(axis=0)) == pytest.approx(100)
    # Four words of eight, all right: only the brevity penalty exp(1 - 8/4).
    half = bleu_counts([["a", "b", "c", "d"]], [list("abcdefgh")])
    assert bleu(half[0]) == pytest.approx(100 * np.exp(-1))
    # "the the the": a piece counts as often as the reference has it.
    assert bleu_counts([["the"] * 3], [["the", "cat"]])[0, 0] == 1
    assert bleu(bleu_counts([["x"] * 5], [["a"] * 5])[0]) == 0


def test_arguments():
    with pytest.raises(ValueError, match="translations are 1 and references 2"):
        bleu_counts([["a"]], [["a"], ["b"]])
    with pytest.raises(ValueError, match="at least one"):
        bleu_counts([], [])
    with pytest.raises(ValueError, match="10 columns"):
        bleu(np.zeros((3, 9)))
