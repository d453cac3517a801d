"""`import dlcourse` is light, imports run downward, and every third-party package used is declared."""

import ast
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HEAVY = ("tensorflow", "keras", "matplotlib", "pandas", "scipy", "sklearn", "jax", "torch", "papermill", "IPython")

# Small modules beside the rooms that any room may use.
COMMON = {"errors", "paths", "display", "quiet", "kernels", "lazy"}
MODELS = {"models", "layers", "detection", "verification", "text"}
BESIDE = {"training", "data", "plots"}
EVERYTHING = MODELS | BESIDE | {"scratch", "course", "exercises"}

# What each room may import of ours besides COMMON. docs/architecture.md draws this.
ALLOWED = {
    "course": EVERYTHING,
    "exercises": EVERYTHING - {"course"},
    "models": MODELS | {"data"},  # pretrained weights are a data set
    "layers": set(),
    "detection": set(),
    "verification": set(),
    "text": set(),
    "scratch": set(),
    "training": set(),
    "data": set(),
    "plots": set(),
}

# Import name -> the name it is installed by, where they differ.
INSTALLED_AS = {"sklearn": "scikit-learn", "PIL": "pillow", "IPython": "ipykernel", "yaml": "pyyaml"}
# Not declared, because what declares it for us is: each must be among what that package requires.
COMES_WITH = {"jupyter_client": "nbclient", "cycler": "matplotlib", "ml_dtypes": "tensorflow", "certifi": "jupyterlab"}

# Imported only where Keras itself runs on it.
BACKENDS = {"jax"}


def modules(root):
    return sorted((root / "dlcourse").rglob("*.py"))


def room_of(path, root):
    parts = path.relative_to(root / "dlcourse").parts
    return parts[0] if len(parts) > 1 else None


def imported(path):
    """The dotted names a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "dlcourse":
            yield from (f"dlcourse.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def loaded_after(statement):
    code = f"import sys\n{statement}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import dlcourse").isdisjoint(HEAVY)


@pytest.mark.parametrize(
    "room", ["course", "data", "detection", "exercises", "models", "scratch", "text", "training", "verification"]
)
def test_a_room_is_reached_from_the_package_without_tensorflow(room):
    assert loaded_after(f"import dlcourse; dlcourse.{room}").isdisjoint({"tensorflow", "keras"})


def test_a_chapters_first_cell_waits_for_no_notebook_reader():
    assert loaded_after("from dlcourse.course import claim, record, results, start").isdisjoint({*HEAVY, "nbformat"})


def test_the_command_line_answers_without_tensorflow():
    assert loaded_after("import dlcourse.cli").isdisjoint(
        {"tensorflow", "keras", "matplotlib", "sklearn", "papermill", "nbformat"}
    )


def test_every_room_is_known(root):
    folders = {path.parent.name for path in (root / "dlcourse").glob("*/__init__.py")}
    assert folders <= set(ALLOWED), "say in ALLOWED and in docs/architecture.md what a new room may import"


def test_imports_run_downward(root):
    wrong = []
    for path in modules(root):
        room = room_of(path, root)
        if room is None:
            continue
        used = {name.split(".")[1] for name in imported(path) if name.startswith("dlcourse.")}
        wrong += [f"{path.relative_to(root)} imports {each}" for each in used - ALLOWED[room] - COMMON - {room}]
    assert wrong == []


def test_common_modules_import_only_each_other(root):
    for name in COMMON:
        used = {
            each.split(".")[1] for each in imported(root / "dlcourse" / f"{name}.py") if each.startswith("dlcourse.")
        }
        assert used <= COMMON, name


def test_imports_are_written_out(root):
    """A relative import would pass the checks above unseen."""
    for path in modules(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), path


def test_every_package_used_is_declared(root, declared):
    used = {name.split(".")[0] for path in modules(root) for name in imported(path)}
    outside = used - set(sys.stdlib_module_names) - {"dlcourse"}
    assert {INSTALLED_AS.get(name, name) for name in outside - set(COMES_WITH) - BACKENDS} <= declared


@pytest.mark.parametrize("name", COMES_WITH)
def test_what_is_not_declared_comes_with_what_is(name, declared):
    assert COMES_WITH[name] in declared
    assert canonicalize_name(name) in everything_required_by(COMES_WITH[name])


@pytest.fixture
def declared(root):
    texts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return {Requirement(text).name for text in texts}


def everything_required_by(package):
    """The packages that `package` cannot be installed without, and theirs."""
    found, waiting = set(), [package]
    while waiting:
        requirements = map(Requirement, metadata.requires(waiting.pop()) or [])
        wanted = (each for each in requirements if each.marker is None or each.marker.evaluate({"extra": ""}))
        new = {canonicalize_name(each.name) for each in wanted} - found
        found |= new
        waiting += new
    return found
