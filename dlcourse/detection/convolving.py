"""A classifier of windows turned into convolutions: it then takes a picture of any size, and answers for every window.

A dense layer on a map of h x w places is a convolution with a kernel of h x w that has only one place to stand. On a
larger map it has more, and what the layers before it computed is shared by all windows that overlap there.
"""

import math

_PLACED = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D")
_GLOBAL = {"GlobalAveragePooling2D": "AveragePooling2D", "GlobalMaxPooling2D": "MaxPooling2D"}
_POINTWISE = ("Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "Dropout", "SpatialDropout2D", "Identity")
_POINTWISE += ("Rescaling", "GaussianNoise")
_OTHER = (
    "InputLayer",
    "Flatten",
    "Dense",
    "BatchNormalization",
    "Add",
    "Multiply",
    "Maximum",
    "Average",
    "Concatenate",
)


def fully_convolutional(model, *, exact: bool = True):
    """The same network, with the same weights, for pictures of any size.

    Flatten goes, a dense layer becomes a convolution with a kernel as large as the map it was given, global pooling
    becomes pooling of that size. At place (i, j) the answer is the classifier's for the window at (i s, j s), where s
    is `window_stride`; that is so exactly when no layer pads and every layer's places use up its input. Else, with
    `exact`, it is refused: with padding="same" a window's border sees zeros that are not there in the picture, and
    where a pooling leaves a row over, the network looks at less than its window and finds places that no window has.

    Args:
        model: built, Sequential or functional, of one input (height, width, channels) and one output (classes,).
        exact: refuse what would not equal the classifier on crops.

    Returns:
        A functional model: (batch, height, width, channels) -> (batch, rows, columns, classes). Weights are copies.

    Raises:
        ValueError: another kind of model, a layer that cannot be turned, or (if `exact`) one that makes a difference.

    Source: Sermanet et al. (2014), OverFeat, arXiv:1312.6229; Long, Shelhamer, Darrell (2015), arXiv:1411.4038.
    """
    import keras

    flat = _functional(model)
    for layer in flat.layers:
        _check(layer, exact)
    made = {}

    def turned(layer):
        made[layer.name] = new = _turned(layer)
        return new

    image = keras.Input((None, None, flat.input_shape[-1]), dtype=flat.inputs[0].dtype)
    answers = keras.models.clone_model(flat, input_tensors=image, clone_function=turned).outputs
    for layer in flat.layers:
        if layer.weights:
            shapes = [tuple(weight.shape) for weight in made[layer.name].weights]
            weights = zip(layer.get_weights(), shapes, strict=True)
            made[layer.name].set_weights([weight.reshape(shape) for weight, shape in weights])
    return keras.Model(image, answers[0])


def window_stride(model) -> tuple[int, int]:
    """By how many pixels (down, across) neighbouring answers of `fully_convolutional(model)` lie apart.

    Raises ValueError as `fully_convolutional(model, exact=False)` does.
    """
    flat = _functional(model)
    strides = []
    for axis in (0, 1):
        stride = {}
        for layer in flat.layers:
            before = [stride[id(each)] for each in _list(layer.input)] if type(layer).__name__ != "InputLayer" else [1]
            if len(set(before)) > 1:
                raise ValueError(
                    f"layer {layer.name!r} joins maps of different strides, {before}: no answer is a window's."
                )
            own = layer.strides if type(layer).__name__ in _PLACED else 1
            own = own if isinstance(own, int) else own[axis]
            stride |= {id(each): before[0] * own for each in _list(layer.output)}
        strides.append(stride[id(flat.outputs[0])])
    return tuple(strides)


def _functional(model):
    import keras

    if not isinstance(model, keras.Sequential) and type(model).__name__ != "Functional":
        raise ValueError(f"model must be a Sequential or functional model, not {type(model).__name__}.")
    if not model.built or len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ValueError("model must be built, with one input and one output.")
    inside, outside = model.input_shape[1:], model.output_shape[1:]
    if len(inside) != 3 or None in inside or len(outside) != 1:
        raise ValueError(
            f"model must take windows (height, width, channels) and give (classes,), not {inside} and {outside}."
        )
    return keras.Model(model.inputs[0], model.outputs[0])


def _check(layer, exact):
    """Raise ValueError for a layer that cannot be turned, or changes the answers."""
    kind, name = type(layer).__name__, layer.name
    if kind not in (*_PLACED, *_GLOBAL, *_POINTWISE, *_OTHER):
        raise ValueError(
            f"layer {name!r} is of type {kind}, which cannot be slid; allowed are "
            f"{', '.join(sorted((*_PLACED, *_GLOBAL, *_POINTWISE, *_OTHER)))}."
        )
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        raise ValueError(f"layer {name!r} must have data_format 'channels_last'.")
    if kind in ("BatchNormalization", "Concatenate", "Softmax") and _list(layer.input)[0].shape[1:-1] == ():
        places = {math.prod(_map_of(each)[:2]) for each in _list(layer.input)}
        if places != {1}:
            raise ValueError(f"layer {name!r}, a {kind}, stands between Flatten and Dense; put it before Flatten.")
    axis = getattr(layer, "axis", -1)
    if kind in ("BatchNormalization", "Concatenate") and axis not in (-1, len(_list(layer.input)[0].shape) - 1):
        raise ValueError(f"layer {name!r} must work on the last axis, not on {axis}.")
    if kind in _PLACED and exact:
        _check_places(layer)


def _check_places(layer):
    """Raise ValueError unless every row and column of the layer's input is used, and nothing is added."""
    if layer.padding != "valid":
        raise ValueError(
            f"layer {layer.name!r} has padding={layer.padding!r}: at the border of a window it sees zeros, where in "
            "the picture the next pixels stand, so no answer would be the same. Use padding='valid', or exact=False."
        )
    kernel = getattr(layer, "kernel_size", None) or layer.pool_size
    dilation = getattr(layer, "dilation_rate", (1, 1))
    for n, k, s, d in zip(layer.input.shape[1:3], kernel, layer.strides, dilation, strict=True):
        over = (n - d * (k - 1) - 1) % s
        if over:
            raise ValueError(
                f"layer {layer.name!r} leaves {over} of {n} rows or columns over: the network looks at less than its "
                "window, and finds places that no window has. Choose a window that every layer divides, or exact=False."
            )


def _turned(layer):
    """The layer that stands in its place, without weights yet."""
    from keras import layers

    kind, config = type(layer).__name__, layer.get_config()
    if kind == "Flatten":
        return layers.Identity(name=layer.name)
    if kind in _GLOBAL:
        size = layer.input.shape[1:3]
        return getattr(layers, _GLOBAL[kind])(size, strides=1, name=layer.name, dtype=config["dtype"])
    if kind != "Dense":
        return type(layer).from_config(config)
    kept = ("units", "activation", "use_bias", "name", "dtype")
    settings = {key: config[key] for key in kept}
    return layers.Conv2D(settings.pop("units"), _map_of(layer.input)[:2], **settings)


def _map_of(tensor):
    """The (height, width, channels) that a flat tensor (batch, features) was before it was flattened."""
    if len(tensor.shape) == 4:
        return tensor.shape[1:]
    made_by = tensor._keras_history.operation
    kind = type(made_by).__name__
    if kind == "Flatten":
        return _map_of(made_by.input)
    if kind == "Dense" or kind in _GLOBAL:
        return (1, 1, tensor.shape[-1])
    return _map_of(_list(made_by.input)[0])


def _list(tensors):
    return list(tensors) if isinstance(tensors, list | tuple) else [tensors]
