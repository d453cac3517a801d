"""Gradient descent by hand: θ := θ − α ∇J(θ), with its history, and an end that says why it ended."""

from dataclasses import dataclass

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.scratch.inputs import positive


@dataclass
class History:
    """What a run of training left behind.

    cost: gradient descent: before the first step and after each, (steps + 1,); `MLP.fit`: of each batch, (steps,).
    steps: how many steps were taken.
    path: the parameters when the cost was taken, (steps + 1, parameters), or None when they were not kept.
    message: one sentence on why it stopped, empty when it did all its steps.
    """

    cost: np.ndarray
    steps: int
    path: np.ndarray | None = None
    message: str = ""


class DivergenceError(CourseError, ArithmeticError):
    """Training reached a cost that is no number: `step` says when, `history` holds the finite part."""

    def __init__(self, step: int, learning_rate: float, history: History):
        self.step, self.history = step, history
        first, last = history.cost[[0, -1]] if len(history.cost) else (np.nan, np.nan)
        super().__init__(
            f"Training diverged at step {step}: the cost went from {first:.3g} to {last:.3g} and is no finite number "
            f"any more; take a smaller learning_rate than {learning_rate:g} or scale the features."
        )


def gradient_descent(cost_and_gradient, start, *, learning_rate, steps, tolerance=0.0, keep_path=False):
    """Take `steps` steps of θ := θ − α ∇J(θ) from `start` -> (θ, History).

    cost_and_gradient: θ of shape (p,) -> (J, ∇J), a number and an array (p,).
    tolerance: stop early when no component of the gradient is larger than this. A gradient of exactly 0 always stops:
        from there every further step would be the same.
    Raises DivergenceError when the cost is NaN or infinite, with the history up to there.
    """
    positive("learning_rate", learning_rate)
    positive("steps", steps, whole=True)
    theta = np.array(start, dtype=np.float64)
    costs, path, message = [], [], ""
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps + 1):
            cost, gradient = cost_and_gradient(theta)
            if not (np.isfinite(cost) and np.all(np.isfinite(gradient))):
                raise DivergenceError(step, learning_rate, _history(costs, path))
            costs.append(cost)
            if keep_path:
                path.append(theta.copy())
            largest = np.max(np.abs(gradient))
            if largest <= tolerance:
                message = f"Stopped after {step} steps: no component of the gradient is above {largest:.2g}."
                break
            if step < steps:
                theta -= learning_rate * gradient
    return theta, _history(costs, path, message)


def _history(costs, path, message=""):
    return History(np.array(costs, dtype=float), max(len(costs) - 1, 0), np.array(path) if path else None, message)
