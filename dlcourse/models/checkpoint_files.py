"""Weights of a training too long for a notebook's minute: written by its `long` profile, loaded by everyone's.

    card = save_checkpoint("garments", model, chapter="10", what="…", parameters={"epochs": 12}, seed=0,
                           data="fashion_mnist", seconds=1200, figures={"accuracy, 10,000 test pictures (%)": 93.1})
    card = load_checkpoint("garments", model)   # the same architecture, built anew

A checkpoint is a folder: `weights.safetensors`, `card.toml` for machines and `README.md` for people. No pickle.
"""

import hashlib
import os
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dlcourse import paths
from dlcourse.models.checkpoint_cards import (
    CARD,
    WEIGHTS,
    CheckpointCard,
    CheckpointError,
    checkpoint_card,
    named_folder,
)
from dlcourse.models.checkpoint_rounding import PRECISIONS, restored, rounded
from dlcourse.models.weight_paths import weight_paths

LIMIT = 2_000_000  # bytes of weights that a checkpoint may have: they travel with every copy of the course


def save_checkpoint(
    name: str,
    model,
    *,
    chapter: str,
    what: str,
    parameters: Mapping,
    seed: int,
    data: str | list[str],
    seconds: float,
    figures: Mapping[str, float | list[float]],
    precision: str = "float16",
    folder: str | Path | None = None,
) -> CheckpointCard:
    """Write the weights of a model, and the card that says where they come from.

    Weights are rounded to half precision. What half precision cannot hold, and the moving statistics of
    normalisations, stay in single precision. Optimizers are not kept.

    Args:
        name: of the checkpoint, lower-case words joined by `_`; a folder of this name is written, or replaced.
        model: a Keras model or layer that is built.
        chapter: number of the chapter whose `long` profile rebuilds it, such as "10".
        what: one line that says what it is.
        parameters: of the notebook, or of the training, by name: numbers, words, or lists of them.
        seed: of the random numbers.
        data: a data set's name, or several; "fashion_mnist/t10k-labels-idx1-ubyte" names one file of it. The card
            keeps the SHA-256 that the data set's manifest states.
        seconds: that the training took.
        figures: by name, what was measured in the long run.
        precision: "float16"; "float32" where half changes something; "int8" where 2 MB would not hold it otherwise:
            matrices in 8 bits with a scale a row or column, the rest in half precision.
        folder: where the checkpoint's folder is put. Without it `datasets/checkpoints` of a checkout; from an installed
            wheel `dlcourse-checkpoints` in the working folder. `card.folder` says where it went.

    Raises:
        ValueError: a bad argument; a model that is not built; weights that are not finite.
        CheckpointError: over 2 MB, or the folder cannot be written; what stood there is untouched.
    """
    _check(name, precision, figures)
    arrays = _finite(model)
    kept = [rounded(path, array, precision) for path, array in arrays.items()]
    raw = _packed({name: array for each in kept for name, array in each.items()})
    if len(raw) > LIMIT:
        tighter = {"float32": ", or precision='float16'", "float16": ", or precision='int8'", "int8": ""}[precision]
        remedy = f"fewer weights{tighter}"
        raise CheckpointError(f"Checkpoint {name!r} has {len(raw):,} bytes and may have {LIMIT:,}: {remedy}.")
    home = Path(folder).expanduser() if folder is not None else _own_home()
    card = CheckpointCard(
        name=name, what=what, chapter=str(chapter), parameters=dict(parameters), seed=int(seed),
        data=_data_hashes([data] if isinstance(data, str) else data), seconds=round(float(seconds), 1),
        machine=_machine(), written=time.strftime("%Y-%m-%d", time.gmtime()), figures=dict(figures),
        weights=sum(array.size for array in arrays.values()), precision=precision, bytes=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(), folder=home / name,
    )  # fmt: skip
    _write(card, raw)
    return card


def load_checkpoint(name: str, model, *, folder: str | Path | None = None) -> CheckpointCard:
    """Set a model's weights to those of a checkpoint, all or none, and return the checkpoint's card.

    Args:
        name: of the checkpoint.
        model: of the same architecture, built; the names of its layers may be numbered differently.
        folder: that holds the checkpoint's folder; without it the one that travels with the course.

    Raises:
        CheckpointError: no such checkpoint, a damaged file, or weights that do not fit: the first is named.
        ValueError: a model that is not built.
    """
    card = checkpoint_card(name, folder)
    arrays = _unpacked(card)
    variables = _variables(model)
    _compare(card, variables, arrays)
    before = {path: _numpy(variable) for path, variable in variables.items()}
    try:
        for path, variable in variables.items():
            variable.assign(arrays[path].astype(_plain(variable.dtype)))
    except BaseException:
        for path, variable in variables.items():
            variable.assign(before[path])
        raise
    return card


def _variables(model):
    """{path: variable}, of a model that has some."""
    variables = weight_paths(model)
    if not variables:
        raise ValueError(f"model {model.name!r} has no weights yet: build it, or call it once on a batch.")
    return variables


def _numpy(variable):
    import keras

    return keras.ops.convert_to_numpy(variable)


def _plain(dtype):
    """NumPy has no bfloat16 of its own; Keras takes float32 for it."""
    return "float32" if dtype == "bfloat16" or dtype.startswith("float8") else dtype


def _finite(model):
    arrays = {}
    for path, variable in _variables(model).items():
        array = _numpy(variable).astype(_plain(variable.dtype))
        if not np.isfinite(array).all():
            raise ValueError(f"model: weight {path!r} is not finite; there is nothing worth keeping.")
        arrays[path] = array
    return arrays


def _packed(arrays):
    from safetensors.numpy import save

    return save({name: np.ascontiguousarray(array) for name, array in arrays.items()})


def _unpacked(card):
    from safetensors import SafetensorError
    from safetensors.numpy import load

    path = card.folder / WEIGHTS
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise CheckpointError(f"{path} cannot be read ({problem.strerror or problem}).") from problem
    if len(raw) != card.bytes:
        raise CheckpointError(f"{path} is damaged: {len(raw):,} bytes long, and its card states {card.bytes:,}.")
    if hashlib.sha256(raw).hexdigest() != card.sha256:
        raise CheckpointError(f"{path} is damaged: its SHA-256 is not the one its card states.")
    try:
        return restored(load(raw))
    except SafetensorError as problem:
        raise CheckpointError(f"{path} is no safetensors file: {problem}.") from problem


def _compare(card, variables, arrays):
    """Names first, in the model's order, then shapes; the first that differs is named."""
    said = f"Checkpoint {card.name!r} is of another architecture"
    for path, variable in variables.items():
        shape = tuple(variable.shape)
        if path not in arrays:
            raise CheckpointError(f"{said}: the model's weight {path!r} of shape {shape} is not in it.")
        if arrays[path].shape != shape:
            raise CheckpointError(f"{said}: {path!r} has shape {arrays[path].shape} in it and {shape} in the model.")
    for path in sorted(set(arrays) - set(variables)):  # safetensors gives them in no order
        raise CheckpointError(f"{said}: its weight {path!r} of shape {arrays[path].shape} is not in the model.")


def _data_hashes(names):
    """{"set/file": SHA-256}, as the manifests state them."""
    from dlcourse.data.manifest import manifest

    found = {}
    for each in names:
        data_set, _, file = each.partition("/")
        found |= {f"{data_set}/{one.name}": one.sha256 for one in manifest(data_set).select([file] if file else None)}
    return found


def _machine():
    import platform

    import keras

    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    plural = "" if processors == 1 else "s"
    kind = f"{platform.system()} {platform.machine()}, {processors} processor{plural}"
    return f"{kind}; Keras {keras.__version__} on {keras.backend.backend()}"


def _own_home():
    in_checkout = paths.repository_root() is not None
    return paths.checkpoints_dir() if in_checkout else Path.cwd() / "dlcourse-checkpoints"


def _write(card, raw):
    """Each file is put in place by a rename, the card last: it states the bytes that have to stand beside it."""
    texts = {WEIGHTS: raw, "README.md": card.text.encode(), CARD: card.toml.encode()}
    try:
        card.folder.mkdir(parents=True, exist_ok=True)
        beside = {file: card.folder / f".{file}.{os.getpid()}.tmp" for file in texts}
        try:
            for file, content in texts.items():
                beside[file].write_bytes(content)
            for file in texts:
                os.replace(beside[file], card.folder / file)
        finally:
            for path in beside.values():
                path.unlink(missing_ok=True)
    except OSError as problem:
        raise CheckpointError(f"{card.folder} cannot be written ({problem.strerror or problem}).") from problem


def _check(name, precision, figures):
    named_folder(name)
    if precision not in PRECISIONS:
        raise ValueError(f"precision is one of {', '.join(map(repr, PRECISIONS))}, not {precision!r}.")
    if not figures or not all(np.isfinite(value).all() for value in figures.values()):
        raise ValueError(f"figures holds what was measured, by name, in finite numbers, not {dict(figures)!r}.")
