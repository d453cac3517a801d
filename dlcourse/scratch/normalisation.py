"""Batch normalisation by hand (Ioffe and Szegedy, 2015): each unit at mean 0, variance 1, then scaled as learned."""

import numpy as np

from dlcourse.scratch.inputs import fraction, positive


class BatchNorm:
    """Ẑ = (Z − μ) / √(σ² + ε), A = γ Ẑ + β, unit by unit; γ starts at 1 and β at 0.

    In training μ and σ² are the batch's own mean and variance (divided by m), and the moving averages follow them:
    average := momentum · average + (1 − momentum) · batch's. Otherwise the moving averages stand for them. The
    defaults are Keras's. `parameters` is [γ, β], (n,) each.
    """

    def __init__(self, n, momentum=0.99, epsilon=1e-3, dtype=np.float64):
        self.momentum = fraction("momentum", momentum)
        self.epsilon = positive("epsilon", epsilon)
        self.parameters = [np.ones(n, dtype), np.zeros(n, dtype)]
        self.gradients = [np.zeros_like(p) for p in self.parameters]
        self.moving_mean, self.moving_variance = np.zeros(n, dtype), np.ones(n, dtype)

    def forward(self, Z, training=False):
        """(batch, n) -> (batch, n)."""
        mean, variance = self.moving_mean, self.moving_variance
        if training:
            mean, variance = Z.mean(axis=0), Z.var(axis=0)
            self._follow(mean, variance)
        self._training = training
        self._root = np.sqrt(variance + self.epsilon)  # (n,)
        self._Z_hat = (Z - mean) / self._root
        gamma, beta = self.parameters
        return gamma * self._Z_hat + beta

    def backward(self, dA):
        """dγ = Σ_i dA ∘ Ẑ, dβ = Σ_i dA, and dZ for the layer below. (batch, n) -> (batch, n).

        In training every Z moves μ and σ² too. That takes from dẐ its mean, and its part along Ẑ:
        dZ = (dẐ − mean(dẐ) − Ẑ ∘ mean(dẐ ∘ Ẑ)) / √(σ² + ε), means over the batch.
        """
        Z_hat = self._Z_hat
        self.gradients = [np.sum(dA * Z_hat, axis=0), dA.sum(axis=0)]
        dZ_hat = dA * self.parameters[0]
        if self._training:
            dZ_hat = dZ_hat - dZ_hat.mean(axis=0) - Z_hat * np.mean(dZ_hat * Z_hat, axis=0)
        return dZ_hat / self._root

    def _follow(self, mean, variance):
        for average, now in ((self.moving_mean, mean), (self.moving_variance, variance)):
            average[:] = self.momentum * average + (1 - self.momentum) * now
