"""The bootstrap by hand: how much a figure would change with other test examples and other runs (Efron, 1979)."""

import numpy as np

from dlcourse.scratch.inputs import positive


def bootstrap_errors(wrong, draws: int = 1000, seed: int = 0) -> np.ndarray:
    """Mean error at each size, over and over, each time as if test examples and runs had been drawn anew.

    Each draw takes as many examples and as many runs as there are, with repetition, from those that were measured.
    Two learners tested on the same examples get the same draws under the same seed: subtract them draw by draw and
    what their errors have in common falls out.

    wrong: booleans (runs, sizes, m): whether the model of that run and size was wrong about that test example.
    Shapes: -> (draws, sizes), errors between 0 and 1.
    Raises ValueError when `wrong` has another number of axes or no values, or draws is no whole number above 0.
    """
    wrong = np.asarray(wrong, dtype=np.float32)
    if wrong.ndim != 3 or wrong.size == 0:
        raise ValueError(f"wrong must have shape (runs, sizes, m), with a value in it; it has shape {wrong.shape}.")
    draws = int(positive("draws", draws, whole=True))
    runs, sizes, m = wrong.shape
    rng = np.random.default_rng(seed)
    times_drawn = rng.multinomial(m, np.full(m, 1 / m), size=draws)  # (draws, m): how often each example came
    runs_drawn = rng.multinomial(runs, np.full(runs, 1 / runs), size=draws)  # (draws, runs)
    by_run = wrong.reshape(runs * sizes, m) @ times_drawn.T.astype(np.float32) / m  # (runs · sizes, draws)
    return np.einsum("rsd,dr->ds", by_run.reshape(runs, sizes, draws), runs_drawn / runs)
