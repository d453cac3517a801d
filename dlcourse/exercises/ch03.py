"""Exercises of chapter 03, activation functions: tanh without overflow, a slope, dead units, 10 layers, a bias."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def safe_tanh(x):
    """(1 - e^(-2x)) / (1 + e^(-2x)), with an exponent that is never above zero."""
    e = np.exp(-2 * np.abs(x))
    return np.sign(x) * (1 - e) / (1 + e)


def elu_slope(z, a):
    """1 where z > 0, and a e^z where z < 0."""
    return np.where(z > 0, 1.0, a * np.exp(np.minimum(z, 0)))


def count_dead(Z):
    """The number of units (columns) whose weighted sum is at or below zero for every example (row)."""
    return int(np.sum(np.all(Z <= 0, axis=0)))


def share_left():
    """At most a quarter comes through each of the ten slopes."""
    return 0.25**10


def deadly_bias():
    """The first of the biases at which more than half of the 1,000 units are dead."""
    rng = np.random.default_rng(0)
    Z = rng.normal(size=(1000, 10)) @ (np.sqrt(2 / 10) * rng.normal(size=(10, 1000)))
    return next(b for b in (0, -2, -4, -6, -8) if count_dead(Z + b) > 500)


# What the mistakes share.


def _quiet(function):
    """The function with NumPy's warnings of overflow kept to itself."""

    def quiet(*inputs):
        with np.errstate(all="ignore"):
            return function(*inputs)

    return quiet


@_quiet
def _as_printed(x):
    return (1 - np.exp(-2 * x)) / (1 + np.exp(-2 * x))


@_quiet
def _mirrored(x):
    return (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)


@_quiet
def _four_exponentials(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


@_quiet
def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _without_sign(x):
    e = np.exp(-2 * np.abs(x))
    return (1 - e) / (1 + e)


def _factor_left_out(x):
    e = np.exp(-np.abs(x))
    return np.sign(x) * (1 - e) / (1 + e)


def _limits_patched_in(x):
    return np.nan_to_num(_as_printed(x), nan=1.0)


def _not_finite(got, x):
    if np.any(np.isnan(got)) and np.any(np.abs(x) > 300):
        return "A value is NaN for a large |x|: some exponential overflowed. Let every exponent be at or below zero."
    return None


def _draw_sums(rng):
    Z = rng.normal(-1.2, 1, size=(4, 5)).round(1)
    Z[:, 1] = -np.abs(Z[:, 1])
    return (Z,)


SAFE_TANH = Exercise(
    id="03.1",
    title="The report's tanh, for every number",
    task=(
        "Write `safe_tanh(x)`: (1 - e^(-2x)) / (1 + e^(-2x)) for every value of the array x, with `np.exp`, so that it "
        "is right for every number, -1000 and 1000 included."
    ),
    solution=safe_tanh,
    cases=[
        case(np.array([0.3, 1.0, 2.5]), note="positive numbers"),
        case(np.array([-0.3, -1.0, -2.5]), note="negative numbers"),
        case(np.array([-1000.0, 0.0, 1000.0]), note="large numbers"),
        *drawn(lambda rng: (rng.normal(0, 2, size=4).round(2),), times=2),
    ],
    mistakes=[
        Mistake(
            _as_printed,
            "At x = -1000 this is NaN: e^(2000) overflows to infinity above and below the bar. Use an exponent that is "
            "never above zero, such as `-2 * np.abs(x)`, and give the result the sign of x.",
        ),
        Mistake(
            _mirrored,
            "Now it is x = 1000 that overflows. Only an exponent that is never above zero, such as `-2 * np.abs(x)`, "
            "serves both ends.",
        ),
        Mistake(
            _four_exponentials,
            "This is tanh too, but e^x or e^(-x) overflows at both ends; use the exponent `-2 * np.abs(x)`.",
        ),
        Mistake(
            _without_sign, "This is |tanh x|: for negative x the result must be negative, so multiply by the sign."
        ),
        Mistake(
            _factor_left_out, "This is tanh(x / 2): the factor 2 in the exponent is missing, e^(-2|x|), not e^(-|x|)."
        ),
        Mistake(_sigmoid, "This is the sigmoid, between 0 and 1; tanh(x) = 2 σ(2x) - 1 lies between -1 and 1."),
        Mistake(
            _limits_patched_in,
            "NaN is replaced by 1, and it came from x = -1000, where the limit is -1. Keep the exponential from "
            "overflowing instead of mending what comes of it.",
        ),
    ],
    properties=[_not_finite],
    hints=[
        "e^u overflows for u above 709. Which u can be had that is never above 0?",
        "tanh is odd: tanh(-x) = -tanh(x). So |x| and the sign of x can be treated one after the other.",
        "`e = np.exp(-2 * np.abs(x))`, then (1 - e) / (1 + e), times `np.sign(x)`.",
    ],
    why="The exponent -2|x| is never above 0, so the exponential lies between 0 and 1 and cannot overflow.",
)

ELU_SLOPE = Exercise(
    id="03.2",
    title="The slope of the exponential linear unit",
    task=(
        "Write `elu_slope(z, a)`: the derivative of f(z) = z for z > 0 and a (e^z - 1) for z < 0, at every "
        "value of the array z."
    ),
    solution=elu_slope,
    cases=[
        case(np.array([-2.0, -0.5, 0.5, 3.0]), 1.0),
        case(np.array([-2.0, -0.5, 0.5, 3.0]), 0.4, note="another a"),
        *drawn(lambda rng: (rng.normal(0, 2, size=5).round(2), round(rng.uniform(0.2, 2), 2)), times=3),
    ],
    mistakes=[
        Mistake(
            lambda z, a: (z > 0).astype(float), "This is the slope of ReLU: below zero an ELU has the slope a e^z."
        ),
        Mistake(
            lambda z, a: np.where(z > 0, 1.0, a), "This is the slope of a leaky ReLU: a has to be multiplied by e^z."
        ),
        Mistake(
            lambda z, a: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0))),
            "Below zero the factor a is missing: the derivative of a (e^z - 1) is a e^z.",
        ),
        Mistake(
            lambda z, a: np.where(z > 0, 1.0, a * (np.exp(np.minimum(z, 0)) - 1)),
            "Below zero this is the function itself: the constant -1 has the derivative 0 and goes away.",
        ),
        Mistake(
            lambda z, a: np.where(z > 0, z, a * np.exp(np.minimum(z, 0))),
            "Above zero this gives z, which is the function; its slope there is 1.",
        ),
        Mistake(lambda z, a: a * np.exp(z), "a e^z is right below zero; above zero the function is z and its slope 1."),
        Mistake(
            lambda z, a: np.where(z < 0, 1.0, a * np.exp(z)), "The two sides are swapped: the slope is 1 where z > 0."
        ),
    ],
    hints=[
        "Two formulas, one for each side of zero; differentiate each.",
        "`np.where(z > 0, …, …)` chooses between them, value by value.",
        "Above zero 1; below zero the derivative of a e^z - a, which is a e^z.",
    ],
    why="Left of zero the slope a e^z is f(z) + a: it fades slowly, so that a unit which is off can still learn.",
)

DEAD = Exercise(
    id="03.3",
    title="Counting dead units",
    task=(
        "Write `count_dead(Z)`: Z (m, units) holds the weighted sums of a layer of ReLU units, a row for each example. "
        "Return how many units are dead: those whose slope is 0 for every example."
    ),
    solution=count_dead,
    cases=[
        case(np.array([[-1.0, 0.5, -2.0], [-0.3, -1.0, -0.1]])),
        case(
            np.array([[-1.0, 0.0, 2.0, -1.0], [-0.3, 0.0, 1.0, -3.0], [-1.0, -0.5, 1.0, 0.1]]), note="sums of exactly 0"
        ),
        case(np.array([[0.2, -1.0], [-3.0, 4.0], [-0.1, -0.2]]), note="a layer without a dead unit"),
        case(np.array([[-0.2, -1.0, -0.1], [1.0, 4.0, 2.0]]), note="an example that nothing responds to"),
        *drawn(_draw_sums, times=3),
    ],
    mistakes=[
        Mistake(
            lambda Z: int(np.sum(np.all(Z <= 0, axis=1))),
            "You counted examples (rows) to which no unit responds: ask along axis 0, over the examples of each unit.",
        ),
        Mistake(
            lambda Z: int(np.sum(np.any(Z <= 0, axis=0))),
            "One silent example is not enough: a unit is dead when it is silent for *all* examples, `np.all`.",
        ),
        Mistake(
            lambda Z: int(np.sum(np.all(Z < 0, axis=0))),
            "A sum of exactly 0 is silent too: the slope used there is 0, so compare with `<=`.",
        ),
        Mistake(
            lambda Z: int(np.sum(Z <= 0)),
            "You counted single values: ask for each unit whether all its values are at or below zero, then count "
            "the units.",
        ),
        Mistake(
            lambda Z: float(np.mean(np.all(Z <= 0, axis=0))), "This is the share of dead units; asked is their number."
        ),
        Mistake(
            lambda Z: int(np.sum(np.any(Z > 0, axis=0))),
            "This counts the units that are alive; the others are asked for.",
        ),
        Mistake(
            lambda Z: int(np.sum(Z.mean(axis=0) <= 0)),
            "A mean below zero does not make a unit dead: a single positive sum keeps it learning.",
        ),
    ],
    hints=[
        "A unit is a column of Z. What must hold for every value in it?",
        "`np.all(condition, axis=0)` says for each column whether the condition holds in all its rows.",
        "`np.sum` of an array of True and False counts the True.",
    ],
    why="Each example adds to the gradient of a unit in proportion to its slope; when all the slopes are 0, so is "
    "the sum.",
)

TEN_LAYERS = Exercise(
    id="03.4",
    title="What ten sigmoid layers leave",
    task=(
        "A gradient goes down through ten sigmoid layers whose weights keep its length. Which share of it is left at "
        "most? Give a number, such as 0.5 or 1e-3."
    ),
    kind="predict",
    solution=share_left,
    tolerance=0.06,
    mistakes=[
        Mistake(0.5**10, "That would be a slope of 1/2: σ itself is 1/2 at 0, its slope there is 1/2 · (1 - 1/2)."),
        Mistake(0.25, "That is one layer: every one of the ten takes its own factor."),
        Mistake(0.025, "The factors are multiplied, not added up: ten layers are a tenth power."),
        Mistake(2.5, "A share is at most 1. The ten factors are multiplied, not added."),
        Mistake(0.25**9, "That is nine layers: there is a sigmoid in each of the ten."),
        Mistake(4.0**10, "That is by how much it shrinks; asked is what is left, its inverse."),
        Mistake(
            1.0, "Weights that keep its length are not all: the slope of the sigmoid stands in every layer as well."
        ),
    ],
    hints=[
        "How steep is the sigmoid where it is steepest? Its slope is σ(z) (1 - σ(z)).",
        "σ(0) = 1/2, so the slope is at most 1/4, in every layer.",
        "0.25 to the power of the number of layers.",
    ],
    otherwise="Find the largest slope the sigmoid has, and multiply: one factor for each layer.",
    why="The slope is at most 1/4, and 0.25¹⁰ is 0.00000095: about a millionth reaches the first layer.",
)

BIAS = Exercise(
    id="03.5",
    title="The bias that kills",
    task=(
        "1,000 ReLU units see 1,000 examples of 10 features, all standard normal. Their weights are normal with a "
        "variance of 2/10, and all units have the same bias: 0, -2, -4, -6 or -8. Coming from 0, at which of these are "
        "more than half of the units dead for the first time? Guess, then count."
    ),
    kind="investigate",
    solution=deadly_bias,
    mistakes=[
        Mistake(0, "At 0 half of the *sums* are below zero. A dead unit is one for which all 1,000 of them are."),
        Mistake(-2, "At -2 a unit is silent for most examples, but hardly one for all of them: dead means never."),
        Mistake(-4, "Near. Of 1,000 sums the largest lies more than three standard deviations up: count again."),
        Mistake(-8, "At -8 nearly all are dead. More than half are so at a smaller one."),
        Mistake(
            6, "A positive bias lifts the sums and revives units; the sign is wrong.", when=lambda answer: answer > 0
        ),
    ],
    otherwise="One of the five biases is asked for, such as -2.",
    hints=[
        "Draw `X` of shape (1000, 10) and `W` of shape (10, 1000); the weighted sums are `X @ W + b`.",
        "Your function of 03.3 counts the dead ones: `count_dead(X @ W + b)`.",
        "Multiply standard normal weights by `np.sqrt(2 / 10)` and try the five biases in a loop.",
    ],
    why=(
        "A sum has a standard deviation of about 1.4, and the largest of 1,000 reaches 3.2 of those: about 4.6. One "
        "step that is too long, of 6 in the bias, and the unit never answers again."
    ),
)

EXERCISES = [SAFE_TANH, ELU_SLOPE, DEAD, TEN_LAYERS, BIAS]
