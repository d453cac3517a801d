"""Every checkpoint in datasets/checkpoints: a whole card, the stated bytes, a chapter that rebuilds it."""

import hashlib
import tomllib

import pytest
from safetensors.numpy import load

from dlcourse import paths
from dlcourse.course import find_chapter
from dlcourse.data.manifest import manifest
from dlcourse.models import checkpoint_card, checkpoints
from dlcourse.models.checkpoint_files import LIMIT
from dlcourse.models.checkpoint_rounding import SCALE

FILES = ["README.md", "card.toml", "weights.safetensors"]


@pytest.fixture(params=checkpoints())
def card(request):
    return checkpoint_card(request.param)


def test_every_folder_is_a_checkpoint():
    home = paths.checkpoints_dir()
    folders = {path.name for path in home.iterdir() if path.is_dir()} if home.is_dir() else set()
    assert folders == set(checkpoints())


def test_the_files_are_those_and_the_texts_are_the_cards(card):
    assert sorted(path.name for path in card.folder.iterdir()) == FILES
    assert (card.folder / "card.toml").read_text(encoding="utf-8") == card.toml
    assert (card.folder / "README.md").read_text(encoding="utf-8") == card.text


def test_the_card_is_complete(card):
    assert card.name == card.folder.name
    assert card.what.endswith(".")
    assert card.machine
    assert card.figures
    assert card.seconds > 0


def test_the_weights_are_the_stated_ones_and_small(card):
    raw = (card.folder / "weights.safetensors").read_bytes()
    assert (len(raw), hashlib.sha256(raw).hexdigest()) == (card.bytes, card.sha256)
    assert card.bytes <= LIMIT
    assert sum(array.size for name, array in load(raw).items() if not name.endswith(SCALE)) == card.weights


def test_the_data_are_those_of_the_manifests(card):
    assert card.data
    for name, sha256 in card.data.items():
        data_set, _, file = name.partition("/")
        assert manifest(data_set).select([file])[0].sha256 == sha256


def test_the_long_profile_of_its_chapter_rebuilds_it(card):
    profiles = tomllib.loads((paths.notebooks_dir() / "profiles.toml").read_text(encoding="utf-8"))[card.chapter]
    assert profiles["cpu"]["train_checkpoint"] is False
    assert profiles["long"]["train_checkpoint"] is True
    notebook = find_chapter(card.chapter).path.read_text(encoding="utf-8")
    assert card.name in notebook
    assert "save_checkpoint" in notebook
    assert "load_checkpoint" in notebook


def test_the_seed_and_parameters_are_those_of_the_profile(card):
    profiles = tomllib.loads((paths.notebooks_dir() / "profiles.toml").read_text(encoding="utf-8"))[card.chapter]
    long = profiles["cpu"] | profiles["long"]
    assert card.seed == long["seed"]
    assert {name: long[name] for name in card.parameters if name in long} == {
        name: value for name, value in card.parameters.items() if name in long
    }
