"""What `fully_convolutional` gives and what it refuses."""

import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.detection import fully_convolutional, window_stride


def net(*stack, shape=(8, 8, 1)):
    return keras.Sequential([keras.Input(shape), *stack])


def test_weights_are_copies_and_as_many():
    model = net(layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3))
    network = fully_convolutional(model)
    assert network.count_params() == model.count_params()
    network.layers[-1].set_weights([np.zeros_like(w) for w in network.layers[-1].get_weights()])
    assert np.abs(model.layers[-1].get_weights()[0]).max() > 0


def test_the_stride_is_the_product_of_the_strides():
    stack = layers.Conv2D(2, 2, strides=(2, 1)), layers.MaxPooling2D((2, 1)), layers.Flatten(), layers.Dense(3)
    assert window_stride(net(*stack)) == (4, 1)


class Own(layers.Layer):
    def call(self, x):
        return x


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("a string", "must be a Sequential or functional model, not str"),
        (keras.Sequential([layers.Dense(2)]), "must be built"),
        (net(layers.Conv2D(2, 3)), r"give \(classes,\), not \(8, 8, 1\) and \(6, 6, 2\)"),
        (net(layers.Dense(2), shape=(8,)), r"must take windows \(height, width, channels\)"),
        (
            net(Own(name="mine"), layers.Flatten()),
            "layer 'mine' is of type Own, which cannot be slid; allowed are Activation",
        ),
        (
            net(layers.Flatten(), layers.BatchNormalization(name="n"), layers.Dense(2)),
            "'n'.* between Flatten and Dense",
        ),
        (
            net(layers.BatchNormalization(axis=1, name="n"), layers.Flatten()),
            "'n' must work on the last axis, not on 1",
        ),
    ],
)
def test_what_is_refused(model, said):
    with pytest.raises(ValueError, match=said):
        fully_convolutional(model)


def test_maps_of_different_strides_have_no_common_window():
    x = keras.Input((9, 9, 2))
    y = layers.Add()([layers.Conv2D(2, 3, strides=2)(x), layers.Conv2D(2, 6)(x)])
    model = keras.Model(x, layers.Dense(2)(layers.Flatten()(y)))
    with pytest.raises(ValueError, match="joins maps of different strides"):
        window_stride(model)
