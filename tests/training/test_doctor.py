"""`dlcourse doctor`: each check, healthy and broken."""

import os

import pytest

from dlcourse.training import command, devices


@pytest.fixture
def healthy(monkeypatch, tmp_path):
    """A cache and a notebooks folder as they should be."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00_start_here.ipynb").touch()
    monkeypatch.setattr(command.paths, "cache_dir", lambda: tmp_path / "cache")
    monkeypatch.setattr(command.paths, "notebooks_dir", lambda: tmp_path / "notebooks")
    monkeypatch.setattr(command, "ROOM_WANTED", 0)
    return tmp_path


def test_healthy_machine(healthy, capsys):
    assert command.doctor() == 0
    text = capsys.readouterr().out
    assert "Everything the course needs is here." in text
    assert "✘" not in text
    for name in (*command.PACKAGES, "Python", "device", "cache", "notebooks", "trains on"):
        assert name in text


def test_broken_machine_says_what_to_do_and_fails(healthy, capsys):
    (healthy / "notebooks" / "00_start_here.ipynb").unlink()
    assert command.doctor() == 1
    text = capsys.readouterr().out
    assert "✘" in text
    assert "Clone or install the course again." in text


@pytest.mark.parametrize(("version", "state"), [((3, 11, 0), "good"), ((3, 13, 9), "good"), ((3, 10, 4), "bad")])
def test_python_versions(version, state):
    check = command.check_python(version)
    assert check.state == state
    assert check.advice == ("" if state == "good" else "Use Python 3.11 to 3.13.")


def test_package_that_is_not_installed():
    check = command.check_package("no-such-package-of-this-course")
    assert (check.state, check.found) == ("bad", "not installed")


def test_tensorflow_that_does_not_load(monkeypatch):
    def fail():
        raise ImportError("libtensorflow_framework.so.2: file too short")

    monkeypatch.setattr(devices, "device_report", fail)
    check = command.check_device()
    assert check.state == "bad"
    assert "file too short" in check.found


def test_unused_gpu_is_odd_and_not_broken(monkeypatch):
    report = devices.device_report()
    changed = devices.DeviceReport(**{**vars(report), "gpus": (), "gpu_note": "X is unused: libcudnn.so.9 is missing"})
    monkeypatch.setattr(devices, "device_report", lambda: changed)
    assert command.check_device().state == "odd"


def test_cache_that_cannot_be_written(tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    check = command.check_cache(blocked / "cache")
    assert check.state == "bad"
    assert "DLCOURSE_CACHE" in check.advice


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_cache_that_is_read_only(tmp_path):
    tmp_path.chmod(0o500)
    assert command.check_cache(tmp_path).state == "bad"


def test_cache_with_little_room_is_odd(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "ROOM_WANTED", 2**70)
    check = command.check_cache(tmp_path)
    assert check.state == "odd"
    assert "Make room" in check.advice
