"""Progress on the disk: what is kept and what is not, two writers at once, and files and folders that are broken."""

import json
import os
import subprocess
import sys

import pytest

import dlcourse.exercises
from dlcourse import paths
from dlcourse.errors import CourseError
from dlcourse.exercises import check, kept
from dlcourse.exercises.command import check_notebook_command


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner's own empty data folder, which does not exist yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("DLCOURSE_HOME", str(folder))
    monkeypatch.setattr(dlcourse.exercises, "_notes_given", set())
    return folder


@pytest.fixture
def by_hand(monkeypatch):
    """A learner at the keyboard."""
    monkeypatch.setattr(kept, "by_a_learner", lambda: True)


def attempt(status, exercise="00.1"):
    return {"id": exercise, "status": status}


def test_the_folder_is_the_users_own_unless_named(monkeypatch, tmp_path):
    monkeypatch.delenv("DLCOURSE_HOME")
    assert "dlcourse" in str(paths.user_dir())
    monkeypatch.setenv("DLCOURSE_HOME", "~/mine")
    assert paths.user_dir() == paths.Path.home() / "mine"


def test_attempts_are_counted_and_a_pass_stays(home):
    for status in ("failed", "passed", "failed", "error"):
        assert kept.keep([attempt(status)]) == ""
    there, note = kept.standings()
    assert note == ""
    assert list(there) == ["00.1"]
    assert (there["00.1"].status, there["00.1"].tries) == ("error", 4)
    assert there["00.1"].passed
    assert there["00.1"].last >= there["00.1"].passed


def test_a_blank_stub_writes_nothing_and_reading_makes_no_folder(home):
    assert kept.keep([attempt("not attempted"), attempt("nonsense")]) == ""
    assert kept.standings() == ({}, "")
    assert kept.forget() == 0
    assert not home.exists()


def test_nothing_is_left_beside_the_file(home):
    kept.keep([attempt("passed"), attempt("failed", "00.2")])
    assert sorted(os.listdir(home)) in (["progress.json"], [".progress.lock", "progress.json"])


def test_forgetting_a_chapter_leaves_the_others(home):
    kept.keep([attempt("passed"), attempt("failed", "00.2"), attempt("passed", "01.1")])
    assert kept.forget("00") == 2
    assert list(kept.standings()[0]) == ["01.1"]
    assert kept.forget() == 1
    assert kept.standings()[0] == {}


WRITER = """
import sys
from dlcourse.exercises import kept
kept._LOCK_SECONDS = 300  # nobody promises each of three its turn within five seconds
for number in range(1, 26):
    kept.keep([{"id": f"{sys.argv[1]}.{number}", "status": "failed"}, {"id": "00.1", "status": "failed"}])
"""


def test_two_kernels_at_once_lose_nothing(home):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, chapter]) for chapter in ("01", "02", "03")]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    there, _ = kept.standings()
    assert len(there) == 1 + 3 * 25
    assert there["00.1"].tries == 75


BROKEN = [
    b"",
    b"not json",
    b"\xff\xfe\x00",
    b"[]",
    b'{"format": 1}',
    b'{"format": 1, "exercises": []}',
    b'{"format": 1, "exercises": {"00.1": 3}}',
    b'{"format": 1, "exercises": {"00.1": {"status": "great", "tries": 1, "last": "", "passed": null}}}',
    b'{"format": 1, "exercises": {"00.1": {"status": "passed", "tries": "many", "last": "", "passed": null}}}',
]


@pytest.mark.parametrize("content", BROKEN)
@pytest.mark.parametrize("first", ["keep", "standings", "forget"])
def test_a_broken_file_is_put_aside_with_a_sentence_and_not_lost(home, content, first):
    home.mkdir()
    (home / "progress.json").write_bytes(content)
    said = {"keep": lambda: kept.keep([attempt("passed")]), "standings": lambda: kept.standings()[1]}.get(first)
    note = said() if said else kept.forget() or kept.keep([attempt("passed")])
    if said:
        assert "it was kept as progress.json.damaged-1, and a new one was begun." in note
    assert (home / "progress.json.damaged-1").read_bytes() == content
    assert json.loads((home / "progress.json").read_text())["format"] == 1
    (home / "progress.json").write_bytes(content)
    kept.keep([attempt("passed")])
    assert (home / "progress.json.damaged-2").read_bytes() == content
    assert kept.standings()[0]["00.1"].tries == 1


def test_a_file_of_a_newer_course_is_left_alone(home):
    home.mkdir()
    content = '{"format": 2, "exercises": {}}'
    (home / "progress.json").write_text(content)
    for ask in (lambda: kept.keep([attempt("passed")]), kept.standings, kept.forget):
        with pytest.raises(CourseError, match=r"newer version of the course; it is left as it is\."):
            ask()
    assert os.listdir(home) in (
        ["progress.json"],
        ["progress.json", ".progress.lock"],
        [".progress.lock", "progress.json"],
    )
    assert (home / "progress.json").read_text() == content


def test_a_folder_that_cannot_be_made_and_a_file_that_cannot_be_read_are_said(home, monkeypatch):
    home.mkdir()
    (home / "progress.json").mkdir()
    with pytest.raises(CourseError, match=r"progress cannot be read from .*\."):
        kept.standings()
    (home / "a_file").write_text("")
    monkeypatch.setenv("DLCOURSE_HOME", str(home / "a_file" / "inside"))
    with pytest.raises(CourseError, match=r"progress cannot be kept in .*\."):
        kept.keep([attempt("passed")])


def test_a_lock_that_is_never_freed_is_said(home, monkeypatch):
    import filelock

    home.mkdir()
    monkeypatch.setattr(kept, "_LOCK_SECONDS", 0.05)
    with filelock.FileLock(home / ".progress.lock"), pytest.raises(CourseError, match="another process has held"):
        kept.keep([attempt("passed")])


def test_a_write_that_fails_leaves_the_file_as_it_was(home, monkeypatch):
    kept.keep([attempt("failed")])
    before = (home / "progress.json").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept.os, "replace", full)
    with pytest.raises(CourseError, match=r"No space left on device\."):
        kept.keep([attempt("passed")])
    assert (home / "progress.json").read_bytes() == before
    assert [name for name in os.listdir(home) if name.startswith(".progress-")] == []


# Who is counted


def test_a_check_by_hand_is_kept_and_one_by_a_test_or_script_is_not(home, monkeypatch):
    check("00.2", (200, 3))
    assert not home.exists()
    monkeypatch.setattr(kept, "by_a_learner", lambda: True)
    check("00.2", (200, 3))
    check("00.1", ...)
    assert list(kept.standings()[0]) == ["00.2"]


def test_a_check_is_shown_whatever_becomes_of_progress_and_the_trouble_is_said_once(home, by_hand, monkeypatch, capsys):
    home.write_text("a file where the folder should be")
    assert check("00.2", (200, 3)).passed
    assert check("00.2", (3, 200)).status == "failed"
    said = capsys.readouterr().out
    assert said.count("! Progress: progress cannot be kept in") == 1


ASKED = """
from dlcourse.course import progress
from dlcourse.exercises import check, kept
print(kept.by_a_learner(), kept.by_a_machine(), check("00.2", (200, 3)).status, progress().tried)
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    from jupyter_client.manager import start_new_kernel

    own = {"DLCOURSE_HOME": str(tmp_path_factory.mktemp("kernel"))}  # other tests leave things in the session's
    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=300, env=os.environ | own)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def said_by(client, allow_stdin):
    texts = []

    def hear(message):
        if message["msg_type"] in ("stream", "error"):
            texts.append(message["content"].get("text") or str(message["content"]))

    client.execute_interactive(ASKED, allow_stdin=allow_stdin, output_hook=hear, timeout=300)
    return "".join(texts).split()


def test_a_kernel_counts_a_front_end_and_not_what_runs_whole_notebooks(kernel):
    automatic = said_by(kernel, allow_stdin=False)
    assert automatic == ["False", "True", "passed", "0"], "papermill, nbval: nothing kept, the empty state shown"
    assert said_by(kernel, allow_stdin=True) == ["True", "False", "passed", "1"], "JupyterLab"
    assert said_by(kernel, allow_stdin=False) == automatic


def test_an_ipython_without_a_kernel_counts_at_a_terminal(monkeypatch):
    class Shell:
        pass

    monkeypatch.setattr(kept, "_shell", Shell)
    monkeypatch.setattr(kept.sys.stdin, "isatty", lambda: True, raising=False)
    assert kept.by_a_learner()
    monkeypatch.setattr(kept.sys.stdin, "isatty", lambda: False, raising=False)
    assert not kept.by_a_learner()
    assert not kept.by_a_machine()


# `dlcourse check NN`


def found(exercise, status):
    return {"id": exercise, "title": "", "kind": "", "status": status, "sentence": "A sentence."}


def test_the_command_check_keeps_what_it_found(home, monkeypatch):
    results = [found("00.1", "passed"), found("00.2", "not attempted"), found("?", "error")]
    monkeypatch.setattr("dlcourse.exercises.notebook.check_notebook", lambda path: results)
    check_notebook_command("any.ipynb", count=False)
    assert not home.exists()
    check_notebook_command("any.ipynb")
    assert list(kept.standings()[0]) == ["00.1"]


def test_the_command_check_says_when_progress_could_not_be_kept(home, monkeypatch, capsys):
    home.write_text("a file where the folder should be")
    monkeypatch.setattr("dlcourse.exercises.notebook.check_notebook", lambda path: [found("00.1", "passed")])
    assert check_notebook_command("any.ipynb") == 0
    assert capsys.readouterr().err.startswith("dlcourse: progress cannot be kept in")
