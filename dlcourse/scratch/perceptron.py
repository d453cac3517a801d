"""Rosenblatt's perceptron: a line between two classes, moved by every mistake it makes."""

from dataclasses import dataclass

import numpy as np

from dlcourse.scratch.inputs import as_binary_labels, as_features, positive


@dataclass
class Mistakes:
    """What a perceptron's training left behind.

    each_epoch: mistakes in each pass over the examples, (epochs,) integers.
    converged: whether the last pass had none; the line then separates the classes, and nothing would change any more.
    path: (w, b) before the first mistake and after each, (mistakes + 1, n + 1), or None when it was not kept.
    """

    each_epoch: np.ndarray
    converged: bool
    path: np.ndarray | None = None

    @property
    def total(self) -> int:
        """All mistakes together: as many as there were changes of the weights."""
        return int(self.each_epoch.sum())


class Perceptron:
    """ŷ = 1 where w · x + b > 0, else 0, trained by Rosenblatt's rule (Psychological Review 65, 1958).

    w (n,) and b start at zero with the first `fit`; a second `fit` goes on where the first ended.
    learning_rate: the α of the rule. From a start at zero it only scales w and b, and changes no answer.
    bias: False keeps b at 0, so that the line passes through the origin.

    Example:
        >>> import numpy as np
        >>> corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
        >>> perceptron = Perceptron()
        >>> _ = perceptron.fit(corners, [0, 0, 0, 1], epochs=20)  # AND
        >>> perceptron.predict(corners)
        array([0, 0, 0, 1])
    """

    def __init__(self, *, learning_rate=1.0, bias=True):
        self.learning_rate = float(positive("learning_rate", learning_rate))
        self.bias = bool(bias)
        self.w: np.ndarray | None = None
        self.b = 0.0

    def fit(self, X, y, *, epochs, seed=None, pocket=False, keep_path=False) -> Mistakes:
        """Go through the examples `epochs` times, or until a pass has no mistake -> Mistakes.

        X (m, n), y (m,) of 0 and 1. At each mistake, with t = 2 y − 1: w := w + α t x, b := b + α t. An example on the
        line itself counts as a mistake.
        seed: of the order of the examples, drawn anew for each pass; None takes them as they stand.
        pocket: end with the line that had the fewest training errors on the way (Gallant, 1990) instead of the last.
        Raises ValueError for shapes that do not fit and for labels other than 0 and 1.
        """
        X = as_features(X, None if self.w is None else len(self.w)).astype(np.float64)
        t = 2 * as_binary_labels(y, len(X)) - 1  # −1 and 1
        positive("epochs", epochs, whole=True)
        self.w = np.zeros(X.shape[1]) if self.w is None else self.w
        path = [self._theta()] if keep_path else None
        best, counts = _Pocket(X, t > 0) if pocket else None, []
        if best:
            best.offer(self._theta())
        for order in _orders(len(X), epochs, seed):
            counts.append(self._pass(X[order], t[order], path, best))
            if counts[-1] == 0:
                break
        if pocket:
            self.w, self.b = best.theta[:-1], float(best.theta[-1])
        return Mistakes(np.array(counts), counts[-1] == 0, np.array(path) if keep_path else None)

    def _pass(self, X, t, path, best):
        """One pass over the examples: the number of mistakes."""
        count = 0
        for x, sign in zip(X, t, strict=True):
            if sign * (self.w @ x + self.b) > 0:
                continue
            self.w = self.w + self.learning_rate * sign * x
            self.b += self.learning_rate * sign * self.bias
            count += 1
            if path is not None:
                path.append(self._theta())
            if best:
                best.offer(self._theta())
        return count

    def weighted_sum(self, X) -> np.ndarray:
        """z = X w + b. Shapes: X (m, n) -> (m,). Raises ValueError before the first fit."""
        if self.w is None:
            raise ValueError("This Perceptron has no weights yet: call fit(X, y, …) first.")
        return as_features(X, len(self.w)) @ self.w + self.b

    def predict(self, X) -> np.ndarray:
        """1 where z > 0, else 0. Shapes: X (m, n) -> (m,) integers."""
        return (self.weighted_sum(X) > 0).astype(int)

    def _theta(self):
        return np.append(self.w, self.b)


class _Pocket:
    """The line with the fewest training errors so far: a line is put in only when it has fewer (the ratchet)."""

    def __init__(self, X, y):
        self.X, self.y = X, y
        self.errors, self.theta = np.inf, None

    def offer(self, theta):
        errors = np.sum((self.X @ theta[:-1] + theta[-1] > 0) != self.y)
        if errors < self.errors:
            self.errors, self.theta = errors, theta


def _orders(m, epochs, seed):
    rng = None if seed is None else np.random.default_rng(seed)
    for _ in range(epochs):
        yield np.arange(m) if rng is None else rng.permutation(m)
