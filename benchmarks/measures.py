"""The benchmarks. Each returns rows: what was measured, its figure by ratio, and what the figure says."""

import functools
import subprocess
import sys
import tempfile
from typing import NamedTuple

import numpy as np

from dlcourse.training.timing import ratio, side_by_side

BATCH = 64


class Row(NamedTuple):
    """One line of the results."""

    name: str
    figure: str
    note: str


def cnn():
    """The course's convolutional network for Fashion-MNIST, compiled: three times convolution, normalisation, ReLU."""
    import keras
    from keras import layers

    blocks = []
    for channels in (24, 48, 64):
        blocks += [layers.Conv2D(channels, 3, padding="same", use_bias=False), layers.BatchNormalization()]
        blocks += [layers.ReLU(), layers.MaxPooling2D()]
    top = [layers.Flatten(), layers.Dropout(0.2), layers.Dense(10)]
    model = keras.Sequential([keras.Input((28, 28, 1)), *blocks, *top])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.AdamW(2e-3), loss, jit_compile=False)
    return model


@functools.cache
def images(count):
    """`(x, y)`: images (count, 28, 28, 1) float32 in 0 to 1, labels (count,)."""
    from dlcourse.data import load

    (x, y), _ = load("fashion_mnist")
    return x[:count, ..., None].astype("float32") / 255, y[:count].astype("int32")


def overhead(rounds: int, steps: int) -> list[Row]:
    """`fit` against Keras's `model.fit` on the same arrays, an epoch each."""
    from dlcourse.training import fit

    x, y = images(steps * BATCH)
    bare, ours, kept = cnn(), cnn(), cnn()

    def keeping():
        with tempfile.TemporaryDirectory() as folder:
            fit(kept, (x, y), epochs=1, batch_size=BATCH, progress="off", folder=folder)

    ways = {
        "bare": lambda: bare.fit(x, y, batch_size=BATCH, verbose=0),
        "fit": lambda: fit(ours, (x, y), epochs=1, batch_size=BATCH, progress="off"),
        "fit with folder": keeping,
    }
    measured = side_by_side(ways, rounds)
    note = f"an epoch of {steps} steps of {BATCH}, {rounds} rounds; bare took {measured.median('bare'):.2f} s"
    rows = []
    for name in ("fit", "fit with folder"):
        rows += [
            Row(f"{name} / model.fit, time", str(measured.ratio(name, "bare")), note),
            Row(f"{name} / model.fit, processor time", str(measured.ratio(name, "bare", processor=True)), "the same"),
        ]
    return rows


def overhead_resolved(rounds: int, steps: int) -> list[Row]:
    """What `fit` adds to a step and to a call, on a network so small that little else takes time; beside the CNN's."""
    from dlcourse.training import benchmark_step, fit

    rows, few, many = np.zeros((15 * steps * BATCH, 4), "float32"), steps, 15 * steps
    bare, ours = small(), small()
    ways = {}
    for count in (few, many):
        data = rows[: count * BATCH], rows[: count * BATCH, :1]
        ways[f"bare {count}"] = functools.partial(bare.fit, *data, batch_size=BATCH, verbose=0)
        ways[f"fit {count}"] = functools.partial(fit, ours, data, epochs=1, batch_size=BATCH, progress="off")
    measured = side_by_side(ways, rounds)
    added = {count: measured.seconds[f"fit {count}"] - measured.seconds[f"bare {count}"] for count in (few, many)}
    a_step = (added[many] - added[few]) / (many - few)
    a_call = added[few] - few * a_step
    step = benchmark_step(cnn(), images(BATCH), steps=max(4, steps // 2)).seconds
    epoch = ratio((a_call + 938 * a_step) / (938 * step), 1.0)
    note = f"{1e6 * np.median(a_step):.0f} µs on {1e3 * step:.1f} ms"
    once = f"{1e3 * np.median(a_call):.0f} ms a call; an epoch of 60,000 images is 938 steps of {BATCH}"
    return [
        Row("fit adds to a step of the CNN, share of its time", str(ratio(a_step / step, 1.0)), note),
        Row("fit adds to an epoch of the CNN, share of its time", str(epoch), once),
    ]


def small():
    """A network of five parameters, compiled."""
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", jit_compile=False)
    return model


def share_of_peak(rounds: int, steps: int) -> list[Row]:
    """The CNN's training step against a large matrix product, measured one after the other."""
    from dlcourse.training import benchmark_step

    rows = []
    for batch in (BATCH, 4 * BATCH):
        model, data = cnn(), images(batch)
        measured = [benchmark_step(model, data, steps=max(4, steps // 10)) for _ in range(rounds)]
        share = ratio([each.share_of_peak for each in measured], 1.0)
        rate = np.median([each.examples_per_second for each in measured])
        peak = np.median([each.peak for each in measured]) / 1e9
        note = f"{rate:,.0f} images/s; matrix product {peak:,.0f} GFLOP/s"
        rows.append(Row(f"CNN, batch {batch}: share of the matrix product's rate", str(share), note))
    return rows


def pipeline(rounds: int, steps: int) -> list[Row]:
    """Batches from the course's pipeline against Keras being fed arrays."""
    from dlcourse.data import pipeline

    x, y = images(steps * BATCH)
    fed, piped = cnn(), cnn()
    batches = pipeline((x, y), BATCH, shuffle_seed=0)
    ways = {
        "arrays": lambda: fed.fit(x, y, batch_size=BATCH, verbose=0),
        "pipeline": lambda: piped.fit(batches(0), verbose=0, shuffle=False),
    }
    measured = side_by_side(ways, rounds)
    return [Row("model.fit on pipeline / on arrays, time", str(measured.ratio("pipeline", "arrays")), "an epoch each")]


def convolution(rounds: int, steps: int) -> list[Row]:
    """The convolution written by hand against SciPy's, for one kernel of 7 x 7 on a picture of 512 x 512."""
    from scipy import ndimage, signal

    from dlcourse.scratch import conv_forward, convolve

    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(512, 512)), rng.normal(size=(7, 7))
    kernels = np.repeat(kernel[:, :, None, None], 32, axis=-1)
    ways = {
        "by hand": lambda: convolve(x, kernel),
        "scipy.signal": lambda: signal.convolve2d(x, kernel, "valid"),
        "scipy.ndimage": lambda: ndimage.convolve(x, kernel),
        "32 kernels by hand": lambda: conv_forward(x[None, :, :, None], kernels),
    }
    measured, rows = side_by_side(ways, rounds), []
    for theirs in ("scipy.signal", "scipy.ndimage"):
        note = f"512 x 512, 7 x 7, float64; SciPy took {1e3 * measured.median(theirs):.0f} ms; to be below 5"
        once = measured.ratio("by hand", theirs, processor=True)
        each = ratio(measured.processor["32 kernels by hand"] / 32, measured.processor[theirs])
        rows += [
            Row(f"convolve by hand / {theirs}, processor time", str(once), note),
            Row(f"conv_forward, each of 32 kernels / {theirs}, processor time", str(each), "the same picture"),
        ]
    return rows


def imports(rounds: int, steps: int) -> list[Row]:
    """A Python that imports the course against one that imports nothing, and one that imports NumPy."""
    ways = {each: functools.partial(_python, each) for each in ("pass", "import dlcourse", "import numpy")}
    measured = side_by_side(ways, rounds)
    added = 1e3 * np.median(measured.seconds["import dlcourse"] - measured.seconds["pass"])
    return [
        Row("import dlcourse / bare Python, time", str(measured.ratio("import dlcourse", "pass")), f"{added:+.0f} ms"),
        Row("import dlcourse / import numpy, time", str(measured.ratio("import dlcourse", "import numpy")), ""),
    ]


def _python(code):
    subprocess.run([sys.executable, "-c", code], check=True)


def boxes(rounds: int, steps: int) -> list[Row]:
    """Suppression against TensorFlow's, from arrays to an array; average precision against pycocotools."""
    import tensorflow as tf

    from dlcourse.detection import nms

    rows = []
    for layout in ("scattered", "in heaps of 100"):
        for count in (100, 1000, 10_000):
            corners, scores = drawn_boxes(count, layout == "scattered")
            ways = {
                "ours": functools.partial(_often, functools.partial(nms, corners, scores), 10_000 // count),
                "theirs": functools.partial(
                    _often,
                    lambda b=corners, s=scores: tf.image.non_max_suppression(b, s, len(s), 0.5).numpy(),
                    10_000 // count,
                ),
            }
            measured = side_by_side(ways, rounds)
            note = f"{len(nms(corners, scores)):,} kept"
            name = f"nms / tf.image.non_max_suppression, {count:,} boxes {layout}, processor time"
            rows.append(Row(name, str(measured.ratio("ours", "theirs", processor=True)), note))
    return rows + [average_precision_row(rounds, count) for count in (100, 1000, 10_000)]


def average_precision_row(rounds: int, count: int) -> Row:
    """Average precision of `count` detections, ten a picture, of ten classes."""
    from dlcourse.detection import average_precision

    rng = np.random.default_rng(0)
    truths, found = [], []
    for _ in range(count // 10):
        corners, scores = drawn_boxes(10, True, rng)
        classes = rng.integers(0, 10, 10)
        truths.append({"boxes": corners, "classes": classes})
        found.append({"boxes": corners + 2, "scores": scores, "classes": classes})
    ways = {"ours": lambda: average_precision(found, truths), "theirs": _cocos(found, truths)}
    measured = side_by_side(ways, rounds)
    name = f"average_precision / pycocotools, {count:,} boxes, processor time"
    note = f"{count // 10:,} pictures; pycocotools took {measured.median('theirs'):.2f} s, its index not counted"
    return Row(name, str(measured.ratio("ours", "theirs", processor=True)), note)


def drawn_boxes(count, scattered, rng=None):
    """Boxes (count, 4) and scores (count,), float32, in a square of 1,000 pixels, or in heaps round a few places."""
    rng = rng or np.random.default_rng(0)
    centre, size = rng.uniform(0, 1000, (count, 2)), rng.uniform(10, 60, (count, 2))
    if not scattered:
        which = rng.integers(0, count // 100, count)
        centre = centre[which] + rng.normal(0, 3, (count, 2))
        size = size[which] * np.exp(rng.normal(0, 0.1, (count, 2)))
    corners = np.concatenate([centre - size / 2, centre + size / 2], axis=1)
    return corners.astype("float32"), rng.uniform(size=count).astype("float32")


def _often(function, times):
    for _ in range(times):
        function()


def _cocos(found, truths):
    """A function that lets pycocotools evaluate the same."""
    import contextlib
    import io

    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    def indexed(parts):
        rows = [
            {"image_id": i, "category_id": int(kind), "bbox": [*map(float, (*box[:2], *(box[2:] - box[:2])))]}
            | {"score": float(score), "area": float(np.prod(box[2:] - box[:2])), "iscrowd": 0}
            for i, part in enumerate(parts, 1)
            for box, kind, score in zip(part["boxes"], part["classes"], part.get("scores", np.ones(10)), strict=True)
        ]
        coco = COCO()
        images = [{"id": i} for i in range(1, len(parts) + 1)]
        annotations = [row | {"id": i} for i, row in enumerate(rows, 1)]
        coco.dataset = {"images": images, "categories": [{"id": k} for k in range(10)], "annotations": annotations}
        coco.createIndex()
        return coco

    with contextlib.redirect_stdout(io.StringIO()):
        both = indexed(truths), indexed(found)

    def evaluate():
        with contextlib.redirect_stdout(io.StringIO()):
            evaluation = COCOeval(*both, "bbox")
            evaluation.evaluate()
            evaluation.accumulate()

    return evaluate


def recurrent(rounds: int, steps: int) -> list[Row]:
    """The course's recurrent layers against Keras's own of the same size, a training epoch each, without XLA."""
    from dlcourse import layers

    rng, count = np.random.default_rng(0), max(4, steps // 5)
    x, y = rng.normal(size=(count * BATCH, 50, 64)).astype("float32"), rng.normal(size=(count * BATCH, 1))
    rows = []
    for name in ("SimpleRNN", "LSTM", "GRU"):
        ways = {where.__name__: _reader(getattr(where, name), x.shape[1:]) for where in (_keras_layers(), layers)}
        theirs, ours = (functools.partial(model.fit, x, y, batch_size=BATCH, verbose=0) for model in ways.values())
        measured = side_by_side({"ours": ours, "Keras's": theirs}, rounds)
        rate = count * BATCH * 50 / measured.median("ours")
        note = f"96 units, batches of {BATCH} sequences of 50; ours {rate:,.0f} steps of a sequence/s"
        rows.append(Row(f"{name}, ours / Keras's, time", str(measured.ratio("ours", "Keras's")), note))
        processor = str(measured.ratio("ours", "Keras's", processor=True))
        rows.append(Row(f"{name}, ours / Keras's, processor time", processor, "the same"))
    return rows


def _keras_layers():
    import keras

    return keras.layers


def _reader(layer, shape):
    """A recurrent layer of 96 units with one number as its answer, compiled."""
    import keras

    model = keras.Sequential([keras.Input(shape), layer(96), keras.layers.Dense(1)])
    model.compile("sgd", "mse", jit_compile=False)
    return model


def cache(rounds: int, steps: int) -> list[Row]:
    """A GPT that writes with a cache against the same without, over the length of the text."""
    from dlcourse.models import GPT

    model, rows = GPT(1024, 256, 64, 2, 4), []
    for length in (64, 128, 256):

        def writing(use_cache, length=length):
            return model.generate([[0]], length, temperature=None, use_cache=use_cache)

        ways = {"with": functools.partial(writing, True), "without": functools.partial(writing, False)}
        measured = side_by_side(ways, rounds)
        rate, bare = ((length - 1) / measured.median(name) for name in ways)
        note = f"{rate:,.0f} tokens/s against {bare:,.0f}; 2 blocks of width 64, 1,024 pieces; from 128 on at least 4"
        name = f"GPT tokens a second with the cache / without, {length} tokens"
        rows.append(Row(name, str(measured.ratio("without", "with")), note))
    return rows


def moves(rounds: int, steps: int) -> list[Row]:
    """A move of a figure to play with, from values to PNG, against making the figure anew for it."""
    from dlcourse.plots.playing import live_png

    rows = []
    for name, (make, first, second) in _to_play_with().items():
        kept = make()

        def moved(draws, first=first, second=second):
            for values in (first, second):
                live_png(draws()(**values)[0])

        ways = {"moved": functools.partial(moved, lambda kept=kept: kept), "anew": functools.partial(moved, make)}
        measured = side_by_side(ways, rounds)
        milliseconds = 1000 * np.median(measured.processor["moved"]) / 2
        note = f"{milliseconds:.0f} ms of processor time a move, on one core"
        rows.append(Row(f"a move of {name} / a new figure, time", str(measured.ratio("moved", "anew")), note))
    return rows


def _to_play_with():
    """Name to a function that makes a drawing, and two places of its controls."""
    from dlcourse.plots import play_descent, play_neuron, play_pictures, play_sequences
    from dlcourse.scratch import correlate

    rng = np.random.default_rng(0)
    x, picture, weights = rng.normal(size=53), rng.uniform(size=(64, 84)), rng.dirichlet(np.ones(16), size=(2, 8, 16))
    steep = np.array([1.0, 25.0])

    def cost(w, b):
        return np.mean((np.maximum(0, w[..., None] * x + b[..., None]) - 0.5 * x - 1) ** 2, axis=-1)

    def walk(rate):
        return np.array([-9.0, 1.5]) * (1 - rate * steep) ** np.arange(61)[:, None]

    nothing = dict.fromkeys(play_pictures.PARTS, 0.0)
    return {
        "the neuron's line": (
            lambda: play_neuron.line_and_cost(x, 0.5 * x + 1, cost, (-2, 2), (-3, 3), (0.5, 1)),
            {"weight": 0.1, "bias": 1.0},
            {"weight": 0.4, "bias": 0.0},
        ),
        "a descent of 60 steps": (
            lambda: play_descent.downhill(lambda p: steep @ p**2 / 2, walk, (-10, 4), (-3, 3), (0, 0)),
            {"rate": 0.05},
            {"rate": 0.07},
        ),
        "the kernel": (
            lambda: play_pictures.kernel(picture, lambda one, two: correlate(one, two, padding="same")),
            nothing | {"rightwards": 1.0},
            nothing | {"middle": 5.0, "beside": -1.0},
        ),
        "16 attention heads": (
            lambda: play_sequences.attention_heads(weights, [f"w{k}" for k in range(16)]),
            {"layer": 0, "head": 1, "word": 2},
            {"layer": 1, "head": 5, "word": 9},
        ),
    }


ALL = {
    "overhead": overhead,
    "overhead, step and call": overhead_resolved,
    "share of peak": share_of_peak,
    "pipeline": pipeline,
    "convolution": convolution,
    "imports": imports,
    "recurrent layers": recurrent,
    "boxes": boxes,
    "cache": cache,
    "figures to play with": moves,
}
