"""All that training changes in a model, as a list of arrays; and whether a saved list belongs to this model."""

import json

import numpy as np

from dlcourse.training.checkpoint import CheckpointError


def variables(model) -> list:
    """Every variable a training step may change, once each: weights, random states, optimizer, metrics.

    The model has to be compiled and built. Keras's global random state, which unseeded `keras.random` calls in a layer
    draw from, is the last.
    """
    from keras.src.random.seed_generator import global_seed_generator

    listed = [*model.variables, *model.optimizer.variables, *model.metrics_variables, global_seed_generator().state]
    return list({id(each): each for each in listed}.values())


def snapshot(model) -> list[np.ndarray]:
    """The values of `variables(model)`."""
    return [np.asarray(each) for each in variables(model)]


def restore(model, arrays: list[np.ndarray]) -> None:
    """Put a snapshot back."""
    for variable, array in zip(variables(model), arrays, strict=True):
        variable.assign(array)


def signature(model) -> dict:
    """What makes two models the same for a checkpoint: optimizer, layers with their settings, shapes of variables."""
    return {
        "optimizer": type(model.optimizer).__name__,
        "layers": [[type(layer).__name__, _settings(layer)] for layer in _leaves(model)],
        "variables": [f"{tuple(each.shape)} {each.dtype}" for each in variables(model)],
    }


def require_same(saved: dict, model, path) -> None:
    """Refuse a checkpoint of another model.

    Raises:
        CheckpointError: names the first thing that differs.
    """
    mine = signature(model)
    difference = _difference(saved, mine)
    if difference:
        raise CheckpointError(f"{path} is of another model: {difference}; give this training another folder.")


def _difference(saved, mine):
    if saved["optimizer"] != mine["optimizer"]:
        return f"its optimizer is {saved['optimizer']}, this model's {mine['optimizer']}"
    for part in ("layers", "variables"):
        if len(saved[part]) != len(mine[part]):
            return f"it has {len(saved[part])} {part}, this model {len(mine[part])}"
    for index, pair in enumerate(zip(saved["layers"], mine["layers"], strict=True)):
        if pair[0] != pair[1]:
            return _layer_difference(index, *pair)
    for index, (theirs, ours) in enumerate(zip(saved["variables"], mine["variables"], strict=True)):
        if theirs != ours:
            return f"its variable {index} is {theirs}, this model's {ours}"
    return ""


def _layer_difference(index, theirs, ours):
    (name, settings), (our_name, our_settings) = theirs, ours
    if name != our_name:
        return f"its layer {index} is {name}, this model's {our_name}"
    names = sorted({*settings, *our_settings})
    changed = next(each for each in names if settings.get(each) != our_settings.get(each))
    value, our_value = settings.get(changed), our_settings.get(changed)
    return f"its layer {index} ({name}) has {changed} {value!r}, this model's {our_value!r}"


def _leaves(model):
    from keras import Model

    return [layer for layer in model._flatten_layers(include_self=False) if not isinstance(layer, Model)]


def _settings(layer):
    """A layer's settings as JSON keeps them. Names are left out: they count the layers made before in the process."""
    try:
        config = layer.get_config()
    except NotImplementedError:
        config = {}
    return json.loads(json.dumps(_without_names(config), default=str))


def _without_names(config):
    if isinstance(config, dict):
        kept = {key: value for key, value in config.items() if key not in ("name", "seed", "shared_object_id")}
        return {key: _without_names(value) for key, value in kept.items() if value is not None}
    return [_without_names(each) for each in config] if isinstance(config, (list, tuple)) else config
