"""YoloLoss: equal to loops over places, value and gradient; what it ignores; half precision; it can be made small.

On any backend of Keras: a gradient is what one step of plain descent takes off.
"""

import keras
import numpy as np
import pytest

from dlcourse.detection import YoloLoss, decode_boxes, diou, encode, iou

ANCHORS = [[10.0, 12.0], [30.0, 16.0]]
GRID = {"anchors": ANCHORS, "stride": 8}
WEIGHTS = {"box_weight": 1.5, "objectness_weight": 0.7, "class_weight": 0.4}
SHAPE = (3, 4)


def case(seed, objectness=True, scale=1.0):
    """Targets of two images with a few boxes each, and random answers."""
    rng = np.random.default_rng(seed)
    centres, sizes = rng.uniform(2, [30, 22], (2, 3, 2)), rng.uniform(4, 30, (2, 3, 2))
    boxes = np.concatenate([centres - sizes / 2, centres + sizes / 2], -1)
    targets = encode(boxes, rng.integers(3, size=(2, 3)), **GRID, shape=SHAPE, class_count=3)
    return targets, scale * rng.normal(size=(2, *SHAPE, 2, 7 + objectness)).astype("float32")


def by_loops(y_true, y_pred, objectness, quality=None):
    """The loss of each image (batch,), in double precision, place by place; and the IoU at each filled place."""
    y_true, y_pred = y_true.astype(float), y_pred.astype(float)
    truth, boxes = decode_boxes(y_true, **GRID), decode_boxes(y_pred, **GRID)
    sums, seen = np.zeros(len(y_true)), {}
    for place in np.ndindex(y_true.shape[:4]):
        target, answer = y_true[place], y_pred[place]
        wanted = 0.0
        if target[4]:
            seen[place] = iou(truth[place][None], boxes[place][None])[0, 0] if quality is None else quality[place]
            wanted = seen[place]
            sums[place[0]] += WEIGHTS["box_weight"] * (1 - diou(truth[place][None], boxes[place][None])[0, 0])
        if objectness:
            sums[place[0]] += WEIGHTS["objectness_weight"] * two_way(wanted, answer[4])
            if target[4]:
                p = np.exp(answer[5:]) / np.exp(answer[5:]).sum()
                sums[place[0]] -= WEIGHTS["class_weight"] * np.log(p[target[5:].argmax()])
        else:
            for label, logit in zip(target[5:], answer[4:], strict=True):
                sums[place[0]] += WEIGHTS["class_weight"] * two_way(wanted * label, logit)
    return sums, seen


def two_way(wanted, logit):
    p = 1 / (1 + np.exp(-logit))
    return -wanted * np.log(p) - (1 - wanted) * np.log(1 - p)


@keras.saving.register_keras_serializable("test_yolo_loss")
class Answers(keras.layers.Layer):
    """Answers that do not depend on the input: its only weights."""

    def build(self, input_shape):
        self.answers = self.add_weight(shape=self.shape_of_answers, name="answers")

    def call(self, inputs):
        return self.answers + 0 * keras.ops.reshape(inputs, (-1, 1, 1, 1, 1))


def gradient(loss, y_true, y_pred):
    layer = Answers()
    layer.shape_of_answers = y_pred.shape
    x = keras.Input(batch_shape=(len(y_true), 1))
    model = keras.Model(x, layer(x))
    layer.set_weights([y_pred])
    model.compile(keras.optimizers.SGD(1.0), loss, jit_compile=False)
    model.train_on_batch(np.zeros((len(y_true), 1)), y_true)
    return (y_pred - layer.get_weights()[0]) * len(y_true)  # Keras takes the mean over the batch


@pytest.mark.parametrize("objectness", [True, False])
@pytest.mark.parametrize("seed", range(6))
def test_equal_to_loops(seed, objectness):
    y_true, y_pred = case(seed, objectness)
    loss = YoloLoss(**GRID, **WEIGHTS, objectness=objectness)
    values = keras.ops.convert_to_numpy(loss.call(y_true, y_pred))
    expected = by_loops(y_true, y_pred, objectness)[0]
    np.testing.assert_allclose(values, expected, rtol=1e-4)
    np.testing.assert_allclose(float(loss(y_true, y_pred)), expected.mean(), rtol=1e-4)


@pytest.mark.parametrize("objectness", [True, False])
@pytest.mark.parametrize("seed", range(2))
def test_gradient_equal_to_that_of_loops(seed, objectness):
    """Differences of the loops, the IoU to be learned held still."""
    y_true, y_pred = case(seed, objectness)
    found = gradient(YoloLoss(**GRID, **WEIGHTS, objectness=objectness), y_true, y_pred)
    quality, step = by_loops(y_true, y_pred, objectness)[1], 1e-5
    filled, rng = np.argwhere(y_true[..., 4] > 0), np.random.default_rng(seed)
    places = [(*place, k) for place in filled[:4] for k in range(y_pred.shape[-1])]
    places += [tuple(rng.integers(y_pred.shape)) for _ in range(10)]
    for place in places:
        up, down = y_pred.astype(float), y_pred.astype(float)
        up[place] += step
        down[place] -= step
        slope = by_loops(y_true, up, objectness, quality)[0] - by_loops(y_true, down, objectness, quality)[0]
        np.testing.assert_allclose(found[place], slope.sum() / (2 * step), rtol=2e-3, atol=2e-4)


def test_boxes_of_empty_places_do_not_matter():
    y_true, y_pred = case(0)
    other = y_pred.copy()
    other[y_true[..., 4] == 0, :4] = 5
    other[y_true[..., 4] == 0, 5:] = -3
    loss = YoloLoss(**GRID)
    assert float(loss(y_true, other)) == pytest.approx(float(loss(y_true, y_pred)), rel=1e-6)


def test_the_right_answer_costs_next_to_nothing():
    y_true, _ = case(1)
    right = y_true.copy()
    right[..., 4:] = 20 * (2 * y_true[..., 4:] - 1)
    assert float(YoloLoss(**GRID)(y_true, right)) < 1e-3


def test_it_does_not_depend_on_the_rest_of_the_batch():
    y_true, y_pred = case(2)
    loss = YoloLoss(**GRID)
    alone = [float(loss(y_true[i : i + 1], y_pred[i : i + 1])) for i in range(2)]
    assert float(loss(y_true, y_pred)) == pytest.approx(np.mean(alone), rel=1e-5)


@pytest.mark.parametrize("scale", [1, 300])
def test_half_precision_in_float32_out(scale):
    y_true, y_pred = case(3, scale=scale)
    half = keras.ops.cast(y_pred, "float16")
    values = YoloLoss(**GRID).call(y_true, half)
    assert keras.backend.standardize_dtype(values.dtype) == "float32"
    again = YoloLoss(**GRID).call(y_true, keras.ops.cast(half, "float32"))
    np.testing.assert_array_equal(*map(keras.ops.convert_to_numpy, (values, again)))
    assert np.isfinite(keras.ops.convert_to_numpy(values)).all()


def test_extreme_answers_have_finite_gradients():
    y_true, y_pred = case(4, scale=1000)
    assert np.isfinite(gradient(YoloLoss(**GRID), y_true, y_pred)).all()


def test_config_holds_all_arguments():
    loss = YoloLoss(**GRID, **WEIGHTS, objectness=False)
    assert keras.saving.get_registered_name(YoloLoss) == "dlcourse>YoloLoss"
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert again.get_config() == loss.get_config()
    assert {"anchors", "stride", "objectness", *WEIGHTS} <= set(again.get_config())
    y_true, y_pred = case(5, objectness=False)
    assert float(again(y_true, y_pred)) == float(loss(y_true, y_pred))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"anchors": [[1, -1]]}, "anchors must hold widths and heights above 0"),
        ({"stride": 2.5}, "stride is a whole number from 1, not 2.5"),
        ({"class_weight": -1}, "class_weight is a number from 0, not -1"),
    ],
)
def test_bad_arguments(settings, words):
    with pytest.raises(ValueError, match=words):
        YoloLoss(**{**GRID, **settings})
