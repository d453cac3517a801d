"""Weights and settings as published on the usual hub: config.json and model.safetensors in a folder."""

import json
from pathlib import Path

import numpy as np

from dlcourse.errors import CourseError


class WeightsError(CourseError):
    """A folder of published weights that cannot be used; says which file and why."""


def read_config(folder: str | Path, kind: str) -> dict:
    """What config.json of a folder says.

    kind: the model_type that is wanted, such as "bert".

    Raises:
        WeightsError: there is no such file, it is no JSON, or it describes another kind of model.
    """
    path = Path(folder, "config.json")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WeightsError(f"{folder} has no config.json: is it the folder of a published model?") from None
    except ValueError as error:
        raise WeightsError(f"{path} is no JSON: {error}.") from None
    found = config.get("model_type")
    if found != kind:
        raise WeightsError(f"{path} describes a model of type {found!r}, not {kind!r}.")
    return config


def read_weights(folder: str | Path, prefix: str) -> dict[str, np.ndarray]:
    """All arrays of model.safetensors by name, without `prefix` where they have it; half precision becomes single.

    Raises:
        WeightsError: there is no such file, or it is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = Path(folder, "model.safetensors")
    if not path.is_file():
        raise WeightsError(f"{folder} has no model.safetensors.")
    try:
        arrays = load_file(path)
    except (SafetensorError, ValueError, KeyError) as error:
        raise WeightsError(f"{path} cannot be read: {error}.") from None
    return {
        name.removeprefix(prefix): np.asarray(array, "float32" if array.dtype.kind not in "iub" else array.dtype)
        for name, array in arrays.items()
    }


def carry_over(weights: dict, wanted: list[tuple]) -> None:
    """Give every variable its array: nothing is set unless all are there and fit.

    Args:
        weights: arrays by published name.
        wanted: (published name, variable, function of the array that brings it into the variable's shape).

    Raises:
        WeightsError: names the first array that is missing or has another shape.
    """
    ready = []
    for name, variable, bring in wanted:
        if name not in weights:
            near = ", ".join(sorted(weights)[:3])
            raise WeightsError(f"the weights lack {name!r}; there are {len(weights)} arrays, such as {near}.")
        array = bring(weights[name])
        if tuple(array.shape) != tuple(variable.shape):
            raise WeightsError(f"{name!r} has the shape {array.shape}, and the model needs {tuple(variable.shape)}.")
        ready.append((variable, array))
    for variable, array in ready:
        variable.assign(array)


def same(array):
    """An array as it was published."""
    return array


def of_norm(name: str, layer) -> list[tuple]:
    """What a layer normalisation wants."""
    return [(f"{name}.weight", layer.gamma, same), (f"{name}.bias", layer.beta, same)]


def of_dense(name: str, layer, bring=same) -> list[tuple]:
    """What a dense layer wants; `bring` does something to the kernel, such as transposing it."""
    return [(f"{name}.weight", layer.kernel, bring), (f"{name}.bias", layer.bias, same)]


def setting(config: dict, name: str, allowed: dict, folder):
    """What `allowed` has for the setting's value.

    Raises:
        WeightsError: the value is none of `allowed`.
    """
    value = config.get(name)
    if value not in allowed:
        raise WeightsError(f"{folder}: {name} is {value!r}; what is built here: {', '.join(map(repr, allowed))}.")
    return allowed[value]
