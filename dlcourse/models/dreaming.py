"""Pictures made to excite a unit: gradient ascent on the input, kept natural by how the picture is written.

The picture is not stored as pixels but as the amplitudes of its waves, slow waves counting more, and in colours that
vary independently in photographs; the ascent looks at it shifted at random. Without these three, ascent ends in
noise that excites the unit and shows nothing. Source: Olah, Mordvintsev and Schubert, "Feature visualization" (2017).

Needs Keras on TensorFlow.
"""

import keras
import numpy as np

from dlcourse.models.looking import tensorflow

# Red, green and blue (rows) of the three directions in which colours of photographs vary: light, blue to yellow, green
# to purple. Close to a principal component analysis of natural pictures.
COLOURS = np.array([[0.26, 0.09, 0.02], [0.27, 0.0, -0.05], [0.27, -0.09, 0.03]])


def exciting(
    model: keras.Model,
    depth: str,
    units,
    *,
    side: int = 96,
    steps: int = 48,
    rate: float = 0.05,
    jitter: int = 4,
    seed: int = 0,
) -> np.ndarray:
    """A picture for each unit that excites it: `(units, side, side, 3)` uint8.

    depth: a layer's name; a unit is one of its channels, and what rises is the mean of that channel's map (or, for a
    layer of vectors such as "logits", its value). rate: of Adam. jitter: the largest shift, in pixels.

    Raises:
        ValueError: a unit that the layer does not have.
    """
    layer = model.get_layer(depth)
    units = [int(unit) for unit in units]
    if not units or min(units) < 0 or max(units) >= layer.output.shape[-1]:
        raise ValueError(f"units are from 0 to {layer.output.shape[-1] - 1} in {depth}, not {units}.")
    tf = tensorflow()
    part = keras.Model(model.input, layer.output)
    waves = tf.Variable(_first_waves(len(units), side, seed))
    optimizer = keras.optimizers.Adam(rate)

    @tf.function(reduce_retracing=True)
    def step(shift):
        with tf.GradientTape() as tape:
            answers = part(tf.roll(_pixels(waves, side), shift, (1, 2)), training=False)
            maps = tf.reduce_mean(answers, (1, 2)) if len(answers.shape) == 4 else answers
            loss = -tf.reduce_sum(tf.gather(maps, units, axis=1, batch_dims=0) * tf.eye(len(units)))
        optimizer.apply([tape.gradient(loss, waves)], [waves])

    rng = np.random.default_rng(seed)
    optimizer.build([waves])
    for _ in range(steps):
        step(tf.constant(rng.integers(-jitter, jitter + 1, 2), tf.int32))
    return np.round(_pixels(waves, side).numpy()).astype(np.uint8)


def _first_waves(count, side, seed):
    """Amplitudes of random waves `(count, 2, 3, side, side // 2 + 1)`: cosine and sine parts."""
    shape = (count, 2, 3, side, side // 2 + 1)
    return np.random.default_rng(seed).normal(0, 0.05, shape).astype(np.float32)


def _pixels(waves, side):
    """Waves to pixels `(count, side, side, 3)`, 0 to 255: slow waves louder by one over their frequency."""
    import tensorflow as tf

    rows, columns = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]
    loudness = side / np.maximum(np.hypot(rows, columns) * side, 1.0)
    spectrum = tf.complex(waves[:, 0], waves[:, 1]) * tf.constant(loudness, tf.complex64)
    picture = tf.transpose(tf.signal.irfft2d(spectrum, [side, side]), (0, 2, 3, 1)) * side / 4
    return 255 * tf.sigmoid(tf.tensordot(picture, tf.constant(COLOURS.T / 0.27, tf.float32), 1))
