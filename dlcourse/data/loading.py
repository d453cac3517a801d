"""From a data set's name to its arrays."""

import importlib
import inspect
from typing import Any

from dlcourse.data.manifest import manifest


def load(name: str, **options) -> Any:
    """A data set in memory, fetched first where it has to be.

    - `load("sacramento")`: a DataFrame of 932 house sales.
    - `load("fashion_mnist", full=False)`: `(x_train, y_train), (x_test, y_test)`, uint8, images `(m, 28, 28)`;
      10,000 and 2,000 of them, or all 60,000 and 10,000 with `full=True`.
    - `load("tree_crowns", lossless=False)`: a list of Photograph records with images `(height, width, 3)` uint8 and
      boxes `(n, 4)` float32.
    - `load("photographs")`: 138 Photograph records with images `(height, width, 3)` uint8, subject, credit.
    - `load("efficientnet_lite0", lossless=False)`: a dict of the network's weights, float32, by layer and variable.
    - `load("ewt_pos")`, `load("gum_ner")`: `{"train": …, "dev": …, "test": …}`, lists of TaggedSentence records with
      words and tags.
    - `load("names")`: a DataFrame of 11,752 first names with gender and country.
    - `load("glove_50d", lossless=False)`: WordVectors, 20,000 words and their vectors `(20000, 50)` float32.
    - `load("review_snippets", kind="movies")`: a DataFrame of sentences with their scores.
    - `load("japanese_vowels")`: `(x_train, y_train), (x_test, y_test)`, x lists of series `(steps, 12)` float32.
    - `load("atis_en_tr")`: `{"train": …, "dev": …, "test": …}`, lists of pairs (English, Turkish).
    - `load("moby_dick")`: the novel, one string.
    - `load("minilm")`: the folder with the weights that `BERT.from_huggingface` reads.

    Raises UnknownDataSetError for a wrong name, ValueError for an option the data set does not have, and what
    `fetch` raises. Each data set's own function is in `dlcourse.data.sets`.
    """
    entry = manifest(name)
    read = importlib.import_module(f"dlcourse.data.sets.{entry.name}").load
    known = list(inspect.signature(read).parameters)
    for option in options:
        if option not in known:
            has = f"the options {', '.join(known)}" if known else "no options"
            raise ValueError(f"load({name!r}) was given {option!r}, and has {has}.")
    return read(**options)


def class_names(name: str) -> tuple[str, ...]:
    """The names of a data set's classes, in the order of their labels; ValueError for a set without classes.

    Example:
        >>> class_names("fashion_mnist")[:2]
        ('T-shirt/top', 'Trouser')
    """
    classes = manifest(name).classes
    if not classes:
        raise ValueError(f"class_names({name!r}): {name} has no classes.")
    return classes
