"""What `fit` tells of its speed, the operations behind it, and TensorBoard's files."""

import gc
import time
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.training import fit, setup
from dlcourse.training.operations import forward_flops, matrix_product_peak, summed_over
from dlcourse.training.pace import Pace, Throughput

X = np.random.default_rng(0).normal(size=(40, 6)).astype("float32")
Y = X[:, :1].copy()


def build(step_seconds=0.0, outputs=1):
    setup(5)
    model = keras.Sequential([keras.Input((6,)), layers.Dense(8, "relu"), layers.Dense(outputs)])
    model.compile("sgd", "mse", jit_compile=False, run_eagerly=bool(step_seconds))
    if step_seconds:
        step = model.train_step
        model.train_step = lambda batch: (time.sleep(step_seconds), step(batch))[1]
    return model


def slow_data(epoch):
    """Batches that take 50 ms each to make."""

    def wait(x, y):
        (x,) = tf.py_function(lambda each: (time.sleep(0.05), each)[1:], [x], [tf.float32])
        x.set_shape((8, 6))
        return x, y

    return tf.data.Dataset.from_tensor_slices((X, Y)).batch(8, drop_remainder=True).map(wait)


def test_a_slow_input_is_seen_as_waiting_and_a_slow_step_is_not():
    waiting = fit(build(), slow_data, epochs=2, progress="off").waiting_share
    working = fit(build(step_seconds=0.05), (X, Y), epochs=2, batch_size=8, progress="off").waiting_share
    assert 0 <= working < 0.5 * waiting
    assert waiting <= 1


def test_watching_changes_no_batch_and_keeps_the_length():
    dataset = tf.data.Dataset.from_tensor_slices({"a": X, "b": Y}).batch(16)
    watched = Pace(build()).watched(dataset)
    assert watched.element_spec == dataset.element_spec
    assert int(watched.cardinality()) == 3
    for ours, theirs in zip(watched, dataset, strict=True):
        np.testing.assert_array_equal(ours["a"], theirs["a"])


@pytest.mark.slow
def test_shared_batches_are_not_watched():
    cpus = tf.distribute.OneDeviceStrategy("/cpu:0")
    with cpus.scope():
        model = build()
    dataset = tf.data.Dataset.from_tensors((X, Y))
    pace = Pace(model)
    assert pace.watched(dataset) is dataset
    assert pace.waiting_share is None


def test_the_first_step_is_not_counted(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("dlcourse.training.pace.time", SimpleNamespace(monotonic=lambda: now[0]))
    pace = Pace(build())
    pace.learn((X[:8], Y[:8]))
    pace.begin()
    for moment, steps in ((5.0, 1), (6.0, 1), (8.0, 2)):
        now[0] = moment
        pace.step(steps)
    now[0] = 100.0  # validation
    pace.begin()
    now[0] = 101.0
    pace.step(1)
    assert pace.seconds_per_step == pytest.approx((6 - 5 + 8 - 6 + 101 - 100) / 4)
    assert pace.per_second("examples") == pytest.approx(8)


def test_throughput_counts_the_operations_of_the_mean_batch():
    model = build()
    training = fit(model, (X, Y), epochs=2, batch_size=16, progress="off")  # batches of 16, 16 and 8
    speed = training.throughput()
    forward = forward_flops(model, X[:16])
    assert speed.flops_per_second == pytest.approx(3 * forward * (40 / 3 / 16) / training.seconds_per_step)
    assert speed.per_second == training.examples_per_second
    assert speed.waiting_share == training.waiting_share
    assert "examples/s" in str(speed)
    assert "of a matrix product's" in str(speed)


def test_throughput_needs_a_timed_step_and_the_model():
    one = fit(build(), (X, Y), epochs=1, batch_size=40, progress="off")
    with pytest.raises(ValueError, match="no step was timed"):
        one.throughput()
    training = fit(build(), (X, Y), epochs=2, batch_size=40, progress="off")
    keras.backend.clear_session()
    gc.collect()
    with pytest.raises(ValueError, match="the model of this training is gone"):
        training.throughput()


def test_tokens_are_the_positions_of_the_targets():
    training = fit(build(outputs=5), (X, np.repeat(Y, 5, 1)), epochs=2, batch_size=8, unit="tokens", progress="off")
    assert training.tokens_per_second == pytest.approx(5 * training.examples_per_second)
    assert "tokens/s" in str(training)
    with pytest.raises(ValueError, match="unit is one of examples, tokens, not 'words'"):
        fit(build(), (X, Y), epochs=1, unit="words")


def test_a_speed_in_words():
    speed = Throughput(0.02, 3200.0, "examples", 0.25, 5e10, 1e11)
    assert str(speed) == (
        "3,200 examples/s, 20 ms a step, 25 % of it waiting for input, 50 GFLOP/s: 50 % of a matrix product's 100"
    )
    assert str(Throughput(0.02, 9e4, "tokens", None, None, 1e11)) == "90,000 tokens/s, 20 ms a step"


def test_operations_of_attention_are_counted():
    inputs = keras.Input((10, 16))
    model = keras.Model(inputs, layers.MultiHeadAttention(2, 8, use_bias=False)(inputs, inputs))
    projections, products = 4 * 2 * 10 * 16 * 16, 2 * 2 * 2 * 10 * 10 * 8
    elementwise = 3 * 10 * 16 + 10 * 2 * 10 * 10  # at most: scaling and softmax
    for _ in range(2):  # told of Einsum once, the profiler keeps it
        counted = forward_flops(model, np.zeros((4, 10, 16), "float32"))
        assert 0 <= counted - 4 * (projections + products) <= 4 * elementwise


def test_operations_of_an_lstm_are_not_known():
    model = keras.Sequential([keras.Input((10, 4)), layers.LSTM(3)])
    assert forward_flops(model, np.zeros((2, 10, 4), "float32")) is None


@pytest.mark.parametrize(
    ("equation", "shapes", "summed"),
    [
        ("abc,cd->abd", [(4, 10, 16), (16, 8)], {"c": 16}),
        ("...c,cd->...d", [(4, 10, 16), (16, 8)], {"c": 16}),
        ("acbe,aecd->abcd", [(4, 5, 6, 7), (4, 7, 5, 8)], {"e": 7}),
        ("ab->a", [(2, 3)], {"b": 3}),
    ],
)
def test_indices_an_einsum_sums_over(equation, shapes, summed):
    assert summed_over(equation, shapes) == summed


def test_peak_is_a_rate():
    assert matrix_product_peak(64, rounds=2) > 1e6


def points(folder):
    """{tag: {epoch: value}} of a run's event files."""
    found = {}
    for path in sorted(folder.glob("events.*")):
        for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            event = tf.compat.v1.Event.FromString(record)
            for value in event.summary.value:
                assert value.metadata.plugin_data.plugin_name == "scalars"
                found.setdefault(value.tag, {})[event.step] = float(tf.make_ndarray(value.tensor))
    return found


@pytest.mark.slow
def test_tensorboard_gets_a_point_an_epoch_of_both_runs_and_joins_a_second_training(tmp_path):
    settings = {"batch_size": 8, "validation_data": (X, Y), "folder": tmp_path / "job", "tensorboard": tmp_path / "tb"}
    fit(build(), (X, Y), epochs=2, progress="off", **settings)
    training = fit(build(), (X, Y), epochs=3, progress="off", **settings)
    train, validation = points(tmp_path / "tb" / "train"), points(tmp_path / "tb" / "validation")
    assert train["loss"] == pytest.approx(dict(enumerate(training.figures("loss"), 1)))
    assert validation["loss"] == pytest.approx(dict(enumerate(training.figures("val_loss"), 1)))
    assert train["learning_rate"] == pytest.approx(dict.fromkeys((1, 2, 3), 0.01))
    assert set(train) == {"loss", "learning_rate", "examples_per_second"}


def test_a_tensorboard_folder_that_cannot_be_written_is_refused_before_training(tmp_path):
    (tmp_path / "file").touch()
    model = build()
    before = model.get_weights()
    with pytest.raises(CourseError, match=r"The TensorBoard folder .*file.logs cannot be written: .+\."):
        fit(model, (X, Y), epochs=1, tensorboard=tmp_path / "file" / "logs", progress="off")
    for ours, theirs in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_log_that_cannot_be_written_is_refused_before_training(tmp_path):
    (tmp_path / "log.csv").mkdir()
    model = build()
    before = model.get_weights()
    with pytest.raises(CourseError, match=r"log\.csv cannot be written"):
        fit(model, (X, Y), epochs=1, folder=tmp_path, progress="off")
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
