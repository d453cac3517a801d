"""Sentences of film reviews, and of other kinds of text, with how positive people found them."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import numpy as np

from dlcourse.data.store import fetch

if TYPE_CHECKING:
    import pandas

ARCHIVE = "hutto_ICWSM_2014.tar"
KINDS = {
    "movies": "movieReviewSnippets",
    "products": "amazonReviewSnippets",
    "editorials": "nytEditorialSnippets",
    "tweets": "tweets",
}
SEED = 2014


def load(kind: str = "movies") -> pandas.DataFrame:
    """Sentences, one a row, in the order of the source.

    | column | type | meaning |
    |---|---|---|
    | text | string | the sentence |
    | score | float64 | the mean of the raters' marks, from -4 (most negative) to 4 |
    | spread | float64 | the standard deviation of their marks |
    | positive | bool | score above zero |
    | split | category | "train" or "test", drawn once and for all: 2,000 films, a fifth of the others |

    `kind` is "movies" (10,605 sentences), "products" (3,708), "editorials" (5,190) or "tweets" (4,200).

    Raises:
        ValueError: for another kind.
    Source: the Python package vaderSentiment 3.3.2; Hutto and Gilbert (2014).
    """
    import pandas as pd

    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r} and must be one of {', '.join(KINDS)}.")
    path = fetch("review_snippets", [ARCHIVE])[ARCHIVE]
    with tarfile.open(path) as archive:
        texts, marks = (
            archive.extractfile(f"hutto_ICWSM_2014/{KINDS[kind]}_{part}.txt").read().decode("utf-8", "replace")
            for part in ("GroundTruth", "anonDataRatings")
        )
    columns = {"names": ["id", "score", "text"], "sep": "\t", "quoting": 3, "keep_default_na": False}
    frame = pd.read_csv(io.StringIO(texts), **columns)
    spread = pd.read_csv(io.StringIO(marks), **columns | {"names": ["id", "mean", "spread", "marks"]})
    frame["spread"] = frame["id"].map(spread.set_index("id")["spread"])
    frame["text"] = frame["text"].str.strip()
    frame["positive"] = frame["score"] > 0
    frame["split"] = pd.Categorical(_split(frame["text"]), categories=("train", "test"))
    return frame[["text", "score", "spread", "positive", "split"]]


def _split(texts: pandas.Series) -> np.ndarray:
    """For each text "train" or "test"; a text that stands twice is in "train", so that none is in both."""
    single = np.flatnonzero(~texts.str.lower().duplicated(keep=False))
    split = np.full(len(texts), "train", dtype=object)
    split[np.random.default_rng(SEED).permutation(single)[: min(2_000, len(texts) // 5)]] = "test"
    return split
