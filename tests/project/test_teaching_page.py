"""Every command in docs/learning-and-teaching.md is one that `dlcourse` knows, with these options."""

import re
import shlex
import sys

import pytest

from dlcourse import cli, paths

PAGE = (paths.repository_root() or paths.Path()) / "docs" / "learning-and-teaching.md"


def commands():
    text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    lines = [
        line for body in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL) for line in body.split("\n")
    ]
    inline = re.findall(r"`(dlcourse [^`]+)`", text)
    return [words[1:] for words in (shlex.split(line, comments=True) for line in [*lines, *inline]) if words]


def test_the_page_shows_what_is_tested_here():
    assert {words[0] for words in commands()} >= {"check", "progress", "export", "run", "list"}


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_a_command_is_known_with_its_options(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["dlcourse", *words, "--help"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code in (0, None), capsys.readouterr().err
