"""Rules that turn a gradient g into a step, by hand; each with the letters and the rounding of Keras's own.

An optimizer has `step(parameters, gradients)`: two lists of arrays in the same order; the parameters change in place.
`weight_decay` λ shrinks every parameter by αλ of itself before the step, apart from the gradient (Loshchilov and
Hutter, 2019). It is Keras's `weight_decay`, and like Keras's it takes biases too.
"""

import numpy as np

from dlcourse.scratch.inputs import fraction, positive


class Optimizer:
    """What the optimizers share: a learning rate α, which may be changed between steps, and the decay."""

    def __init__(self, learning_rate, weight_decay):
        self.learning_rate = positive("learning_rate", learning_rate)
        if not 0 <= weight_decay < np.inf:
            raise ValueError(f"weight_decay must be at least 0, not {weight_decay!r}.")
        self.weight_decay = weight_decay

    def decay(self, parameters):
        """θ := θ − α λ θ, in place."""
        if self.weight_decay:
            for p in parameters:
                p[:] = p - p * self.weight_decay * self.learning_rate


class SGD(Optimizer):
    """θ := θ − α g; with momentum μ: v := μ v − α g, θ := θ + v (Polyak, 1964)."""

    def __init__(self, learning_rate=0.01, momentum=0.0, *, weight_decay=0.0):
        super().__init__(learning_rate, weight_decay)
        self.momentum = fraction("momentum", momentum)
        self._velocity = None

    def step(self, parameters, gradients):
        """Change the parameters in place by one step."""
        if self._velocity is None:
            self._velocity = _zeros_like(parameters)
        self.decay(parameters)
        for p, g, v in zip(parameters, gradients, self._velocity, strict=True):
            v[:] = self.momentum * v - self.learning_rate * g
            p[:] = p + v


class RMSprop(Optimizer):
    """Each parameter's step divided by the recent size of its gradient (Tieleman and Hinton, 2012).

    s := ρ s + (1 − ρ) g², θ := θ − α g / √(s + ε). Centred: the mean ḡ, kept like s, is taken out: √(s − ḡ² + ε).
    With momentum μ: v := μ v + α g / √…, θ := θ − v.
    """

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, *, centered=False, weight_decay=0.0):
        super().__init__(learning_rate, weight_decay)
        self.rho = fraction("rho", rho)
        self.momentum = fraction("momentum", momentum)
        self.epsilon = positive("epsilon", epsilon)
        self.centered = centered
        self._moments = None

    def step(self, parameters, gradients):
        """Change the parameters in place by one step."""
        if self._moments is None:
            self._moments = [_zeros_like(parameters) for _ in range(3)]
        self.decay(parameters)
        for p, g, s, mean, v in zip(parameters, gradients, *self._moments, strict=True):
            s[:] = self.rho * s + (1 - self.rho) * g**2
            mean[:] = self.rho * mean + (1 - self.rho) * g
            around = mean**2 if self.centered else 0
            v[:] = self.momentum * v + self.learning_rate * g / np.sqrt(s - around + self.epsilon)
            p[:] = p - v


class Adam(Optimizer):
    """Steps of about α whatever the gradient's size (Kingma and Ba, 2015, the form at the end of their section 2).

    m := β₁ m + (1 − β₁) g, v := β₂ v + (1 − β₂) g², θ := θ − α √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε).
    With weight_decay it is AdamW.
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, *, weight_decay=0.0):
        super().__init__(learning_rate, weight_decay)
        self.beta_1 = fraction("beta_1", beta_1)
        self.beta_2 = fraction("beta_2", beta_2)
        self.epsilon = positive("epsilon", epsilon)
        self._t = 0
        self._moments = None

    def step(self, parameters, gradients):
        """Change the parameters in place by one step."""
        if self._moments is None:
            self._moments = [_zeros_like(parameters) for _ in range(2)]
        self.decay(parameters)
        self._t += 1
        rate = self.learning_rate * np.sqrt(1 - self.beta_2**self._t) / (1 - self.beta_1**self._t)
        for p, g, m, v in zip(parameters, gradients, *self._moments, strict=True):
            m[:] = self.beta_1 * m + (1 - self.beta_1) * g
            v[:] = self.beta_2 * v + (1 - self.beta_2) * g**2
            p[:] = p - rate * m / (np.sqrt(v) + self.epsilon)


def _zeros_like(parameters):
    return [np.zeros_like(p) for p in parameters]
