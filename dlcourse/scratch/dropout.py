"""Dropout by hand (Srivastava et al., 2014): in training each unit is silent with probability p, by chance."""

import numpy as np

from dlcourse.scratch.inputs import fraction


class Dropout:
    """A ∘ mask, where the mask is 0 with probability p and else 1 / (1 − p), so that the mean stays ("inverted").

    Outside training nothing happens. `mask`, (batch, n), is the one drawn last; with `keep_mask = True` it is used
    again instead of a new one, for comparing a gradient with another made of the same network.
    """

    def __init__(self, rate, rng):
        self.rate = fraction("dropout", rate)
        self.rng = rng
        self.mask, self.keep_mask = None, False
        self.parameters, self.gradients = [], []

    def forward(self, A, training=False):
        """(batch, n) -> (batch, n)."""
        self._training = training
        if not training:
            return A
        if not self.keep_mask:
            kept = self.rng.random(A.shape, dtype=np.float32) >= self.rate
            self.mask = kept.astype(A.dtype) / A.dtype.type(1 - self.rate)
        return A * self.mask

    def backward(self, dA):
        """dA ∘ mask: what was silent gets no gradient. (batch, n) -> (batch, n)."""
        return dA * self.mask if self._training else dA
