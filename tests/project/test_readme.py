"""Every command and every line of code in README.md works as it stands there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dlcourse import paths
from dlcourse.course import find_chapter

README = (paths.repository_root() or Path()) / "README.md"
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(language):
    text = README.read_text(encoding="utf-8") if README.is_file() else ""
    return [body for kind, body in BLOCK.findall(text) if kind == language]


def commands(first_word):
    """The commands of the shell blocks that begin with this word, without their comments."""
    lines = [shlex.split(line, comments=True) for body in blocks("sh") for line in body.splitlines()]
    return [words for words in lines if words and words[0] == first_word]


def run(command, folder, environment=os.environ):
    """Run a command as a reader would, with the environment's own programs first on the PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**environment, "PATH": path, "COLUMNS": "160"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def identify(words):
    return " ".join(words[1:])


def test_the_readme_holds_what_is_tested_here():
    assert len(blocks("sh")) == 3
    assert len(blocks("python")) == 1
    assert {words[0] for body in blocks("sh") for words in [shlex.split(body, comments=True)]} == {"make", "dlcourse"}


@pytest.mark.parametrize("words", commands("make"), ids=identify)
def test_a_make_target_is_there(words, root, make_environment):
    done = run(["make", "--dry-run", *words[1:]], root, make_environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("words", [each for each in commands("dlcourse") if each[1] != "lab"], ids=identify)
def test_a_dlcourse_command_runs(words, tmp_path):
    done = run(words, tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


@pytest.mark.parametrize("words", [each for each in commands("dlcourse") if each[1] == "lab"], ids=identify)
def test_a_command_that_opens_a_browser_is_a_real_one(words, tmp_path):
    assert find_chapter(words[2]).written
    done = run([*words, "--help"], tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("code", blocks("python"), ids=lambda code: code.splitlines()[-1])
def test_python_code_runs(code, tmp_path):
    (tmp_path / "example.py").write_text(code, encoding="utf-8")
    done = run([sys.executable, "example.py"], tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.strip()


def test_each_use_is_shown_in_about_five_lines():
    assert all(len(body.splitlines()) <= 6 for body in blocks("sh") + blocks("python"))


def test_conda_and_activation_are_told_as_they_are(root):
    text = README.read_text(encoding="utf-8")
    assert "conda env create -f environment.yml" in text
    assert (root / "environment.yml").is_file()
    assert "source .venv/bin/activate" in text
