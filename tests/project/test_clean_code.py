"""`make lint` finds nothing: these run its commands, so that `make test` has them in its count."""

import subprocess
import sys

import pytest

COMMANDS = {
    "rules": ["ruff", "check", "--no-cache", "."],
    "format": ["ruff", "format", "--check", "--no-cache", "."],
    "notebooks": ["dlcourse.course.lint"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_lint_passes(name, root):
    done = subprocess.run(
        [sys.executable, "-m", *COMMANDS[name]], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"


def test_make_lint_runs_the_same_commands(root):
    recipe = (root / "Makefile").read_text(encoding="utf-8").split("\nlint: ")[1].split("\n\n")[0]
    commands = [" ".join(command).replace(" --no-cache", "") for command in COMMANDS.values()]
    assert [line.split(" -m ")[1] for line in recipe.splitlines()[1:]] == commands
