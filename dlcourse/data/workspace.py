"""The temporary folder of one fetch, where packages wait to be read, and the meter that shows how far it has got."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dlcourse.data.errors import SourceError
from dlcourse.data.progress import Meter

PREFIX = ".work-"


@dataclass
class Workspace:
    """A folder that lives as long as one fetch, and what has been downloaded into it."""

    folder: Path
    meter: Meter = field(default_factory=Meter)
    _known: dict[str, Path | SourceError] = field(default_factory=dict)

    def once(self, key: str, download: Callable[[Path], Path]) -> Path:
        """The result of `download(new folder)`, run once for each key; a failure is remembered and raised again."""
        if key not in self._known:
            folder = Path(tempfile.mkdtemp(dir=self.folder))
            try:
                with self.meter.task(key.removeprefix("the ")):
                    self._known[key] = download(folder)
            except SourceError as problem:
                self._known[key] = problem
        known = self._known[key]
        if isinstance(known, SourceError):
            raise known
        return known


@contextmanager
def workspace(parent: Path, meter: Meter | None = None) -> Iterator[Workspace]:
    """A workspace in a new folder inside `parent`, so on the disk the files go to; removed whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    try:
        yield Workspace(folder, meter or Meter())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
