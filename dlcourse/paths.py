"""Where the notebooks, the data cards, the glossary and the user's own files are.

In a checkout they stand beside the package; in an installed wheel they travel inside it, under `_bundle`.
"""

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent
_BUNDLE = PACKAGE / "_bundle"


def repository_root() -> Path | None:
    """The checkout this package is imported from, or None when it is an installed wheel."""
    root = PACKAGE.parent
    return root if not _BUNDLE.is_dir() and (root / "pyproject.toml").is_file() else None


def _home() -> Path:
    return repository_root() or _BUNDLE


def notebooks_dir() -> Path:
    """The folder of the numbered notebooks and profiles.toml: DLCOURSE_NOTEBOOKS if set, else the course's own."""
    return Path(os.environ.get("DLCOURSE_NOTEBOOKS") or _home() / "notebooks").expanduser()


def datasets_dir() -> Path:
    """The folder of the data cards, manifests and bundled files: one folder a data set."""
    return _home() / "datasets"


def checkpoints_dir() -> Path:
    """The folder of the weights trained here that travel with the course: one folder a checkpoint."""
    return datasets_dir() / "checkpoints"


def glossary_file() -> Path:
    """The words of the course, explained: a page of the site, and what `dlcourse glossary` reads."""
    return _home() / "docs" / "glossary.md"


def cache_dir() -> Path:
    """Where fetched files are kept: DLCOURSE_CACHE if set, else the user's cache directory."""
    return Path(os.environ.get("DLCOURSE_CACHE") or platformdirs.user_cache_dir("dlcourse")).expanduser()


def user_dir() -> Path:
    """Where the learner's own progress is kept: DLCOURSE_HOME if set, else the user's data directory."""
    return Path(os.environ.get("DLCOURSE_HOME") or platformdirs.user_data_dir("dlcourse")).expanduser()
