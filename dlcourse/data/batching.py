"""From arrays to batches, as tf.data: each epoch in an order of its own that can be asked for by its number."""

import numbers
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlcourse.data import parts


def pipeline(
    data: Any,
    batch_size: int,
    *,
    shuffle_seed: int | None = None,
    prepare: Callable | None = None,
    cache: bool = True,
    augment: Callable | None = None,
    bucket_by: Sequence[int] | None = None,
    pad: float = 0,
    mask_padding: bool = False,
    drop_remainder: bool = False,
    prefetch: bool = True,
) -> "Pipeline":
    """Batches of every epoch, from arrays in memory.

    The order of an epoch, and what `augment` draws in it, follow from seed and epoch alone. `fit(model, pipeline(…))`
    asks for each epoch by its number, and a training that was killed goes on with the batches it would have had.

        batches = pipeline((x, y), 64, shuffle_seed=0)
        batches(3)                                  # epoch 3 as a tf.data.Dataset; epochs count from 0
        model.fit(batches.repeat(10))               # the first ten, one after the other

    Args:
        data: an array, or a tuple such as `(x, y)` or `(x, y, sample_weight)`, with the examples along axis 0. A part
            may be a dict of arrays. Types are kept: float64, uint8 and so on. A list of arrays `(length, …)` of
            different lengths is a part of sequences, padded at their ends to the longest of the batch.
        batch_size: examples in a batch; with several devices, of all of them together.
        shuffle_seed: of the order, which is that of `fit` with this seed. None keeps the order of the arrays.
        prepare: a function of a batch's parts that gives new parts, the same every time: scaling, one-hot coding.
        cache: prepare all examples once and keep the result; False prepares every batch anew and saves the memory.
        augment: a function of one example's parts and a seed `(2,)` int32 that gives new parts; run in parallel on all
            cores. It is deterministic if it draws by that seed, with `tf.random.stateless_uniform(…, seed=seed)`,
            `tf.image.stateless_random_crop` and the like. Not for sequences.
        bucket_by: for sequences, rising limits of length such as [10, 20, 40]. A batch holds sequences between two
            limits only, padded to the upper one. What is longer than the last limit is a bucket of its own. The
            longest part of an example counts.
        pad: what sequences are padded with. An Embedding with `mask_zero=True`, or a Masking layer, hides zeros.
        mask_padding: add weights `(batch, length)` float32 to `(x, y)`, one for each step of y and zero for padding.
        drop_remainder: leave out the last batch of an epoch (of a bucket) if it is smaller. It is kept by default; the
            strategies of `dlcourse.training` train it exactly as one device does.
        prefetch: make the next batches while the model works on this one.

    Raises:
        ValueError: an argument that is not allowed, or arrays of different lengths; names it.
    """
    _check(batch_size, shuffle_seed, prepare=prepare, augment=augment)
    whole = data if isinstance(data, tuple) else (data,)
    rows, lengths = parts.measure(whole)
    _check_sequences(whole, lengths, augment, bucket_by, mask_padding)
    limits = None if bucket_by is None else parts.bucket_limits(bucket_by, lengths)
    batches = Pipeline(
        data, rows, lengths, limits, batch_size=int(batch_size), seed=shuffle_seed, prepare=prepare, cache=cache,
        augment=augment, pad=pad, mask_padding=mask_padding, drop_remainder=drop_remainder, prefetch=prefetch,
    )  # fmt: skip
    if not len(batches):
        raise ValueError(f"drop_remainder leaves nothing: of {rows} examples no batch of {batch_size} is full.")
    return batches


def _check(batch_size, shuffle_seed, **functions):
    if isinstance(batch_size, bool) or not isinstance(batch_size, numbers.Integral) or batch_size < 1:
        raise ValueError(f"batch_size is a whole number from 1, not {batch_size!r}.")
    whole = isinstance(shuffle_seed, numbers.Integral) and not isinstance(shuffle_seed, bool)
    if shuffle_seed is not None and not (whole and shuffle_seed >= 0):
        raise ValueError(f"shuffle_seed is a whole number from 0, or None for no shuffling, not {shuffle_seed!r}.")
    for name, function in functions.items():
        if function is not None and not callable(function):
            raise ValueError(f"{name} is a function, not {type(function).__name__}.")


def _check_sequences(whole, lengths, augment, bucket_by, mask_padding):
    if lengths is None and bucket_by is not None:
        raise ValueError("bucket_by is for sequences, and data has none: give them as a list of arrays.")
    if mask_padding and (len(whole) != 2 or not parts.is_sequences(whole[1])):
        raise ValueError("mask_padding is for data (x, y) in which y is a list of sequences.")
    if lengths is not None and augment is not None:
        raise ValueError("augment is for arrays, and data has sequences.")


class Pipeline:
    """Made by `pipeline`. Called with an epoch, from 0, it gives its batches as a tf.data.Dataset."""

    def __init__(self, data, rows, lengths, limits, **settings):
        self.rows, self._lengths, self._limits, self._settings = rows, lengths, limits, settings
        self._alone = not isinstance(data, tuple)
        self._parts = tuple(parts.tensors(part) for part in ((data,) if self._alone else data))
        self._once = settings["cache"] and lengths is None
        if self._once:
            self._parts = self._prepared(self._parts)

    def __len__(self):
        """Batches in an epoch: as many in every one."""
        return len(self._plan(0)[1])

    def order(self, epoch: int) -> np.ndarray:
        """The rows in the order of an epoch `(rows,)`, before they are put into buckets."""
        seed = self._settings["seed"]
        return np.arange(self.rows) if seed is None else np.random.default_rng((seed, epoch)).permutation(self.rows)

    def __call__(self, epoch: int):
        """The batches of an epoch, from 0, as a tf.data.Dataset that knows how many they are.

        Raises:
            ValueError: epoch is not a whole number from 0.
        """
        if isinstance(epoch, bool) or not isinstance(epoch, numbers.Integral) or epoch < 0:
            raise ValueError(f"epoch is a whole number from 0, not {epoch!r}.")
        return self._fetched(self._batches(*self._plan(int(epoch))))

    def repeat(self, epochs: int, first: int = 0):
        """So many epochs one after the other, each in its own order, as one tf.data.Dataset.

        Raises:
            ValueError: epochs is not a whole number from 1, or first not one from 0.
        """
        for name, value, least in (("epochs", epochs, 1), ("first", first, 0)):
            if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
                raise ValueError(f"{name} is a whole number from {least}, not {value!r}.")
        import tensorflow as tf

        def plans():
            return (self._plan(epoch) for epoch in range(first, first + epochs))

        kinds = tuple(tf.TensorSpec(shape, tf.int64) for shape in ([None], [None], []))
        together = tf.data.Dataset.from_generator(plans, output_signature=kinds).flat_map(self._batches)
        return self._fetched(together.apply(tf.data.experimental.assert_cardinality(epochs * len(self))))

    # The rows of each batch.

    def _plan(self, epoch):
        """The rows of an epoch in their order, the sizes of its batches, and what the chance in it starts from."""
        seed = self._settings["seed"]
        batches = self._cut(self.order(epoch)) if self._limits is None else self._buckets(epoch)
        start = np.random.default_rng((seed or 0, epoch, 2)).integers(2**31)
        return np.concatenate(batches or [[]]).astype(np.int64), np.array([len(each) for each in batches]), start

    def _buckets(self, epoch):
        order, seed = self.order(epoch), self._settings["seed"]
        bucket = np.searchsorted(self._limits, self._lengths[order])
        batches = [batch for each in range(len(self._limits)) for batch in self._cut(order[bucket == each])]
        if seed is None:
            return batches
        return [batches[each] for each in np.random.default_rng((seed, epoch, 1)).permutation(len(batches))]

    def _cut(self, rows):
        size = self._settings["batch_size"]
        stop = len(rows) - len(rows) % size if self._settings["drop_remainder"] else len(rows)
        return [rows[start : min(start + size, stop)] for start in range(0, stop, size)]

    # The batches as tensors.

    def _batches(self, rows, sizes, start):
        """The batches of an epoch from its plan."""
        import tensorflow as tf

        if self._settings["augment"] is not None:
            return self._full(tf.data.Dataset.from_tensor_slices(rows).map(
                lambda row: self._augmented(row, start), tf.data.AUTOTUNE, deterministic=True
            ))  # fmt: skip
        if self._limits is None:
            planned = self._full(tf.data.Dataset.from_tensor_slices(rows))
        else:  # a bucket may end with a smaller batch anywhere in the epoch
            planned = tf.data.Dataset.from_tensor_slices(tf.RaggedTensor.from_row_lengths(rows, sizes))
        return planned.map(self._gathered, tf.data.AUTOTUNE, deterministic=True)

    def _full(self, examples):
        return examples.batch(self._settings["batch_size"], drop_remainder=self._settings["drop_remainder"])

    def _gathered(self, rows):
        found = tuple(parts.at(part, rows) for part in self._parts)
        if self._lengths is not None:
            found = self._padded(found, rows)
        return self._as_given(found if self._once else self._prepared(found))

    def _padded(self, found, rows):
        """Sequences as one array each, padded to the limit of their bucket or to the longest of the batch."""
        import tensorflow as tf

        longest = tf.reduce_max(tf.gather(self._lengths, rows))
        if self._limits is not None:
            longest = tf.gather(self._limits, tf.searchsorted(self._limits, [longest])[0])
        dense = tuple(parts.padded(each, longest, self._settings["pad"]) for each in found)
        if not self._settings["mask_padding"]:
            return dense
        return (*dense, tf.sequence_mask(found[1].row_lengths(), longest, tf.float32))

    def _augmented(self, row, start):
        """One example, by a seed that follows from its row: the same in whatever batch it comes."""
        import tensorflow as tf

        found = tuple(parts.at(part, row[None]) for part in self._parts)
        found = tf.nest.map_structure(lambda each: each[0], found if self._once else self._prepared(found))
        return self._settings["augment"](*found, tf.cast(tf.stack([start, row]), tf.int32))

    def _prepared(self, found):
        if self._settings["prepare"] is None:
            return found
        changed = self._settings["prepare"](*found)
        return changed if isinstance(changed, tuple) else (changed,)

    def _as_given(self, found):
        return found[0] if self._alone and len(found) == 1 else found

    def _fetched(self, batches):
        import tensorflow as tf

        return batches.prefetch(tf.data.AUTOTUNE) if self._settings["prefetch"] else batches
