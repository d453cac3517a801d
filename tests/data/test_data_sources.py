"""Each kind of source against a faked client or server: what it asks for, what it reads, and why it may fail."""

import errno
import gzip
import io
import os
import stat
import sys
import tarfile
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from dlcourse.data import fetch, packages, sources
from dlcourse.data.errors import CacheError, NoSourceError, SourceError
from dlcourse.data.sources import Address, PackageMember, source_from
from dlcourse.data.workspace import workspace

CONTENT = b"the member's own bytes"

# A client that leaves a package in the folder it is started in, and notes what it was asked.
CLIENT = """#!{python}
import pathlib, shutil, sys
with open({log!r}, "a") as log:
    log.write(" ".join(sys.argv[1:]) + "\\n")
shutil.copy({package!r}, pathlib.Path.cwd())
"""
# dpkg-deb --fsys-tarfile: here a Debian package is its contents.
CONTENTS = """#!{python}
import shutil, sys
shutil.copyfileobj(open(sys.argv[2], "rb"), sys.stdout.buffer)
"""


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """An otherwise empty PATH: `programs(name, script)` puts an executable there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def add(name: str, script: str, **values) -> Path:
        path = folder / name
        path.write_text(script.format(python=sys.executable, **values))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return add


@pytest.fixture
def space(tmp_path):
    with workspace(tmp_path) as made:
        yield made


def failing(said: str, code: int = 1) -> str:
    return f"#!{{python}}\nimport sys\nsys.stderr.write({said!r})\nsys.exit({code})\n"


def tar_of(path: Path, members: dict[str, bytes], links: dict[str, str] | None = None) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix == ".tgz" else "w") as archive:
        for name, target in (links or {}).items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            archive.addfile(link)
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def read(source, space) -> bytes:
    with source.open(space) as stream:
        return stream.read()


def test_a_wheel_is_downloaded_by_pip_without_dependencies_and_read(tmp_path, programs, monkeypatch, space):
    wheel = zip_of(tmp_path / "toy-1.0-py3-none-any.whl", {"toy/data/a.bin": CONTENT})
    log = tmp_path / "log"
    monkeypatch.setattr(packages.sys, "executable", str(programs("python", CLIENT, log=str(log), package=str(wheel))))
    assert read(PackageMember("pip", "toy", "toy/data/a.bin", version="1.0"), space) == CONTENT
    asked = log.read_text().split()
    assert asked[:3] == ["-m", "pip", "download"]
    assert {"--no-deps", "--only-binary", "toy==1.0"} <= set(asked)
    assert "install" not in asked


def test_a_source_distribution_is_asked_for_as_such(tmp_path, programs, monkeypatch, space):
    sdist = tar_of(tmp_path / "toy-1.0.tar", {"toy-1.0/a.bin": CONTENT})
    log = tmp_path / "log"
    monkeypatch.setattr(packages.sys, "executable", str(programs("python", CLIENT, log=str(log), package=str(sdist))))
    assert read(PackageMember("sdist", "toy", "toy-1.0/a.bin"), space) == CONTENT
    assert "--no-binary" in log.read_text()


def test_an_npm_package_is_packed_without_its_scripts_and_read(tmp_path, programs, space):
    archive = tar_of(tmp_path / "toy-1.0.0.tgz", {"package/a.bin": CONTENT})
    log = tmp_path / "log"
    programs("npm", CLIENT, log=str(log), package=str(archive))
    assert read(PackageMember("npm", "toy", "package/a.bin", version="1.0.0"), space) == CONTENT
    assert log.read_text().split()[0] == "pack"
    assert {"--ignore-scripts", "toy@1.0.0"} <= set(log.read_text().split())


def test_a_debian_package_is_downloaded_by_apt_get_and_read(tmp_path, programs, space):
    package = tar_of(tmp_path / "toy_1_all.deb", {"./usr/share/toy/a.bin.gz": gzip.compress(CONTENT)})
    log = tmp_path / "log"
    programs("apt-get", CLIENT, log=str(log), package=str(package))
    programs("dpkg-deb", CONTENTS)
    source = PackageMember("debian", "toy", "usr/share/toy/a.bin.gz", unpack="gzip")
    assert read(source, space) == CONTENT
    assert log.read_text().split()[0] == "download"


def test_a_package_is_downloaded_once_for_all_its_files(shelf, tmp_path, programs):
    members = {"package/a.bin": CONTENT, "package/b.bin": CONTENT}
    log = tmp_path / "log"
    programs("npm", CLIENT, log=str(log), package=str(tar_of(tmp_path / "toy.tgz", members)))
    shelf.add(
        "toy", {"a.bin": CONTENT, "b.bin": CONTENT}, [{"kind": "npm", "package": "toy", "member": "package/b.bin"}]
    )
    fetch("toy")
    assert len(log.read_text().splitlines()) == 1
    assert shelf.left("toy") == {"a.bin", "b.bin"}


def test_a_package_is_kept_as_it_is_where_no_member_is_named(space, tmp_path, programs):
    package = tar_of(tmp_path / "toy.tgz", {"package/a.bin": CONTENT})
    programs("npm", CLIENT, log=str(tmp_path / "log"), package=str(package))
    assert read(PackageMember("npm", "toy"), space) == package.read_bytes()


def test_a_debian_package_is_not_kept_as_it_is(tmp_path):
    with pytest.raises(ValueError, match=r"a\.bin: a source of kind debian needs a member"):
        source_from({"kind": "debian", "package": "toy"}, tmp_path, "a.bin")


def test_a_client_that_fails_is_asked_once_for_all_the_files(shelf, programs, tmp_path, fake):
    count = tmp_path / "count"
    programs("npm", "#!{python}\nopen({count!r}, 'a').write('x')\nraise SystemExit(1)", count=str(count))
    npm = {"kind": "npm", "package": "toy", "member": "package/a.bin"}
    shelf.add("toy", {"a.bin": CONTENT, "b.bin": CONTENT}, [npm, fake("one")])
    shelf.answers["one"] = CONTENT
    fetch("toy")
    assert count.read_text() == "x"


@pytest.mark.parametrize("kind", ["npm", "debian"])
def test_a_client_that_is_not_there_is_a_reason_and_the_next_source_is_tried(shelf, fake, programs, kind):
    shelf.add("toy", {"a.bin": CONTENT}, [{"kind": kind, "package": "toy", "member": "a"}, fake("address")])
    shelf.answers["address"] = CONTENT
    assert fetch("toy")["a.bin"].read_bytes() == CONTENT
    shelf.answers["address"] = "it could not be reached"
    fetch("toy")["a.bin"].unlink()
    client = {"npm": "npm", "debian": "apt-get"}[kind]
    with pytest.raises(
        NoSourceError, match=f"package toy: {client} is not on this machine; source address: it could not"
    ):
        fetch("toy")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("E: Unable to locate package toy\n", "Unable to locate package toy"),
        ("npm error code ETARGET\nnpm error notarget No matching version found for toy@9.\nnpm error A complete log of "
         "this run can be found in: /srv/someone/.npm/_logs/debug-0.log\n", "No matching version found for toy@9"),
        ("WARNING: Retrying after connection broken\nERROR: No matching distribution found for toy\n",
         "its registry could not be reached: No matching distribution found for toy"),
        ("Segmentation fault\n", "Segmentation fault"),
        ("", "the client ended with code 1"),
    ],
)  # fmt: skip
def test_a_clients_own_reason_is_passed_on(programs, space, said, reason):
    programs("npm", failing(said))
    with pytest.raises(SourceError) as caught:
        read(PackageMember("npm", "toy", "a"), space)
    assert str(caught.value) == reason


def test_a_client_that_meets_a_full_disk_is_a_full_disk(shelf, fake, programs):
    programs("npm", failing("npm error nospc ENOSPC: no space left on device, write\n"))
    npm = {"kind": "npm", "package": "toy", "member": "a", "package_bytes": 3_000_000}
    shelf.add("toy", {"a.bin": CONTENT}, [npm, fake("one")])
    with pytest.raises(CacheError, match=r"is full: toy needs about 6\.0 MB"):
        fetch("toy")
    assert shelf.left("toy") == set()


def test_a_client_that_never_answers_is_given_up(programs, space, monkeypatch):
    monkeypatch.setattr(packages, "_SECONDS", 0.2)
    programs("npm", "#!{python}\nimport time\ntime.sleep(60)\n")
    with pytest.raises(SourceError, match="npm gave no answer within"):
        read(PackageMember("npm", "toy", "a"), space)


def test_a_client_that_leaves_no_package_is_a_reason(programs, space):
    programs("npm", "#!{python}\n")
    with pytest.raises(SourceError, match="left 0 files"):
        read(PackageMember("npm", "toy", "a"), space)


def test_a_member_that_is_not_there_is_a_reason(tmp_path):
    for archive in (tar_of(tmp_path / "a.tar", {"b": CONTENT}), zip_of(tmp_path / "a.whl", {"b": CONTENT})):
        with pytest.raises(SourceError, match="has no member c"), packages.open_member(archive, "c"):
            pass


@pytest.mark.parametrize("name", ["a.tar", "a.whl"])
def test_a_package_that_is_no_archive_is_a_reason(tmp_path, name):
    (tmp_path / name).write_bytes(b"not an archive" * 100)
    with pytest.raises(SourceError, match="cannot be read"), packages.open_member(tmp_path / name, "c"):
        pass


@pytest.mark.parametrize("evil", ["../../evil", "/evil", "..\\..\\evil", "package/../../evil"])
def test_a_members_path_leads_nowhere(shelf, tmp_path, programs, evil):
    archive = tar_of(tmp_path / "toy.tgz", {evil: b"evil", "package/a.bin": CONTENT})
    programs("npm", CLIENT, log=str(tmp_path / "log"), package=str(archive))
    shelf.add("toy", {"a.bin": CONTENT}, [{"kind": "npm", "package": "toy", "member": "package/a.bin"}])
    fetch("toy")
    assert shelf.left("toy") == {"a.bin"}
    assert not list(tmp_path.rglob("evil"))
    assert not Path("/evil").exists()


def test_a_link_inside_a_package_is_not_followed(tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    archive = tar_of(tmp_path / "a.tar", {}, links={"data/a.bin": str(tmp_path / "secret")})
    with pytest.raises(SourceError, match="has no member"), packages.open_member(archive, "data/a.bin"):
        pass


def test_a_package_cut_short_is_a_reason_and_leaves_nothing(shelf, tmp_path, programs, fake):
    whole = tar_of(tmp_path / "whole.tgz", {"package/a.bin": os.urandom(100_000)}).read_bytes()
    (tmp_path / "toy.tgz").write_bytes(whole[: len(whole) // 2])
    programs("npm", CLIENT, log=str(tmp_path / "log"), package=str(tmp_path / "toy.tgz"))
    shelf.add("toy", {"a.bin": bytes(100_000)}, [{"kind": "npm", "package": "toy", "member": "package/a.bin"}])
    with pytest.raises(NoSourceError, match=r"npm package toy: (it broke off|the package cannot be read)"):
        fetch("toy")
    assert shelf.left("toy") == set()


def served(monkeypatch, answer) -> list[str]:
    """Have every address answered by `answer(url)`; returns the list of the addresses asked for."""
    asked = []

    def opened(self, request, timeout):
        asked.append(request.full_url)
        return answer(request.full_url)

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", opened)
    return asked


def test_an_address_is_read_and_unpacked(monkeypatch, space):
    asked = served(monkeypatch, lambda url: io.BytesIO(gzip.compress(CONTENT)))
    assert read(Address("https://example.org/a.gz", unpack="gzip"), space) == CONTENT
    assert asked == ["https://example.org/a.gz"]


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (urllib.error.HTTPError("https://example.org", 404, "Not Found", None, None), "it answered 404 Not Found"),
        (
            urllib.error.URLError(OSError(errno.ENETUNREACH, "Network is unreachable")),
            "it could not be reached .*unreach",
        ),
        (TimeoutError("timed out"), r"it could not be reached \(timed out\)"),
    ],
)
def test_an_address_that_fails_is_a_reason(monkeypatch, space, problem, reason):
    def answer(url):
        raise problem

    served(monkeypatch, answer)
    with pytest.raises(SourceError, match=reason):
        read(Address("https://example.org/a"), space)


def test_an_answer_that_is_not_gzip_is_a_reason_and_leaves_nothing(shelf, monkeypatch):
    served(monkeypatch, lambda url: io.BytesIO(b"<html>Please log in to this network</html>"))
    shelf.add("toy", {"a.bin": CONTENT}, [{"kind": "https", "url": "https://example.org/a", "unpack": "gzip"}])
    with pytest.raises(NoSourceError, match=r"https://example\.org/a: it broke off \(Not a gzipped file"):
        fetch("toy")
    assert shelf.left("toy") == set()


def test_an_address_is_not_followed_away_from_https():
    request = urllib.request.Request("https://example.org/a")
    follow = sources._OnlyHttps().redirect_request
    with pytest.raises(SourceError, match="not https"):
        follow(request, None, 302, "Found", {}, "http://example.org/b")
    assert follow(request, None, 302, "Found", {}, "https://example.org/b").full_url == "https://example.org/b"


def test_a_user_without_apt_gets_the_full_fashion_mnist_from_its_public_address(programs, monkeypatch, tmp_path):
    # What happens on macOS: no apt-get, so the next source is asked, file by file.
    monkeypatch.setenv("DLCOURSE_CACHE", str(tmp_path / "cache"))
    asked = served(monkeypatch, lambda url: io.BytesIO(b""))
    with pytest.raises(NoSourceError) as caught:
        fetch("fashion_mnist", ["t10k-labels-idx1-ubyte"])
    assert [url.split("/")[2] for url in asked] == ["storage.googleapis.com", "github.com"]
    assert "apt-get is not on this machine" in str(caught.value)
    assert str(tmp_path / "cache" / "fashion_mnist" / "t10k-labels-idx1-ubyte") in str(caught.value)
