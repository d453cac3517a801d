"""tools/set_up.sh, run beside a stand-in for Python that writes down what it is asked to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script")

# Answers the questions set_up.sh asks of a Python. FAIL_AT and KILL_AT hold a word of the call to fail or die at.
STAND_IN = """\
#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in *${FAIL_AT:-nothing}*) exit 1 ;; esac
case "$*" in *${KILL_AT:-nothing}*) kill -9 $PPID; exit 1 ;; esac
case "$*" in
    *'not (3, 11)'*) exit ${UNFIT:-0} ;;
    *'import ensurepip'*) exit ${NO_VENV:-0} ;;
    *'"python%d.%d-venv"'*) echo python3.12-venv ;;
    *'print("%d.%d.%d"'*) echo ${IS:-3.12.1} ;;
    *nvidia_present*) exit ${NO_GPU:-1} ;;
    *device_line*) echo "CPU, stand-in" ;;
    '-m venv'*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
esac
"""


class SetUp:
    """A folder with the script in it, and a PATH on which `python3` is the stand-in."""

    def __init__(self, folder, script):
        self.folder = folder
        (folder / "tools").mkdir(parents=True)
        shutil.copy(script, folder / "tools" / "set_up.sh")
        for name in ("pyproject.toml", "hatch_build.py"):
            (folder / name).write_text(name)
        (folder / "requirements.lock").write_text("tensorflow==2.21.0 \\\n    --hash=sha256:0\n")
        self.path = folder / "bin"
        self.path.mkdir()
        for tool in ("cat", "cmp", "mkdir", "rm", "cp", "sed", "dirname", "sh"):
            (self.path / tool).symlink_to(shutil.which(tool))
        self.add_python("python3")

    def add_python(self, name, text=STAND_IN):
        file = self.path / name
        file.write_text(text)
        file.chmod(0o755)

    def __call__(self, **environment):
        environment = {"PATH": str(self.path), "CALLS": str(self.folder / "calls"), **environment}
        command = [shutil.which("sh"), "tools/set_up.sh"]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)

    def installs(self):
        """The pip calls so far, without pip's own options; forgotten afterwards."""
        calls = (self.folder / "calls").read_text().splitlines() if (self.folder / "calls").exists() else []
        (self.folder / "calls").unlink(missing_ok=True)
        return [call.split("--disable-pip-version-check ")[1] for call in calls if call.startswith("-m pip")]

    @property
    def ready(self):
        return (self.folder / ".venv" / "ready").exists()


LOCKED = "--require-hashes -r requirements.lock"
OWN = "--no-deps --no-build-isolation -e ."


@pytest.fixture
def set_up(tmp_path, root):
    return SetUp(tmp_path / "course", root / "tools" / "set_up.sh")


def test_the_first_time_everything_is_installed_the_second_time_nothing(set_up):
    assert set_up().returncode == 0
    assert set_up.installs() == [LOCKED, OWN]
    second = set_up()
    assert (second.returncode, second.stdout, second.stderr, set_up.installs()) == (0, "", "", [])


def test_a_touched_file_installs_nothing_a_changed_one_does(set_up):
    set_up()
    set_up.installs()
    os.utime(set_up.folder / "requirements.lock", (0, 0))
    os.utime(set_up.folder / "pyproject.toml")
    set_up()
    assert set_up.installs() == []
    (set_up.folder / "requirements.lock").write_text("tensorflow==2.22.0\n")
    set_up()
    assert set_up.installs() == [LOCKED, OWN]


def test_a_moved_checkout_is_set_up_again(set_up, tmp_path):
    set_up()
    set_up.installs()
    set_up.folder = set_up.folder.rename(tmp_path / "moved")
    set_up.path = set_up.folder / "bin"
    set_up()
    assert set_up.installs() == [LOCKED, OWN]


@pytest.mark.parametrize("word", ["-m venv", "-r requirements.lock", "-e ."])
@pytest.mark.parametrize("how", ["FAIL_AT", "KILL_AT"])
def test_an_interrupted_set_up_does_not_count_and_is_begun_anew(set_up, word, how):
    assert set_up(**{how: word}).returncode != 0
    assert not set_up.ready
    (set_up.folder / ".venv" / "half-made").write_text("")
    set_up.installs()
    again = set_up()
    assert again.returncode == 0
    assert "interrupted: starting anew" in again.stdout
    assert set_up.ready
    assert not (set_up.folder / ".venv" / "half-made").exists()
    assert set_up.installs() == [LOCKED, OWN]


def test_two_set_ups_at_once_do_not_mix(set_up):
    venv = set_up.folder / ".venv"
    venv.mkdir()
    (venv / "being-made").write_text(str(os.getpid()))
    refused = set_up()
    assert refused.returncode == 1
    assert f"process {os.getpid()} is setting up .venv: wait until it has ended" in refused.stderr
    assert set_up.installs() == []


def test_an_environment_made_by_hand_is_kept_and_brought_up_to_date(set_up):
    mine = set_up.folder / ".venv" / "mine"
    (mine.parent / "bin").mkdir(parents=True)
    mine.write_text("")
    shutil.copy(set_up.path / "python3", mine.parent / "bin" / "python")
    assert set_up().returncode == 0
    assert mine.exists()
    assert set_up.installs() == [LOCKED, OWN]


def test_an_environment_whose_python_is_gone_is_made_anew(set_up):
    set_up()
    (set_up.folder / ".venv" / "bin" / "python").unlink()
    assert "is gone" in set_up().stdout
    assert set_up.ready


def test_another_python_asked_for_makes_the_environment_anew(set_up):
    set_up()
    set_up.installs()
    set_up.add_python("python3.13", STAND_IN.replace("3.12.1", "3.13.0"))
    assert set_up(PYTHON="python3.13").returncode == 0
    assert set_up.installs() == [LOCKED, OWN]
    assert set_up(PYTHON="python3.13").stdout == ""


def test_no_fitting_python_is_said_in_one_sentence(set_up):
    done = set_up(UNFIT="1", IS="3.9.2")
    assert done.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13, and found: python3 is 3.9.2; install one" in done.stderr
    assert not (set_up.folder / ".venv").exists()


def test_a_name_that_runs_no_python_is_passed_over(set_up):
    set_up.add_python("python3", "#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
    set_up.add_python("python3.11")
    done = set_up()
    assert (done.returncode, done.stderr) == (0, "")


def test_a_missing_venv_module_is_named_with_its_package(set_up):
    done = set_up(NO_VENV="1")
    assert done.returncode == 1
    assert "python3 has no venv module; on Debian and Ubuntu: apt-get install python3.12-venv" in done.stderr


def test_gpu_libraries_are_put_on_top_once(set_up):
    cuda = "tensorflow[and-cuda]==2.21.0"
    done = set_up(GPU="1", NO_GPU="0")
    assert set_up.installs() == [LOCKED, OWN, cuda]
    assert done.stdout.splitlines()[-1] == "GPU=1: CPU, stand-in."
    set_up(GPU="1", NO_GPU="0")
    assert set_up.installs() == []


def test_without_a_gpu_one_line_says_so_and_nothing_is_fetched(set_up):
    set_up()
    set_up.installs()
    done = set_up(GPU="1", NO_GPU="1")
    assert (done.returncode, done.stdout, set_up.installs()) == (0, "GPU=1: CPU, stand-in.\n", [])


def test_every_target_is_listed_by_make(root):
    outside = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    done = subprocess.run(["make"], cwd=root, capture_output=True, text=True, check=True, env=outside)
    listed = {line.split()[1] for line in done.stdout.splitlines()}
    targets = {
        line.split(":")[0]
        for line in (root / "Makefile").read_text().splitlines()
        if line[:1].isalpha() and ":" in line
    }
    assert {"lab", "test", "fast", "notebooks", "lint", "test-browser", "wheel", "lock", "clean"} <= listed
    assert listed == {each for each in targets if "=" not in each and " " not in each} - {"setup"}


def test_ci_runs_make_test_and_nothing_else(root):
    commands = [line for line in Path(root / ".ci" / "run").read_text().splitlines() if line[:1] not in ("#", "")]
    assert commands[0].startswith("set -")
    assert commands[1].startswith("cd ")
    assert commands[2:] == ["exec make test"]
