"""Exercises of chapter 02, learning curves: exponents, a power law and where it leads, how sure one test error is."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def exponents(sizes, errors):
    """The slope of log error over log size, from each size to the next."""
    return np.diff(np.log(errors)) / np.diff(np.log(sizes))


def fit_power_law(sizes, errors):
    """The straight line through the logarithms; its intercept is log a."""
    b, log_a = np.polyfit(np.log(sizes), np.log(errors), 1)
    return np.exp(log_a), b


def standard_error(error, m):
    """The binomial standard deviation of a share among m examples."""
    return np.sqrt(error * (1 - error) / m)


def error_at_10000():
    """The same factor again: 0.36 to 0.24 is 2/3, and 2/3 of 0.24."""
    return 0.24 * (0.24 / 0.36)


def times_more_data():
    """Solve k^(-0.17) = 1/2 for k."""
    return 2 ** (1 / 0.17)


# What the mistakes share.


def _line(sizes, errors, **logs):
    """Polyfit's slope and intercept, with logarithms left out where told."""
    x = np.log(sizes) if logs.get("x", True) else np.asarray(sizes, dtype=float)
    y = np.log(errors) if logs.get("y", True) else np.asarray(errors, dtype=float)
    return np.polyfit(x, y, 1)


def _intercept_kept(sizes, errors):
    b, log_a = _line(sizes, errors)
    return log_a, b


def _swapped(sizes, errors):
    a, b = fit_power_law(sizes, errors)
    return b, a


def _positive_exponent(sizes, errors):
    a, b = fit_power_law(sizes, errors)
    return a, -b


def _ends_only(sizes, errors):
    b = np.log(errors[-1] / errors[0]) / np.log(sizes[-1] / sizes[0])
    return errors[0] / sizes[0] ** b, b


def _only_errors_logged(sizes, errors):
    b, log_a = _line(sizes, errors, x=False)
    return np.exp(log_a), b


def _only_sizes_logged(sizes, errors):
    b, a = _line(sizes, errors, y=False)
    return a, b


def _draw_curve(rng):
    sizes = np.sort(rng.choice(np.arange(50, 20000), 5, replace=False))
    return sizes, (0.9 * sizes**-0.2 * np.exp(rng.normal(0, 0.1, 5))).round(3)


SIZES = np.array([100, 316, 1000, 3162, 10000])
BENDING = np.array([0.36, 0.26, 0.21, 0.18, 0.17])

EXPONENTS = Exercise(
    id="02.1",
    title="A plateau as a number",
    task=(
        "Write `exponents(sizes, errors)`: from each size to the next, the slope of the logarithm of the error over "
        "the logarithm of the size. k sizes give k - 1 exponents; on a plateau they are 0."
    ),
    solution=exponents,
    cases=[
        case(SIZES, BENDING),
        case(np.array([10, 1000]), np.array([0.5, 0.05]), note="two sizes"),
        case(np.array([500, 1000, 4000]), np.array([0.2, 0.2, 0.1]), note="a curve with a level stretch"),
        *drawn(_draw_curve, times=2),
    ],
    mistakes=[
        Mistake(
            lambda sizes, errors: np.diff(errors) / np.diff(sizes),
            "This is the slope between ordinary axes. Take the logarithm of the errors and of the sizes first.",
        ),
        Mistake(
            lambda sizes, errors: np.diff(errors) / np.diff(np.log(sizes)),
            "The errors have to be logarithms as well: an exponent says by which *factor* the error falls.",
        ),
        Mistake(
            lambda sizes, errors: np.diff(np.log(errors)) / np.diff(sizes),
            "The sizes have to be logarithms as well: ten times the data counts as one step wherever it begins.",
        ),
        Mistake(
            lambda sizes, errors: -np.diff(np.log(errors)) / np.diff(np.log(sizes)),
            "The sign is turned: where the error falls, the exponent is negative.",
        ),
        Mistake(
            lambda sizes, errors: np.diff(np.log(sizes)) / np.diff(np.log(errors)),
            "Numerator and denominator are swapped: the slope is change of log error over change of log size.",
        ),
        Mistake(
            lambda sizes, errors: np.diff(np.log(errors)),
            "Divide by the change in log size too, for steps need not be of the same width.",
        ),
    ],
    hints=[
        "A slope is a difference divided by a difference.",
        "`np.diff(v)` gives the differences of neighbours; here v is `np.log(errors)` or `np.log(sizes)`.",
        "`np.diff(np.log(errors))` divided by `np.diff(np.log(sizes))`.",
    ],
    why="If e = a n^b, then log e = log a + b log n: between logarithmic axes the slope is b itself, in any unit.",
)

FIT = Exercise(
    id="02.2",
    title="A power law through all the points",
    task=(
        "Write `fit_power_law(sizes, errors)`: return (a, b) of e = a n^b, by the straight line that fits the "
        "logarithms best (least squares; `np.polyfit` is allowed)."
    ),
    solution=fit_power_law,
    cases=[
        case(np.array([10, 100, 1000]), np.array([0.8, 0.4, 0.2]), note="an exact power law"),
        case(SIZES, BENDING, note="points that lie on no power law"),
        *drawn(_draw_curve, times=3),
    ],
    mistakes=[
        Mistake(
            _intercept_kept, "The first number is log a: the line's intercept. Undo the logarithm of it with `np.exp`."
        ),
        Mistake(_swapped, "Both numbers are right, but in the wrong order: return (a, b)."),
        Mistake(_positive_exponent, "The sign of b is turned: e = a n^b falls when b is negative."),
        Mistake(_ends_only, "This is the law through the first and the last point: use all the points."),
        Mistake(_only_errors_logged, "The sizes need a logarithm too; without it the curve is an exponential."),
        Mistake(_only_sizes_logged, "The errors need a logarithm too; without it e falls by equal amounts."),
    ],
    hints=[
        "Take logarithms on both sides: log e = log a + b log n. Which curve is that?",
        "`np.polyfit(x, y, 1)` returns the slope and the intercept of the best straight line, in this order.",
        "With x = np.log(sizes) and y = np.log(errors), b is the slope and a is `np.exp` of the intercept.",
    ],
    why="The logarithm turns the power law into a straight line, for which least squares has a formula.",
)

STANDARD_ERROR = Exercise(
    id="02.3",
    title="How sure is one test error?",
    task=(
        "Write `standard_error(error, m)`: the standard error of an error (a share between 0 and 1) that was measured "
        "on m test pictures."
    ),
    solution=standard_error,
    cases=[
        case(0.15, 2000),
        case(0.5, 100, note="half of 100"),
        case(np.array([0.02, 0.3]), 10000, note="two errors at once"),
        *drawn(lambda rng: (round(rng.uniform(0.02, 0.4), 3), int(rng.integers(50, 5000))), times=2),
    ],
    mistakes=[
        Mistake(
            lambda error, m: np.sqrt(error * (1 - error)),
            "This is the spread of a single picture (wrong or not). The mean of m pictures varies less: divide by m "
            "inside the root.",
        ),
        Mistake(
            lambda error, m: error * (1 - error) / m,
            "This is the variance: the standard error is its square root.",
        ),
        Mistake(
            lambda error, m: np.sqrt(error * (1 - error)) / m,
            "Variances are divided by m, so standard deviations by √m: m belongs inside the root.",
        ),
        Mistake(
            lambda error, m: np.sqrt(error * (1 - error) * m),
            "This is the spread of the *number* of wrong pictures; divide it by m for that of their share.",
        ),
        Mistake(
            lambda error, m: np.sqrt(error / m),
            "The factor (1 - error) is missing; it hardly matters for small errors, and a great deal near one half.",
        ),
        Mistake(
            lambda error, m: 100 * np.sqrt(error * (1 - error) / m),
            "This is in percentage points; the error came as a share, so leave the 100 out.",
        ),
    ],
    hints=[
        "Each picture is wrong (1) with probability e, or right (0). What is the variance of such a coin?",
        "e (1 - e) for one picture. The variance of a mean of m is m times smaller.",
        "`np.sqrt` of `error * (1 - error) / m`.",
    ],
    why="The number of wrong pictures is binomial with variance m e (1 - e); the share is that number divided by m.",
)

PREDICT = Exercise(
    id="02.4",
    title="The next point of a curve",
    task=(
        "A learner has an error of 0.36 with 100 pictures and of 0.24 with 1,000. If it keeps to a power law, what is "
        "its error with 10,000? Give a number between 0 and 1."
    ),
    kind="predict",
    solution=error_at_10000,
    tolerance=0.015,
    mistakes=[
        Mistake(0.12, "You took off 0.12 once more. A power law multiplies: each tenfold brings the same *factor*."),
        Mistake(0.24, "That would be a plateau: the power law goes on falling."),
        Mistake(0.024, "Ten times the data does not make a tenth of the error: see what it did between 100 and 1,000."),
        Mistake(0.08, "A third is what was *taken off* from 0.36 to 0.24; what is left each time is two thirds."),
        Mistake(16.0, "The task asks for a share between 0 and 1.", when=lambda answer: answer > 1),
        Mistake(0.24 * 0.24, "The factor is not 0.24 but 0.24 / 0.36."),
    ],
    otherwise="By which factor did the error fall when the data became ten times as many? Apply it once more.",
    hints=[
        "100 to 1,000 is a factor of ten, and so is 1,000 to 10,000.",
        "The error was multiplied by 0.24 / 0.36 in the first tenfold.",
        "Two thirds of 0.24.",
    ],
    why="Equal factors in data give equal factors in error: 0.24 · 2/3 = 0.16, if the law holds that far.",
)

HALVE = Exercise(
    id="02.5",
    title="The price of half the error",
    task=(
        "The error of a network falls as n^(-0.17). How many times as many pictures does it need for half the error? "
        "Give the factor."
    ),
    kind="predict",
    solution=times_more_data,
    tolerance=0.05,
    mistakes=[
        Mistake(2.0, "That is the exponent -1: half the error for twice the data. Here the exponent is only -0.17."),
        Mistake(4.0, "That is the exponent -1/2, as for a standard error. Here the exponent is -0.17."),
        Mistake(2**0.17, "This is the factor by which the error falls when the data are doubled; solve for the data."),
        Mistake(
            2**-0.17, "This is what doubling the data leaves of the error; asked is how much data leaves one half."
        ),
        Mistake(1 / 0.17, "This is the exponent of the answer: 2 has to be raised to it."),
        Mistake(0.5 ** (1 / 0.17), "This is the inverse: more data are needed, not less."),
        Mistake(10 ** (1 / 0.17), "This is for a tenth of the error; asked is one half."),
    ],
    otherwise="Write k for the factor and solve k^(-0.17) = 1/2.",
    hints=[
        "k times the data multiplies the error by k^(-0.17).",
        "k^(-0.17) = 1/2 means k^0.17 = 2.",
        "Raise both sides to the power 1 / 0.17.",
    ],
    why="2^(1/0.17) is about 59: improvement by data alone is possible, and it is dear.",
)

EXERCISES = [EXPONENTS, FIT, STANDARD_ERROR, PREDICT, HALVE]
