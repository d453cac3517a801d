"""Where the weights of a dense layer start: it decides whether signals, and gradients, keep their size on the way.

Each function takes (n_in, n_out, rng, bend), where bend is the name of the activation that follows, and returns
W (n_in, n_out) in float64. Biases start at zero.
"""

import numpy as np

RELU_LIKE = {"relu", "leaky_relu", "parametric_relu", "elu", "swish"}


def zeros(n_in, n_out, rng, bend):
    """All weights 0: units of a layer compute the same, get the same gradient, and never become different."""
    return np.zeros((n_in, n_out))


def small(n_in, n_out, rng, bend):
    """Normal with standard deviation 0.01, the old habit: signals fade from layer to layer."""
    return rng.normal(0, 0.01, (n_in, n_out))


def lecun(n_in, n_out, rng, bend):
    """Normal with variance 1 / n_in: a sum of n_in terms has the size of one (LeCun et al., 1998)."""
    return rng.normal(0, np.sqrt(1 / n_in), (n_in, n_out))


def glorot(n_in, n_out, rng, bend):
    """Normal with variance 2 / (n_in + n_out), between what signals and gradients want (Glorot and Bengio, 2010)."""
    return rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_in, n_out))


def he(n_in, n_out, rng, bend):
    """Normal with variance 2 / n_in: relu lets half of the mean square through (He et al., 2015)."""
    return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))


def matched(n_in, n_out, rng, bend):
    """`he` before relu and its relatives, `lecun` before everything else."""
    return (he if bend in RELU_LIKE else lecun)(n_in, n_out, rng, bend)


ALL = {f.__name__: f for f in (zeros, small, lecun, glorot, he, matched)}


def get(initialisation):
    """The function of a name in `ALL`; a function is given back as it is. Raises ValueError for another name."""
    if callable(initialisation):
        return initialisation
    if initialisation not in ALL:
        raise ValueError(f"initialisation {initialisation!r} is not one of {', '.join(ALL)}.")
    return ALL[initialisation]
