"""A small classifier of windows, made so that it can be slid by convolution."""


def window_net(classes: int = 11, *, side: int = 28, filters=(16, 32), units: int = 64, dropout: float = 0.2):
    """Two convolutions with pooling, and two dense layers: probabilities of what a window holds.

    No layer pads, and at 28 pixels every layer divides (28, 24, 12, 10, 5), so that `detection.fully_convolutional`
    gives what the classifier gives on each crop. Answers of the slid network lie 4 pixels apart.

    Args:
        classes: outputs, the background among them.
        side: of the window, in pixels: 16, 20, 24, 28, … (a multiple of 4 from 16).
        filters: of the two convolutions.
        units: of the hidden dense layer.
        dropout: share of the features left out in training, before the hidden layer.

    Returns:
        A Sequential model, not compiled: (batch, side, side, 1), from 0 to 1 -> (batch, classes).

    Raises:
        ValueError: a side that does not divide.
    """
    import keras
    from keras import layers

    if side < 16 or side % 4:
        raise ValueError(f"side must be a multiple of 4 from 16, so that every layer divides, not {side!r}.")
    blocks = []
    for width, kernel in zip(filters, (5, 3), strict=True):
        blocks += [layers.Conv2D(width, kernel, use_bias=False), layers.BatchNormalization(momentum=0.9)]
        blocks += [layers.ReLU(), layers.MaxPooling2D(2)]
    top = [layers.Flatten(), layers.Dropout(dropout), layers.Dense(units, activation="relu")]
    return keras.Sequential([keras.Input((side, side, 1)), *blocks, *top, layers.Dense(classes, activation="softmax")])
