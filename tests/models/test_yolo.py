"""The small YOLO: its answers' shape, its file, any size of picture, what it says untrained, and that it learns."""

import keras
import numpy as np
import pytest

from dlcourse.detection import YoloLoss, decode, encode, iou
from dlcourse.models import load_checkpoint, yolo, yolo_head

SMALL = {"widths": (4, 6, 8), "classes": 2, "anchors": 2}
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(("objectness", "numbers"), [(True, 7), (False, 6)])
def test_answers_and_files(objectness, numbers, tmp_path):
    model = yolo((None, None, 1), objectness=objectness, **SMALL)
    for height, width, grid in ((32, 48, (4, 6)), (33, 41, (5, 6))):
        x = RNG.integers(256, size=(2, height, width, 1)).astype("float32")
        answers = keras.ops.convert_to_numpy(model(x))
        assert answers.shape == (2, *grid, 2, numbers)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(keras.ops.convert_to_numpy(again(x)), answers, atol=1e-5)


def test_known_sizes_are_stated():
    assert yolo().output_shape == (None, 12, 12, 3, 15)
    assert yolo((96, 64, 3), widths=(4, 4)).output_shape == (None, 24, 16, 3, 15)
    assert yolo_head(40, blocks=2, width=8, dropout=0.1).output_shape == (None, None, None, 3, 6)


@pytest.mark.parametrize("objectness", [True, False])
def test_untrained_it_sees_next_to_nothing(objectness):
    model = yolo((32, 32, 1), objectness=objectness, **SMALL)
    answers = keras.ops.convert_to_numpy(model(np.zeros((1, 32, 32, 1), "float32")))
    scores = decode(answers, anchors=[[8, 8], [16, 16]], stride=8, objectness=objectness)[0][1]
    assert scores.max() < 0.05


def bright_squares(count, rng):
    """Bright squares of 12 pixels on dark ground, hollow ones in class 1: pictures, boxes, classes."""
    pictures, boxes = rng.integers(40, size=(count, 32, 32, 1)).astype("float32"), []
    classes = rng.integers(2, size=(count, 1))
    for picture, label in zip(pictures, classes, strict=True):
        x, y = rng.integers(20, size=2)
        picture[y : y + 12, x : x + 12] = 220
        if label[0]:
            picture[y + 3 : y + 9, x + 3 : x + 9] = 0
        boxes.append(np.array([[x, y, x + 12, y + 12]], float))
    return pictures, boxes, classes


def test_it_learns():
    keras.utils.set_random_seed(0)
    grid = {"anchors": [[12, 12]], "stride": 8}
    pictures, boxes, classes = bright_squares(64, np.random.default_rng(0))
    targets = encode(boxes, classes, **grid, shape=(4, 4), class_count=2)
    model = yolo((32, 32, 1), 2, 1, widths=(4, 8, 8), more_blocks=0)
    model.compile(keras.optimizers.Adam(0.01), YoloLoss(**grid), jit_compile=keras.backend.backend() == "jax")
    losses = model.fit(pictures, targets, epochs=10, batch_size=16, verbose=0).history["loss"]
    assert losses[-1] < 0.7 * losses[0]
    answers = keras.ops.convert_to_numpy(model(pictures, training=True))  # the norms' averages lag behind, so soon
    found = decode(answers, **grid)
    overlaps = [iou(best[:1], truth)[0, 0] for (best, _, _), truth in zip(found, boxes, strict=True)]
    assert np.mean(overlaps) > 0.5


def test_half_precision_inside_whole_numbers_out():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = yolo((32, 32, 1), **SMALL)
        answers = model(np.zeros((1, 32, 32, 1), "float32"))
    finally:
        keras.config.set_dtype_policy(before)
    assert keras.backend.standardize_dtype(answers.dtype) == "float32"


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: yolo(classes=0), "classes is a whole number from 1, not 0"),
        (lambda: yolo(anchors=1.5), "anchors is a whole number from 1, not 1.5"),
        (lambda: yolo(widths=(8, 0)), "widths is a whole number from 1, not 0"),
        (lambda: yolo_head(0), "channels is a whole number from 1, not 0"),
    ],
)
def test_bad_arguments(build, words):
    with pytest.raises(ValueError, match=words):
        build()


@pytest.mark.parametrize(
    ("name", "build", "most"),
    [
        ("yolo_scenes", lambda: yolo(widths=(16, 32, 64)), 400_000),
        ("yolo_trees", lambda: yolo_head(624, width=60, blocks=1), 300_000),
    ],
)
def test_shipped_weights_fit_and_are_small(name, build, most):
    model = build()
    before = [np.array(weight) for weight in model.get_weights()]
    card = load_checkpoint(name, model)
    assert card.bytes < most
    assert any(np.abs(a - b).max() > 0.01 for a, b in zip(before, model.get_weights(), strict=True))
