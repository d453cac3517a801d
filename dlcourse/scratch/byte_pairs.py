"""Byte-pair encoding: the most frequent pairs of neighbouring pieces become pieces of their own."""

import heapq
import numbers
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np

# A word with the space before it, a number, signs, or one space or line's end: merges never reach across these.
WORDS = r" ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s"


def learn_merges(words: Mapping[str, int], pieces: int, alphabet: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The merges, in the order they are learnt: each time the pair that occurs most often becomes one piece.

    Among equals the pair of the older pieces comes first; the letters count as pieces in the order of Unicode.

    Args:
        words: how often each word occurs.
        pieces: how many there shall be, letters included. It ends earlier when every word is one piece.
        alphabet: letters there may be besides those of the words.

    Raises:
        ValueError: fewer pieces than letters; a count below 1.

    Source: Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword units" (2016).
    """
    if any(count < 1 for count in words.values()):
        raise ValueError("words holds how often each word occurs, whole numbers from 1.")
    letters = sorted({letter for word in words for letter in word} | set(alphabet))
    if isinstance(pieces, bool) or not isinstance(pieces, numbers.Integral) or pieces < len(letters):
        raise ValueError(f"pieces is a whole number from that of the letters, {len(letters)}, not {pieces!r}.")
    number = {letter: place for place, letter in enumerate(letters)}
    split = [[list(word), count] for word, count in words.items()]
    counts, where = Counter(), defaultdict(set)
    for place, (parts, count) in enumerate(split):
        for pair in pairwise(parts):
            counts[pair] += count
            where[pair].add(place)

    def entry(pair):
        return (-counts[pair], number[pair[0]], number[pair[1]], pair)

    heap, merges = [entry(pair) for pair in counts], []
    heapq.heapify(heap)
    while heap and len(number) < pieces:
        known, _, _, pair = heapq.heappop(heap)
        if counts[pair] < 1:
            continue
        if -known != counts[pair]:  # it has changed since it was put there
            heapq.heappush(heap, entry(pair))
            continue
        merges.append(pair)
        number.setdefault(pair[0] + pair[1], len(number))
        changed = set()
        for place in where.pop(pair):
            parts, count = split[place]
            merged = merge_pair(parts, pair)
            for old in pairwise(parts):
                counts[old] -= count
            for new in pairwise(merged):
                counts[new] += count
                where[new].add(place)
                changed.add(new)
            split[place][0] = merged
        for new in changed - {pair}:
            heapq.heappush(heap, entry(new))
        counts[pair] = 0
    return merges


def merge_pair(parts: Sequence[str], pair: tuple[str, str]) -> list[str]:
    """The pieces of a word after one merge, from left to right: a b a b, (a, b) -> ab ab."""
    merged, place = [], 0
    while place < len(parts):
        both = tuple(parts[place : place + 2]) == pair
        merged.append(parts[place] + parts[place + 1] if both else parts[place])
        place += 2 if both else 1
    return merged


class BytePairs:
    """Texts as numbers of pieces, and back.

        pairs = BytePairs.learn(text, 1024)
        pairs.decode(pairs.encode(text)) == text

    `pieces[i]` is the piece with the number i: the letters first, then what the merges made. (GPT-2's letters are
    bytes, hence the name; here they are the characters of the text.)

    Args:
        merges: in the order they were learnt.
        alphabet: the letters there may be.
    """

    def __init__(self, merges: Sequence[tuple[str, str]], alphabet: Iterable[str]):
        self.merges = [tuple(pair) for pair in merges]
        made = (first + second for first, second in self.merges)
        self.pieces = list(dict.fromkeys([*sorted(set(alphabet)), *made]))
        self._number = {piece: number for number, piece in enumerate(self.pieces)}
        self._rank = {pair: rank for rank, pair in enumerate(self.merges)}
        self._known = {}

    @classmethod
    def learn(cls, text: str, pieces: int, alphabet: Iterable[str] = "") -> "BytePairs":
        """From a text, and letters that may come besides its own."""
        words = Counter(re.findall(WORDS, text))
        letters = set(text) | set(alphabet)
        return cls(learn_merges(words, pieces, letters), letters)

    def __len__(self) -> int:
        return len(self.pieces)

    def segment(self, word: str, dropout: float = 0.0, rng: np.random.Generator | None = None) -> list[str]:
        """The pieces of one word: of the merges that are possible, the one learnt first, again and again.

        dropout: the chance, each time, that a possible merge is left out (Provilkov et al., "BPE-dropout", 2020).
        """
        parts = list(word)
        while len(parts) > 1:
            ranks = [self._rank.get(pair, np.inf) for pair in pairwise(parts)]
            if dropout:
                ranks = np.where(rng.random(len(ranks)) < dropout, np.inf, ranks).tolist()
            best = min(ranks)
            if best == np.inf:
                break
            place = ranks.index(best)
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        return parts

    def encode(self, text: str, dropout: float = 0.0, seed: int | Sequence[int] = 0, stretch=12000) -> np.ndarray:
        """The numbers of a text's pieces, (pieces,) int32.

        Args:
            dropout: see `segment`; 0 gives the one usual segmentation.
            seed: of what is dropped.
            stretch: with dropout, in so many words of the text a word is cut up in one way; in the next in another.

        Raises:
            ValueError: a letter that is not in the alphabet; a dropout outside 0 to 1.
        """
        if not 0 <= dropout <= 1:
            raise ValueError(f"dropout is a share from 0 to 1, not {dropout!r}.")
        strange = set(text) - self._number.keys()
        if strange:
            raise ValueError(f"text has the letter {min(strange)!r}, which is not in the alphabet.")
        rng, known, numbers = np.random.default_rng(seed), self._known, []
        for place, word in enumerate(re.findall(WORDS, text)):
            if dropout and place % stretch == 0:
                known = {}
            if word not in known:
                known[word] = [self._number[piece] for piece in self.segment(word, dropout, rng)]
            numbers += known[word]
        return np.array(numbers, np.int32)

    def decode(self, numbers: Sequence[int]) -> str:
        """The text of numbers.

        Raises:
            ValueError: a number that stands for no piece.
        """
        numbers = np.asarray(numbers, np.int64).reshape(-1)
        if numbers.size and (numbers.min() < 0 or numbers.max() >= len(self)):
            raise ValueError(f"numbers are 0 to {len(self) - 1}, not {numbers.min()} to {numbers.max()}.")
        return "".join(self.pieces[number] for number in numbers)
