"""environment.yml and requirements.lock say the same as pyproject.toml."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def declared(project):
    """Package to version bounds, of the course and of its extra `dev`."""
    texts = project["dependencies"] + project["optional-dependencies"]["dev"]
    return bounds(Requirement(text) for text in texts)


@pytest.fixture(scope="module")
def conda(root):
    return (root / "environment.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lock(root):
    return (root / "requirements.lock").read_text(encoding="utf-8")


def bounds(requirements):
    return {canonicalize_name(each.name): each.specifier for each in requirements}


def conda_requirements(text):
    listed = yaml.safe_load(text)["dependencies"]
    by_pip = next(each["pip"] for each in listed if isinstance(each, dict))
    names = [each for each in listed if isinstance(each, str)] + [each for each in by_pip if not each.startswith("-")]
    return bounds(map(Requirement, names))


def test_conda_users_get_the_same_packages_with_the_same_bounds(conda, declared, project):
    expected = {**declared, "python": SpecifierSet(project["requires-python"]), "pip": SpecifierSet()}
    assert conda_requirements(conda) == expected


def test_conda_users_get_the_course_itself(conda):
    listed = yaml.safe_load(conda)["dependencies"]
    assert next(each["pip"] for each in listed if isinstance(each, dict))[-1] == "--editable ."


def test_every_line_of_the_conda_environment_says_why(conda):
    lines = [line for line in conda.splitlines() if re.match(r"\s+- (?!pip:)", line)]
    assert len(lines) > 20
    assert [line for line in lines if not re.search(r"  # \S.{9,}", line)] == []


def test_the_lock_fits_what_is_declared(lock, declared):
    pinned = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", lock, re.MULTILINE):
        pinned.setdefault(canonicalize_name(name), []).append(Version(version))
    unmet = {name: str(bound) for name, bound in declared.items() if not fits(bound, pinned.get(name, []))}
    assert unmet == {}, "run `make lock`"


def fits(bound, versions):
    return bool(versions) and all(bound.contains(version, prereleases=True) for version in versions)


def test_every_package_in_the_lock_has_hashes_and_no_address(lock):
    entries = re.split(r"\n(?=\S)", lock.strip())
    entries = [entry for entry in entries if not entry.startswith("#")]
    assert [entry for entry in entries if "--hash=sha256:" not in entry or "==" not in entry] == []
    assert "://" not in lock


def test_the_gpu_extra_is_the_same_tensorflow(project, declared):
    (text,) = project["optional-dependencies"]["gpu"]
    gpu = Requirement(text)
    assert (gpu.name, gpu.extras, gpu.specifier) == ("tensorflow", {"and-cuda"}, declared["tensorflow"])


def test_the_version_is_the_packages_own(project):
    import dlcourse

    assert project["version"] == dlcourse.__version__
