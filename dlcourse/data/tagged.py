"""Files of tagged sentences: one token a line with its tag after a tab, an empty line after each sentence, bzip2."""

import bz2
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dlcourse.data.errors import DataError

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True)
class TaggedSentence:
    """The tokens of a sentence and one tag for each, both `(tokens,)`."""

    words: tuple[str, ...]
    tags: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.words)


def read_tagged(path: Path) -> list[TaggedSentence]:
    """The sentences of one file; DataError when it is not of this form."""
    try:
        text = bz2.decompress(path.read_bytes()).decode("utf-8")
        blocks = [[line.split("\t") for line in block.split("\n")] for block in text.strip("\n").split("\n\n")]
        return [TaggedSentence(*map(tuple, zip(*block, strict=True))) for block in blocks]
    except (OSError, EOFError, ValueError, TypeError) as problem:
        raise DataError(f"The file {path} is not one of tagged sentences: {problem}.") from problem


def write_tagged(path: Path, sentences: Iterable[TaggedSentence]) -> None:
    """Write sentences as `read_tagged` reads them; the same sentences give the same bytes."""
    blocks = ["".join(f"{word}\t{tag}\n" for word, tag in zip(one.words, one.tags, strict=True)) for one in sentences]
    path.write_bytes(bz2.compress("\n".join(blocks).encode("utf-8"), 9))
