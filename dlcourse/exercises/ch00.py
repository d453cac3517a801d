"""Exercises of chapter 00, start here: a first cost, a first shape, and what a test set must not decide."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def mean_squared_error(predictions, targets):
    """The mean of the squared differences over the m examples."""
    return np.mean((predictions - targets) ** 2)


def shape_of_layer():
    """The shape of X @ W + b, worked out by NumPy."""
    X, W, b = np.zeros((200, 5)), np.zeros((5, 3)), np.zeros(3)
    return (X @ W + b).shape


def standardise(train, test):
    """Columns of the test rows in units of the training rows' standard deviations from the training rows' means."""
    return (test - train.mean(axis=0)) / train.std(axis=0)


def _or_one(deviations):
    return np.where(deviations == 0, 1, deviations)


EXERCISES = [
    Exercise(
        id="00.1",
        title="Mean squared error",
        task=(
            "Write `mean_squared_error(predictions, targets)`: the mean of (prediction - target)² over the m examples. "
            "Both inputs are arrays of shape (m,); the result is one number."
        ),
        solution=mean_squared_error,
        cases=[
            case(np.array([1.0, 2.0, 3.0]), np.array([1.0, 4.0, 6.0])),
            case(np.array([2.0]), np.array([5.0]), note="a single example"),
            *drawn(lambda rng: (rng.normal(size=20), rng.normal(size=20))),
        ],
        mistakes=[
            Mistake(
                lambda p, t: np.sum((p - t) ** 2),
                "This is the sum of the squares: divide it by the number of examples m, or the error grows with m.",
            ),
            Mistake(
                lambda p, t: np.mean(np.abs(p - t)),
                "This is the mean absolute error: square the differences instead of taking their absolute value.",
            ),
            Mistake(
                lambda p, t: np.sqrt(np.mean((p - t) ** 2)),
                "This is the root of the mean squared error: leave the square root out.",
            ),
            Mistake(
                lambda p, t: np.sum((p - t) ** 2) / (2 * len(p)),
                "This is half of it: the factor 1/2 is a convenience of some textbooks' costs; divide by m, not by 2m.",
            ),
            Mistake(
                lambda p, t: np.mean(p - t) ** 2,
                "You average first and square afterwards, so errors of opposite sign cancel: square each one first.",
            ),
            Mistake(
                lambda p, t: np.mean(p - t),
                "The differences are not squared, so those of opposite sign cancel each other.",
            ),
            Mistake(
                lambda p, t: (p - t) ** 2,
                "These are the m squared differences one by one: take their mean, so that one number remains.",
            ),
        ],
        hints=[
            "Three steps: the difference of each pair, its square, the mean of them all.",
            "`predictions - targets` subtracts example by example, without a loop; `** 2` squares each difference.",
            "`np.mean(...)` of those squares is the whole function; do not forget `return`.",
        ],
        why=(
            "Squares make every error count as positive and a large one count for more, and the mean makes the figure "
            "comparable between data sets of different size."
        ),
    ),
    Exercise(
        id="00.2",
        title="The shape of a layer's output",
        task=(
            "200 examples with 5 features each are the rows of X. What is the shape of `X @ W + b`, if W has shape "
            "(5, 3) and b has shape (3,)? Give a tuple such as (1, 2)."
        ),
        kind="predict",
        solution=shape_of_layer,
        mistakes=[
            Mistake((3, 200), "The axes are exchanged: the rows of X are examples, and so are those of the output."),
            Mistake((200, 5), "This is the shape of X: the product replaces the 5 features by the columns of W."),
            Mistake((5, 3), "This is the shape of W: the product has a row for each row of X."),
            Mistake((200, 4), "Adding b adds no column: it is added to each row, value by value."),
            Mistake((3,), "This is the output for one example: X holds 200 of them, one a row."),
            Mistake((200,), "This would be one number an example: W has 3 columns, so each example gets 3."),
        ],
        hints=[
            "In a matrix product (m, n) @ (n, k) the inner two numbers must be equal, and they vanish.",
            "b has as many values as the product has columns; it is added to every row and changes no shape.",
            "Write (200, 5) @ (5, 3) and strike out the two fives.",
        ],
        otherwise="Write the two shapes side by side: the inner lengths must agree and vanish, the outer two remain.",
        why="(200, 5) @ (5, 3) leaves the outer lengths, (200, 3), and b, of shape (3,), is added to each row.",
    ),
    Exercise(
        id="00.3",
        title="Standardise a test set",
        task=(
            "Write `standardise(train, test)`: from each column of `test` subtract the mean of that column in `train`, "
            "and divide by its standard deviation in `train`. Both are arrays with examples in rows; return the new "
            "`test`."
        ),
        solution=standardise,
        cases=[
            case(np.array([[1.0, 10.0], [3.0, 30.0]]), np.array([[2.0, 30.0], [4.0, 10.0], [0.0, 50.0]])),
            *drawn(lambda rng: (rng.normal([1, 100], [2, 30], (40, 2)), rng.normal([0, 130], [3, 20], (10, 2)))),
            case(np.array([[1.0, 5.0], [2.0, 9.0], [4.0, 1.0]]), np.array([[2.0, 5.0]]), note="a single test row"),
        ],
        mistakes=[
            Mistake(
                lambda train, test: (test - test.mean(axis=0)) / _or_one(test.std(axis=0)),
                "You use the test set's own mean and standard deviation: a prediction must not depend on which other "
                "rows are in the test set, so take both from `train`.",
            ),
            Mistake(
                lambda train, test: (test - test.mean(axis=0)) / test.std(axis=0),
                "You use the test set's own statistics, and a single test row has standard deviation 0: take the mean "
                "and the standard deviation from `train`.",
            ),
            Mistake(
                lambda train, test: (test - train.mean()) / train.std(),
                "You take one mean and one standard deviation of the whole array: each column needs its own, `axis=0`.",
            ),
            Mistake(
                lambda train, test: test - train.mean(axis=0),
                "The mean is subtracted, but nothing is divided by the standard deviation.",
            ),
            Mistake(
                lambda train, test: test / train.std(axis=0),
                "It is divided by the standard deviation, but the mean is not subtracted first.",
            ),
            Mistake(
                lambda train, test: test - train.mean(axis=0) / train.std(axis=0),
                "Only the mean is divided: put brackets round the subtraction, `(test - mean) / std`.",
            ),
            Mistake(
                lambda train, test: (test - train.mean(axis=0)) / train.var(axis=0),
                "You divide by the variance: the standard deviation is its square root, `train.std(axis=0)`.",
            ),
            Mistake(
                lambda train, test: (train - train.mean(axis=0)) / train.std(axis=0),
                "You return the training rows: the statistics come from `train`, but the rows to change are `test`'s.",
            ),
            Mistake(
                lambda train, test: (test - train.mean(axis=0)) / train.std(axis=0, ddof=1),
                "You divide by the standard deviation with m - 1 in it (`ddof=1`, as in pandas): use NumPy's own, with "
                "m.",
            ),
        ],
        hints=[
            "The mean and the standard deviation are learned from `train` alone; `test` is only changed by them.",
            "`train.mean(axis=0)` is the mean of each column; `axis=0` runs down the rows.",
            "Subtract the means from `test`, then divide by `train.std(axis=0)`; NumPy does so for every row.",
        ],
        why=(
            "Whatever is estimated, the mean and standard deviation too, is estimated from training rows only: a test "
            "set that takes part in it no longer tells how the model does on rows it has not seen."
        ),
    ),
]
