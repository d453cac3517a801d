"""`pipeline`: what every epoch holds, in which order, and the same in every process; where a step's time goes."""

import subprocess
import sys
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlcourse.data import pipeline, time_steps
from dlcourse.plots.step_time import step_time, timeline
from dlcourse.training import fit
from dlcourse.training.epochs import Epochs

ROWS = 23
X = np.arange(ROWS, dtype="float32")[:, None]
Y = np.arange(ROWS) % 3
LENGTHS = np.random.default_rng(1).integers(1, 15, 60)
WORDS = [np.full(length, row + 1) for row, length in enumerate(LENGTHS)]  # row i says i + 1 all along
TAGS = [each * 2 for each in WORDS]


def rows(dataset):
    return [int(each) for batch in dataset for each in batch[0].numpy().ravel()]


@pytest.mark.parametrize(("seed", "batch_size"), [(None, 5), (4, 1), (4, 23), (4, 50)])
def test_every_example_once_an_epoch_with_its_own_label(seed, batch_size):
    batches = pipeline((X, Y), batch_size, shuffle_seed=seed)
    for epoch in range(2):
        found = [(int(x[0]), int(y)) for batch in batches(epoch) for x, y in zip(*batch, strict=True)]
        assert sorted(found) == [(row, row % 3) for row in range(ROWS)]


def test_order_differs_by_epoch_and_by_seed_and_follows_from_both():
    batches, same, other = (pipeline((X, Y), 5, shuffle_seed=seed) for seed in (4, 4, 5))
    assert rows(same(7)) == rows(batches(7))  # without the epochs before
    assert rows(batches(0)) != rows(batches(1))
    assert rows(batches(0)) != rows(other(0))
    assert rows(pipeline((X, Y), 5)(1)) == list(range(ROWS))


IN_A_PROCESS = """
import numpy as np, tensorflow as tf
from dlcourse.data import pipeline
def noisy(x, seed):
    return x + tf.random.stateless_uniform([1], seed=seed)
batches = pipeline(np.arange(23, dtype="float32")[:, None], 5, shuffle_seed=4, augment=noisy)(3)
found = np.concatenate(list(batches.as_numpy_iterator())).tobytes().hex()
"""


@pytest.mark.slow
def test_two_processes_have_one_order_and_one_augmentation():
    code = [sys.executable, "-c", IN_A_PROCESS + "print(found)"]
    there = subprocess.run(code, capture_output=True, text=True, check=True).stdout.strip()
    here = {}
    exec(IN_A_PROCESS, here)
    assert here["found"] == there
    assert len(there) == 23 * 4 * 2


def test_the_order_is_that_of_fit():
    ours, theirs = pipeline((X, Y), 5, shuffle_seed=4), Epochs((X, Y), 5, seed=4)
    assert [rows(ours(epoch)) for epoch in range(3)] == [rows(theirs.dataset(epoch)) for epoch in range(3)]


def test_fit_asks_for_each_epoch():
    def weights(data, **settings):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.001), "mse", run_eagerly=True)
        fit(model, data, epochs=2, progress="off", **settings)
        return [each.tolist() for each in model.get_weights()]

    assert weights(pipeline((X, Y), 5, shuffle_seed=4)) == weights((X, Y), batch_size=5, seed=4)
    assert weights(pipeline((X, Y), 5, shuffle_seed=4)) != weights(pipeline((X, Y), 5, shuffle_seed=3))


def test_repeat_is_epoch_after_epoch():
    batches = pipeline((X, Y), 5, shuffle_seed=4)
    assert rows(batches.repeat(3)) == rows(batches(0)) + rows(batches(1)) + rows(batches(2))
    assert rows(batches.repeat(1, first=2)) == rows(batches(2))
    assert batches.repeat(3).cardinality() == 15


def test_going_on_in_the_middle_of_an_epoch():
    batches = pipeline((X, Y), 5, shuffle_seed=4, augment=lambda x, y, seed: (x, y))
    assert rows(batches(2).skip(3)) == rows(batches(2))[15:]


def test_the_last_batch_is_kept_or_left_out():
    kept, dropped = pipeline((X, Y), 5), pipeline((X, Y), 5, drop_remainder=True)
    assert [len(batch[0]) for batch in kept(0)] == [5, 5, 5, 5, 3]
    assert [len(batch[0]) for batch in dropped(0)] == [5, 5, 5, 5]
    assert (len(kept), len(dropped)) == (5, 4) == (kept(0).cardinality(), dropped(0).cardinality())
    assert dropped(0).element_spec[0].shape == (5, 1)


@pytest.mark.parametrize("kind", ["uint8", "float16", "float32", "float64", "int32", "int64", "bool"])
def test_types_are_kept(kind):
    (batch,) = pipeline({"image": X.astype(kind)}, 50)(0)
    assert batch["image"].dtype == kind
    np.testing.assert_array_equal(batch["image"], X.astype(kind))


def test_structure_is_kept():
    assert pipeline(X, 5)(0).element_spec.shape == (None, 1)
    x, y, weights = next(iter(pipeline(({"a": X, "b": Y}, Y, X[:, 0]), 5)(0)))
    assert x["a"].shape == (5, 1)
    assert x["b"].shape == y.shape == weights.shape == (5,)


@pytest.mark.parametrize("cache", [True, False])
def test_prepare_changes_whole_batches(cache):
    calls = []

    def scale(x, y):
        calls.append(x.shape)
        return tf.cast(x, tf.float32) / 2, y

    batches = pipeline((X.astype("uint8"), Y), 5, prepare=scale, cache=cache)
    np.testing.assert_array_equal(next(iter(batches(0)))[0], X[:5] / 2)
    assert len(list(batches(1))) == 5
    assert calls[0] == ((ROWS, 1) if cache else (None, 1))
    assert not cache or len(calls) == 1


@pytest.mark.parametrize("cache", [True, False])
def test_augmentation_follows_from_seed_epoch_and_row(cache):
    def shift(x, y, seed):
        return x + tf.random.stateless_uniform([1], seed=seed), y

    def shifts(batch_size, seed, epoch):
        batches = pipeline((X, Y), batch_size, shuffle_seed=seed, augment=shift, prepare=lambda *p: p, cache=cache)
        values = np.concatenate([batch[0].numpy().ravel() for batch in batches(epoch)])
        return {int(value): value % 1 for value in values}

    first = shifts(5, 1, 0)
    assert shifts(7, 1, 0) == first  # by row, in whatever batch
    assert len(set(first.values())) == ROWS
    assert shifts(5, 1, 1)[3] != first[3] != shifts(5, 2, 0)[3]


def test_buckets_hold_only_their_lengths_and_are_padded_to_their_limit():
    batches = pipeline((WORDS, TAGS, LENGTHS), 8, shuffle_seed=0, bucket_by=[4, 9])
    seen, wide = [], []
    for words, tags, lengths in batches(1):
        limit = words.shape[1]
        below = {4: 0, 9: 4, LENGTHS.max(): 9}[limit]
        assert ((lengths > below) & (lengths <= limit)).numpy().all()
        for word, tag, length in zip(words.numpy(), tags.numpy(), lengths.numpy(), strict=True):
            assert (word[:length] == word[0]).all()
            assert (word[length:] == 0).all()
            np.testing.assert_array_equal(tag, 2 * word)
        seen += [int(each) - 1 for each in words[:, 0]]
        wide.append(limit)
    assert sorted(seen) == list(range(60))
    assert len(wide) == len(batches)
    assert wide != sorted(wide)  # the buckets are mixed


def test_bucket_orders_follow_from_seed_and_epoch():
    first, again = (pipeline(WORDS, 8, shuffle_seed=0, bucket_by=[4, 9]) for _ in range(2))

    def starts(dataset):
        return [batch[:, 0].numpy().tolist() for batch in dataset]

    assert starts(first(2)) == starts(again(2)) != starts(first(3))
    assert pipeline(WORDS, 8, bucket_by=[4, 9], drop_remainder=True)(0).cardinality() == sum(
        np.histogram(LENGTHS, [1, 5, 10, 15])[0] // 8
    )


def test_without_buckets_sequences_are_padded_to_the_longest_of_the_batch():
    batches = pipeline((WORDS, Y[:1].repeat(60)), 8, pad=-1)
    for start, (words, _) in zip(range(0, 60, 8), batches(0), strict=True):
        assert words.shape[1] == LENGTHS[start : start + 8].max()
        np.testing.assert_array_equal((words.numpy() != -1).sum(1), LENGTHS[start : start + 8])


def test_padding_counts_nothing_by_weights_or_by_a_mask():
    words = [each % 7 + 1 for each in WORDS]
    tags = [each % 3 for each in words]
    batch = next(iter(pipeline((words, tags), 60, bucket_by=[20], mask_padding=True)(0)))
    x, y, weights = (each.numpy() for each in batch)
    np.testing.assert_array_equal(weights.sum(1), LENGTHS)
    assert weights.dtype == np.float32

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Embedding(9, 4, mask_zero=True), keras.layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    steps = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")(y, np.array(model(x)))
    by_mask = loss(y, model(x))
    assert float(by_mask) == pytest.approx((np.array(steps) * weights).sum() / weights.sum(), rel=1e-5)


def test_sequences_of_vectors():
    series = [np.ones((length, 3), "float32") for length in LENGTHS]
    batch = next(iter(pipeline(series, 60, bucket_by=[20])(0)))
    assert batch.shape == (60, 20, 3)
    np.testing.assert_array_equal(batch.numpy().sum((1, 2)), 3 * LENGTHS)


@pytest.mark.parametrize(
    ("data", "settings", "message"),
    [
        ((X, Y[:3]), {}, "data has arrays of 23, 3 rows"),
        ((X[:0], Y[:0]), {}, "data has arrays of 0, 0 rows"),
        ((), {}, "data has arrays of no rows"),
        (X, {"batch_size": 0}, "batch_size is a whole number from 1, not 0"),
        (X, {"batch_size": 2.5}, "batch_size is a whole number from 1, not 2.5"),
        (X, {"shuffle_seed": -1}, "shuffle_seed is a whole number from 0, or None for no shuffling, not -1"),
        (X, {"shuffle_seed": True}, "shuffle_seed is a whole number"),
        (X, {"augment": 3}, "augment is a function, not int"),
        (X, {"prepare": "scale"}, "prepare is a function, not str"),
        (X, {"bucket_by": [4]}, "bucket_by is for sequences, and data has none"),
        (WORDS, {"bucket_by": [9, 4]}, r"bucket_by is a list of rising lengths such as \[10, 20, 40\], not \[9, 4\]"),
        (WORDS, {"bucket_by": [0, 4]}, "bucket_by is a list of rising lengths"),
        (WORDS, {"bucket_by": []}, "bucket_by is a list of rising lengths"),
        (WORDS, {"bucket_by": 4}, "bucket_by is a list of rising lengths"),
        (WORDS, {"augment": lambda x, seed: x}, "augment is for arrays, and data has sequences"),
        ([[1], []], {}, "data has a sequence of length 0"),
        ((X, Y), {"mask_padding": True}, "mask_padding is for data"),
        (X, {"batch_size": 50, "drop_remainder": True}, "drop_remainder leaves nothing: of 23 examples no batch of 50"),
    ],
)
def test_bad_arguments(data, settings, message):
    with pytest.raises(ValueError, match=message):
        pipeline(data, **{"batch_size": 5, **settings})


def test_bad_epochs():
    batches = pipeline(X, 5)
    for epoch in (-1, 1.5, True):
        with pytest.raises(ValueError, match="epoch is a whole number from 0"):
            batches(epoch)
    with pytest.raises(ValueError, match="epochs is a whole number from 1, not 0"):
        batches.repeat(0)


def test_times_of_steps_are_split_into_waiting_and_computing(monkeypatch):
    clock = iter([0, 5, 5, 10, 12, 15, 20, 21, 29])  # asked, came, done: 5 + 0; 2 + 3; 1 + 8
    monkeypatch.setattr("dlcourse.data.timing.time", SimpleNamespace(perf_counter=lambda: float(next(clock))))
    done = []
    times = time_steps([7, 8, 9], done.append, steps=2, skip=1)
    assert done == [7, 8, 9]
    np.testing.assert_array_equal(times.waiting, [2, 1])
    np.testing.assert_array_equal(times.computing, [3, 8])
    assert times.waiting_share == pytest.approx(3 / 14)
    assert times.seconds_per_step == 7
    assert "21 % of it waiting" in str(times)


def test_batches_that_end_early_are_timed_as_far_as_they_go():
    assert len(time_steps(range(6), str, steps=50, skip=2).waiting) == 4
    with pytest.raises(ValueError, match="batches ended after 2, and 3 are skipped"):
        time_steps(range(2), str)
    with pytest.raises(ValueError, match="steps is a whole number from 1, not 0"):
        time_steps(range(2), str, steps=0)


def test_figures_of_a_steps_time():
    import matplotlib.pyplot as plt

    measured = {
        "one by one": SimpleNamespace(waiting=np.array([0.003, 0.001]), computing=np.array([0.006, 0.006])),
        "ahead": SimpleNamespace(waiting=np.zeros(2), computing=np.array([0.006, 0.006])),
    }
    figure, (above, below) = plt.subplots(2)
    step_time(above, measured)
    timeline(below, measured, steps=2)
    widths = [bar.get_width() for bar in above.patches]
    np.testing.assert_allclose(widths, [2, 0, 6, 6])
    assert [text.get_text().strip() for text in above.texts] == ["25 % waiting", "0 % waiting"]
    assert [label.get_text() for label in above.get_yticklabels()] == ["one by one", "ahead"]
    assert "(ms)" in above.get_xlabel()
    ends = [path.get_extents().x1 for part in below.collections for path in part.get_paths()]
    assert max(ends) == pytest.approx(16)
    plt.close(figure)
    with pytest.raises(ValueError, match="no step times"):
        step_time(above, {})
