"""The layers of a network by hand: each keeps what its backward pass needs, and knows nothing of its neighbours.

A layer has `forward(A, training)`, `backward(dA) -> dA of the layer below`, and two lists of arrays in the same order:
`parameters` and, after `backward`, `gradients`. Capital letters hold a whole batch, one row an example.
"""

import numpy as np

from dlcourse.scratch import activations, initialisation


class Dense:
    """Z = A W + b: every input to every unit. W (n_in, n_out), b (n_out,).

    W starts as `initialise` says, a name or function of `scratch.initialisation`; by default with the variance that
    keeps the size of what passes to `before`, the activation that follows. b starts at zero.
    """

    def __init__(self, n_in, n_out, rng, before="linear", dtype=np.float64, initialise="matched"):
        W = initialisation.get(initialise)(n_in, n_out, rng, before).astype(dtype)
        self.parameters = [W, np.zeros(n_out, dtype)]
        self.gradients = [np.zeros_like(p) for p in self.parameters]

    def forward(self, A, training=False):
        """(batch, n_in) -> (batch, n_out)."""
        self._A = A
        W, b = self.parameters
        return A @ W + b

    def backward(self, dZ):
        """dW = Aᵀ dZ, db = Σ_i dz^(i), and dA = dZ Wᵀ for the layer below. (batch, n_out) -> (batch, n_in)."""
        self.gradients = [self._A.T @ dZ, dZ.sum(axis=0)]
        return dZ @ self.parameters[0].T


class Activate:
    """A = f(Z), element by element: no parameters."""

    def __init__(self, activation):
        self.activation = activations.get(activation)
        self.parameters = []
        self.gradients = []

    def forward(self, Z, training=False):
        """(batch, n) -> (batch, n)."""
        self._Z = Z
        return self.activation(Z)

    def backward(self, dA):
        """dZ = dA ∘ f'(Z). (batch, n) -> (batch, n)."""
        return dA * self.activation.derivative(self._Z)
