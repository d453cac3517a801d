import socket

import pytest

from dlcourse import paths
from dlcourse.course import lab
from dlcourse.errors import CourseError


@pytest.fixture
def taken():
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_refused_when_asked_for(taken):
    with pytest.raises(CourseError, match=f"port {taken} is taken"):
        lab.free_port(taken)


def test_a_taken_port_is_passed_over_when_not_asked_for(taken, monkeypatch):
    monkeypatch.setattr(lab, "FIRST_PORT", taken)
    assert taken < lab.free_port() < taken + lab.PORTS_TRIED


@pytest.mark.parametrize("port", [0, 70000])
def test_a_number_that_is_no_port_is_refused(port):
    with pytest.raises(CourseError, match="from 1 to 65535"):
        lab.free_port(port)


def test_the_lab_listens_on_loopback_and_opens_the_chapter(tiny_course):
    command = lab.lab_command("01", browser=False, folder=tiny_course)
    assert "--ip=127.0.0.1" in command
    assert "--LabApp.default_url=/lab/tree/01_neuron_and_house_prices.ipynb" in command
    assert "--no-browser" in command
    assert not any("token" in word for word in command), "the token is JupyterLab's own, never switched off"


def test_a_copy_keeps_what_the_reader_wrote(tiny_course, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "profiles.toml").write_text("mine")
    assert lab.working_notebooks(mine) == mine
    assert (mine / "profiles.toml").read_text() == "mine"
    assert (mine / "01_neuron_and_house_prices.ipynb").is_file()


def test_a_checkout_opens_its_own_notebooks():
    assert lab.working_notebooks() == paths.notebooks_dir()


def test_a_folder_that_cannot_be_written_is_named(tiny_course, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="cannot copy the notebooks to"):
        lab.working_notebooks(tmp_path / "file" / "inside")
