"""Logistic regression by hand: the probability of one of two classes, its cost, gradient and curvature.

The three functions take θ = (w, b), one array of shape (n + 1,), so that they can be checked and plotted;
`LogisticRegression` is the model that uses them.
"""

import numpy as np

from dlcourse.scratch.activations import sigmoid
from dlcourse.scratch.descent import History, gradient_descent
from dlcourse.scratch.inputs import as_binary_labels, as_features


def logits(theta, X) -> np.ndarray:
    """z = X w + b, the logarithm of the odds of class 1. Shapes: θ (n + 1,), X (m, n) -> (m,)."""
    return X @ theta[:-1] + theta[-1]


def logistic_cost(theta, X, y) -> float:
    """J(w, b) = −(1/m) Σ_i [y log ŷ + (1 − y) log(1 − ŷ)], with ŷ = σ(z). In nats.

    Shapes: θ (n + 1,), X (m, n), y (m,) of 0 and 1.
    Computed from z: −log σ(z) = log(1 + e^(−z)) and −log(1 − σ(z)) = log(1 + e^z), so each term is
    log(1 + e^z) − y z, which stays finite where ŷ has already been rounded to 0 or 1.
    """
    z = logits(theta, X)
    return float(np.mean(np.logaddexp(0, z) - y * z))


def logistic_gradient(theta, X, y) -> np.ndarray:
    """∇J: ∂J/∂w = (1/m) Xᵀ(ŷ − y) and ∂J/∂b = (1/m) Σ_i (ŷ^(i) − y^(i)), as one array (n + 1,)."""
    error = (sigmoid(logits(theta, X)) - y) / len(X)  # (m,)
    return np.append(X.T @ error, error.sum())


def logistic_hessian(theta, X) -> np.ndarray:
    """The second derivatives of J, (1/m) Aᵀ diag(ŷ (1 − ŷ)) A with A = [X 1]: shape (n + 1, n + 1).

    Because ŷ (1 − ŷ) ≤ 1/4 no eigenvalue is above the largest of AᵀA / (4 m), wherever θ is.
    """
    A = np.column_stack([X, np.ones(len(X))])  # (m, n + 1)
    curvature = sigmoid.derivative(logits(theta, X))  # (m,)
    return A.T @ (curvature[:, None] * A) / len(X)


class LogisticRegression:
    """P(y = 1 | x) = σ(w · x + b), trained by full-batch gradient descent on the logistic cost (Cox, 1958).

    w (n,) and b are None until the first `fit`, which starts at zero; a second `fit` goes on where the first ended.
    There is no penalty on w: where a plane separates the two classes the cost has no minimum and w grows for ever.
    """

    def __init__(self):
        self.w: np.ndarray | None = None
        self.b: float | None = None

    def fit(self, X, y, *, learning_rate, steps, tolerance=0.0, keep_path=False) -> History:
        """Take `steps` steps of gradient descent; X (m, n), y (m,) of 0 and 1 -> History.

        tolerance: stop when no component of the gradient is larger. keep_path keeps (w, b) after each step.
        Raises ValueError for shapes that do not fit and for other labels, DivergenceError when the cost is not finite.
        """
        X = as_features(X, None if self.w is None else len(self.w))
        y = as_binary_labels(y, len(X))
        start = np.zeros(X.shape[1] + 1) if self.w is None else np.append(self.w, self.b)
        theta, history = gradient_descent(
            lambda theta: (logistic_cost(theta, X, y), logistic_gradient(theta, X, y)),
            start,
            learning_rate=learning_rate,
            steps=steps,
            tolerance=tolerance,
            keep_path=keep_path,
        )
        self.w, self.b = theta[:-1], float(theta[-1])
        return history

    def logits(self, X) -> np.ndarray:
        """The log-odds z = X w + b. Shapes: X (m, n) -> (m,). Raises ValueError before the first fit."""
        return logits(self._theta(), as_features(X, len(self.w)))

    def predict_probability(self, X) -> np.ndarray:
        """P(y = 1) for each row. Shapes: X (m, n) -> (m,), between 0 and 1."""
        return sigmoid(self.logits(X))

    def predict(self, X) -> np.ndarray:
        """The likelier class of each row: 1 where the probability is at least one half. X (m, n) -> (m,) integers."""
        return (self.logits(X) >= 0).astype(int)

    def cost(self, X, y) -> float:
        """J(w, b) on these examples, in nats; log 2 = 0.693 is a model that always answers one half."""
        X = as_features(X, len(self._theta()) - 1)
        return logistic_cost(self._theta(), X, as_binary_labels(y, len(X)))

    def gradient(self, X, y) -> tuple[np.ndarray, float]:
        """∂J/∂w (n,) and ∂J/∂b on these examples."""
        X = as_features(X, len(self._theta()) - 1)
        gradient = logistic_gradient(self._theta(), X, as_binary_labels(y, len(X)))
        return gradient[:-1], float(gradient[-1])

    def _theta(self) -> np.ndarray:
        if self.w is None:
            raise ValueError("This LogisticRegression has no weights yet: call fit(X, y, …) first.")
        return np.append(self.w, self.b)
