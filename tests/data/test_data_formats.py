"""Array files hold numbers only: what else they might hold is refused, and no pickle is ever loaded."""

import io
import pickle
import re
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

import dlcourse
from dlcourse.data.errors import DataError
from dlcourse.data.formats import read_idx, read_npz


class Bomb:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return (Path.touch, (Path("exploded"),))


def idx(array: np.ndarray, code: int) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape) + array.tobytes()


@pytest.mark.parametrize(("code", "kind"), [(0x08, "u1"), (0x0B, ">i2"), (0x0D, ">f4")])
def test_idx_gives_back_the_array(tmp_path, code, kind):
    array = np.arange(24).reshape(2, 3, 4).astype(kind)
    (tmp_path / "a").write_bytes(idx(array, code))
    read = read_idx(tmp_path / "a")
    np.testing.assert_array_equal(read, array)
    assert read.dtype == np.dtype(kind).newbyteorder("=")
    assert read.flags.writeable


@pytest.mark.parametrize("content", [b"", b"\0\0", b"\0\0\x08\x03", b"\x1f\x8b\x08\x00", b"\0\0\x07\x01\0\0\0\1x"])
def test_a_file_without_an_idx_header_is_refused(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(DataError, match="is not an idx file"):
        read_idx(tmp_path / "a")


def test_an_idx_file_that_is_too_short_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(idx(np.zeros((2, 3), "u1"), 0x08)[:-1])
    with pytest.raises(DataError, match="holds 5 bytes of numbers and states 6"):
        read_idx(tmp_path / "a")


def test_npz_gives_back_the_arrays(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.arange(3), y=np.eye(2))
    read = read_npz(tmp_path / "a.npz")
    assert set(read) == {"x", "y"}
    np.testing.assert_array_equal(read["y"], np.eye(2))


def malicious(path: Path) -> None:
    np.savez(path, x=np.array([Bomb()], dtype=object))


def pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps(Bomb()))


def pickled_member(path: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array(header, np.array([Bomb()], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", header.getvalue())


def single_array(path: Path) -> None:
    with path.open("wb") as stream:
        np.save(stream, np.arange(3))


def cut_short(path: Path) -> None:
    np.savez(path, x=np.arange(1000))
    path.write_bytes(path.read_bytes()[:500])


@pytest.mark.parametrize("make", [malicious, pickled, pickled_member, single_array, cut_short])
def test_an_npz_that_hides_objects_or_is_none_is_refused_and_runs_nothing(tmp_path, monkeypatch, make):
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "a.npz")
    with pytest.raises(DataError, match=r"a\.npz is not an npz file of plain arrays"):
        read_npz(tmp_path / "a.npz")
    assert not Path("exploded").exists()


def test_the_bomb_would_explode_if_pickles_were_allowed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    malicious(tmp_path / "a.npz")
    np.load(tmp_path / "a.npz", allow_pickle=True)["x"]
    assert Path("exploded").exists()


def test_no_line_of_the_package_can_load_a_pickle():
    allowed = re.compile(r"allow_pickle=False")
    loaders = re.compile(r"pickle|joblib|dill|shelve|marshal|np\.load\(")
    lines = [
        f"{path}: {line}"
        for path in Path(dlcourse.__file__).parent.joinpath("data").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if loaders.search(line) and not allowed.search(line)
    ]
    assert lines == []
