"""What each data set consists of: `datasets/<name>/manifest.toml` lists files, sizes, SHA-256 and sources in order."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dlcourse import paths
from dlcourse.data.errors import ManifestError, UnknownDataSetError, UnknownFileError, only
from dlcourse.data.sources import Bundled, Source, source_from

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class DataFile:
    """One file of a data set: its plain name, its size in bytes, its SHA-256 and where to get it, best first."""

    name: str
    bytes: int
    sha256: str
    sources: tuple[Source, ...]

    @property
    def bundled(self) -> Path | None:
        """Where the file stands if it travels with the course, else None."""
        return next((source.path for source in self.sources if isinstance(source, Bundled)), None)


@dataclass(frozen=True)
class Manifest:
    """A data set as its manifest describes it; `folder` holds the manifest, the card and the bundled files."""

    name: str
    folder: Path
    title: str
    what: str
    licence: str
    classes: tuple[str, ...]
    files: tuple[DataFile, ...]

    @cached_property
    def _by_name(self) -> dict[str, DataFile]:
        return {file.name: file for file in self.files}

    def select(self, names: Iterable[str] | None = None) -> list[DataFile]:
        """The files of these names, or all; raises UnknownFileError for a name the data set does not have."""
        chosen = list(self._by_name if names is None else names)
        for name in chosen:
            if name not in self._by_name:
                raise UnknownFileError(f"{self.name} has no file {name!r}{only(name, self._by_name)}")
        return [self._by_name[name] for name in chosen]


def available() -> tuple[str, ...]:
    """The names of the data sets there are, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in paths.datasets_dir().glob("*/manifest.toml")))


def manifest(name: str) -> Manifest:
    """The manifest of a data set; raises UnknownDataSetError for a name there is not, ManifestError for a bad file."""
    if name not in available():
        raise UnknownDataSetError(f"There is no data set {name!r}{only(name, available())}")
    folder = paths.datasets_dir() / name
    table = _table(folder / "manifest.toml")
    try:
        files = tuple(_file(entry, folder) for entry in table["files"])
        text = {key: str(table[key]) for key in ("title", "what", "licence")}
    except (KeyError, TypeError, ValueError) as problem:
        raise ManifestError(f"The manifest of {name} is not valid: {problem!r}.") from problem
    return Manifest(name, folder, **text, classes=tuple(table.get("classes", ())), files=files)


def _table(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ManifestError(f"The manifest {path} cannot be read: {problem}.") from problem


def _file(entry: dict, folder: Path) -> DataFile:
    name, sha256, size = entry["name"], entry["sha256"], entry["bytes"]
    # A name becomes a path inside the cache: a separator or a leading dot has no place in it.
    if not _PLAIN_NAME.fullmatch(name):
        raise ValueError(f"file name {name!r} is not a plain name")
    if not _SHA256.fullmatch(sha256) or not isinstance(size, int):
        raise ValueError(f"{name}: needs bytes and sha256, 64 hexadecimal digits")
    return DataFile(name, size, sha256, tuple(source_from(table, folder, name) for table in entry["sources"]))
