"""Exercises of chapter 16, backpropagation through time: a step back, radius, lags, clipping, windows."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def step_back(dh, h, U):
    """The gradient at h⟨t−1⟩ from that at h⟨t⟩ = tanh(… + h⟨t−1⟩ U): the slope of tanh, then U, transposed."""
    return (dh * (1 - h**2)) @ U.T


def spectral_radius(U):
    """The largest absolute value among the eigenvalues."""
    return np.abs(np.linalg.eigvals(U)).max()


def lag_until(radius, share):
    """After how many steps a linear network of this radius, below 1, has less than this share of the gradient left."""
    return int(np.floor(np.log(share) / np.log(radius))) + 1


def clip(gradients, limit):
    """All gradients times one factor, so that together they are no longer than the limit."""
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    return [g * min(1, limit / norm) for g in gradients]


def numbers_kept(batch, window, units):
    """How many numbers of states backpropagation keeps: those of the window, and the one before it."""
    return batch * (window + 1) * units


def _three(rng):
    h = np.tanh(rng.normal(size=(3, 4)))
    return rng.normal(size=(3, 4)), h, rng.normal(size=(4, 4))


def _rotation(radius, angle=2.0):
    c, s = radius * np.cos(angle), radius * np.sin(angle)
    return np.array([[c, -s], [s, c]])


EXERCISES = [
    Exercise(
        id="16.1",
        title="One step back",
        task=(
            "Write `step_back(dh, h, U)`: dh (batch, units) is the gradient at h⟨t⟩ = tanh(x⟨t⟩ W + h⟨t−1⟩ U + b), and "
            "h is h⟨t⟩ itself. Return the gradient at h⟨t−1⟩. Examples stand in rows."
        ),
        solution=step_back,
        cases=[*drawn(_three)],
        mistakes=[
            Mistake(
                lambda dh, h, U: (dh * (1 - h**2)) @ U, "Forward h is multiplied by U; on the way back by U transposed."
            ),
            Mistake(lambda dh, h, U: dh @ U.T, "The slope of tanh is missing: it is 1 - h²."),
            Mistake(
                lambda dh, h, U: (dh * (1 - np.tanh(h) ** 2)) @ U.T,
                "h is already tanh of the weighted sum: its slope there is 1 - h², without another tanh.",
            ),
            Mistake(
                lambda dh, h, U: (dh @ U.T) * (1 - h**2),
                "The order: h⟨t⟩ is tanh of the sum, so the slope comes first on the way back, and U after it.",
            ),
        ],
        hints=[
            "Two links of the chain: from h⟨t⟩ to the weighted sum, and from the sum to h⟨t−1⟩.",
            "The slope of tanh, written with its value h, is 1 - h².",
            "`(dh * (1 - h**2)) @ U.T`.",
        ],
        why="Everything in this chapter is this line, repeated: its factor, taken to the power of the lag, decides.",
    ),
    Exercise(
        id="16.2",
        title="The spectral radius",
        task="Write `spectral_radius(U)`: the largest absolute value among the eigenvalues of the square matrix U.",
        solution=spectral_radius,
        cases=[
            case(_rotation(0.9), note="a rotation: complex eigenvalues"),
            case(np.array([[0.5, 4.0], [0.0, -0.8]]), note="far from symmetric"),
            *drawn(lambda rng: (rng.normal(size=(5, 5)),)),
        ],
        mistakes=[
            Mistake(
                lambda U: np.linalg.norm(U, 2),
                "This is the largest singular value: what one step can do at most. Over many steps eigenvalues decide.",
            ),
            Mistake(
                lambda U: np.linalg.eigvals(U).real.max(),
                "Eigenvalues may be negative or complex: take their absolute values.",
            ),
            Mistake(
                lambda U: np.abs(np.linalg.det(U)), "This is the product of all eigenvalues: the largest is asked for."
            ),
            Mistake(lambda U: np.abs(np.trace(U)), "This is the sum of the eigenvalues: the largest is asked for."),
            Mistake(np.linalg.norm, "This is the Frobenius norm, from all entries; eigenvalues are asked for."),
        ],
        hints=[
            "`np.linalg.eigvals(U)` has all eigenvalues.",
            "They may be complex; `np.abs` gives the length of a complex number.",
            "`np.abs(np.linalg.eigvals(U)).max()`.",
        ],
        why="Multiply by U often enough, and only the direction of the largest eigenvalue is left, times its power.",
    ),
    Exercise(
        id="16.3",
        title="How long is a signal heard?",
        task=(
            "Write `lag_until(radius, share)`: in a linear network the gradient at lag k is radius^k of what it is at "
            "lag 0. For a radius below 1, after how many whole steps is LESS than `share` of it left?"
        ),
        solution=lag_until,
        cases=[case(0.9, 0.01), case(0.5, 0.25, note="exactly share is not less"), case(0.99, 0.001), case(0.8, 0.5)],
        mistakes=[
            Mistake(
                lambda radius, share: int(np.ceil(np.log(share) / np.log(radius))),
                "Nearly: where radius^k is exactly share, it is not yet less; one more step is needed.",
            ),
            Mistake(
                lambda radius, share: np.log(share) / np.log(radius) + 1,
                "Steps are whole: the first whole number at which radius^k is below share.",
            ),
            Mistake(
                lambda radius, share: int(np.floor(np.log(radius) / np.log(share))) + 1,
                "The other way round: radius^k < share means k > log(share) / log(radius).",
            ),
            Mistake(
                lambda radius, share: int(np.floor((1 - share) / (1 - radius))) + 1,
                "You take off the same amount at each step: the gradient is multiplied at each, radius^k.",
            ),
        ],
        hints=[
            "radius^k < share: take logarithms, and mind that log(radius) is negative.",
            "k > log(share) / log(radius); the smallest such whole number.",
            "`int(np.floor(np.log(share) / np.log(radius))) + 1`.",
        ],
        why="The horizon is 1 / (1 - radius) steps or so: at 0.9 ten, at 0.99 a hundred, and a few times that to 1 %.",
    ),
    Exercise(
        id="16.4",
        title="Clip a gradient",
        task=(
            "Write `clip(gradients, limit)`: a list of arrays, which together form one long vector. If that is longer "
            "than `limit`, shorten it to the limit without changing its direction; otherwise return the list as it is."
        ),
        solution=clip,
        cases=[
            case([np.array([3.0, 4.0]), np.array([[12.0]])], 1.0),
            case([np.array([0.3, 0.1]), np.array([[0.2]])], 1.0, note="short enough"),
            *drawn(lambda rng: ([rng.normal(size=3), 5 * rng.normal(size=(2, 2))], 2.0)),
        ],
        mistakes=[
            Mistake(
                lambda gradients, limit: [np.clip(g, -limit, limit) for g in gradients],
                "Every number is clipped for itself: that changes the direction. Multiply all by one factor.",
            ),
            Mistake(
                lambda gradients, limit: [g * min(1, limit / np.sqrt(np.sum(g**2))) for g in gradients],
                "Each array has its own factor: together they are one gradient, so one norm and one factor for all.",
            ),
            Mistake(
                lambda gradients, limit: [g * limit / np.sqrt(sum(np.sum(a**2) for a in gradients)) for g in gradients],
                "A short gradient is made longer: only those above the limit are touched.",
            ),
            Mistake(
                lambda gradients, limit: [g * min(1, limit / sum(np.sum(a**2) for a in gradients)) for g in gradients],
                "The square root is missing: the norm is the root of the sum of squares.",
            ),
        ],
        hints=[
            "One norm over all arrays: the root of the sum of all squares.",
            "The factor is limit / norm, and never above 1.",
            "`[g * min(1, limit / norm) for g in gradients]`.",
        ],
        why="The direction of a huge gradient is still downhill; only its length lies about how far.",
    ),
    Exercise(
        id="16.5",
        title="What must be kept",
        task=(
            "Write `numbers_kept(batch, window, units)`: how many numbers backpropagation needs of the states when it "
            "goes back `window` steps: h of each of these steps, and h before the first."
        ),
        solution=numbers_kept,
        cases=[case(32, 10, 24), case(1, 1, 8), case(64, 1000, 128, note="no truncation, a long sequence")],
        mistakes=[
            Mistake(
                lambda batch, window, units: batch * window * units,
                "The state before the first step is missing: its product with the gradient is part of dU.",
            ),
            Mistake(
                lambda batch, window, units: (window + 1) * units, "Each sequence of the batch has its own states."
            ),
            Mistake(
                lambda batch, window, units: batch * (window + 1) * units**2,
                "A state has `units` numbers; U has units², but it is the same at every step.",
            ),
        ],
        hints=["States: one a step, and one before.", "Each is (batch, units).", "`batch * (window + 1) * units`."],
        why="Memory grows with the window, not with the sequence: that is what truncation is for.",
    ),
    Exercise(
        id="16.6",
        kind="predict",
        title="The scalar network, on paper",
        task=(
            "One unit without bias, h⟨t⟩ = u h⟨t−1⟩ + x⟨t⟩, u = 1.1. Give two numbers: ∂h⟨50⟩/∂h⟨0⟩, and by what "
            "factor it changes when u is doubled."
        ),
        solution=(1.1**50, 2.0**50),
        mistakes=[
            Mistake((1.1 * 50, 2.0), "The factor u comes in at every step: u · u · … · u, fifty times, is a power."),
            Mistake((1.1**49, 2.0**49), "One too few: from h⟨0⟩ to h⟨50⟩ there are fifty steps."),
            Mistake((1.1**50, 2.0), "Doubled at every step: the factor is 2 · 2 · … · 2, fifty times."),
            Mistake((1.1**50, 2.2**50), "This is the new derivative, not by what factor it has changed."),
        ],
        tolerance=1e-3,
        hints=["∂h⟨t⟩/∂h⟨t−1⟩ = u at every step.", "Chain rule: u to the power of the lag.", "(1.1 ** 50, 2.0 ** 50)."],
        why="Exponential in the lag; in the weight it is a power, whose exponent is the lag.",
    ),
]
