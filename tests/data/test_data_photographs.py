"""The photographs and the weights of EfficientNet-lite0 are what their cards say."""

import importlib.util
import io
import pickle
from collections import Counter

import numpy as np
import pytest

from dlcourse.data import class_names, load
from dlcourse.data.manifest import manifest
from dlcourse.data.sets.efficientnet_lite0 import TABLE, read_original
from dlcourse.data.store import fetch


@pytest.fixture(scope="module")
def photographs():
    return load("photographs")


@pytest.fixture(scope="module")
def weights():
    return load("efficientnet_lite0")


@pytest.fixture(scope="module")
def builder():
    """The script that read the published file, as a module."""
    path = manifest("efficientnet_lite0").folder / "build.py"
    spec = importlib.util.spec_from_file_location("build_efficientnet_lite0", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_photographs_are_as_many_of_each_subject_as_the_card_says(photographs):
    counted = Counter(each.subject for each in photographs)
    assert counted == {"animal": 33, "fish": 14, "building": 27, "energy": 28, "tool": 19, "thing": 17}
    assert set(counted) == set(class_names("photographs"))
    assert len({each.name for each in photographs}) == 138


def test_photographs_are_small_colour_pictures_that_cannot_be_written_to(photographs):
    for each in photographs:
        assert (each.image.dtype, each.image.shape[2], min(each.image.shape[:2])) == (np.uint8, 3, 240)
        assert max(each.image.shape[:2]) <= 321
        assert each.image.std() > 10
    with pytest.raises(ValueError, match="read-only"):
        photographs[0].image[0] = 0


def test_every_photograph_says_whose_it_is_and_under_which_free_licence(photographs):
    assert Counter(each.licence for each in photographs) == {
        "public domain": 80, "CC0 1.0": 54, "CC BY 2.0": 2, "CC BY 3.0": 2,
    }  # fmt: skip
    assert all(each.author and each.source.startswith("https://") for each in photographs)
    credits = (manifest("photographs").folder / "LICENCE.txt").read_text(encoding="utf-8")
    for each in photographs:
        assert not each.licence.startswith("CC BY") or (each.name in credits and each.author in credits), each.name


def test_no_photograph_is_there_twice(photographs):
    small = [each.image[::24, ::24].mean(axis=2)[:10, :10].ravel() for each in photographs]
    distance = np.abs(np.array(small)[:, None] - np.array(small)[None]).mean(axis=2)
    np.fill_diagonal(distance, 255)
    assert distance.min() > 5


def test_weights_are_as_many_as_the_card_says(weights):
    assert len(weights) == 247
    assert sum(array.size for array in weights.values()) == 4_694_024
    assert all(array.dtype == np.float32 and np.isfinite(array).all() for array in weights.values())
    assert all((array >= 0).all() for name, array in weights.items() if name.endswith("moving_variance"))


def test_kernels_are_in_keras_layout(weights):
    assert weights["stem_conv/kernel"].shape == (3, 3, 3, 32)
    assert weights["stage3_block1_depthwise/kernel"].shape == (5, 5, 144, 1)
    assert weights["stage7_block1_project/kernel"].shape == (1, 1, 1152, 320)
    assert weights["logits/kernel"].shape == (1280, 1000)
    assert len(class_names("efficientnet_lite0")) == len(set(class_names("efficientnet_lite0"))) + 2  # crane, maillot


def test_the_table_of_places_covers_the_published_file_without_overlap():
    """Read on numbers that are their own places, every tensor comes out, and no number is used twice."""
    size = next(file for file in manifest("efficientnet_lite0").files if file.name.endswith(".pth")).bytes
    places = np.zeros(size // 4 + 1, "<f4")  # whole numbers above 2^24 are not exact: only half of them are used below
    places[:] = np.arange(len(places)) % 2**24
    table = fetch("efficientnet_lite0", [TABLE])[TABLE]
    arrays = read_original(places.tobytes()[:size], table)
    used = np.concatenate([array.ravel() for array in arrays.values()])
    assert used.size == 4_694_024
    assert len(np.unique(used)) == used.size


def test_strides_are_followed_and_not_the_shape_alone(tmp_path):
    table = tmp_path / "tensors.csv"
    table.write_text('name,byte,shape,strides,original\na/kernel,8,2 3,1 2,"w"\n')
    numbers = np.arange(8, dtype="<f4")
    read = read_original(numbers.tobytes(), table)["a/kernel"]
    np.testing.assert_array_equal(read, [[2, 4, 6], [3, 5, 7]])


def test_the_builder_reads_tensors_and_refuses_every_other_name(builder):
    with pytest.raises(pickle.UnpicklingError, match=r"the file names builtins\.print, which is not allowed"):
        builder.Restricted(io.BytesIO(pickle.dumps(print))).load()


def test_the_builder_names_layers_and_axes(builder):
    assert builder.keras_name("_blocks.7._project_conv.weight") == "stage4_block3_project/kernel"
    assert builder.keras_name("_blocks.0._bn1.running_var") == "stage1_block1_depthwise_bn/moving_variance"
    assert builder.keras_name("_fc.bias") == "logits/bias"
    assert builder.keras_axes("stage1_block1_depthwise/kernel", (32, 1, 3, 3)) == (2, 3, 0, 1)
    assert builder.keras_axes("stem_conv/kernel", (32, 3, 3, 3)) == (2, 3, 1, 0)
    assert builder.keras_axes("logits/kernel", (1000, 1280)) == (1, 0)
