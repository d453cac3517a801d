"""Items of text (words, characters, tags) and the whole numbers that stand for them."""

import numbers
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

PADDING, UNKNOWN = "[PAD]", "[UNK]"


@dataclass(frozen=True)
class Vocabulary:
    """`items` in the order of their numbers; `padding` and `unknown` are among them, or None where there is none.

        words = Vocabulary.from_sequences(sentences, min_count=2)      # 0 is [PAD], 1 is [UNK], 2 the most frequent
        tags = Vocabulary(("NOUN", "VERB"), padding=None, unknown=None)  # classes: every number means one
        words.encode(["the", "zyzzyva"])                                # array([2, 1], dtype=int32)

    Raises:
        ValueError: an item twice, or a padding or unknown that is not among the items.
    """

    items: tuple[Hashable, ...]
    padding: Hashable | None = PADDING
    unknown: Hashable | None = UNKNOWN

    def __post_init__(self):
        object.__setattr__(self, "items", tuple(self.items))
        twice = [item for item, count in Counter(self.items).items() if count > 1]
        if twice:
            raise ValueError(f"items has {twice[0]!r} twice; each item has one number.")
        for name, item in (("padding", self.padding), ("unknown", self.unknown)):
            if item is not None and item not in self._numbers:
                raise ValueError(f"{name} is {item!r}, which is not among the items; None says that there is none.")

    @classmethod
    def from_sequences(
        cls,
        sequences: Iterable[Iterable[Hashable]],
        *,
        min_count: int = 1,
        max_size: int | None = None,
        specials: Sequence[Hashable] = (),
    ) -> "Vocabulary":
        """The items that sequences hold, the most frequent first, equals in alphabetical order.

        A string is a sequence of characters: `from_sequences(words)` makes a vocabulary of letters.

        Args:
            sequences: such as lists of words.
            min_count: how often an item must occur.
            max_size: of the vocabulary with its special items; None for no limit.
            specials: more items that come right after padding (0) and unknown (1), such as "[START]".

        Raises:
            ValueError: a number that is not allowed; a special item that occurs in the sequences.
        """
        first = (PADDING, UNKNOWN, *specials)
        if not isinstance(min_count, numbers.Integral) or min_count < 1:
            raise ValueError(f"min_count is a whole number from 1, not {min_count!r}.")
        if max_size is not None and (not isinstance(max_size, numbers.Integral) or max_size < len(first)):
            raise ValueError(
                f"max_size is None or a whole number from {len(first)}, the special items, not {max_size!r}."
            )
        counts = Counter(item for sequence in sequences for item in sequence)
        for item in first:
            if item in counts:
                raise ValueError(f"sequences holds {item!r}, which is a special item.")
        kept = sorted((item for item, count in counts.items() if count >= min_count), key=lambda i: (-counts[i], i))
        return cls((*first, *kept)[:max_size])

    @cached_property
    def _numbers(self) -> dict[Hashable, int]:
        return {item: number for number, item in enumerate(self.items)}

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, item: Hashable) -> bool:
        return item in self._numbers

    def number(self, item: Hashable) -> int:
        """The number of one item, or that of `unknown`; ValueError where there is neither."""
        found = self._numbers.get(item, self._numbers.get(self.unknown))
        if found is None:
            raise ValueError(f"the vocabulary has no {item!r}, and no item for unknown ones.")
        return found

    def encode(self, sequence: Iterable[Hashable]) -> np.ndarray:
        """The numbers of a sequence's items, `(length,)` int32; ValueError for an unknown one if `unknown` is None."""
        return np.array([self.number(item) for item in sequence], np.int32)

    def decode(self, ids: Iterable[int]) -> list[Hashable]:
        """The items of numbers, without padding.

        Raises:
            ValueError: a number that is none of the vocabulary's.
        """
        ids = np.asarray(ids).reshape(-1)
        wrong = ids[(ids < 0) | (ids >= len(self))] if ids.size else ids
        if wrong.size:
            raise ValueError(f"ids has {wrong[0]}; the numbers here are 0 to {len(self) - 1}.")
        items = [self.items[number] for number in ids]
        return [item for item in items if self.padding is None or item != self.padding]


def encode_characters(words: Sequence[str], vocabulary: Vocabulary, width: int) -> np.ndarray:
    """The characters of each word, `(words, width)` int32, padded at the end with 0.

    A longer word keeps its beginning and its end, which say most, and loses its middle.

    Raises:
        ValueError: a width below 2; a vocabulary whose number 0 is not its padding.
    """
    if not isinstance(width, numbers.Integral) or width < 2:
        raise ValueError(f"width is a whole number from 2, not {width!r}.")
    if vocabulary.padding is None or vocabulary.number(vocabulary.padding) != 0:
        raise ValueError("vocabulary has no padding as its number 0, which stands after the ends of words.")
    table = np.zeros((len(words), width), np.int32)
    head = width // 2
    for row, word in enumerate(words):
        kept = word if len(word) <= width else word[:head] + word[head - width :]
        table[row, : len(kept)] = vocabulary.encode(kept)
    return table
