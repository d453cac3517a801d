"""Data by epoch: the order of the rows is a function of seed and epoch, so that training can go on from any step."""

from collections.abc import Callable

import numpy as np


class Epochs:
    """Batches for each epoch, from arrays, from a dataset, or from a function of the epoch.

    Args:
        data: `(x, y)` or `(x, y, sample_weight)`, arrays (or dicts of arrays) with the examples along axis 0: every
            epoch visits all rows in a new order. Or a function: epoch (from 0) -> tf.data.Dataset. Or a
            tf.data.Dataset, which is iterated anew for each epoch. Datasets give batches.
        batch_size: rows in a batch, for arrays; the last batch of an epoch may be smaller.
        seed: of the order, for arrays.

    Raises:
        ValueError: arrays of different lengths, no rows, or data of another kind.
    """

    def __init__(self, data, batch_size: int, seed: int):
        import tensorflow as tf

        self.rows = None
        self.batch_size = batch_size
        if isinstance(data, tf.data.Dataset):
            self._make: Callable = lambda epoch: data
        elif callable(data):
            self._make = data
        else:
            self._make = self._from_arrays(data, seed)

    def dataset(self, epoch: int, skip: int = 0):
        """The batches of an epoch as a tf.data.Dataset, without the first `skip` of them."""
        dataset = self._make(epoch)
        return dataset.skip(skip) if skip else dataset

    def _from_arrays(self, data, seed):
        self.rows, tensors = _tensors(data)
        return lambda epoch: _gathered(tensors, self._order(seed, epoch), self.batch_size)

    def _order(self, seed, epoch):
        return np.random.default_rng((seed, epoch)).permutation(self.rows)


def in_order(data, batch_size: int):
    """Arrays as batches in their own order, for validation; a dataset is returned as it is."""
    import tensorflow as tf

    if data is None or isinstance(data, tf.data.Dataset):
        return data
    rows, tensors = _tensors(data)
    return _gathered(tensors, np.arange(rows), batch_size)


def _tensors(data):
    """The number of rows, and the arrays as tensors."""
    import tensorflow as tf

    if not isinstance(data, tuple) or len(data) not in (2, 3):
        raise ValueError(
            "data is (x, y) or (x, y, sample_weight), a tf.data.Dataset or a function of the epoch, "
            f"not {type(data).__name__}."
        )
    lengths = [len(each) for each in tf.nest.flatten(data)]
    if len(set(lengths)) > 1 or not lengths[0]:
        raise ValueError(f"data has arrays of {', '.join(map(str, lengths))} rows; all need the same, more than none.")
    return lengths[0], tf.nest.map_structure(_tensor, data)


def _gathered(tensors, order, batch_size):
    import tensorflow as tf

    batches = tf.data.Dataset.from_tensor_slices(order).batch(batch_size)
    return batches.map(lambda rows: tf.nest.map_structure(lambda each: tf.gather(each, rows), tensors)).prefetch(2)


def _tensor(array):
    """Floating-point numbers in Keras's own precision, as Keras does with arrays; everything else as it is."""
    import keras
    import tensorflow as tf

    array = np.asarray(array)
    return tf.constant(array, keras.config.floatx() if array.dtype == np.float64 else None)
