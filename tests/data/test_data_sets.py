"""The bundled data themselves: what the cards say of them, and that nothing of a test set is in a training set."""

from pathlib import Path

import numpy as np
import pytest

from dlcourse import paths
from dlcourse.data import available, class_names, load, verify
from dlcourse.data.checks import sha256
from dlcourse.data.manifest import manifest


@pytest.fixture(scope="module")
def sales():
    return load("sacramento")


@pytest.fixture(scope="module")
def garments():
    return load("fashion_mnist")


@pytest.fixture(scope="module")
def photographs():
    return load("tree_crowns")


def test_the_sets_there_are():
    assert {"fashion_mnist", "sacramento", "tree_crowns"} <= set(available())
    assert list(available()) == sorted(available())


@pytest.mark.parametrize("name", available())
def test_each_bundled_file_has_the_stated_bytes(name):
    for file in (file for file in manifest(name).files if file.bundled):
        assert (file.bundled.stat().st_size, sha256(file.bundled)) == (file.bytes, file.sha256), file.name


def test_bundled_files_take_less_than_25_megabytes():
    assert sum(path.stat().st_size for path in paths.datasets_dir().rglob("*") if path.is_file()) < 25e6


@pytest.mark.parametrize("name", available())
def test_every_data_set_verifies_and_says_who_made_it(name):
    assert all(state.good for state in verify(name) if state.place == "bundled")
    folder = manifest(name).folder
    assert "Copyright" in (folder / "LICENCE.txt").read_text(encoding="utf-8")
    assert (folder / "build.py").is_file()


@pytest.mark.parametrize("name", available())
def test_every_data_set_loads(name, brought):
    if not any(file.bundled for file in manifest(name).files):
        brought(name)
    loaded = load(name)
    assert len(list(loaded.iterdir()) if isinstance(loaded, Path) else loaded) > 0


def test_no_file_of_the_folders_is_left_out_of_the_manifests():
    for name in available():
        entry = manifest(name)
        stated = {file.name for file in entry.files} | {"README.md", "LICENCE.txt", "manifest.toml", "build.py"}
        assert {path.name for path in entry.folder.iterdir() if path.is_file()} <= stated


def test_sacramento_has_932_sales_in_documented_columns(sales):
    assert sales.shape == (932, 9)
    assert list(sales) == ["city", "zip", "beds", "baths", "sqft", "type", "price", "latitude", "longitude"]
    assert not sales.isna().any().any()
    assert sales["city"].dtype == "category"
    assert sales["city"].nunique() == 37
    assert dict(sales["type"].value_counts()) == {"Residential": 866, "Condo": 53, "Multi-Family": 13}
    assert list(sales["type"].cat.categories) == ["Condo", "Multi-Family", "Residential"]


def test_sacramento_zip_codes_are_strings_of_five_digits(sales):
    assert sales["zip"].map(type).eq(str).all()
    assert sales["zip"].str.fullmatch(r"9\d{4}").all()
    assert sales["zip"].nunique() == 68


def test_sacramento_numbers_are_in_their_ranges(sales):
    assert (sales["price"].min(), sales["price"].median(), sales["price"].max()) == (30_000, 220_000, 884_790)
    assert (sales["sqft"].min(), sales["sqft"].max()) == (484, 4878)
    assert sales["beds"].between(1, 8).all()
    assert sales["baths"].between(1, 5).all()
    assert sales["latitude"].between(38.2, 39.1).all()
    assert sales["longitude"].between(-121.6, -120.5).all()
    assert sales[["beds", "sqft", "price"]].dtypes.eq("int64").all()


def test_sacramento_has_the_flaws_its_card_states(sales):
    assert (np.diff(sales["price"]) < 0).sum() == 4  # five runs from cheap to dear
    assert sales.duplicated().sum() == 2
    alike = sales.duplicated(["beds", "baths", "sqft", "type", "latitude", "longitude"], keep=False)
    assert alike.sum() == 13


def test_fashion_mnist_part_is_balanced_and_of_kerass_form(garments):
    (x_train, y_train), (x_test, y_test) = garments
    assert (x_train.shape, x_test.shape) == ((10_000, 28, 28), (2_000, 28, 28))
    assert {array.dtype for array in (x_train, y_train, x_test, y_test)} == {np.dtype("uint8")}
    np.testing.assert_array_equal(np.bincount(y_train), [1000] * 10)
    np.testing.assert_array_equal(np.bincount(y_test), [200] * 10)
    assert len(class_names("fashion_mnist")) == 10


def test_fashion_mnist_part_is_in_mixed_order(garments):
    (_, y_train), _ = garments
    assert np.bincount(y_train[:1000], minlength=10).min() > 60


def test_fashion_mnist_test_images_are_no_training_images(garments):
    (x_train, _), (x_test, _) = garments
    seen = {image.tobytes() for image in x_train}
    assert len(seen) == 10_000
    assert not any(image.tobytes() in seen for image in x_test)


def test_fashion_mnist_classes_look_as_their_names_say(garments):
    (x_train, y_train), _ = garments
    mean = {name: x_train[y_train == label].mean(axis=0) for label, name in enumerate(class_names("fashion_mnist"))}
    assert mean["Trouser"][20, 14] < mean["Dress"][20, 14] / 2  # the gap between the legs
    assert mean["Sneaker"][:8].mean() < 10 < mean["Ankle boot"][:8].mean()  # a boot's shaft reaches up


def test_tree_crowns_has_951_boxes_in_four_photographs(photographs):
    assert {one.name: len(one.boxes) for one in photographs} == {
        "yellowstone_west": 574,
        "yellowstone_east": 279,
        "ordway_swisher": 61,
        "soaproot": 37,
    }
    assert [one.labels.count("Dead") for one in photographs] == [0, 0, 0, 28]


def test_tree_crowns_boxes_lie_in_their_photographs_corner_before_corner(photographs):
    for one in photographs:
        height, width, channels = one.image.shape
        assert (channels, one.image.dtype, one.boxes.dtype) == (3, np.uint8, np.float32)
        assert (one.boxes[:, :2] >= 0).all()
        assert (one.boxes[:, 2:] <= [width, height]).all()
        assert (one.boxes[:, 2:] - one.boxes[:, :2] >= 9).all()
        assert (one.boxes[:, :2].min(), len(one.labels)) == (0, len(one.boxes))


def test_tree_crowns_boxes_lie_on_what_is_rough(photographs):
    # Crowns are rougher than grass: boxes mirrored, or with x and y exchanged, miss them.
    for one in photographs[:2]:
        grey = one.image.mean(axis=2)
        height, width = grey.shape
        rough = np.abs(np.diff(grey, axis=1))[:-1] + np.abs(np.diff(grey, axis=0))[:, :-1]
        x_min, y_min, x_max, y_max = one.boxes.T
        wrong = [
            (width - x_max, y_min, width - x_min, y_max),
            (x_min, height - y_max, x_max, height - y_min),
            (y_min, x_min, y_max, x_max),
        ]
        right = mean_inside(rough, one.boxes)
        assert right > 1.1 * max(mean_inside(rough, np.stack(sides, axis=1)) for sides in wrong)


def mean_inside(values: np.ndarray, boxes: np.ndarray) -> float:
    inside = np.zeros(values.shape, bool)
    for x_min, y_min, x_max, y_max in boxes.astype(int):
        inside[y_min:y_max, x_min:x_max] = True
    return values[inside].mean()


def test_tree_crowns_is_split_by_place(photographs):
    train = {one.name for one in photographs if one.split == "train"}
    test = {one.name for one in photographs if one.split == "test"}
    assert test == {"yellowstone_east"}
    assert train == {"yellowstone_west", "ordway_swisher", "soaproot"}


def test_tree_crowns_no_test_tile_is_in_a_training_photograph(photographs):
    train = [one.image for one in photographs if one.split == "train"]
    (test,) = (one.image for one in photographs if one.split == "test")
    rows = {image[y, x : x + 32].tobytes() for image in train for y in range(image.shape[0]) for x in range(0, 320, 32)}
    assert not any(test[y, x : x + 32].tobytes() in rows for y in range(0, test.shape[0], 8) for x in range(320))


def test_tree_crowns_records_are_read_only(photographs):
    one = photographs[0]
    with pytest.raises(ValueError, match="read-only"):
        one.boxes[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        one.image[0] = 0
    with pytest.raises(AttributeError):
        one.split = "train"


def test_an_option_that_a_data_set_does_not_have_is_named():
    with pytest.raises(ValueError, match=r"load\('sacramento'\) was given 'full', and has no options"):
        load("sacramento", full=True)
    with pytest.raises(ValueError, match=r"was given 'fill', and has the options full"):
        load("fashion_mnist", fill=True)


def test_class_names_of_a_set_without_classes_is_an_error():
    with pytest.raises(ValueError, match="sacramento has no classes"):
        class_names("sacramento")
    assert class_names("tree_crowns") == ("tree",)
