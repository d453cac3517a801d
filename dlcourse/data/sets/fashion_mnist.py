"""Fashion-MNIST: grey pictures of garments, in ten classes."""

import numpy as np

from dlcourse.data.formats import read_idx, read_npz
from dlcourse.data.store import fetch

PART = "fashion_mnist_part.npz"
FULL = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")

Arrays = tuple[np.ndarray, np.ndarray]


def load(full: bool = False) -> tuple[Arrays, Arrays]:
    """`(x_train, y_train), (x_test, y_test)`, as keras.datasets gives them: images `(m, 28, 28)`, labels `(m,)`, uint8.

    The bundled part has 1,000 training and 200 test images of each class, chosen from the original training and test
    sets; `full` brings all 60,000 and 10,000 (55 MB in the cache). A pixel is 0 (background) to 255.

    Source: Xiao, Rasul, Vollgraf (2017), arXiv:1708.07747.
    """
    if full:
        paths = fetch("fashion_mnist", FULL)
        x_train, y_train, x_test, y_test = (read_idx(paths[name]) for name in FULL)
        return (x_train, y_train), (x_test, y_test)
    part = read_npz(fetch("fashion_mnist", [PART])[PART])
    return (part["x_train"], part["y_train"]), (part["x_test"], part["y_test"])
