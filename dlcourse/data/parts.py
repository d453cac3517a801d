"""The parts of a data set in memory: arrays, dicts of arrays, and lists of sequences of different lengths."""

import numpy as np


def is_sequences(part) -> bool:
    """Whether a part is a list of arrays (or of lists), one for each example, that may differ in length."""
    return isinstance(part, list) and bool(part) and np.ndim(part[0]) > 0


def measure(parts: tuple) -> tuple[int, np.ndarray | None]:
    """The number of examples, and the length of each `(rows,)` if there are sequences: of its longest part.

    Raises:
        ValueError: no examples, parts of different numbers of them, or a sequence without a step.
    """
    sizes = [len(each) for part in parts for each in (part.values() if isinstance(part, dict) else [part])]
    if not sizes or len(set(sizes)) > 1 or not sizes[0]:
        counts = ", ".join(map(str, sizes)) or "no"
        raise ValueError(f"data has arrays of {counts} rows; all need the same number, and more than none.")
    every = [[len(each) for each in part] for part in parts if is_sequences(part)]
    if any(0 in lengths for lengths in every):
        raise ValueError("data has a sequence of length 0; leave such examples out.")
    return sizes[0], np.max(every, axis=0) if every else None


def tensors(part):
    """A part as tensors of the types it has; sequences as one ragged tensor."""
    import tensorflow as tf

    if isinstance(part, dict):
        return {name: tensors(each) for name, each in part.items()}
    if is_sequences(part):
        return tf.RaggedTensor.from_row_lengths(np.concatenate(part), [len(each) for each in part])
    return tf.constant(np.asarray(part))


def at(part, rows):
    """The examples of some rows, or of one row."""
    import tensorflow as tf

    return tf.nest.map_structure(lambda each: tf.gather(each, rows), part)


def padded(part, longest, value):
    """A ragged part as `(batch, longest, …)` with `value` after the ends; another part as it is."""
    import tensorflow as tf

    if not isinstance(part, tf.RaggedTensor):
        return part
    dense = part.to_tensor(default_value=tf.cast(value, part.dtype))
    missing = longest - tf.shape(dense, part.row_splits.dtype)[1]
    widths = [[0, 0], [0, missing]] + [[0, 0]] * (dense.shape.rank - 2)
    return tf.pad(dense, widths, constant_values=tf.cast(value, part.dtype))


def bucket_limits(bucket_by, lengths: np.ndarray) -> np.ndarray:
    """The upper limits of all buckets; the longest sequence closes the last one, where the limits given do not.

    Raises:
        ValueError: limits that are not whole numbers from 1, each greater than the one before.
    """
    limits = np.asarray(bucket_by)
    rising = limits.ndim == 1 and limits.size and limits.dtype.kind in "iu" and limits[0] > 0
    if not rising or (np.diff(limits) <= 0).any():
        raise ValueError(f"bucket_by is a list of rising lengths such as [10, 20, 40], not {bucket_by!r}.")
    return (limits if limits[-1] >= lengths.max() else np.append(limits, lengths.max())).astype(np.int64)
