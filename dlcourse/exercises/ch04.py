"""Exercises of chapter 04, logistic regression: odds, the cost, its gradient, checking it, the longest safe step."""

import numpy as np

from dlcourse.exercises.definition import Exercise, Mistake, case, drawn


def probability_after():
    """Probability 0.8 to odds, times e^(0.5 · 2), and back to a probability."""
    odds = 0.8 / (1 - 0.8) * np.exp(0.5 * 2)
    return odds / (1 + odds)


def cost_from_logits(z, y):
    """The mean of log(1 + e^z) - y z: the logistic cost, without ever forming a probability."""
    return np.mean(np.logaddexp(0, z) - y * z)


def logistic_gradient(w, b, X, y):
    """The slopes of the logistic cost in w, (n,), and in b."""
    error = 1 / (1 + np.exp(-(X @ w + b))) - y
    return X.T @ error / len(y), np.mean(error)


def numeric_gradient(f, theta, eps):
    """Central differences of f, one component of theta at a time."""
    slopes = np.zeros(len(theta))
    for j in range(len(theta)):
        step = np.zeros(len(theta))
        step[j] = eps
        slopes[j] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return slopes


def longest_safe_step(X):
    """2/L, where L is the largest eigenvalue of A.T A / (4 m) and A is X with a column of ones."""
    A = np.column_stack([X, np.ones(len(X))])
    return 8 * len(X) / np.linalg.eigvalsh(A.T @ A)[-1]


# What the mistakes share.


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _naive_cost(z, y):
    y_hat = _sigmoid(z)
    with np.errstate(all="ignore"):
        return -np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


def _clipped_cost(z, y):
    y_hat = np.clip(_sigmoid(z), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


def _too_cheap(got, z, y):
    """Whatever the limit at which probabilities are clipped, confident mistakes become too cheap."""
    if np.isfinite(got) and np.max(np.abs(z)) > 100 and got < 0.9 * cost_from_logits(z, y):
        return "A confident mistake is too cheap here, as if the probability were clipped: at z = 800 it costs 800."
    return None


def _with_shapes(answer, w, b, X, y):
    """Call the answer; a product that does not fit is told in the exercise's own shapes."""
    try:
        return answer(w, b, X, y)
    except ValueError as error:
        if "matmul" in str(error) or "not aligned" in str(error):
            error.args = ("shapes do not fit: X is (m, n), w (n,) and the error (m,), so it is X @ w and X.T @ error",)
        raise


def _one_sided(f, theta, eps):
    return np.array([(f(theta + eps * e) - f(theta)) / eps for e in np.eye(len(theta))])


def _all_at_once(f, theta, eps):
    return np.full(len(theta), (f(theta + eps) - f(theta - eps)) / (2 * eps))


def _keeps_the_step(f, theta, eps):
    theta, slopes = np.array(theta), np.zeros(len(theta))
    for j in range(len(theta)):
        theta[j] += eps
        there = f(theta)
        theta[j] -= 2 * eps
        slopes[j] = (there - f(theta)) / (2 * eps)
    return slopes


def _top(X, ones=True):
    A = np.column_stack([X, np.ones(len(X))]) if ones else X
    return np.linalg.eigvalsh(A.T @ A)[-1]


def _examples(rng):
    X = rng.normal(size=(8, 3))
    return rng.normal(size=3), rng.normal(), X, (rng.random(8) < 0.6).astype(float)


def _bowl(theta):
    return np.sum(np.array([1.0, 2.0, -3.0])[: len(theta)] * theta**2) + theta[0] * theta[-1]


def _ripples(theta):
    return np.sum(np.sin(theta) * np.arange(1, len(theta) + 1)) + np.exp(0.3 * theta[0])


EXERCISES = [
    Exercise(
        id="04.1",
        title="What a weight does to a probability",
        task=(
            "A model gives a garment P(coat) = 0.8. Its feature with the weight w = 0.5 then grows by 2, the others "
            "stay. What is P(coat) now? Give a number, to two digits at least."
        ),
        kind="predict",
        solution=probability_after,
        tolerance=0.006,
        mistakes=[
            Mistake(1.8, "A probability cannot exceed 1: the weight is added to the log-odds, not to the probability."),
            Mistake(
                0.8 * np.e, "A probability cannot exceed 1: it is the odds that are multiplied by e^(0.5 · 2), not P."
            ),
            Mistake(np.e * 4, "These are the new odds; turn them back into a probability, odds / (1 + odds)."),
            Mistake(
                _sigmoid(1.0),
                "This is σ(0.5 · 2), as if the log-odds had been 0 before; at P = 0.8 they were log 4.",
            ),
            Mistake(_sigmoid(0.8 + 1), "You took 0.8 for the log-odds; it is the probability, its log-odds are log 4."),
            Mistake(
                _sigmoid(np.log(4) + 0.5),
                "The feature grows by 2, so the log-odds grow by 0.5 · 2 = 1, not by the weight alone.",
            ),
            Mistake(
                _sigmoid(np.log(4) - 1), "You went the wrong way: the weight is positive, so the probability rises."
            ),
        ],
        hints=[
            "Only one of the three, probability, odds, log-odds, changes by adding w times the change of the feature.",
            "P = 0.8 is odds of 4 to 1. The odds are multiplied by e^(w · 2).",
            "The new odds are 4 · e = 10.87; the probability is odds / (1 + odds).",
        ],
        otherwise="Go from the probability to the odds, multiply them by e^(0.5 · 2), and go back.",
        why="odds 4 become 4 e = 10.9, and 10.9 / 11.9 = 0.92: near the ends the same weight moves P less than at 0.5.",
    ),
    Exercise(
        id="04.2",
        title="The cost, from z",
        task=(
            "Write `cost_from_z(z, y)`: the logistic cost, a mean over m examples, from weighted sums z (m,) and the "
            "labels y (m,) of 0 and 1. It must be finite and right for z = 800 and z = -800 too."
        ),
        solution=cost_from_logits,
        cases=[
            case(np.array([0.0, 2.0, -1.0]), np.array([1.0, 1.0, 0.0])),
            *drawn(lambda rng: (rng.normal(0, 2, 6), (rng.random(6) < 0.5).astype(float))),
            case(np.array([800.0, -800.0, 3.0]), np.array([0.0, 1.0, 1.0]), note="confident mistakes"),
        ],
        mistakes=[
            Mistake(
                _naive_cost,
                "The formula is right, but not on a computer: for a confident mistake the sigmoid rounds to 0 or 1 and "
                "its logarithm is infinite; compute each term from z, as log(1 + e^z) - y z.",
            ),
            Mistake(
                _clipped_cost,
                "Clipping keeps it finite but makes a confident mistake too cheap: at z = 800 the cost is 800, not 16.",
            ),
            Mistake(
                lambda z, y: np.sum(np.logaddexp(0, z) - y * z),
                "This is the sum over the examples: divide by m, or the best learning rate changes with m.",
            ),
            Mistake(
                lambda z, y: -np.mean(np.logaddexp(0, z) - y * z),
                "The sign is wrong: a logarithm of a probability is negative, and the minus makes a cost of it.",
            ),
            Mistake(
                lambda z, y: np.mean(np.logaddexp(0, z) + y * z),
                "The sign of y z is wrong: a large z must be cheap where y = 1.",
            ),
            Mistake(
                lambda z, y: np.mean(y * np.logaddexp(0, -z)),
                "The examples of class 0 cost nothing here: the term (1 - y) log(1 - ŷ) is missing.",
            ),
            Mistake(
                lambda z, y: np.mean(np.logaddexp(0, -z) + y * z),
                "The two classes are exchanged: this is the cost if the label were 1 - y.",
            ),
            Mistake(
                lambda z, y: np.mean((_sigmoid(z) - y) ** 2),
                "This is the squared error of the probabilities; the logistic cost takes their logarithms.",
            ),
            Mistake(
                lambda z, y: np.mean(np.logaddexp(0, z) - y * z) / np.log(2),
                "This is in bits, with logarithms to base 2: the cost of this chapter takes natural logarithms.",
            ),
            Mistake(
                lambda z, y: np.logaddexp(0, z) - y * z,
                "These are the m terms one by one: take their mean, so that one number remains.",
            ),
        ],
        properties=[_too_cheap],
        hints=[
            "Put ŷ = 1 / (1 + e^(-z)) into -[y log ŷ + (1 - y) log(1 - ŷ)] and simplify on paper.",
            "What comes out is log(1 + e^z) - y z; only e^z can still overflow.",
            "`np.logaddexp(0, z)` is log(e^0 + e^z) without overflow; take `np.mean` of all the terms.",
        ],
        why=(
            "Computed from z, no probability is rounded to 0 or 1 before its logarithm is taken; frameworks' losses "
            "`from_logits` do the same."
        ),
    ),
    Exercise(
        id="04.3",
        title="The gradient",
        task=(
            "Write `logistic_gradient(w, b, X, y)`: slopes of the logistic cost in w, an array (n,), and in b. "
            "The latter is a number. X is (m, n), y is (m,). Return both, separated by a comma."
        ),
        solution=logistic_gradient,
        call=_with_shapes,
        cases=[
            case(
                np.array([0.5, -1.0]), 0.2, np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 1.5]]), np.array([1.0, 0.0, 0.0])
            ),
            *drawn(_examples),
        ],
        mistakes=[
            Mistake(
                lambda w, b, X, y: (-X.T @ (_sigmoid(X @ w + b) - y) / len(y), -np.mean(_sigmoid(X @ w + b) - y)),
                "The sign is wrong, so descent would climb: the error is prediction minus label, ŷ - y.",
            ),
            Mistake(
                lambda w, b, X, y: (X.T @ (_sigmoid(X @ w + b) - y), np.sum(_sigmoid(X @ w + b) - y)),
                "The division by m is missing: J is the mean over the examples, so its slopes are means too.",
            ),
            Mistake(
                lambda w, b, X, y: (X.T @ (_sigmoid(X @ w + b) - y) / len(y), np.sum(_sigmoid(X @ w + b) - y)),
                "The slope in w is right; the one in b is still a sum: divide it by m as well.",
            ),
            Mistake(
                lambda w, b, X, y: (X.T @ (_sigmoid(X @ w + b) - y), np.mean(_sigmoid(X @ w + b) - y)),
                "The slope in b is right; the one in w is still a sum: divide it by m as well.",
            ),
            Mistake(
                lambda w, b, X, y: (X.T @ (X @ w + b - y) / len(y), np.mean(X @ w + b - y)),
                "You compare y with z, not with ŷ = σ(z): this is the gradient of a straight line's squared error.",
            ),
            Mistake(
                lambda w, b, X, y: (X.T @ (_sigmoid(X @ w) - y) / len(y), np.mean(_sigmoid(X @ w) - y)),
                "The bias is missing from z: it is X w + b.",
            ),
            Mistake(
                lambda w, b, X, y: (
                    X.T @ ((_sigmoid(X @ w + b) - y) * _sigmoid(X @ w + b) * (1 - _sigmoid(X @ w + b))) / len(y),
                    np.mean((_sigmoid(X @ w + b) - y) * _sigmoid(X @ w + b) * (1 - _sigmoid(X @ w + b))),
                ),
                "There is a factor σ'(z) too many: in the logistic cost it cancels, in the squared error it does not.",
            ),
            Mistake(
                lambda w, b, X, y: (
                    np.mean(X) * (_sigmoid(X @ w + b) - y).mean() * np.ones(len(w)),
                    np.mean(_sigmoid(X @ w + b) - y),
                ),
                "Each weight has its own slope: multiply the error of each example by its own features, `X.T @ error`.",
            ),
            Mistake(
                lambda w, b, X, y: X.T @ (_sigmoid(X @ w + b) - y) / len(y),
                "Only the slope in w is returned: the one in b, the mean of ŷ - y, is wanted as well.",
            ),
        ],
        hints=[
            "First z = X w + b, then ŷ = σ(z), then the error ŷ - y, of shape (m,).",
            "`X.T @ error` sums the features of all examples, each times its own error: shape (n,).",
            "Return `X.T @ error / len(y), error.mean()`.",
        ],
        why="The slope of each term in z is ŷ - y, and z changes by x_j for w_j and by 1 for b; the mean divides by m.",
    ),
    Exercise(
        id="04.4",
        title="Ask the function",
        task=(
            "Write `numeric_gradient(f, theta, eps)`: for each component j of theta (n,) the central difference "
            "(f(theta with theta_j + eps) - f(theta with theta_j - eps)) / (2 eps), as an array (n,). "
            "Leave theta as it was."
        ),
        solution=numeric_gradient,
        cases=[
            case(_bowl, np.array([1.0, -2.0, 0.5]), 0.01),
            case(_ripples, np.array([0.3, 1.2, -0.7, 2.0]), 0.1, note="a large eps"),
            case(_ripples, np.array([1.5]), 0.05, note="one component"),
            *drawn(lambda rng: (_ripples, rng.normal(size=5), 0.1), times=2),
        ],
        mistakes=[
            Mistake(
                _one_sided,
                "This is the one-sided difference: its error shrinks as eps, that of the central one as eps².",
            ),
            Mistake(
                lambda f, theta, eps: 2 * numeric_gradient(f, theta, eps),
                "You divide by eps, but the two points are 2 eps apart.",
            ),
            Mistake(
                lambda f, theta, eps: -numeric_gradient(f, theta, eps),
                "The sign is wrong: subtract f at theta_j - eps from f at theta_j + eps.",
            ),
            Mistake(
                _all_at_once,
                "You move all components at once, which mixes their slopes: move one and leave the others.",
            ),
            Mistake(
                _keeps_the_step,
                "A component stays at its moved place while the next is measured: put it back before you go on.",
            ),
            Mistake(
                lambda f, theta, eps: 2 * eps * numeric_gradient(f, theta, eps),
                "This is the difference of the two values: divide it by 2 eps.",
            ),
        ],
        hints=[
            "A loop over j; in each round two values of f.",
            "Make a vector of zeros with eps at place j; `theta + step` is a new array and leaves theta alone.",
            "`(f(theta + step) - f(theta - step)) / (2 * eps)` goes into place j of the result.",
        ],
        why=(
            "It knows nothing of the formula, so it cannot share its mistakes; it costs two values of f a component, "
            "which is why it checks gradients and does not replace them."
        ),
    ),
    Exercise(
        id="04.5",
        title="The longest safe step",
        task=(
            "Write `longest_safe_step(X)`: 2/L for logistic regression with a bias on the features X (m, n). L is "
            "the largest eigenvalue of A.T @ A / (4 m) and A is X with a column of ones."
        ),
        solution=longest_safe_step,
        cases=[
            case(np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 1.5]])),
            case(np.array([[0.0], [3.0]]), note="one feature"),
            *drawn(lambda rng: (rng.normal(1, 2, (7, 3)),)),
        ],
        mistakes=[
            Mistake(
                lambda X: 8 * len(X) / _top(X, ones=False),
                "The column of ones is missing: the bias is a parameter too, and it curves the cost.",
            ),
            Mistake(lambda X: 4 * len(X) / _top(X), "This is 1/L, the usual choice; the edge of the guarantee is 2/L."),
            Mistake(lambda X: _top(X) / (4 * len(X)), "This is L itself: the longest safe step is 2/L."),
            Mistake(
                lambda X: 2 * len(X) / _top(X),
                "The 4 is missing, as for squared error: the sigmoid's slope ŷ(1 - ŷ) is never above 1/4.",
            ),
            Mistake(
                lambda X: 8 / _top(X),
                "The division by m is missing: the cost is a mean over the examples, and so is its curvature.",
            ),
            Mistake(
                lambda X: (
                    8
                    * len(X)
                    / np.linalg.eigvalsh(
                        np.column_stack([X, np.ones(len(X))]).T @ np.column_stack([X, np.ones(len(X))])
                    )[0]
                ),
                "You took the smallest eigenvalue: it is the steepest direction that limits the step.",
            ),
            Mistake(
                lambda X: 8 * len(X) / np.sqrt(_top(X)),
                "This uses the largest singular value of A; the eigenvalues of A.T @ A are the squares of those.",
            ),
        ],
        hints=[
            "Build A with `np.column_stack([X, np.ones(len(X))])`.",
            "`np.linalg.eigvalsh` gives the eigenvalues of a symmetric matrix, the largest last.",
            "2 / (largest / (4 m)) is 8 m / largest.",
        ],
        why=(
            "No second derivative of J exceeds L anywhere, so below 2/L every step lowers the cost; standardised "
            "features keep L small and the step long."
        ),
    ),
]
