"""Ruff finds nothing. With the course's own rules, which tests/notebooks asks for, that is `make lint`."""

import subprocess
import sys

import pytest

COMMANDS = {
    "rules": ["ruff", "check", "--no-cache", "."],
    "format": ["ruff", "format", "--check", "--no-cache", "."],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_ruff_finds_nothing(name, root):
    done = subprocess.run(
        [sys.executable, "-m", *COMMANDS[name]], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"


def test_make_lint_runs_the_same_commands(root):
    recipe = (root / "Makefile").read_text(encoding="utf-8").split("\nlint: ")[1].split("\n\n")[0]
    commands = [" ".join(command).replace(" --no-cache", "") for command in COMMANDS.values()]
    assert [line.split(" -m ")[1] for line in recipe.splitlines()[1:]] == [*commands, "dlcourse.course.lint"]
