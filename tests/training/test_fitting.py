"""`fit`: exact resume, stops, best weights, and refusals."""

import csv
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from dlcourse.training import CheckpointError, DivergedError, conductor, fit, job, pace, setup

ROWS, BATCH, EPOCHS = 40, 16, 3
STEPS = 3  # an epoch, the last of 8 rows
rng = np.random.default_rng(2)
X = rng.normal(size=(ROWS, 5)).astype("float32")
Y = rng.integers(3, size=ROWS)


class Stop(Exception):
    """What the tests raise where a process might be killed: no code of ours answers it."""


class StopAt(keras.callbacks.Callback):
    """Raises at one call of one hook, counted from 1."""

    def __init__(self, hook, count=1):
        super().__init__()
        self.left = count
        setattr(self, hook, self._call)

    def _call(self, *_, **__):
        self.left -= 1
        if self.left == 0:
            raise Stop


def build(width=4, activation="relu", optimizer=None, eager=True, precision="auto"):
    """A small network with random, running and optimizer state. Eager: tracing would take most of a test's time."""
    setup(1, precision=precision)
    model = keras.Sequential([
        keras.Input((5,)), layers.Dense(width, activation=activation), layers.BatchNormalization(), layers.Dropout(0.2),
        layers.Dense(3),
    ])  # fmt: skip
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = optimizer or keras.optimizers.Adam(0.01)
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False, run_eagerly=eager)
    return model


def train(folder=None, model=None, data=(X, Y), epochs=EPOCHS, **settings):
    model = model or build()
    settings = {"batch_size": BATCH, "save_seconds": 0, "progress": "off", **settings}
    return model, fit(model, data, epochs=epochs, folder=folder, **settings)


def everything(model):
    return b"".join(np.asarray(each).tobytes() for each in [*model.variables, *model.optimizer.variables])


def without_seconds(history):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in history]


@pytest.fixture(scope="module")
def uninterrupted():
    """The final state and history of a training nobody disturbed and nothing saved."""
    model, training = train(validation_data=(X[:20], Y[:20]), restore_best="val_loss")
    return everything(model), without_seconds(training.history)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hook", "count"),
    [
        ("on_train_batch_begin", 1),
        ("on_train_batch_end", 2),
        ("on_train_batch_end", 3),
        ("on_test_begin", 1),
        ("on_epoch_end", 1),
        ("on_epoch_begin", 2),
        ("on_train_batch_end", 5),
        ("on_test_begin", 3),
    ],
)
def test_training_goes_on_to_the_same_bits_wherever_it_was_stopped(tmp_path, uninterrupted, hook, count):
    settings = {"validation_data": (X[:20], Y[:20]), "restore_best": "val_loss"}
    with pytest.raises(Stop):
        train(tmp_path, callbacks=[StopAt(hook, count)], **settings)
    model, training = train(tmp_path, **settings)
    assert everything(model) == uninterrupted[0]
    assert without_seconds(training.history) == uninterrupted[1]
    assert training.steps < STEPS * EPOCHS or (hook, count) == ("on_train_batch_begin", 1)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "count"), [("save", 2), ("save", 4), ("save_best", 1), ("tidy", 1), ("tidy", 2)])
def test_a_stop_while_files_are_written_changes_nothing(tmp_path, uninterrupted, monkeypatch, method, count):
    settings = {"validation_data": (X[:20], Y[:20]), "restore_best": "val_loss"}
    original, left = getattr(job.Folder, method), [count]

    def interrupted(self, *arguments):
        left[0] -= 1
        if left[0] == 0:
            raise Stop
        return original(self, *arguments)

    monkeypatch.setattr(job.Folder, method, interrupted)
    with pytest.raises(Stop):
        train(tmp_path, **settings)
    model, training = train(tmp_path, **settings)
    assert everything(model) == uninterrupted[0]
    assert without_seconds(training.history) == uninterrupted[1]


@pytest.mark.slow
def test_the_scale_of_the_loss_is_kept_under_float16(tmp_path):
    def half():
        optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.01), dynamic_growth_steps=2)
        return build(precision="mixed_float16", optimizer=optimizer)

    try:
        whole, _ = train(model=half())
        with pytest.raises(Stop):
            train(tmp_path, model=half(), callbacks=[StopAt("on_train_batch_end", 5)])
        model, _ = train(tmp_path, model=half())
        assert float(model.optimizer.dynamic_scale) > 2**15  # Keras's first scale
    finally:
        keras.config.set_dtype_policy("float32")
    assert everything(model) == everything(whole)


def test_state_is_saved_after_the_last_step_and_before_validation(tmp_path, uninterrupted):
    settings = {"validation_data": (X[:20], Y[:20]), "restore_best": "val_loss"}
    with pytest.raises(Stop):
        train(tmp_path, callbacks=[StopAt("on_test_begin", 2)], **settings)
    model, training = train(tmp_path, **settings)
    assert training.steps == STEPS  # those of the second epoch were done
    assert everything(model) == uninterrupted[0]
    assert without_seconds(training.history) == uninterrupted[1]


def test_a_finished_training_trains_nothing_and_gives_its_weights(tmp_path):
    first, training = train(tmp_path, restore_best="loss")
    second, again = train(tmp_path, restore_best="loss")
    assert everything(first) == everything(second)
    assert (training.steps, again.steps, again.history) == (STEPS * EPOCHS, 0, training.history)
    assert "nothing to train" in str(again)


@pytest.mark.slow
def test_more_epochs_go_on_from_there(tmp_path):
    whole, _ = train(epochs=4)
    train(tmp_path, epochs=2)
    model, training = train(tmp_path, epochs=4)
    assert training.steps == 2 * STEPS
    assert everything(model) == everything(whole)


@pytest.mark.slow
def test_learning_rate_lowered_by_a_callback_is_kept(tmp_path):
    class Halve(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.optimizer.learning_rate = float(self.model.optimizer.learning_rate) / 2

    whole, _ = train(callbacks=[Halve()])
    with pytest.raises(Stop):
        train(tmp_path, callbacks=[Halve(), StopAt("on_train_batch_end", 5)])
    model, _ = train(tmp_path, callbacks=[Halve()])
    assert float(model.optimizer.learning_rate) == pytest.approx(0.01 / 8)
    assert everything(model) == everything(whole)


@pytest.mark.slow
def test_data_by_epoch_is_asked_for_each_epoch_and_resumes(tmp_path):
    def data(epoch):
        order = np.random.default_rng((7, epoch)).permutation(ROWS)
        return tf.data.Dataset.from_tensor_slices((X[order], Y[order])).batch(BATCH)

    whole, _ = train(data=data)
    with pytest.raises(Stop):
        train(tmp_path, data=data, callbacks=[StopAt("on_train_batch_end", 4)])
    model, _ = train(tmp_path, data=data)
    assert everything(model) == everything(whole)


@pytest.mark.slow
def test_a_dataset_of_unknown_length_resumes(tmp_path):
    dataset = tf.data.Dataset.from_tensor_slices((X, Y)).filter(lambda x, y: y < 2).batch(BATCH)
    assert dataset.cardinality() == tf.data.UNKNOWN_CARDINALITY
    whole, training = train(data=dataset)
    with pytest.raises(Stop):
        train(tmp_path, data=dataset, callbacks=[StopAt("on_epoch_end", 2)])
    model, again = train(tmp_path, data=dataset)
    assert everything(model) == everything(whole)
    assert without_seconds(again.history) == without_seconds(training.history)


def test_every_row_is_seen_once_an_epoch_in_a_new_order():
    seen = []
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    step = model.train_step

    def noting(batch):
        seen.append(batch[0].numpy().ravel())
        return step(batch)

    model.train_step = noting
    rows = np.arange(10, dtype="float32")[:, None]
    fit(model, (rows, rows), epochs=2, batch_size=4, progress="off")
    assert [len(each) for each in seen] == [4, 4, 2, 4, 4, 2]
    first, second = np.concatenate(seen[:3]), np.concatenate(seen[3:])
    assert sorted(first) == sorted(second) == list(range(10))
    assert list(first) != list(second)


@pytest.mark.slow
def test_figures_equal_those_of_keras_on_the_same_batches():
    def data(epoch):
        return tf.data.Dataset.from_tensor_slices((X, Y)).batch(BATCH)

    model, training = train(data=data, epochs=2, validation_data=(X, Y))
    bare = build()
    history = bare.fit(data(0), epochs=2, verbose=0, validation_data=(X, Y), validation_batch_size=BATCH, shuffle=False)
    assert everything(model) == everything(bare)
    for name, values in history.history.items():
        assert training.figures(name) == pytest.approx(values)


@pytest.mark.slow
def test_time_budget_stops_and_a_larger_one_goes_on(tmp_path, monkeypatch):
    clock = iter(range(10_000))
    monkeypatch.setattr(conductor, "time", SimpleNamespace(monotonic=lambda: float(next(clock))))
    _, training = train(tmp_path, max_seconds=20)
    assert training.stopped == "time"
    assert 0 < training.steps < STEPS * EPOCHS
    assert training.seconds >= 20
    _, again = train(tmp_path, max_seconds=20)
    assert (again.stopped, again.steps) == ("time", 0)
    model, last = train(tmp_path, max_seconds=10_000)
    assert (last.stopped, last.steps) == ("epochs", STEPS * EPOCHS - training.steps)
    assert everything(model) == everything(train()[0])


@pytest.mark.slow
def test_best_weights_are_restored_and_patience_stops():
    class Spoil(keras.callbacks.Callback):
        """Makes the model worse after its second epoch."""

        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                self.best = [np.array(each) for each in self.model.get_weights()]
            if epoch >= 2:
                self.model.layers[-1].bias.assign([50.0 * epoch, 0, 0])

    _, training = train(epochs=9, restore_best="loss", patience=2, callbacks=[Spoil()])
    best = min(training.history, key=lambda row: row["loss"])["epoch"]
    assert (training.stopped, training.best_epoch, len(training.history)) == ("patience", best, best + 2)
    two, _ = train(epochs=best, restore_best="loss")
    model, _ = train(epochs=9, restore_best="loss", patience=2, callbacks=[Spoil()])
    for ours, theirs in zip(model.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_figure_that_is_better_when_higher():
    _, training = train(restore_best="accuracy")
    assert training.best_epoch == 1 + int(np.argmax(training.figures("accuracy")))


@pytest.mark.slow
def test_keras_callback_may_stop_it(tmp_path):
    class Enough(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    _, training = train(tmp_path, callbacks=[Enough()])
    assert (training.stopped, len(training.history)) == ("callback", 2)
    assert train(tmp_path)[1].steps == 0


def test_callbacks_see_one_training():
    class Count(keras.callbacks.Callback):
        calls = []  # noqa: RUF012 - one instance

        def on_train_begin(self, logs=None):
            self.calls.append("begin")

        def on_train_end(self, logs=None):
            self.calls.append("end")

    train(callbacks=[Count()])
    assert Count.calls == ["begin", "end"]


@pytest.mark.slow
def test_averaged_weights_are_put_in_once_at_the_end(tmp_path):
    def average():
        return build(optimizer=keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5))

    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(BATCH)
    bare = average()
    bare.fit(data, epochs=EPOCHS, verbose=0, shuffle=False)
    model, _ = train(tmp_path, model=average(), data=data)
    assert everything(model) == everything(bare)
    assert everything(train(tmp_path, model=average(), data=data)[0]) == everything(bare)


def test_divergence_names_the_step_and_keeps_the_last_good_state(tmp_path):
    bad = X.copy()
    bad[-1] = np.nan
    data = tf.data.Dataset.from_tensor_slices((bad, Y)).batch(BATCH)
    with pytest.raises(DivergedError, match=r"became nan at step 3 of epoch 1, step 3 in all.*it is 0\.01") as caught:
        train(tmp_path, data=data)
    assert (caught.value.epoch, caught.value.step) == (1, 3)
    (_, progress, _) = job.Folder(tmp_path, {}).load()
    assert progress.step == 2


def test_log_has_a_row_for_each_epoch(tmp_path):
    _, training = train(tmp_path, validation_data=(X, Y))
    with open(tmp_path / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert [float(row["val_loss"]) for row in rows] == training.figures("val_loss")


def test_throughput_leaves_out_the_first_step(monkeypatch):
    now = [0.0]
    for module in (conductor, pace):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))

    class Clock(keras.callbacks.Callback):
        """The first step takes ten seconds, every other one a half."""

        def on_train_batch_begin(self, batch, logs=None):
            now[0] += 0.5 if now[0] else 10.0

    _, training = train(callbacks=[Clock()])
    assert training.seconds == pytest.approx(10 + 0.5 * (STEPS * EPOCHS - 1))
    assert training.seconds_per_step == pytest.approx(0.5)
    assert training.examples_per_second == pytest.approx(ROWS / STEPS / 0.5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"width": 8}, r"its layer 1 \(Dense\) has units 4, this model's 8"),
        ({"activation": "tanh"}, r"its layer 1 \(Dense\) has activation 'relu', this model's 'tanh'"),
        ({"optimizer": "sgd"}, "its optimizer is Adam, this model's SGD"),
    ],
)
def test_a_checkpoint_of_another_model_is_refused(tmp_path, change, message):
    train(tmp_path, epochs=1)
    before = (tmp_path / "state.npz").read_bytes()
    with pytest.raises(CheckpointError, match=f"is of another model: {message}; give this training another folder"):
        train(tmp_path, model=build(**change))
    assert (tmp_path / "state.npz").read_bytes() == before


@pytest.mark.slow
def test_a_model_with_the_same_layers_under_other_names_is_the_same(tmp_path):
    train(tmp_path, epochs=1)
    keras.backend.clear_session()
    assert train(tmp_path, epochs=1)[1].steps == 0


@pytest.mark.parametrize("change", [{"seed": 1}, {"batch_size": 8}, {"data": (X[:32], Y[:32])}])
def test_other_settings_are_refused(tmp_path, change):
    train(tmp_path, epochs=1)
    with pytest.raises(CheckpointError, match=r"was made with (seed 0|batch_size 16|rows 40), this training has"):
        train(tmp_path, **change)


def test_a_damaged_checkpoint_is_named(tmp_path):
    train(tmp_path, epochs=1)
    path = tmp_path / "state.npz"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match=r"state\.npz is damaged or no checkpoint; delete it"):
        train(tmp_path, epochs=1)


def test_a_folder_in_use_is_refused(tmp_path):
    held = job.Folder(tmp_path, {})
    with pytest.raises(CheckpointError, match="Another process trains in"):
        train(tmp_path)
    held.close()
    assert train(tmp_path, epochs=1)[1].steps == STEPS


def test_a_folder_that_cannot_be_made_is_refused_before_training(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CheckpointError, match="cannot be written"):
        train(tmp_path / "file" / "job")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs is a whole number from 1, not 0"),
        ({"batch_size": 2.5}, "batch_size is a whole number from 1, not 2.5"),
        ({"patience": 0, "restore_best": "loss"}, "patience is a whole number from 1"),
        ({"patience": 2}, "patience needs restore_best"),
        ({"max_seconds": -1}, "max_seconds is a number of seconds from 0, not -1"),
        ({"save_seconds": float("nan")}, "save_seconds is a number of seconds"),
        ({"restore_best": "val_loss"}, "restore_best is one of .*loss.*, not 'val_loss'"),
        ({"restore_best": "score"}, "does not tell whether more is better"),
        ({"progress": "loud"}, "progress is one of auto, terminal, notebook, off, not 'loud'"),
        ({"data": (X, Y[:3])}, "arrays of 40, 3 rows"),
        ({"data": (X[:0], Y[:0])}, "arrays of 0, 0 rows"),
        ({"data": X}, "data is .*not ndarray"),
        ({"data": tf.data.Dataset.from_tensors((X, Y)).repeat()}, "never ends"),
        ({"data": tf.data.Dataset.from_tensors((X, Y)).take(0)}, "has no batch"),
    ],
)
def test_bad_arguments(settings, message):
    with pytest.raises(ValueError, match=message):
        train(**settings)


def test_a_model_that_is_not_compiled():
    with pytest.raises(ValueError, match="not compiled"):
        fit(keras.Sequential([layers.Dense(1)]), (X, Y), epochs=1)


def test_figures_of_another_name():
    _, training = train(epochs=1)
    with pytest.raises(ValueError, match=r"no figure 'val_loss'; there are epoch, .*loss"):
        training.figures("val_loss")
