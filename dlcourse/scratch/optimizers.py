"""Rules that turn a gradient g into a step, by hand; each with the letters and the rounding of Keras's own.

An optimizer has `step(parameters, gradients)`: two lists of arrays in the same order; the parameters change in place.
"""

import numpy as np

from dlcourse.scratch.inputs import positive


class SGD:
    """θ := θ − α g; with momentum μ: v := μ v − α g, θ := θ + v (Polyak, 1964)."""

    def __init__(self, learning_rate=0.01, momentum=0.0):
        self.learning_rate = positive("learning_rate", learning_rate)
        self.momentum = _fraction("momentum", momentum)
        self._velocity = None

    def step(self, parameters, gradients):
        """Change the parameters in place by one step."""
        if self._velocity is None:
            self._velocity = [np.zeros_like(p) for p in parameters]
        for p, g, v in zip(parameters, gradients, self._velocity, strict=True):
            v[:] = self.momentum * v - self.learning_rate * g
            p[:] = p + v


class Adam:
    """Steps of about α whatever the gradient's size (Kingma and Ba, 2015, the form at the end of their section 2).

    m := β₁ m + (1 − β₁) g, v := β₂ v + (1 − β₂) g², θ := θ − α √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε).
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        self.learning_rate = positive("learning_rate", learning_rate)
        self.beta_1 = _fraction("beta_1", beta_1)
        self.beta_2 = _fraction("beta_2", beta_2)
        self.epsilon = positive("epsilon", epsilon)
        self._t = 0
        self._moments = None

    def step(self, parameters, gradients):
        """Change the parameters in place by one step."""
        if self._moments is None:
            self._moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
        self._t += 1
        rate = self.learning_rate * np.sqrt(1 - self.beta_2**self._t) / (1 - self.beta_1**self._t)
        for p, g, (m, v) in zip(parameters, gradients, self._moments, strict=True):
            m[:] = self.beta_1 * m + (1 - self.beta_1) * g
            v[:] = self.beta_2 * v + (1 - self.beta_2) * g**2
            p[:] = p - rate * m / (np.sqrt(v) + self.epsilon)


def _fraction(name, value):
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, not {value!r}.")
    return value
