"""`dlcourse data list | get | verify`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from dlcourse.data.errors import DamagedFileWarning, DataError, size_text
from dlcourse.data.manifest import Manifest, available, manifest
from dlcourse.data.store import cached_path, fetch, verify

app = typer.Typer(help="List, fetch and verify the data sets.", no_args_is_help=True)

Names = Annotated[list[str] | None, typer.Argument(help="Data sets, by name.", metavar="NAME...", show_default=False)]


@app.command("list")
def list_sets() -> None:
    """List the data sets: what each is, its size, whether it is bundled or in the cache, its licence."""
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "what", "size", "bundled", "in cache", "licence")
    table.caption = "size: what is bundled + what can be fetched; in cache: files"
    for name in available():
        table.add_row(name, *_row(manifest(name)))
    console = Console()
    # A pipe has no width of its own; its reader should not get folded cells.
    Console(width=None if console.is_terminal else 160).print(table)


@app.command("get")
def get(
    names: Names = None, everything: Annotated[bool, typer.Option("--all", help="Every data set there is.")] = False
) -> None:
    """Fetch whole data sets, so that the chapters that use them need no network."""
    if bool(names) == everything:
        raise DataError(f"Name the data sets to get, or give --all: there is {', '.join(available())}.")
    with _sentences():
        got = [_get(entry) for entry in _manifests(names)]
    if not all(got):
        raise typer.Exit(2)


@app.command("verify")
def verify_sets(names: Names = None) -> None:
    """Read every file on this disk and compare it with its SHA-256; ends with 1 if one is damaged or missing."""
    states = [state for entry in _manifests(names) for state in verify(entry.name)]
    for state in states:
        line = f"{state.data_set}/{state.file}: {state.state}, {state.place}"
        typer.echo(line if state.good else f"{line}: {state.path} {state.detail}", err=not state.good)
    if not all(state.good for state in states):
        raise typer.Exit(1)


def _manifests(names: list[str] | None) -> list[Manifest]:
    """The manifests of these names, or of all: every name is looked up before anything else happens."""
    return [manifest(name) for name in dict.fromkeys(names or available())]


def _get(entry: Manifest) -> bool:
    try:
        found = fetch(entry.name)
    except DataError as problem:
        typer.echo(str(problem), err=True)
        return False
    except KeyboardInterrupt:
        typer.echo(f"Stopped while fetching {entry.name}; nothing half-written was left: start it again.", err=True)
        raise typer.Exit(130) from None
    folders = ", ".join(sorted({str(path.parent) for path in found.values()}))
    typer.echo(f"{entry.name}: {len(found)} file{'s' * (len(found) != 1)} ready in {folders}")
    return True


@contextmanager
def _sentences() -> Iterator[None]:
    """Print a warning about a damaged file as its sentence alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", DamagedFileWarning)
        warnings.showwarning = lambda message, *_: typer.echo(str(message), err=True)
        yield


def _row(entry: Manifest) -> tuple[str, ...]:
    near = sum(file.bytes for file in entry.files if file.bundled)
    remote = [file for file in entry.files if not file.bundled]
    far = sum(file.bytes for file in remote)
    size = " + ".join(size_text(part) for part in (near, far) if part)
    bundled = "yes" if not far else "part" if near else "no"
    kept = sum(cached_path(entry, file).exists() for file in remote)
    return entry.what, size, bundled, f"{kept} of {len(remote)}" if remote else "not needed", entry.licence
