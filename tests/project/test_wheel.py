"""A wheel built from the repository stands alone.

It is installed into an environment of its own, outside the repository, that sees the third-party packages of the one
the tests run in through a .pth file. A path added so does not have its own .pth files read: the editable checkout stays
invisible. That the wheel asks for every package it uses is tested in test_rooms.py and test_environments.py.
"""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email import message_from_bytes

import pytest
from packaging.requirements import Requirement

from dlcourse.course import chapters
from dlcourse.models import checkpoints

pytestmark = pytest.mark.slow

ROOMS = ("course", "data", "exercises", "plots", "scratch", "training")
WRITTEN = [chapter.number for chapter in chapters() if chapter.written]


_SAVE = """
import dlcourse, keras
from dlcourse.models import checkpoints, load_checkpoint, save_checkpoint
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
card = save_checkpoint("mine", model, chapter="10", what="A test.", parameters={}, seed=0, data="sacramento",
                       seconds=1, figures={"loss": 1.0})
""".strip()


def call(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    options = [
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--disable-pip-version-check",
        "--wheel-dir",
        str(folder),
    ]
    call([sys.executable, "-m", "pip", "wheel", *options, str(root)])
    (found,) = folder.glob("dlcourse-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A function that runs `python WORDS…` of an environment that has the wheel, in a folder of its own."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "venv", with_pip=False)
    python = home / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    call([sys.executable, "-m", "pip", "--python", str(python), "install", *options, str(wheel)])
    site = call([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).stdout.strip()
    with open(os.path.join(site, "third_party.pth"), "w") as file:
        file.write(sysconfig.get_path("purelib"))
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "DLCOURSE_NOTEBOOKS")
    }
    environment |= {"COLUMNS": "200", "DLCOURSE_CACHE": str(home / "cache")}
    folder = home / "work"
    folder.mkdir()

    def run(*words):
        return call([str(python), *words], cwd=folder, env=environment)

    run.folder, run.home = folder, home
    return run


def test_the_wheel_carries_notebooks_data_and_licences(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for chapter in chapters():
        assert (f"dlcourse/_bundle/notebooks/{chapter.path.name}" in names) == chapter.written
    assert "dlcourse/_bundle/notebooks/profiles.toml" in names
    assert "dlcourse/_bundle/datasets/sacramento/sacramento.csv" in names
    assert [name for name in names if "/docs/" in name] == ["dlcourse/_bundle/docs/glossary.md"]
    for checkpoint in checkpoints():
        for file in ("weights.safetensors", "card.toml", "README.md"):
            assert f"dlcourse/_bundle/datasets/checkpoints/{checkpoint}/{file}" in names
    assert {name.rsplit("/", 1)[1] for name in names if "/licenses/" in name} == {"LICENSE", "LICENSE-TEXT.md"}


def test_the_wheel_carries_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if ".ipynb_checkpoints" in name or "__pycache__" in name] == []
    assert {name.split("/")[0] for name in names} == {"dlcourse", names[-1].split("/")[0]}
    assert wheel.stat().st_size < 30_000_000


def test_the_wheel_asks_for_what_pyproject_declares(wheel):
    archive = zipfile.ZipFile(wheel)
    (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
    required = [Requirement(text) for text in message_from_bytes(archive.read(name)).get_all("Requires-Dist")]
    assert "tensorflow" in {each.name for each in required if each.marker is None}


def test_it_is_the_wheel_that_is_imported_not_the_checkout(installed, root):
    code = "import dlcourse; from dlcourse import paths; print(dlcourse.__file__, paths.repository_root())"
    file, found = installed("-c", code).stdout.split()
    assert file.startswith(str(installed.home))
    assert found == "None"


def test_every_module_is_imported(installed):
    code = """
import importlib, pkgutil, dlcourse
names = [module.name for module in pkgutil.walk_packages(dlcourse.__path__, "dlcourse.")]
for name in names:
    if name != "dlcourse.__main__":
        importlib.import_module(name)
print(*names)
"""
    names = installed("-c", code).stdout.split()
    assert {f"dlcourse.{room}" for room in ROOMS} <= set(names)


def test_the_chapters_are_listed(installed):
    lines = [line for line in installed("-m", "dlcourse", "list").stdout.splitlines() if line.startswith("│")]
    assert [line.split("│")[1].strip() for line in lines if "planned" not in line] == WRITTEN


def test_the_glossary_is_read(installed):
    assert installed("-m", "dlcourse", "glossary", "epoch").stdout.startswith("epoch\n")


def test_the_data_sets_are_listed_and_read(installed):
    assert "sacramento" in installed("-m", "dlcourse", "data", "list").stdout
    done = installed("-c", "from dlcourse.data import load; print(len(load('sacramento')))")
    assert done.stdout == "932\n"


def test_the_checkpoints_travel_and_a_new_one_goes_into_the_working_folder(installed):
    assert installed("-c", f"{_SAVE}; print(*checkpoints())").stdout.split() == list(checkpoints())
    card = installed("-c", f"{_SAVE}; print(load_checkpoint('mine', model, folder=card.folder.parent).folder)").stdout
    assert card.strip() == str(installed.folder / "dlcourse-checkpoints" / "mine")


def test_a_chapter_runs(installed):
    done = installed("-m", "dlcourse", "run", "01", "--profile", "quick", "-o", "mine.ipynb")
    assert "mine.ipynb" in done.stdout
    assert (installed.folder / "mine.ipynb").is_file()


def test_solutions_are_exported_checked_and_counted(installed):
    installed("-m", "dlcourse", "export", "01", "--solutions", "-o", "solved.ipynb")
    assert "4 of 4 passed." in installed("-m", "dlcourse", "check", "solved.ipynb").stdout
    assert '"passed": 4' in installed("-m", "dlcourse", "progress", "--json").stdout


def test_the_lab_would_open_a_copy_that_the_reader_may_edit(installed):
    code = "from dlcourse.course.lab import lab_command, working_notebooks; print(working_notebooks().resolve())"
    folder = installed("-c", code).stdout.strip()
    assert folder == str(installed.folder / "dlcourse-notebooks")
    assert (installed.folder / "dlcourse-notebooks" / "profiles.toml").is_file()
