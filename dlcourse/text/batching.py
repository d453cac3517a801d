"""Sequences of different lengths as batches: sorted into buckets, padded to one length, with a mask."""

import numbers
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Batch:
    """Which sequences make one batch, `rows` `(batch,)`, and the `length` they are padded to."""

    rows: np.ndarray = field(repr=False)
    length: int

    def __len__(self) -> int:
        return len(self.rows)


def bucket_by_length(
    lengths: Sequence[int], limits: Sequence[int], batch_size: int, *, seed: int | Sequence[int] | None = None
) -> list[Batch]:
    """Batches of sequences of similar length, so that little is padding.

    A sequence belongs to the first limit that it does not exceed, and is padded to it; one that is longer than the last
    limit belongs to a bucket of its own, as long as the longest. Every sequence is in exactly one batch.

    Args:
        lengths: of the sequences, `(m,)`, from 1.
        limits: rising lengths such as [10, 20, 40].
        batch_size: the most sequences in a batch; the last one of a bucket may be smaller.
        seed: of the order within buckets and of the batches; one for each epoch, such as [seed, epoch]. None keeps
            the order of the sequences, shortest bucket first.

    Raises:
        ValueError: an argument that is not allowed.
    """
    lengths = np.asarray(lengths)
    if lengths.ndim != 1 or not lengths.size or lengths.dtype.kind not in "iu" or lengths.min() < 1:
        raise ValueError("lengths is whole numbers from 1, one a sequence, at least one.")
    bounds = _bounds(limits, int(lengths.max()))
    if isinstance(batch_size, bool) or not isinstance(batch_size, numbers.Integral) or batch_size < 1:
        raise ValueError(f"batch_size is a whole number from 1, not {batch_size!r}.")
    rng = None if seed is None else np.random.default_rng(seed)
    bucket = np.searchsorted(bounds, lengths)
    batches = []
    for number, bound in enumerate(bounds):
        rows = np.flatnonzero(bucket == number)
        rows = rows if rng is None else rng.permutation(rows)
        batches += [Batch(rows[start : start + batch_size], int(bound)) for start in range(0, len(rows), batch_size)]
    return batches if rng is None else [batches[place] for place in rng.permutation(len(batches))]


def _bounds(limits, longest: int) -> np.ndarray:
    bounds = np.asarray(limits)
    rising = bounds.ndim == 1 and bounds.size and bounds.dtype.kind in "iu" and bounds[0] > 0
    if not rising or (np.diff(bounds) <= 0).any():
        raise ValueError(f"limits is a list of rising lengths such as [10, 20, 40], not {limits!r}.")
    return bounds if bounds[-1] >= longest else np.append(bounds, longest)


def pad(sequences: Sequence, length: int | None = None, *, value=0) -> np.ndarray:
    """Sequences, arrays `(steps, …)`, as one array `(batch, length, …)` with `value` after their ends.

    Args:
        sequences: at least one, equal in all but the number of steps; the array has the first one's type.
        length: of the array; None for that of the longest.
        value: what stands in the padding.

    Raises:
        ValueError: no sequence, sequences that do not fit together, or one that is longer than `length`.

    Example:
        >>> pad([[3, 1], [4]], 3)
        array([[3, 1, 0],
               [4, 0, 0]])
    """
    arrays = [np.asarray(sequence) for sequence in sequences]
    if not arrays:
        raise ValueError("sequences is empty; there is nothing to pad.")
    if any(array.ndim == 0 or array.shape[1:] != arrays[0].shape[1:] for array in arrays):
        shapes = sorted({array.shape[1:] if array.ndim else "a single number" for array in arrays}, key=str)
        raise ValueError(f"sequences differ beyond their lengths: their steps have the shapes {shapes}.")
    longest = max(map(len, arrays))
    length = longest if length is None else length
    if longest > length:
        raise ValueError(f"length is {length} and a sequence has {longest} steps; nothing is cut off here.")
    padded = np.full((len(arrays), length, *arrays[0].shape[1:]), value, arrays[0].dtype)
    for row, array in enumerate(arrays):
        padded[row, : len(array)] = array
    return padded


def length_mask(lengths: Sequence[int], length: int | None = None) -> np.ndarray:
    """True where a step is real: `(batch, length)` bool, from lengths `(batch,)`; `length` is that of the longest.

    Raises:
        ValueError: a length below 0 or above `length`.

    Example:
        >>> length_mask([1, 3])
        array([[ True, False, False],
               [ True,  True,  True]])
    """
    lengths = np.asarray(lengths, np.int64).reshape(-1)
    length = int(lengths.max(initial=0)) if length is None else length
    if lengths.size and (lengths.min() < 0 or lengths.max() > length):
        raise ValueError(f"lengths are from {lengths.min()} to {lengths.max()}, and must be from 0 to {length}.")
    return np.arange(length) < lengths[:, None]


def collate(batch: Batch, *parts: Sequence) -> tuple[np.ndarray, ...]:
    """The sequences of a batch out of each part, padded, and last their mask `(batch, length)`.

        ids, tags, mask = collate(batch, all_ids, all_tags)

    Raises:
        ValueError: no part, parts whose sequences differ in length, or what `pad` raises.
    """
    if not parts:
        raise ValueError("parts is empty; give at least one list of sequences.")
    chosen = [[part[row] for row in batch.rows] for part in parts]
    lengths = [len(one) for one in chosen[0]]
    for number, others in enumerate(chosen[1:], start=2):
        if [len(one) for one in others] != lengths:
            raise ValueError(f"part {number} has sequences of other lengths than part 1.")
    return (*(pad(one, batch.length) for one in chosen), length_mask(lengths, batch.length))
