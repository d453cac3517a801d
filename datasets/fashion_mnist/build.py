"""Choose the bundled part of Fashion-MNIST from the full set: `python datasets/fashion_mnist/build.py`.

Run by hand; fetches the full set where it is not in the cache. Prints what the manifest states of the file.
"""

import zipfile
from pathlib import Path

import numpy as np

from dlcourse.data import load
from dlcourse.data.checks import sha256

TARGET = Path(__file__).resolve().parent / "fashion_mnist_part.npz"
SEED = 2017
PER_CLASS = {"train": 1000, "test": 200}


def balanced(labels: np.ndarray, each: int, rng: np.random.Generator) -> np.ndarray:
    """The indices of `each` examples of every class, in the original's order, `(10 * each,)` int32."""
    chosen = [rng.permutation(np.flatnonzero(labels == label))[:each] for label in range(10)]
    return np.sort(np.concatenate(chosen)).astype(np.int32)


def part() -> dict[str, np.ndarray]:
    """Images, labels and the indices they have in the original, for the training and the test set."""
    rng = np.random.default_rng(SEED)
    arrays = {}
    for split, (images, labels) in zip(PER_CLASS, load("fashion_mnist", full=True), strict=True):
        index = balanced(labels, PER_CLASS[split], rng)
        arrays |= {f"x_{split}": images[index], f"y_{split}": labels[index], f"{split}_index": index}
    return arrays


def write(arrays: dict[str, np.ndarray]) -> None:
    """Write an npz file as numpy does, packed by LZMA, a seventh tighter than by zlib; np.load reads it."""
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_LZMA) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as stream:  # dated 1980, so the bytes are the same at every run
                np.lib.format.write_array(stream, array, allow_pickle=False)


if __name__ == "__main__":
    write(part())
    print(f'name = "{TARGET.name}"\nbytes = {TARGET.stat().st_size}\nsha256 = "{sha256(TARGET)}"')
