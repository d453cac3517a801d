"""A network turned into convolutions against the classifier on every crop."""

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.detection import fully_convolutional, sliding_windows, window_stride


def sequential(*stack, shape=(28, 28, 1)):
    return randomised(keras.Sequential([keras.Input(shape), *stack]))


def randomised(model):
    """The model with weights that leave no bias 0 and no normalisation idle."""
    rng = np.random.default_rng(0)
    for layer in model.layers:
        kind = isinstance(layer, layers.BatchNormalization)
        layer.set_weights(
            [rng.uniform(0.5, 1.5, w.shape) if kind else rng.normal(size=w.shape) * 0.2 for w in layer.get_weights()]
        )
    return model


def branched():
    x = keras.Input((18, 14, 3))
    y = layers.Conv2D(6, 3, activation="relu")(x)
    left, right = layers.Conv2D(4, 1)(y), layers.Conv2D(4, 1, activation="tanh")(y)
    joined = layers.Concatenate()([layers.Add()([left, right]), left])
    y = layers.MaxPooling2D()(layers.BatchNormalization()(joined))
    y = layers.Dense(9, activation="relu")(layers.Dropout(0.5)(layers.Flatten()(y)))
    return randomised(keras.Model(x, layers.Softmax()(layers.Dense(5)(y))))


MODELS = {
    "pools": lambda: sequential(
        layers.Conv2D(8, 5, activation="relu"), layers.MaxPooling2D(), layers.Conv2D(12, 3, activation="relu"),
        layers.MaxPooling2D(), layers.Flatten(), layers.Dropout(0.3), layers.Dense(16, activation="relu"),
        layers.Dense(11, activation="softmax"),
    ),
    "thirty": lambda: sequential(
        layers.Rescaling(2.0, -1.0), layers.Conv2D(6, 3, use_bias=False), layers.BatchNormalization(), layers.ReLU(),
        layers.AveragePooling2D(2), layers.Conv2D(8, 3), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(4),
        shape=(30, 30, 1),
    ),
    "strides and dilation": lambda: sequential(
        layers.Conv2D(5, 4, strides=4), layers.Conv2D(7, 3, dilation_rate=2, activation="elu"),
        layers.SeparableConv2D(6, 2), layers.DepthwiseConv2D(2), layers.GlobalAveragePooling2D(), layers.Dense(3),
    ),
    "global maximum": lambda: sequential(layers.Conv2D(5, 3), layers.GlobalMaxPooling2D(), layers.Dense(3)),
    "dense only": lambda: sequential(layers.Flatten(), layers.Dense(10, use_bias=False), shape=(6, 9, 2)),
    "branches": branched,
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("more", [(0, 0), (1, 5), (23, 16)])
def test_every_answer_is_the_classifiers_on_that_crop(name, more):
    model = MODELS[name]()
    *window, channels = model.input_shape[1:]
    rng = np.random.default_rng(1)
    picture = rng.uniform(size=(window[0] + more[0], window[1] + more[1], channels)).astype("float32")
    answers = keras.ops.convert_to_numpy(fully_convolutional(model)(picture[None]))[0]
    crops, _ = sliding_windows(picture, window, window_stride(model))
    assert answers.shape[:2] == crops.shape[:2]
    expected = model.predict_on_batch(crops.reshape(-1, *window, channels)).reshape(answers.shape)
    np.testing.assert_allclose(answers, expected, atol=1e-5 * max(1, np.abs(expected).max()))


def test_a_window_of_32_with_two_poolings_is_refused_and_why():
    def net(side):
        return sequential(
            layers.Conv2D(4, 3), layers.MaxPooling2D(), layers.Conv2D(4, 3), layers.MaxPooling2D(name="second"),
            layers.Flatten(), layers.Dense(3), shape=(side, side, 1),
        )  # fmt: skip

    with pytest.raises(ValueError, match=r"'second' leaves 1 of 13 rows or columns over: the network looks at less"):
        fully_convolutional(net(32))
    loose = fully_convolutional(net(32), exact=False)
    picture = np.zeros((1, 34, 34, 1), "float32")
    assert loose(picture).shape[1:3] == (2, 2)  # a window of 32 has one place there at stride 4
    assert sliding_windows(picture[0], 32, 4)[0].shape[:2] == (1, 1)
    assert fully_convolutional(net(30))(picture).shape[1:3] == (2, 2)


def test_zeros_at_the_border_are_refused_since_they_change_the_answers():
    model = sequential(layers.Conv2D(4, 3, padding="same", name="padded"), layers.Flatten(), layers.Dense(3))
    with pytest.raises(ValueError, match="'padded' has padding='same': at the border of a window it sees zeros"):
        fully_convolutional(model)
    picture = np.random.default_rng(0).uniform(size=(32, 32, 1)).astype("float32")
    answers = keras.ops.convert_to_numpy(fully_convolutional(model, exact=False)(picture[None]))[0]
    assert np.abs(answers[2, 2] - model.predict_on_batch(picture[None, 2:30, 2:30])).max() > 1e-3
