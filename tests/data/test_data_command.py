"""`dlcourse data list | get | verify`: what is printed where, and the exit code."""

import io
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from dlcourse.data.command import app
from dlcourse.data.errors import DataError, UnknownDataSetError

CONTENT = b"fourteen bytes"


def run(*words: str):
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def toys(shelf, fake):
    shelf.add("near", {"a.bin": CONTENT}, [{"kind": "bundled"}], what="a bundled toy", licence="CC0")
    shelf.add("far", {"b.bin": bytes(2_500_000), "c.bin": bytes(2_500_000)}, [fake("one")], what="a toy to fetch")
    shelf.answers["one"] = bytes(2_500_000)
    return shelf


def test_list_shows_each_set_with_size_place_and_licence(toys):
    rows = {line.split("│")[1].strip(): line for line in run("list").stdout.splitlines() if line.startswith("│")}
    assert set(rows) == {"near", "far"}
    assert all(word in rows["near"] for word in ("a bundled toy", "14 bytes", "yes", "CC0"))
    assert all(word in rows["far"] for word in ("a toy to fetch", "│ 5.0 MB", "no", "0 of 2", "MIT"))
    run("get", "far")
    assert "2 of 2" in run("list").stdout


def test_list_of_the_real_sets_names_them_all():
    said = run("list").stdout
    assert all(name in said for name in ("sacramento", "fashion_mnist", "tree_crowns"))


def test_get_fetches_and_says_where(toys):
    done = run("get", "far")
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"far: 2 files ready in {toys.cache / 'far'}" in done.stdout
    assert toys.left("far") == {"b.bin", "c.bin"}


def test_get_all_goes_on_after_a_failure_and_ends_with_2(toys, fake):
    toys.add("broken", {"d.bin": CONTENT}, [fake("closed")])
    toys.answers["closed"] = "it is closed"
    done = run("get", "--all")
    assert done.exit_code == 2
    assert "source closed: it is closed" in done.stderr
    assert "near: 1 file ready" in done.stdout
    assert "far: 2 files ready" in done.stdout


@pytest.mark.parametrize("words", [(), ("far", "--all")])
def test_get_needs_names_or_all_and_not_both(toys, words):
    problem = run("get", *words).exception
    assert isinstance(problem, DataError)
    assert "there is far, near" in str(problem)


def test_get_looks_every_name_up_before_it_fetches_anything(toys):
    problem = run("get", "far", "nowhere").exception
    assert isinstance(problem, UnknownDataSetError)
    assert toys.opened == []


def test_get_says_in_one_line_that_a_damaged_file_was_kept_aside(toys):
    run("get", "far")
    damaged = toys.cache / "far" / "b.bin"
    damaged.write_bytes(b"short")
    done = run("get", "far")
    assert done.exit_code == 0
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"The file {damaged} is damaged (5 bytes long, and 2,500,000 are stated)")


def test_get_stopped_by_ctrl_c_says_so_and_ends_with_130(toys):
    class Interrupted(io.BytesIO):
        def read(self, size=-1):
            raise KeyboardInterrupt

    toys.answers["one"] = Interrupted
    done = run("get", "far")
    assert done.exit_code == 130
    assert done.stderr == "Stopped while fetching far; nothing half-written was left: start it again.\n"
    assert toys.left("far") == set()


def test_verify_is_content_with_whole_and_unfetched_files(toys):
    done = run("verify")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "near/a.bin: intact, bundled" in done.stdout
    assert "far/b.bin: not fetched" in done.stdout


def test_verify_names_a_damaged_file_and_ends_with_1(toys):
    path = toys.datasets / "near" / "a.bin"
    path.write_bytes(b"fourteen bytez")
    done = run("verify", "near")
    assert done.exit_code == 1
    assert f"near/a.bin: damaged, bundled: {path} is damaged (its SHA-256 is not the one stated)" in done.stderr
    assert run("verify", "far").exit_code == 0


def test_verify_of_an_unknown_set_is_an_error(toys):
    assert isinstance(run("verify", "fr").exception, UnknownDataSetError)


def test_importing_the_command_loads_nothing_heavy():
    code = "import sys, dlcourse.data.command; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pandas", "PIL", "tensorflow", "keras", "matplotlib", "rich", "filelock"} & set(loaded)
