"""Buckets, padding, masks: every sequence once, nothing cut, nothing real hidden."""

import numpy as np
import pytest

from dlcourse.text import Batch, bucket_by_length, collate, length_mask, pad


def test_every_sequence_is_in_one_batch_of_its_bucket():
    lengths = np.random.default_rng(0).integers(1, 70, 300)
    batches = bucket_by_length(lengths, [10, 20, 40], 16, seed=1)
    assert sorted(np.concatenate([batch.rows for batch in batches])) == list(range(300))
    for batch in batches:
        lower = {10: 0, 20: 10, 40: 20, lengths.max(): 40}[batch.length]
        assert (lengths[batch.rows] > lower).all()
        assert (lengths[batch.rows] <= batch.length).all()
        assert 0 < len(batch) <= 16


def test_orders_follow_the_seed():
    def orders(seed):
        return [batch.rows.tolist() for batch in bucket_by_length([1, 2, 3, 4] * 8, [2, 4], 4, seed=seed)]

    assert orders(3) == orders(3)
    assert orders([3, 0]) != orders([3, 1])
    assert orders(None)[0] == [0, 1, 4, 5]


def test_a_limit_is_included_and_an_empty_bucket_gives_no_batch():
    batches = bucket_by_length([5, 6, 5], [2, 5, 6], 2)
    assert [(batch.rows.tolist(), batch.length) for batch in batches] == [([0, 2], 5), ([1], 6)]


def test_buckets_leave_less_padding_than_one_batch_order():
    lengths = np.random.default_rng(0).integers(1, 60, 400)
    batches = bucket_by_length(lengths, [10, 20, 30, 40, 50], 16)
    assert sum(len(batch) * batch.length for batch in batches) < 0.65 * 400 * lengths.max()


@pytest.mark.parametrize("limits", [[], [0, 3], [3, 3], [5, 4], [2.5], 10])
def test_limits_that_do_not_rise_are_refused(limits):
    with pytest.raises(ValueError, match="limits is a list of rising lengths"):
        bucket_by_length([1, 2], limits, 2)


@pytest.mark.parametrize("lengths", [[], [0, 1], [1.5], [[1]]])
def test_lengths_that_are_none_are_refused(lengths):
    with pytest.raises(ValueError, match="lengths is whole numbers from 1"):
        bucket_by_length(lengths, [2], 2)


@pytest.mark.parametrize("size", [0, 1.5, True])
def test_a_batch_size_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match="batch_size is a whole number from 1"):
        bucket_by_length([1], [2], size)


def test_padding_stands_after_the_ends():
    padded = pad([[1, 2], [3], np.array([4, 5, 6])], value=-1)
    np.testing.assert_array_equal(padded, [[1, 2, -1], [3, -1, -1], [4, 5, 6]])
    vectors = pad([np.ones((2, 3), np.float32)], 4)
    assert (vectors.shape, vectors.dtype, vectors.sum()) == ((1, 4, 3), np.float32, 6)


def test_sequences_that_cannot_be_padded_are_refused():
    with pytest.raises(ValueError, match="length is 2 and a sequence has 3 steps"):
        pad([[1, 2, 3]], 2)
    with pytest.raises(ValueError, match="sequences is empty"):
        pad([])
    with pytest.raises(ValueError, match="their steps have the shapes"):
        pad([np.ones((2, 3)), np.ones((2, 4))])
    with pytest.raises(ValueError, match="a single number"):
        pad([1, 2])


def test_the_mask_says_which_steps_are_real():
    np.testing.assert_array_equal(length_mask([2, 0, 3]), [[1, 1, 0], [0, 0, 0], [1, 1, 1]])
    assert length_mask([1], 4).tolist() == [[True, False, False, False]]
    assert length_mask([]).shape == (0, 0)
    with pytest.raises(ValueError, match="lengths are from 1 to 5, and must be from 0 to 4"):
        length_mask([1, 5], 4)


def test_parts_are_collated_with_their_mask():
    ids, tags = [np.arange(1, 4), np.arange(1, 2), np.arange(1, 3)], [[7, 7, 7], [8], [9, 9]]
    x, y, mask = collate(Batch(np.array([2, 0]), 4), ids, tags)
    np.testing.assert_array_equal(x, [[1, 2, 0, 0], [1, 2, 3, 0]])
    np.testing.assert_array_equal(y, [[9, 9, 0, 0], [7, 7, 7, 0]])
    np.testing.assert_array_equal(mask, x > 0)


def test_parts_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="part 2 has sequences of other lengths than part 1"):
        collate(Batch(np.array([0]), 4), [[1, 2]], [[1]])
    with pytest.raises(ValueError, match="parts is empty"):
        collate(Batch(np.array([0]), 4))
