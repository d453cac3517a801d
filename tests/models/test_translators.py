"""Seq2Seq and Transformer: padding, files, writing as in training, alignments, learning, arguments."""

import keras
import numpy as np
import pytest
from scipy.special import log_softmax

from dlcourse.models import Seq2Seq, Transformer
from dlcourse.models.weight_paths import weight_paths

RNG = np.random.default_rng(0)
SIZES = {"source_vocabulary": 9, "target_vocabulary": 8, "width": 6}
START, END = 1, 2
SOURCE = np.array([[3, 4, 5, 6], [7, 8, 0, 0], [5, 3, 4, 0]])
TARGET = np.array([[1, 3, 4, 5, 6], [1, 7, 2, 0, 0], [1, 4, 4, 3, 2]])
EACH = pytest.mark.parametrize(
    "make",
    [
        lambda **more: Seq2Seq(**SIZES, **more),
        lambda **more: Seq2Seq(**SIZES, attention="dot", **more),
        lambda **more: Seq2Seq(**SIZES, attention=None, **more),
        lambda **more: Seq2Seq(**SIZES, tied=True, **more),
        lambda **more: Transformer(**SIZES, depth=2, heads=2, **more),
        lambda **more: Transformer(**SIZES, depth=1, heads=3, norm_first=False, positions=False, **more),
    ],
    ids=["additive", "dot", "no attention", "tied", "transformer", "the paper's order, no positions"],
)


def as_array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def stirred(model):
    """Built, with weights large enough to tell words apart."""
    model.build()
    rng = np.random.default_rng(1)
    model.set_weights([0.7 * rng.normal(size=w.shape) for w in model.get_weights()])
    return model


@EACH
def test_padding_changes_nothing(make):
    model = stirred(make())
    wider = np.pad(SOURCE, ((0, 0), (0, 3)))
    answers = [as_array(model((source, TARGET))) for source in (SOURCE, wider)]
    np.testing.assert_allclose(*answers, atol=1e-5)
    assert answers[0].shape == (3, 5, 8)


@EACH
def test_a_place_sees_no_later_word_of_the_target(make):
    model, later = stirred(make()), TARGET.copy()
    later[:, 3:] = 7
    before, after = (as_array(model((SOURCE, target))) for target in (TARGET, later))
    np.testing.assert_allclose(after[:, :3], before[:, :3], atol=1e-5)


@EACH
def test_config_and_file(make, tmp_path):
    model = stirred(make(dropout=0.2, padding=0))
    again = type(model).from_config(model.get_config())
    assert again.get_config() == model.get_config()
    answer = as_array(model((SOURCE, TARGET)))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(as_array(loaded((SOURCE, TARGET))), answer, atol=1e-5)


@EACH
def test_written_word_by_word_as_in_training(make):
    model = stirred(make())
    texts = model.translate(SOURCE, 7, start=START, end=END)
    assert texts.shape == (3, 7)
    assert (texts[:, 0] == START).all()
    logits = as_array(model((SOURCE, texts)))
    for row, text in enumerate(texts):
        ended = np.flatnonzero(text == END)
        last = ended[0] if len(ended) else 6
        np.testing.assert_array_equal(logits[row, :last].argmax(-1), text[1 : last + 1])


@EACH
def test_beams_find_nothing_less_likely_than_the_greedy_way(make):
    model = stirred(make())

    def total(text):
        logs = log_softmax(as_array(model((SOURCE[:1], text[None])))[0], axis=-1)
        last = np.flatnonzero(text == END)
        return sum(logs[t, text[t + 1]] for t in range(last[0] if len(last) else len(text) - 1)), len(last)

    greedy = model.translate(SOURCE[:1], 6, start=START, end=END)[0]
    wide = model.translate(SOURCE[:1], 6, start=START, end=END, beams=20, length_penalty=0)[0]
    (one, one_ends), (other, other_ends) = total(greedy), total(wide)
    assert other_ends >= one_ends
    assert other_ends > one_ends or other >= one - 1e-4


@pytest.mark.parametrize("attention", ["additive", "dot"])
def test_alignments_are_weights_over_words(attention):
    model = stirred(Seq2Seq(**SIZES, attention=attention))
    weights = as_array(model.alignment(SOURCE, TARGET))
    assert weights.shape == (3, 5, 4)
    np.testing.assert_allclose(weights.sum(-1), 1, rtol=1e-5)
    assert not weights[1, :, 2:].any()


@pytest.mark.parametrize("attention", ["additive", "dot"])
def test_hidden_states_matter_where_they_are_hidden(attention):
    model = stirred(Seq2Seq(**SIZES, attention=attention))
    plain = as_array(model((SOURCE, TARGET)))
    hidden = np.zeros((3, 5, 4), bool)
    np.testing.assert_allclose(as_array(model.logits_hiding(SOURCE, TARGET, hidden)), plain, atol=1e-5)
    hidden[0, 2, 1] = True  # one place cannot look at one state: no other place's answer moves
    moved = np.abs(as_array(model.logits_hiding(SOURCE, TARGET, hidden)) - plain).max(-1) > 1e-4
    assert moved[0, 2]
    assert moved.sum() == 1
    hidden[1, :, 2:] = True  # padding is hidden anyway
    again = np.abs(as_array(model.logits_hiding(SOURCE, TARGET, hidden)) - plain).max(-1) > 1e-4
    np.testing.assert_array_equal(again, moved)
    assert np.isfinite(as_array(model.logits_hiding(SOURCE, TARGET, np.ones((3, 5, 4), bool)))).all()


def test_nothing_to_hide_without_attention():
    model = stirred(Seq2Seq(**SIZES, attention=None))
    with pytest.raises(ValueError, match="attention is None"):
        model.logits_hiding(SOURCE, TARGET, np.zeros((3, 5, 4), bool))


def test_tied_scores_are_products_with_the_words():
    tied, untied = stirred(Seq2Seq(**SIZES, tied=True)), Seq2Seq(**SIZES)
    untied.build()
    assert tied.count_params() == untied.count_params() - 6 * 8
    own = weight_paths(tied)
    for name, variable in weight_paths(untied).items():
        if name == "scores/kernel":
            variable.assign(as_array(tied.target_words.embeddings).T)
        else:
            variable.assign(own["bias" if name == "scores/bias" else name])
    np.testing.assert_allclose(as_array(tied((SOURCE, TARGET))), as_array(untied((SOURCE, TARGET))), atol=1e-4)


def test_scores_of_every_block():
    model = stirred(Transformer(**SIZES, depth=2, heads=2))
    found = model.attention_scores(SOURCE, TARGET)
    shapes = {name: [each.shape for each in weights] for name, weights in found.items()}
    assert shapes == {"encoder": [(3, 2, 4, 4)] * 2, "decoder": [(3, 2, 5, 5)] * 2, "cross": [(3, 2, 5, 4)] * 2}
    assert not as_array(found["cross"][0])[1, :, :, 2:].any()


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Seq2Seq, Transformer])
def test_it_learns_to_turn_words_round(kind):
    keras.utils.set_random_seed(0)
    words = RNG.integers(3, 9, size=(600, 4))
    target = np.concatenate([np.full((600, 1), START), words[:, ::-1], np.full((600, 1), END)], 1)
    model = kind(9, 9, width=32)
    model.compile(keras.optimizers.Adam(0.005), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit((words, target[:, :-1]), target[:, 1:], batch_size=50, epochs=40, verbose=0)
    fresh = RNG.integers(3, 9, size=(50, 4))
    written = model.translate(fresh, 6, start=START, end=END)[:, 1:-1]
    assert (written == fresh[:, ::-1]).all(1).mean() > 0.8


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Seq2Seq(9, 8, 0), "width is a whole number from 1, not 0"),
        (lambda: Seq2Seq(9, 8, 4, attention="both"), "attention is one of 'additive', 'dot', None, not 'both'"),
        (lambda: Transformer(9, 8, 6, heads=4), "heads=4 do not divide the width 6"),
        (lambda: Transformer(9, 8, dropout=1.0), "dropout is a number from 0, below 1"),
        (lambda: Seq2Seq(9, 8, 4, attention=None).alignment(SOURCE, TARGET), "this model looks at nothing"),
    ],
)
def test_bad_arguments(call, words):
    with pytest.raises(ValueError, match=words):
        call()
