"""A data-set folder and a cache of a test's own, and sources that do what a test tells them."""

import hashlib
import io
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dlcourse import paths
from dlcourse.data import checks, sources
from dlcourse.data.errors import SourceError


@dataclass
class Shelf:
    """Data sets made by a test. `answers[label]` is what the fake source of that label does when it is opened."""

    datasets: Path
    cache: Path
    answers: dict = field(default_factory=dict)
    opened: list = field(default_factory=list)

    def add(self, name: str, files: dict[str, bytes], source_tables: list[dict], **texts: str) -> Path:
        """A data set whose files all have the same sources; a bundled one is written as well."""
        folder = self.datasets / name
        folder.mkdir(parents=True)
        texts = {"title": name.title(), "what": "a test", "licence": "MIT", **texts}
        lines = [f"{key} = {json.dumps(value)}" for key, value in texts.items()]
        for file, content in files.items():
            digest = hashlib.sha256(content).hexdigest()
            lines += ["[[files]]", f'name = "{file}"', f"bytes = {len(content)}", f'sha256 = "{digest}"']
            for table in source_tables:
                lines += ["[[files.sources]]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
            if {"kind": "bundled"} in source_tables:
                (folder / file).write_bytes(content)
        (folder / "manifest.toml").write_text("\n".join(lines))
        return folder

    def left(self, name: str) -> set[str]:
        """What stands in a data set's cache folder besides the lock."""
        return {path.name for path in (self.cache / name).iterdir()} - {".lock"}


@dataclass(frozen=True)
class FakeSource:
    """Gives bytes, or the stream a function makes, or fails with a reason, as the shelf's answers say."""

    label: str
    shelf: Shelf

    def __str__(self) -> str:
        return f"source {self.label}"

    @contextmanager
    def open(self, workspace):
        self.shelf.opened.append(self.label)
        answer = self.shelf.answers[self.label]
        if isinstance(answer, str):
            raise SourceError(answer)
        yield io.BytesIO(answer) if isinstance(answer, bytes) else answer()


@pytest.fixture
def shelf(tmp_path, monkeypatch) -> Shelf:
    made = Shelf(tmp_path / "datasets", tmp_path / "cache")
    made.datasets.mkdir()
    monkeypatch.setattr(paths, "datasets_dir", lambda: made.datasets)
    monkeypatch.setenv("DLCOURSE_CACHE", str(made.cache))
    monkeypatch.setitem(sources.KINDS, "fake", lambda fields, folder, name: FakeSource(fields["label"], made))
    monkeypatch.setattr(checks, "_proved", {})
    return made


def fake(label: str) -> dict:
    """A manifest's table for the fake source of this label."""
    return {"kind": "fake", "label": label}


@pytest.fixture(name="fake")
def fake_table():
    return fake
