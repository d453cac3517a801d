"""Fetching and verifying: only whole files, in one step, once, and a sentence for everything that goes wrong."""

import errno
import io
import os
import re
import signal
import subprocess
import sys
import textwrap

import pytest

from dlcourse.data import DamagedFileWarning, fetch, verify
from dlcourse.data import place as placing
from dlcourse.data.errors import CacheError, DataError, NoSourceError, UnknownDataSetError, UnknownFileError

CONTENT = b"fourteen bytes"


class Stream(io.BytesIO):
    """Gives its bytes, then raises what it was made with."""

    def __init__(self, content: bytes, problem: BaseException):
        super().__init__(content)
        self._problem = problem

    def read(self, size=-1):
        got = super().read(size)
        if not got:
            raise self._problem
        return got


def one_sentence(problem: BaseException) -> str:
    """The text, once it is known to be one sentence on one line."""
    text = str(problem)
    assert text.endswith((".", "?"))
    assert "\n" not in text
    return text


def test_a_fetched_file_has_the_bytes_and_lies_in_the_cache(shelf, fake):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one")])
    shelf.answers["one"] = CONTENT
    assert fetch("toy")["a.bin"] == shelf.cache / "toy" / "a.bin"
    assert (shelf.cache / "toy" / "a.bin").read_bytes() == CONTENT
    assert shelf.left("toy") == {"a.bin"}


def test_what_is_in_the_cache_is_not_fetched_again(shelf, fake):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one")])
    shelf.answers["one"] = CONTENT
    fetch("toy")
    fetch("toy")
    assert shelf.opened == ["one"]


def test_only_the_files_asked_for_are_fetched(shelf, fake):
    shelf.add("toy", {"a.bin": CONTENT, "b.bin": CONTENT}, [fake("one")])
    shelf.answers["one"] = CONTENT
    assert set(fetch("toy", ["b.bin"])) == {"b.bin"}
    assert shelf.left("toy") == {"b.bin"}


def test_a_bundled_file_stays_where_it_is_and_needs_no_cache(shelf):
    folder = shelf.add("toy", {"a.bin": CONTENT}, [{"kind": "bundled"}])
    assert fetch("toy") == {"a.bin": folder / "a.bin"}
    assert not shelf.cache.exists()


def test_the_next_source_is_tried_when_one_fails(shelf, fake):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one"), fake("two"), fake("three")])
    shelf.answers |= {"one": "it is closed", "two": CONTENT, "three": CONTENT}
    assert fetch("toy")["a.bin"].read_bytes() == CONTENT
    assert shelf.opened == ["one", "two"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("it is closed", "it is closed"),
        (b"four", "broke off after 4 bytes of 14 bytes"),
        (b"fifteen bytes??", "longer than the 14 bytes stated"),
        (b"fourteen bytez", "another SHA-256"),
        (lambda: Stream(b"four", ConnectionResetError("reset by peer")), "broke off (reset by peer)"),
    ],
)
def test_a_source_that_fails_leaves_nothing_and_is_named_with_its_reason(shelf, fake, answer, reason):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one"), fake("two")])
    shelf.answers |= {"one": answer, "two": "there is no network"}
    with pytest.raises(NoSourceError) as caught:
        fetch("toy")
    text = one_sentence(caught.value)
    assert "a.bin of toy" in text
    assert re.search(rf"source one: .*{re.escape(reason)}.*; source two: there is no network", text)
    assert shelf.left("toy") == set()


def test_a_damaged_cached_file_is_named_kept_aside_and_fetched_anew(shelf, fake):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one")])
    shelf.answers["one"] = CONTENT
    target = fetch("toy")["a.bin"]
    for number, wrong in ((1, b"fourteen bytez"), (2, b"short")):
        target.write_bytes(wrong)
        with pytest.warns(DamagedFileWarning, match=rf"{re.escape(str(target))} is damaged .*a\.bin\.damaged-{number}"):
            fetch("toy")
        assert target.read_bytes() == CONTENT
        assert target.with_name(f"a.bin.damaged-{number}").read_bytes() == wrong
    assert shelf.left("toy") == {"a.bin", "a.bin.damaged-1", "a.bin.damaged-2"}


def test_a_damaged_bundled_file_is_replaced_by_the_next_source(shelf, fake):
    folder = shelf.add("toy", {"a.bin": CONTENT}, [{"kind": "bundled"}, fake("one")])
    (folder / "a.bin").write_bytes(b"fourteen bytez")
    shelf.answers["one"] = CONTENT
    with pytest.warns(DamagedFileWarning, match=re.escape(str(folder / "a.bin"))):
        assert fetch("toy")["a.bin"] == shelf.cache / "toy" / "a.bin"
    assert (folder / "a.bin").read_bytes() == b"fourteen bytez"


@pytest.mark.parametrize("missing", [True, False])
def test_a_bundled_file_that_nothing_replaces_is_named_with_a_remedy(shelf, missing):
    path = shelf.add("toy", {"a.bin": CONTENT}, [{"kind": "bundled"}]) / "a.bin"
    path.unlink() if missing else path.write_bytes(b"short")
    with pytest.raises(NoSourceError) as caught:
        fetch("toy")
    text = one_sentence(caught.value)
    assert str(path) in text
    assert "install the course again" in text


def test_an_unknown_data_set_is_answered_with_the_nearest_one(shelf, fake):
    shelf.add("sacramento", {"a.bin": CONTENT}, [fake("one")])
    with pytest.raises(UnknownDataSetError, match="did you mean 'sacramento'") as caught:
        fetch("sacremento")
    assert isinstance(caught.value, ValueError)
    one_sentence(caught.value)


@pytest.mark.parametrize("name", ["../toy", "", "/etc", "toy/../toy", ".."])
def test_a_name_that_is_a_path_is_an_unknown_data_set(shelf, fake, name):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one")])
    with pytest.raises(UnknownDataSetError):
        fetch(name)


def test_an_unknown_file_is_answered_with_the_nearest_one_before_anything_is_fetched(shelf, fake):
    shelf.add("toy", {"train.bin": CONTENT}, [fake("one")])
    with pytest.raises(UnknownFileError, match=r"no file 'trian\.bin', only train\.bin: did you mean 'train\.bin'\?"):
        fetch("toy", ["train.bin", "trian.bin"])
    assert shelf.opened == []


def test_a_full_disk_leaves_nothing_and_says_how_much_is_needed(shelf, fake, monkeypatch):
    shelf.add("toy", {"a.bin": bytes(20_000_000)}, [fake("one"), fake("two")])
    shelf.answers |= {"one": bytes(20_000_000), "two": bytes(20_000_000)}

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(placing.os, "fsync", full)
    with pytest.raises(
        CacheError, match=r"disk of .*cache/toy is full: toy needs about 20\.0 MB and .* are free"
    ) as caught:
        fetch("toy")
    one_sentence(caught.value)
    assert shelf.opened == ["one"]  # another source would need the room too
    assert shelf.left("toy") == set()


def test_a_cache_that_cannot_be_made_is_named_with_the_variable_that_moves_it(shelf, fake, tmp_path, monkeypatch):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one")])
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("DLCOURSE_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(CacheError, match=r"file/cache/toy cannot be written .*set DLCOURSE_CACHE") as caught:
        fetch("toy")
    one_sentence(caught.value)
    assert shelf.opened == []


def test_a_read_only_cache_serves_what_it_has_and_says_so_when_it_cannot_take_more(shelf, fake, monkeypatch):
    import filelock

    shelf.add("toy", {"a.bin": CONTENT, "b.bin": CONTENT}, [fake("one")])
    shelf.answers["one"] = CONTENT
    fetch("toy", ["a.bin"])

    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    assert fetch("toy", ["a.bin"])["a.bin"].read_bytes() == CONTENT
    with pytest.raises(CacheError, match="cannot be written \\(Permission denied\\)"):
        fetch("toy", ["b.bin"])


def test_ctrl_c_leaves_nothing_half_written(shelf, fake):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one"), fake("two")])
    shelf.answers["one"] = lambda: Stream(b"four", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        fetch("toy")
    assert shelf.left("toy") == set()
    assert shelf.opened == ["one"]


def test_what_a_killed_fetch_left_is_cleared_by_the_next_one(shelf, fake):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one")])
    shelf.answers["one"] = CONTENT
    (shelf.cache / "toy" / ".work-killed").mkdir(parents=True)
    (shelf.cache / "toy" / ".work-killed" / "half.deb").write_bytes(b"half")
    (shelf.cache / "toy" / ".part-killed").write_bytes(b"half")
    fetch("toy")
    assert shelf.left("toy") == {"a.bin"}


def test_verify_tells_intact_damaged_missing_and_not_fetched_and_fetches_nothing(shelf, fake):
    folder = shelf.add("toy", {"a.bin": CONTENT, "b.bin": CONTENT, "c.bin": CONTENT}, [{"kind": "bundled"}])
    (folder / "b.bin").write_bytes(b"fourteen bytez")
    (folder / "c.bin").unlink()
    shelf.add("far", {"d.bin": CONTENT, "e.bin": CONTENT}, [fake("one")])
    shelf.answers["one"] = CONTENT
    fetch("far", ["e.bin"])["e.bin"].write_bytes(b"")
    states = {state.file: (state.place, state.state, state.good) for state in [*verify("toy"), *verify("far")]}
    assert states == {
        "a.bin": ("bundled", "intact", True),
        "b.bin": ("bundled", "damaged", False),
        "c.bin": ("bundled", "missing", False),
        "d.bin": ("cache", "not fetched", True),
        "e.bin": ("cache", "damaged", False),
    }
    assert shelf.opened == ["one"]


def test_verify_reads_a_file_again_though_its_size_and_time_are_the_same(shelf):
    path = shelf.add("toy", {"a.bin": CONTENT}, [{"kind": "bundled"}]) / "a.bin"
    before = path.stat()
    assert verify("toy")[0].good
    path.write_bytes(b"fourteen bytez")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert verify("toy")[0].state == "damaged"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('name = "a.bin"', 'name = "../a.bin"', "not a plain name"),
        ('name = "a.bin"', 'name = ".lock"', "not a plain name"),
        ("bytes = 14", 'bytes = "14"', "needs bytes and sha256"),
        ('sha256 = "', 'sha256 = "x', "needs bytes and sha256"),
        ('kind = "fake"', 'kind = "ftp"', "source kind is 'ftp'"),
        ('kind = "fake"', 'kind = "https"\nurl = "http://example.org/a"', "is not https"),
        ('kind = "fake"', 'kind = "pip"\nunpack = "pickle"', "unpack is 'pickle'"),
        ("[[files]]", "[[files]", "cannot be read"),
        ("licence =", "license =", "licence"),
    ],
)
def test_a_manifest_that_is_wrong_is_an_error_that_says_where(shelf, fake, old, new, named):
    path = shelf.add("toy", {"a.bin": CONTENT}, [fake("one")]) / "manifest.toml"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(DataError, match=re.escape(named)):
        fetch("toy")


# What a second process needs to see the same data sets and a source that answers slowly and counts.
CHILD = """
import io, os, sys, time
from contextlib import contextmanager
from pathlib import Path
from dlcourse import paths
from dlcourse.data import fetch, sources

datasets, meeting, count = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
paths.datasets_dir = lambda: datasets

def wait_for_both():
    deadline = time.time() + 120
    while len(os.listdir(meeting)) < 2 and time.time() < deadline:
        time.sleep(.02)

class Counting:
    @contextmanager
    def open(self, workspace):
        with open(count, "a") as log:
            log.write("x")
        yield self
    def read(self, size):
        # The first chunk is held back until the other process has had time to ask for the same file.
        {wait}
        content, self.content = self.content, b""
        return content
    content = b"fourteen bytes"

sources.KINDS["fake"] = lambda fields, folder, name: Counting()
(meeting / str(os.getpid())).touch()
print(fetch("toy")["a.bin"].read_bytes().decode(), flush=True)
"""


def child(shelf, meeting, count, wait) -> subprocess.Popen:
    code = textwrap.dedent(CHILD).replace("{wait}", wait)
    command = [sys.executable, "-c", code, str(shelf.datasets), str(meeting), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_fetch_a_file_once(shelf, fake, tmp_path):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one")])
    meeting, count = tmp_path / "meeting", tmp_path / "count"
    meeting.mkdir()
    both = [child(shelf, meeting, count, "wait_for_both(); time.sleep(.3)") for _ in range(2)]
    said = [one.communicate(timeout=300) for one in both]
    assert [out for out, _ in said] == ["fourteen bytes\n"] * 2, said
    assert len(list(meeting.iterdir())) == 2
    assert count.read_text() == "x"
    assert shelf.left("toy") == {"a.bin"}


def test_an_interrupt_from_outside_leaves_nothing_half_written(shelf, fake, tmp_path):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one")])
    (tmp_path / "meeting").mkdir()
    running = child(shelf, tmp_path / "meeting", tmp_path / "count", "print('reading', flush=True); time.sleep(60)")
    assert running.stdout.readline() == "reading\n"
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=300)
    assert "KeyboardInterrupt" in said
    assert shelf.left("toy") == set()


def test_outside_a_terminal_a_fetch_prints_nothing(shelf, fake, capfd):
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one")])
    shelf.answers["one"] = CONTENT
    fetch("toy")
    assert capfd.readouterr() == ("", "")


def test_in_a_terminal_a_fetch_shows_a_bar_and_removes_it(shelf, fake, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    shelf.add("toy", {"a.bin": CONTENT}, [fake("one")])
    shelf.answers["one"] = CONTENT
    fetch("toy")
    assert "a.bin" in screen.getvalue()
    assert "14/14 bytes" in screen.getvalue() or "0/14 bytes" in screen.getvalue()
