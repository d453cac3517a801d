"""What a convolutional network looks at: its units' answers, receptive fields, and the pixels an answer rests on.

The functions that follow gradients need Keras on TensorFlow; `responses`, `occlusion` and `receptive_fields` do not.
Pictures are `(batch, height, width, 3)`, pixels 0 to 255, as `efficientnet_lite0` takes them.
"""

from dataclasses import dataclass

import keras
import numpy as np
from keras import ops


@dataclass(frozen=True)
class Field:
    """The receptive field of one depth: unit (i, j) sees the square of `size` pixels round (first + step·i, …)."""

    size: int
    step: int
    first: int


def receptive_fields(model: keras.Model, depths) -> dict[str, Field]:
    """The receptive field of each named layer, counted from kernel sizes and strides along the longest path.

    A kernel k of stride s makes a field of size r and step j one of r + (k - 1)·j and j·s (Araujo, Norris and Sim,
    "Computing receptive fields of convolutional neural networks", 2019). Centres are right where every stride divides
    its input: padding "same" at stride 2 then lies at the right and at the bottom only.
    """
    found, field = {}, Field(1, 1, 0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
            kernel, stride = layer.kernel_size[0], layer.strides[0]
            before = max(kernel - stride, 0) // 2
            middle = field.first + field.step * ((kernel - 1) // 2 - before)
            field = Field(field.size + (kernel - 1) * field.step, field.step * stride, middle)
        if layer.name in depths:
            found[layer.name] = field
    return found


def responses(maps: keras.Model, pictures, *, peaks: bool = False, places=None, batch_size: int = 8) -> dict[str, dict]:
    """How units answer pictures, depth by depth, without keeping the feature maps.

    maps: from pictures to a dict of maps, as `efficientnet.features` gives it. For each of its names {"mean":
    (pictures, units)}, the mean of each map. With `peaks` also "most": (pictures, units), its largest value, and
    "where": (pictures, units, 2), the pixel (row, column) at the centre of that unit's field. With `places`, the
    pixels (rows = columns) of a grid, also "at": (pictures, places, places, units), the answers of the units whose
    fields are centred there. A layer of vectors counts as a map of one place, and has no "at".

    Raises:
        ValueError: no unit of a depth is centred at one of the places.
    """
    names = list(maps.output)
    fields = receptive_fields(maps, names)
    flat = [name for name in names if len(maps.output[name].shape) == 2 or places is None]
    cells = {name: _cells(name, fields[name], places) for name in names if name not in flat}
    collected = {name: [] for name in names}
    for answers in _batches(maps, pictures, batch_size):
        for name in names:
            collected[name].append(_summary(answers[name], cells.get(name), fields[name] if peaks else None))
    return {
        name: {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
        for name, parts in collected.items()
    }


def _batches(model, pictures, batch_size):
    """The model's answers batch by batch; the last is filled up, so that the model is compiled for one size only."""
    for start in range(0, len(pictures), batch_size):
        batch = np.asarray(pictures[start : start + batch_size], np.float32)
        missing = batch_size - len(batch) if start else 0
        filled = np.concatenate([batch, np.repeat(batch[-1:], missing, axis=0)])
        yield _first(model.predict_on_batch(filled), len(batch))


def _first(answers, count):
    if isinstance(answers, dict):
        return {name: each[:count] for name, each in answers.items()}
    return answers[:count]


def _cells(name, field, places):
    offsets = np.asarray(places) - field.first
    if np.any(offsets % field.step) or np.any(offsets < 0):
        raise ValueError(
            f"places {list(places)}: units of {name} are centred at {field.first}, {field.first + field.step}, … only."
        )
    return offsets // field.step


def _summary(maps, cells, field):
    maps = maps if maps.ndim == 4 else maps[:, None, None]
    found = {"mean": maps.mean(axis=(1, 2))}
    if field is not None:
        flat = maps.reshape(len(maps), -1, maps.shape[-1])
        peak = np.stack(np.unravel_index(flat.argmax(axis=1), maps.shape[1:3]), axis=-1)
        found |= {"most": flat.max(axis=1), "where": field.first + field.step * peak}
    return found if cells is None else found | {"at": maps[:, cells][:, :, cells]}


def occlusion(model: keras.Model, picture, answer: int, *, side: int = 48, step: int = 22, grey: float = 127.0):
    """How much an answer loses when a grey square hides a part: `(height, width)` float, in units of the output.

    The square of `side` pixels visits the picture every `step` pixels; a pixel's value is the mean loss over the
    squares that hid it. Source: Zeiler and Fergus (2014).
    """
    picture = np.asarray(picture, np.float32)
    corners = [_corners(length, side, step) for length in picture.shape[:2]]
    hidden = np.repeat(picture[None], len(corners[0]) * len(corners[1]), axis=0)
    spots = [(row, column) for row in corners[0] for column in corners[1]]
    for copy, (row, column) in zip(hidden, spots, strict=True):
        copy[row : row + side, column : column + side] = grey
    whole = model.predict_on_batch(picture[None])[0, answer]
    losses = [whole - part[:, answer] for part in _batches(model, hidden, 8)]
    total, visits = np.zeros(picture.shape[:2]), np.zeros(picture.shape[:2])
    for loss, (row, column) in zip(np.concatenate(losses), spots, strict=True):
        total[row : row + side, column : column + side] += loss
        visits[row : row + side, column : column + side] += 1
    return total / visits


def _corners(length, side, step):
    """Where the squares begin: every step pixels, and one that ends at the edge."""
    return sorted({*range(0, length - side, step), length - side})


def tensorflow():
    """The module whose gradients are followed.

    Raises:
        RuntimeError: Keras runs on another backend.
    """
    if keras.backend.backend() != "tensorflow":
        raise RuntimeError(f"This follows gradients with TensorFlow, and Keras runs on {keras.backend.backend()}.")
    import tensorflow as tf

    return tf


def gradient(model: keras.Model, pictures, answer: int) -> np.ndarray:
    """The slope of one output with respect to each pixel, `(batch, height, width, 3)` (Simonyan and others, 2013)."""
    tf = tensorflow()

    pixels = tf.constant(np.asarray(pictures, np.float32))
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        score = tf.reduce_sum(model(pixels, training=False)[:, answer])
    return tape.gradient(score, pixels).numpy()


def smooth_gradient(model: keras.Model, picture, answer: int, *, copies: int = 16, noise: float = 25.0, seed: int = 0):
    """The mean gradient over noisy copies of one picture, `(height, width, 3)`: SmoothGrad (Smilkov and others, 2017).

    noise: standard deviation of what is added to each pixel, 0 to 255.
    """
    picture = np.asarray(picture, np.float32)
    noisy = picture + np.random.default_rng(seed).normal(0, noise, (copies, *picture.shape)).astype(np.float32)
    parts = np.array_split(noisy, -(-copies // 8))
    return np.concatenate([gradient(model, part, answer) for part in parts]).mean(axis=0)


def grad_cam(model: keras.Model, picture, answer: int, depth: str = "head") -> np.ndarray:
    """Where the maps of a depth speak for an answer, `(height, width)` of the maps: Grad-CAM (Selvaraju et al., 2017).

    Each map is weighted by the mean slope of the answer with respect to it; what speaks against is cut off at 0.
    """
    tf = tensorflow()

    both = keras.Model(model.input, [model.get_layer(depth).output, model.output])
    with tf.GradientTape() as tape:
        maps, scores = both(np.asarray(picture, np.float32)[None], training=False)
        score = scores[0, answer]
    weights = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2), keepdims=True)
    return np.maximum(ops.convert_to_numpy(tf.reduce_sum(weights * maps, axis=-1))[0], 0)


def effective_fields(model: keras.Model, pictures, depths, seed: int = 0) -> dict[str, np.ndarray]:
    """How strongly each pixel moves the units in the middle of the maps: depth -> `(height, width)`, summing to 1.

    The squared slope of a random sum of the middle unit's channels, with signs ±1, averaged over the pictures: the
    effective receptive field of Luo, Li, Urtasun and Zemel (2016).
    """
    tf = tensorflow()

    pixels, rng, found = tf.constant(np.asarray(pictures, np.float32)), np.random.default_rng(seed), {}
    maps = keras.Model(model.input, {name: model.get_layer(name).output for name in depths})
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(pixels)
        answers = maps(pixels, training=False)
        sums = {}
        for name in depths:
            row, column = (length // 2 - 1 for length in answers[name].shape[1:3])
            signs = rng.choice([-1.0, 1.0], (len(pictures), answers[name].shape[-1]))
            sums[name] = tf.reduce_sum(answers[name][:, row, column] * tf.constant(signs, tf.float32))
    for name in depths:
        energy = np.sum(tape.gradient(sums[name], pixels).numpy() ** 2, axis=-1)
        found[name] = (energy / energy.sum(axis=(1, 2), keepdims=True)).mean(axis=0)
    return found
