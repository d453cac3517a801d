"""`scenes`: the same scene whatever the count, boxes tight round what is seen, test garments in test scenes only."""

import numpy as np
import pytest

from dlcourse.data import garment_scenes, load, scenes

PLAIN = {"scraps": 0, "garments": (1, 1)}


def equal(one, other):
    return np.array_equal(one.images, other.images) and all(
        np.array_equal(a, b)
        for name in ("boxes", "classes", "visible")
        for a, b in zip(getattr(one, name), getattr(other, name), strict=True)
    )


def test_a_scene_is_the_same_whatever_the_count_and_the_first():
    assert equal(scenes(5, seed=3), scenes(5, seed=3))
    few, many, later = scenes(5), scenes(12), scenes(7, first=5)
    assert len(many) == 12
    assert np.array_equal(many.images, np.concatenate([few.images, later.images]))
    assert all(map(np.array_equal, many.boxes, few.boxes + later.boxes))


def test_seeds_and_parts_differ():
    assert not np.array_equal(scenes(2).images, scenes(2, seed=1).images)
    assert not np.array_equal(scenes(2).images, scenes(2, "test").images)


def test_shapes_types_and_ranges():
    found = scenes(200, size=80, sides=(16, 40), garments=(0, 3))
    assert found.images.shape == (200, 80, 80)
    assert found.images.dtype == np.uint8
    counts = [len(boxes) for boxes in found.boxes]
    assert set(counts) == {0, 1, 2, 3}
    assert counts == [len(each) for each in found.classes] == [len(each) for each in found.visible]
    boxes = np.concatenate(found.boxes)
    assert boxes.dtype == np.float32
    assert boxes.min() >= 0
    assert boxes.max() <= 80
    sides = boxes[:, 2:] - boxes[:, :2]
    assert sides.min() >= 1
    assert sides.max() <= 40
    assert set(np.concatenate(found.classes)) == set(range(10))
    shares = np.concatenate(found.visible)
    assert shares.min() >= 0.6
    assert shares.max() == 1
    assert 0.05 < np.mean(shares < 1) < 0.6  # some overlap, most do not


def test_boxes_are_tight_round_one_whole_garment(monkeypatch):
    monkeypatch.setattr(garment_scenes, "GROUND", 1)
    monkeypatch.setattr(garment_scenes, "NOISE", 1)
    found = scenes(50, **PLAIN)
    for image, boxes in zip(found.images, found.boxes, strict=True):
        rows, columns = np.nonzero(image >= garment_scenes.INK)
        np.testing.assert_array_equal(boxes, [[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]])


def test_what_a_garment_hides_does_not_count():
    class Two(garment_scenes._Scene):
        """Two full squares of 20 pixels, the second 8 to the right of the first."""

        def _place(self, height, width):
            return np.array([10, 10 + 8 * len(self.chosen)])

    pictures, rng = np.full((1, 28, 28), 200, np.uint8), np.random.default_rng(0)
    boxes, shares = Two(pictures, rng, 96, (2, 2), (20, 20), 0, 0.3).seen()
    np.testing.assert_array_equal(boxes, [[10, 10, 18, 30], [18, 10, 38, 30]])
    np.testing.assert_allclose(shares, [0.4, 1])
    assert len(Two(pictures, rng, 96, (2, 2), (20, 20), 0, 0.5).chosen) == 1


@pytest.mark.parametrize("part", ["train", "test"])
def test_garments_come_from_their_own_part(monkeypatch, part):
    # Garments in their own size, one a scene: each must be a picture of its part, with its label.
    monkeypatch.setattr(garment_scenes, "GROUND", 1)
    monkeypatch.setattr(garment_scenes, "NOISE", 1)
    pictures, labels = load("fashion_mnist")[("train", "test").index(part)]
    inked = np.where(pictures >= garment_scenes.INK, pictures, 0)
    known = {picture.tobytes(): label for picture, label in zip(inked, labels, strict=True)}
    found = scenes(30, part, sides=(28, 28), size=28, **PLAIN)
    assert [known[image.tobytes()] for image in found.images] == [int(each[0]) for each in found.classes]


def test_a_garment_too_dark_to_be_seen_is_left_out():
    scene = garment_scenes._Scene(
        np.zeros((1, 28, 28), np.uint8), np.random.default_rng(0), 96, (1, 1), (20, 48), 2, 0.5
    )
    assert scene.seen()[0].shape == (0, 4)


def test_no_scene_at_all():
    assert scenes(0).images.shape == (0, 96, 96)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"count": -1}, "count is a whole number from 0, not -1"),
        ({"part": "validation"}, "part is one of 'train', 'test', not 'validation'"),
        ({"seed": 0.5}, "seed is a whole number"),
        ({"first": True}, "first is a whole number"),
        ({"size": 12}, "size is a whole number from 24, not 12"),
        ({"garments": (3, 1)}, r"garments is a pair of whole numbers, rising, from 0 to 100, not \(3, 1\)"),
        ({"sides": (20, 100)}, "sides is a pair of whole numbers, rising, from 8 to 96"),
        ({"sides": 20}, "sides is a pair"),
        ({"scraps": None}, "scraps is a whole number"),
        ({"min_visible": 0}, "min_visible is a share above 0 up to 1, not 0"),
    ],
)
def test_bad_arguments(settings, words):
    with pytest.raises(ValueError, match=words):
        scenes(**{"count": 1, **settings})
