"""Every command of `dlcourse`: what it prints where, its exit code, and the one sentence for what a user gets wrong."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from dlcourse.course import lab, runs, tables


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder, and an empty cache."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DLCOURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "200")
    return folder


@pytest.fixture
def started(monkeypatch):
    """What `run` and `lab` would start; nothing is started."""
    calls = []

    def run(number, overrides, profile, output):
        calls.append((number, overrides, profile, output))
        return Path("out.ipynb")

    monkeypatch.setattr(runs, "run", run)
    monkeypatch.setattr(runs, "figures", lambda path: [])
    monkeypatch.setattr(lab, "open_lab", lambda *arguments: calls.append(arguments) or 3)
    return calls


def one_sentence(text):
    lines = text.splitlines()
    return len(lines) == 1 and lines[0].startswith("dlcourse: ") and lines[0].endswith((".", "?"))


# What each command does


def test_list_shows_every_chapter_and_which_are_planned(command, tiny_course, here):
    code, out, err = command("list")
    assert (code, err) == (0, "")
    lines = {line.split("│")[1].strip(): line for line in out.splitlines() if line.startswith("│")}
    assert len(lines) == 25
    assert "sacramento" in lines["01"]
    assert "planned" not in lines["01"]
    assert "planned" in lines["22"]


def test_run_executes_the_notebook_and_shows_its_figures(command, tiny_course, here):
    code, out, err = command("run", "1", "--profile", "quick", "-p", "rate", "2", "-o", "mine.ipynb")
    assert code == 0, err
    assert "epochs run" in out
    assert "1 epochs" in out
    assert "≥ 3 epochs missed" in out, "a bar that was set for other parameters is shown, and fails nothing"
    assert f"Executed notebook: {here / 'mine.ipynb'}" in out
    assert os.listdir(here) == ["mine.ipynb"]


@pytest.mark.parametrize(
    ("words", "overrides"),
    [
        ([], {}),
        (["-p", "epochs", "200"], {"epochs": "200"}),
        (["-p", "epochs=200", "-p", "name", "a b"], {"epochs": "200", "name": "a b"}),
        (["--parameter", "rate", "-1"], {"rate": "-1"}),
        (["-p", "name", "x=y"], {"name": "x=y"}),
    ],
)
def test_parameters_are_given_as_papermill_takes_them(command, started, words, overrides):
    assert command("run", "01", *words)[0] == 0
    assert started == [("01", overrides, None, None)]


def test_run_lists_a_chapters_parameters(command, tiny_course, here, monkeypatch):
    monkeypatch.setattr(runs, "run", lambda *_: pytest.fail("a run was started"))
    code, out, err = command("run", "01", "--parameters")
    assert (code, err) == (0, "")
    assert "passes over the data" in out
    assert "Profiles: cpu, quick, broken." in out


def test_records_shows_what_the_notebooks_hold(command, tiny_course, here):
    from dlcourse import display

    data = {"chapter": "01", "name": "an error", "value": 0.5, "spread": None, "unit": "", "baseline": {"mean": 0.9}}
    data |= {"at_least": None, "at_most": 0.6, "holds": True}
    path = tiny_course / "01_neuron_and_house_prices.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("display_data", {display.RECORD: data})]
    nbformat.write(notebook, path)
    code, out, err = command("records")
    assert (code, err) == (0, "")
    assert all(word in out for word in ("an error", "0.5", "≤ 0.6", "mean 0.9"))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (["README.md", "docs/claims.md"], "Written: README.md, docs/claims.md.\n"),
        ([], "Every generated table is up to date.\n"),
    ],
)
def test_records_write_says_what_changed(command, monkeypatch, changed, sentence):
    monkeypatch.setattr(tables, "write_generated", lambda: changed)
    assert command("records", "--write") == (0, sentence, "")


def test_check_takes_a_chapter_or_a_file_and_ends_as_the_check_does(command, tiny_course, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "dlcourse.exercises.command.check_notebook_command",
        lambda *given, **named: seen.append((*given, named["count"])) or 1,
    )
    assert command("check", "01") == (1, "", "")
    assert command("check", "mine.ipynb", "--no-count") == (1, "", "")
    assert seen == [(tiny_course / "01_neuron_and_house_prices.ipynb", True), (Path("mine.ipynb"), False)]


@pytest.mark.parametrize("code", [0, 1])
def test_doctor_ends_as_the_examination_does(command, monkeypatch, code):
    monkeypatch.setattr("dlcourse.training.command.doctor", lambda: code)
    assert command("doctor") == (code, "", "")


def test_lab_hands_its_options_on_and_ends_as_jupyterlab_does(command, started):
    code, _, _ = command("lab", "04", "--port", "9000", "--no-browser", "--folder", "mine")
    assert code == 3
    assert started == [("04", 9000, False, Path("mine"))]
    command("lab")
    assert started[1] == ("00", None, True, None)


def test_data_list_names_the_sets(command, here):
    code, out, err = command("data", "list")
    assert (code, err) == (0, "")
    assert all(name in out for name in ("sacramento", "fashion_mnist", "tree_crowns"))


def test_data_get_and_verify_a_bundled_set(command, here):
    assert command("data", "get", "sacramento")[0] == 0
    code, out, err = command("data", "verify", "sacramento")
    assert (code, err) == (0, "")
    assert "intact" in out


def test_version_is_the_packages(command):
    import dlcourse

    assert command("--version") == (0, f"{dlcourse.__version__}\n", "")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["list"],
        ["run"],
        ["records"],
        ["check"],
        ["doctor"],
        ["lab"],
        ["progress"],
        ["export"],
        ["data"],
        ["data", "get"],
    ],
)
def test_every_command_explains_itself(command, words):
    code, out, _ = command(*words, "--help")
    assert code == 0
    assert "Usage: dlcourse" in out


def test_the_module_and_the_command_are_the_same(root_command):
    code = [
        subprocess.run([*each, "--version"], capture_output=True, text=True, check=True).stdout for each in root_command
    ]
    assert code[0] == code[1]


@pytest.fixture
def root_command():
    script = Path(sys.executable).with_name("dlcourse")
    if not script.exists():
        pytest.skip("the package was not installed into this environment")
    return [str(script)], [sys.executable, "-m", "dlcourse"]


# What a user gets wrong


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "77"], "there is no chapter '77': the course has chapters 00 to 24."),
        (["run", "neuron_and_house_price"], "did you mean 'neuron_and_house_prices'?"),
        (["run", "22"], "chapter 22 (GPT) is planned, not written yet: there are 01."),
        (["run", "01", "-p", "epoch", "3"], "no parameter 'epoch': did you mean 'epochs'? it has epochs (int, 3)"),
        (["run", "01", "-p", "epochs", "many"], "parameter 'epochs' takes a whole number (default 3), not 'many'."),
        (["run", "01", "-p", "epochs"], "a parameter is given as -p NAME VALUE, not 'epochs'."),
        (["run", "01", "--profile", "tpu"], "chapter 01 has no profile 'tpu': it has cpu, quick, broken."),
        (["run", "01", "-o", "x.html"], "x.html must end in .ipynb."),
        (["run", "01", "-o", "a_file/x.ipynb"], "cannot write into a_file"),
        (["run", "77", "--parameters"], "there is no chapter '77'"),
        (["check", "77"], "there is no chapter '77'"),
        (["check", "not_there.ipynb"], "not_there.ipynb"),
        (["lab", "77"], "there is no chapter '77'"),
        (["lab", "01", "--port", "99999"], "a port is a number from 1 to 65535, not 99999."),
        (["lab", "01", "--folder", "a_file/inside"], "cannot copy the notebooks to a_file/inside"),
        (["data", "get", "sacramanto"], "sacramento"),
        (["data", "verify", "nowhere"], "nowhere"),
    ],
)
def test_wrong_input_is_one_sentence_and_nothing_is_written(command, tiny_course, here, monkeypatch, words, sentence):
    monkeypatch.setattr(runs, "_execute", lambda *_: pytest.fail("a kernel was started"))
    (here / "a_file").write_text("")
    code, out, err = command(*words)
    assert code == 2
    assert out == ""
    assert one_sentence(err), err
    assert sentence in err
    assert os.listdir(here) == ["a_file"]


@pytest.mark.parametrize(
    "words", [["nonsense"], ["run"], ["run", "01", "--bogus"], ["run", "01", "-p"], ["lab", "--port", "x"]]
)
def test_words_the_command_does_not_know_end_with_2(command, words):
    code, out, err = command(*words)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert "Error" in err


def test_a_taken_port_is_said(command, tiny_course, here):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        code, _, err = command("lab", "01", "--port", str(port), "--folder", str(tiny_course))
    assert code == 2
    assert err == f"dlcourse: port {port} is taken by another program: leave --port out to use a free one.\n"


@pytest.mark.parametrize("content", ["", "not json", '{"cells": 3}'])
def test_a_corrupt_notebook_is_named(command, tiny_course, here, content):
    (tiny_course / "01_neuron_and_house_prices.ipynb").write_text(content)
    code, _, err = command("run", "01")
    assert code == 2
    assert one_sentence(err), err
    assert "cannot be read as a notebook" in err


def test_a_cell_that_fails_is_named(command, tiny_course, here):
    code, _, err = command("run", "01", "-p", "rate", "11", "-o", "mine.ipynb")
    assert code == 2
    assert one_sentence(err), err
    assert "stopped at cell" in err
    assert "ValueError: the rate is far too high" in err
    assert os.listdir(here) == ["mine.failed.ipynb"]


def test_ctrl_c_is_said_and_ends_with_130(command, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "run", interrupted)
    assert command("run", "01") == (130, "", "dlcourse: interrupted; nothing half-written is left behind.\n")


def test_a_cache_that_cannot_be_written_is_said(command, here, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DLCOURSE_CACHE", str(tmp_path / "file" / "cache"))
    code, _, err = command("data", "get", "tree_crowns")
    assert code == 2
    assert "cache" in err
    assert "DLCOURSE_CACHE" in err
    assert "Traceback" not in err
