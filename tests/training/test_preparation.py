"""`setup`: the same seed gives the same weights, and each device its precision."""

import random
import subprocess
import sys
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlcourse.training import device_report, policy, setup
from dlcourse.training.devices import Gpu, Probes

CNN = """
import keras, numpy as np
from keras import layers

def train():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(200, 12, 12, 3)).astype("float32"), rng.integers(4, size=200)
    model = keras.Sequential([
        keras.Input((12, 12, 3)), layers.Conv2D(16, 3), layers.BatchNormalization(), layers.ReLU(),
        layers.Conv2D(16, 3), layers.Dropout(0.3), layers.GlobalAveragePooling2D(), layers.Dense(4),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-2), loss, jit_compile=False)
    model.fit(x, y, batch_size=32, epochs=2, verbose=0)
    return b"".join(np.asarray(each).tobytes() for each in model.get_weights())
"""
exec(CNN)  # the same text runs here and in a process of its own


@pytest.fixture(autouse=True)
def _as_before():
    kept = dict(policy._chosen)
    yield
    policy._chosen.update(kept)
    keras.config.set_dtype_policy("float32")


def on(*capabilities):
    """Probes that see GPUs of these capabilities."""
    return replace(Probes(), gpus=lambda: tuple(Gpu("X", each) for each in capabilities))


def test_same_seed_gives_the_same_weights_within_a_process():
    weights = []
    for seed in (3, 3, 4):
        setup(seed)
        weights.append(train())  # noqa: F821 - defined by CNN
    assert weights[0] == weights[1]
    assert weights[0] != weights[2]


@pytest.mark.slow
def test_same_seed_gives_the_same_weights_in_fresh_processes():
    code = CNN + (
        "\nimport hashlib, sys\nfrom dlcourse.training import setup\nsetup(int(sys.argv[1]))"
        "\nprint(hashlib.sha256(train()).hexdigest())"
    )
    hashes = [
        subprocess.run([sys.executable, "-c", code, seed], capture_output=True, text=True, check=True).stdout
        for seed in ("3", "3", "4")
    ]
    assert hashes[0] == hashes[1]
    assert hashes[0] != hashes[2]


def test_every_generator_is_seeded():
    def draw():
        setup(11)
        return [random.random(), np.random.rand(), float(tf.random.uniform(())), float(keras.random.uniform(()))]  # noqa: NPY002

    assert draw() == draw()


@pytest.mark.parametrize(
    ("capabilities", "precision"),
    [
        ([], "float32"),
        ([(6, 1)], "float32"),
        ([(7, 0)], "mixed_float16"),
        ([(7, 5), (8, 6)], "mixed_float16"),
        ([(8, 0)], "mixed_bfloat16"),
        ([(9, 0), (10, 0)], "mixed_bfloat16"),
        ([(9, 0), (6, 1)], "float32"),
        ([None], "float32"),
    ],
)
def test_precision_follows_the_weakest_gpu(capabilities, precision):
    report = setup(0, found=on(*capabilities))
    assert report.precision == precision
    assert keras.config.dtype_policy().name == precision


def test_precision_asked_for_is_taken():
    assert setup(0, precision="float64", found=on((8, 0))).precision == "float64"
    assert setup(0).precision == "float32"


def test_float16_scales_the_loss_and_bfloat16_does_not():
    scaled = {}
    for precision in ("mixed_float16", "mixed_bfloat16"):
        setup(0, precision=precision)
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model.compile("adam", "mse", jit_compile=False)
        scaled[precision] = isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
        assert model.layers[0].kernel.dtype == "float32"
    assert scaled == {"mixed_float16": True, "mixed_bfloat16": False}


def test_memory_grows_on_every_gpu(monkeypatch):
    grown = []
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["a", "b"] if kind == "GPU" else [])
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", lambda gpu, on: grown.append((gpu, on)))
    setup(0, found=on((8, 0)))
    assert grown == [("a", True), ("b", True)]


def test_threads_are_set_before_the_first_operation():
    code = (
        "from dataclasses import replace\nfrom dlcourse.training import setup\n"
        "from dlcourse.training.devices import Probes\n"
        "report = setup(0, found=replace(Probes(), cpu_threads=lambda: 1))\n"
        "print(report.intra_op_threads, report.inter_op_threads)\n"
        "import tensorflow as tf\n"
        "tf.config.set_logical_device_configuration(tf.config.list_physical_devices('CPU')[0], "
        "[tf.config.LogicalDeviceConfiguration()] * 2)\n"
        "print(len(tf.config.list_logical_devices('CPU')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("1 1\n2\n", "")


def test_determinism_is_turned_on_and_reported(monkeypatch):
    called = []
    monkeypatch.setattr(tf.config.experimental, "enable_op_determinism", lambda: called.append(True))
    assert not setup(0).deterministic
    assert not called
    report = setup(0, deterministic=True)
    assert called == [True]
    assert report.deterministic
    assert "deterministic" in str(report)
    assert setup(1).deterministic  # a process cannot undo it


def test_report_tells_what_was_chosen():
    assert "XLA off" in str(setup(0, xla=False))
    assert "XLA on" in str(device_report()).replace("XLA off", "XLA on")
    assert "XLA on" in str(setup(0, xla=True))
    assert "XLA by model" in str(setup(0))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seed": -1}, r"seed is a whole number from 0 to 2\*\*32 - 1, not -1"),
        ({"seed": 2**32}, "seed is a whole number"),
        ({"seed": 1.5}, "not 1.5"),
        ({"seed": True}, "not True"),
        ({"seed": 0, "precision": "half"}, "precision is one of auto, float32, mixed_bfloat16, .*, not 'half'"),
        ({"seed": 0, "xla": "yes"}, "xla is 'auto', True or False, not 'yes'"),
        ({"seed": 0, "xla": 1}, "xla is 'auto', True or False, not 1"),
        ({"seed": 0, "deterministic": "no"}, "deterministic is True or False, not 'no'"),
    ],
)
def test_values_that_are_not_allowed(arguments, message):
    random.seed(1)
    before = random.getstate()
    with pytest.raises(ValueError, match=message):
        setup(**arguments)
    assert random.getstate() == before


def test_seed_may_be_a_numpy_integer():
    assert setup(np.int64(7)).precision == "float32"
