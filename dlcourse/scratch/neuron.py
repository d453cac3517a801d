"""One neuron: a weighted sum of the inputs, bent by an activation, ŷ = f(X w + b)."""

import numpy as np

from dlcourse.scratch import activations
from dlcourse.scratch.descent import History, gradient_descent
from dlcourse.scratch.inputs import as_features, as_targets


class Neuron:
    """ŷ = f(X w + b), trained by full-batch gradient descent on the mean squared error J = (1/m) Σ_i (ŷ^(i) − y^(i))².

    w: the starting weights, (n,) or a number for one feature. b: the starting bias.
    activation: a name in `activations.ALL` or an Activation; "relu" by default.
    Scaling is the caller's affair: with features of very different sizes no single learning rate suits all weights.
    Raises ValueError for weights that are no finite numbers and for an unknown activation.

    Example:
        >>> Neuron(2.0, -3.0).predict([1, 2])  # max(0, 2x - 3)
        array([0., 1.])
    """

    def __init__(self, w, b=0.0, activation="relu"):
        self.w = np.atleast_1d(np.array(w, dtype=np.float64))
        self.b = float(b)
        if self.w.ndim != 1 or not np.all(np.isfinite(self.w)) or not np.isfinite(self.b):
            raise ValueError(f"w must be finite numbers of shape (n,) and b a finite number, not {w!r} and {b!r}.")
        self.activation = activations.get(activation)

    def __repr__(self):
        return f"Neuron(w={np.array2string(self.w, precision=4)}, b={self.b:.4g}, activation={self.activation.name!r})"

    def weighted_sum(self, X) -> np.ndarray:
        """z = X w + b. Shapes: X (m, n) -> (m,)."""
        return as_features(X, len(self.w)) @ self.w + self.b

    def predict(self, X) -> np.ndarray:
        """ŷ = f(z). Shapes: X (m, n), or (m,) for one feature -> (m,)."""
        return self.activation(self.weighted_sum(X))

    def cost(self, X, y) -> float:
        """J = (1/m) Σ_i (ŷ^(i) − y^(i))², in the square of y's unit."""
        y_hat = self.predict(X)
        return float(np.mean((y_hat - as_targets(y, len(y_hat))) ** 2))

    def gradient(self, X, y) -> tuple[np.ndarray, float]:
        """∂J/∂w (n,) and ∂J/∂b, by the chain rule: dz = (2/m) (ŷ − y) f'(z), dw = Xᵀ dz, db = Σ dz."""
        X = as_features(X, len(self.w))
        return _gradient(X, as_targets(y, len(X)), X @ self.w + self.b, self.activation)

    def is_dead(self, X) -> bool:
        """True when f'(z) is 0 at every row of X: the gradient is then 0 whatever the targets are, and stays 0."""
        return not np.any(self.activation.derivative(self.weighted_sum(X)))

    def fit(self, X, y, *, learning_rate, steps, keep_path=False) -> History:
        """Take `steps` steps of gradient descent from the present w and b; X (m, n), y (m,) -> History.

        A neuron that is dead on X stops at once, and `history.message` says so. keep_path keeps (w, b) after each step.
        Raises ValueError for shapes that do not fit, DivergenceError when the cost is not finite any more; w and b are
        then as they were before.
        """
        X = as_features(X, len(self.w))
        y = as_targets(y, len(X))

        def cost_and_gradient(theta):
            z = X @ theta[:-1] + theta[-1]
            dw, db = _gradient(X, y, z, self.activation)
            return np.mean((self.activation(z) - y) ** 2), np.append(dw, db)

        start = np.append(self.w, self.b)
        theta, history = gradient_descent(
            cost_and_gradient, start, learning_rate=learning_rate, steps=steps, keep_path=keep_path
        )
        self.w, self.b = theta[:-1], float(theta[-1])
        if self.is_dead(X):
            history.message = (
                f"Dead at step {history.steps}: the slope of {self.activation.name} is 0 at all {len(X)} examples, "
                "so the gradient is exactly 0 and no further step can change w or b."
            )
        return history


def _gradient(X, y, z, activation):
    dz = 2 / len(X) * (activation(z) - y) * activation.derivative(z)  # (m,)
    return X.T @ dz, float(dz.sum())
