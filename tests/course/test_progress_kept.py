"""`dlcourse progress` and `progress()`: the table, the JSON, the display in a notebook, and beginning anew."""

import json
import sys

import pytest

from dlcourse import cli
from dlcourse.course import progress
from dlcourse.exercises import all_exercises, kept


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("DLCOURSE_HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "160")
    return folder


@pytest.fixture
def some_done(home):
    kept.keep([{"id": "08.1", "status": "passed"}, {"id": "08.2", "status": "failed"}])
    kept.keep([{"id": "08.1", "status": "failed"}, {"id": "99.1", "status": "passed"}])
    return home


@pytest.fixture
def command(monkeypatch, capsys):
    def called(*words, answer=None):
        monkeypatch.setattr(sys, "argv", ["dlcourse", *words])
        monkeypatch.setattr("builtins.input", answered(answer))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        shown = capsys.readouterr()
        return ended.value.code or 0, shown.out, shown.err

    return called


def answered(answer):
    def ask(question):
        print(question, end="")
        if answer is None:
            raise EOFError
        return answer

    return ask


def test_nothing_tried_is_said_the_same_everywhere(home):
    shown = progress()
    assert (shown.passed, shown.tried, shown.total) == (0, 0, len(all_exercises()))
    assert str(shown) == (
        "○ Your progress: Nothing tried yet. The exercises you check are counted here, and on this computer only."
    )
    assert "<table" not in shown._repr_mimebundle_()["text/html"]
    assert not home.exists()


def test_a_whole_notebook_run_shows_nothing_tried_whatever_is_kept(some_done, monkeypatch):
    monkeypatch.setattr(kept, "by_a_machine", lambda: True)
    assert progress().tried == 0


def test_what_was_done_is_counted_by_chapter(some_done):
    shown = progress()
    (begun,) = shown.begun
    assert (begun.number, begun.passed, begun.tried, begun.total) == ("08", 1, 2, 6)
    assert begun.dots == "●◐○○○○"
    assert shown.next_open.id == "08.2"
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"].splitlines()[1] == "08 Convolution: ●◐○○○○ 1 of 6"
    assert "Next: 08.2 (How long is the output?)." in bundle["text/plain"]
    assert "<td>1 of 6</td>" in bundle["text/html"]


def test_after_a_finished_chapter_comes_the_first_open_one_and_after_all_nothing(home):
    kept.keep([{"id": each.id, "status": "passed"} for each in all_exercises() if each.chapter == "01"])
    assert progress().next_open.id == "00.1"
    kept.keep([{"id": each.id, "status": "passed"} for each in all_exercises()])
    assert progress().next_open is None
    assert progress().summary().endswith("That is all of them.")


def test_a_broken_file_is_said_in_the_display(home):
    home.mkdir()
    (home / "progress.json").write_text("{")
    shown = progress()
    assert "kept as progress.json.damaged-1" in str(shown)
    assert "kept as progress.json.damaged-1" in shown._repr_mimebundle_()["text/html"]


def test_the_command_shows_a_table(command, some_done):
    code, out, err = command("progress")
    assert (code, err) == (0, "")
    row = next(line for line in out.splitlines() if "Convolution  " in line)
    assert [cell.strip() for cell in row.split("│")[3:7]] == ["●◐○○○○", "1", "2", "6"]
    assert "1 of " in out
    assert f"Kept in {some_done / 'progress.json'}" in out


def test_the_command_gives_json(command, some_done):
    code, out, err = command("progress", "--json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert data["file"] == str(some_done / "progress.json")
    assert (data["passed"], data["tried"], data["total"]) == (1, 2, len(all_exercises()))
    chapter = next(each for each in data["chapters"] if each["number"] == "08")
    assert [chapter["exercises"][0][key] for key in ("id", "state", "tries")] == ["08.1", "passed", 2]
    assert chapter["last"] >= chapter["exercises"][1]["last"]


def test_a_time_edited_by_hand_is_shown_as_it_is(command, some_done):
    path = some_done / "progress.json"
    data = json.loads(path.read_text())
    data["exercises"]["08.1"]["last"] = "z, a while ago"
    path.write_text(json.dumps(data))
    assert "z, a while ago" in command("progress")[1]


def test_a_broken_file_is_put_aside_with_a_sentence(command, home):
    home.mkdir()
    (home / "progress.json").write_text("{")
    code, out, err = command("progress", "--json")
    assert code == 0
    assert json.loads(out)["tried"] == 0
    assert err.startswith("dlcourse: ")
    assert err.endswith("it was kept as progress.json.damaged-1, and a new one was begun.\n")
    assert (home / "progress.json.damaged-1").read_text() == "{"


def test_resetting_asks_and_no_is_no(command, some_done):
    for answer in ("", "n", "no", "what?"):
        code, out, _ = command("progress", "--reset", "8", answer=answer)
        assert code == 0
        assert "chapter 08 (Convolution)? [y/N]" in out
        assert out.endswith("Nothing was forgotten.\n")
    assert len(kept.standings()[0]) == 3


@pytest.mark.parametrize(
    ("words", "answer", "said", "left"),
    [
        (["8"], "y", "the attempts at 2 exercises of chapter 08", ["99.1"]),
        (["all"], "yes", "the attempts at 3 exercises of every chapter", []),
        (["all", "--yes"], None, "3 exercises", []),
        (["01", "--yes"], None, "0 exercises of chapter 01", ["08.1", "08.2", "99.1"]),
    ],
)
def test_resetting_forgets_what_was_named(command, some_done, words, answer, said, left):
    code, out, err = command("progress", "--reset", *words, answer=answer)
    assert (code, err) == (0, "")
    assert said in out
    assert list(kept.standings()[0]) == left


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--reset", "77"], "there is no chapter '77'"),
        (["--reset", "08"], "nobody answered, so nothing was forgotten: add --yes"),
    ],
)
def test_what_a_user_gets_wrong_is_one_sentence(command, some_done, words, sentence):
    code, _, err = command("progress", *words)
    assert code == 2
    assert err.startswith("dlcourse: ")
    assert sentence in err
    assert len(err.splitlines()) == 1
    assert len(kept.standings()[0]) == 3


def test_a_file_that_cannot_be_read_is_one_sentence(command, home):
    (home / "progress.json").mkdir(parents=True)
    code, out, err = command("progress")
    assert (code, out) == (2, "")
    assert err.startswith("dlcourse: progress cannot be read from")
