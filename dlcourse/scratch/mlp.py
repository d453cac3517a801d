"""A multilayer perceptron by hand: layers in a row, and the chain rule walked backwards through them."""

import numpy as np

from dlcourse.scratch import activations, losses
from dlcourse.scratch.descent import DivergenceError, History
from dlcourse.scratch.dropout import Dropout
from dlcourse.scratch.inputs import as_features, positive
from dlcourse.scratch.layers import Activate, Dense
from dlcourse.scratch.normalisation import BatchNorm


class MLP:
    """Dense layers with activations between them; backpropagation written out (Rumelhart, Hinton and Williams, 1986).

    sizes: (n, hidden …, outputs), for example (5, 16, 16, 1).
    activation: of the hidden layers, a name or an Activation, or a list with one for each hidden layer.
    output: activation of the last layer; leave it "linear" for "cross_entropy", whose softmax is in the loss.
    loss: "squared_error" (y (m,) or (m, outputs)) or "cross_entropy" (y (m,), classes 0 … outputs − 1).
    initialisation: of the weights, a name or function of `scratch.initialisation`.
    batch_norm: True normalises Z in each hidden layer. dropout: probability that a hidden unit is silent in training.
    Both make a hidden layer Dense, BatchNorm, activation, Dropout; in this order they stand in `layers`.
    seed: of the starting weights and the dropout masks. dtype: np.float64, or np.float32 for speed.
    `parameters` is [W1, b1, W2, b2, …], with γ and β after b where layers are normalised: the order of Keras's
    `trainable_weights`. They may be assigned in place.
    Raises ValueError for sizes, names or targets that do not fit.
    """

    def __init__(
        self,
        sizes,
        activation="relu",
        *,
        output="linear",
        loss="squared_error",
        initialisation="matched",
        batch_norm=False,
        dropout=0.0,
        seed=0,
        dtype=np.float64,
    ):
        if len(sizes) < 2:
            raise ValueError(f"sizes must name the inputs and the outputs at least, like (5, 16, 1), not {sizes!r}.")
        self.sizes = tuple(int(positive("every size", size, whole=True)) for size in sizes)
        self.dtype = np.dtype(dtype)
        self.loss = losses.get(loss)
        bends = _one_each(activation, len(self.sizes) - 2)
        rng = np.random.default_rng(seed)
        masks = rng.spawn(1)[0]  # a stream of its own, so that dropout changes no starting weight
        self.layers = []
        for n_in, n_out, bend in zip(self.sizes[:-2], self.sizes[1:-1], bends, strict=True):
            self.layers += [Dense(n_in, n_out, rng, bend.name, self.dtype, initialisation)]
            self.layers += [BatchNorm(n_out, dtype=self.dtype)] if batch_norm else []
            self.layers += [Activate(bend)]
            self.layers += [Dropout(dropout, masks)] if dropout else []
        last = activations.get(output)
        self.layers += [Dense(*self.sizes[-2:], rng, last.name, self.dtype, initialisation), Activate(last)]

    @property
    def parameters(self) -> list[np.ndarray]:
        """[W1, b1, W2, b2, …]: the arrays themselves, so changing them in place changes the network."""
        return [p for layer in self.layers for p in layer.parameters]

    def count_parameters(self) -> int:
        """How many numbers are learned."""
        return sum(p.size for p in self.parameters)

    def forward(self, X, training=False) -> np.ndarray:
        """The outputs of the last layer (logits under cross-entropy). Shapes: X (m, n) -> (m, outputs)."""
        A = as_features(X, self.sizes[0]).astype(self.dtype, copy=False)
        for layer in self.layers:
            A = layer.forward(A, training)
        return A

    def layer_outputs(self, X) -> list[np.ndarray]:
        """A of every layer after its activation: what each hidden unit answers. [(m, n_1), …, (m, outputs)]."""
        A, outputs = as_features(X, self.sizes[0]).astype(self.dtype, copy=False), []
        for layer in self.layers:
            A = layer.forward(A)
            if isinstance(layer, Activate):
                outputs.append(A)
        return outputs

    def predict(self, X) -> np.ndarray:
        """Squared error: the outputs, (m,) or (m, outputs). Cross-entropy: the likeliest class, (m,)."""
        return self.loss.prediction(self.forward(X))

    def predict_probability(self, X) -> np.ndarray:
        """Cross-entropy only: the probability of each class, (m, outputs), rows summing to 1."""
        if not isinstance(self.loss, losses.CrossEntropy):
            raise ValueError('predict_probability needs a network made with loss="cross_entropy".')
        return activations.softmax(self.forward(X))

    def cost(self, X, y, training=False) -> float:
        """The loss on these examples; with `training`, as training sees it: batch statistics and dropout masks."""
        outputs = self.forward(X, training)
        return float(self.loss.cost(outputs, self._targets(y, len(outputs))))

    def gradients(self, X, y, training=False) -> list[np.ndarray]:
        """The slope of `cost` in every parameter, in the order and the shapes of `parameters`."""
        return self._cost_and_gradients(X, y, training)[1]

    def fit(self, X, y, *, optimizer, epochs, batch_size=None, seed=0) -> History:
        """Train for `epochs` passes over X in batches of `batch_size` rows (all of them by default) -> History.

        optimizer: one of `scratch.optimizers`. history.cost holds the cost of each batch before its step.
        seed: of the order of the rows, drawn anew for each pass. A second fit with the same optimizer goes on.
        Raises ValueError for shapes that do not fit, DivergenceError when a batch's cost is no finite number.
        """
        X = as_features(X, self.sizes[0])
        self._targets(y, len(X))
        y = np.asarray(y)
        positive("epochs", epochs, whole=True)
        rng, costs = np.random.default_rng(seed), []
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(epochs):
                for rows in _batches(len(X), batch_size, rng):
                    cost, gradients = self._cost_and_gradients(X[rows], y[rows], training=True)
                    if not np.isfinite(cost):
                        raise DivergenceError(len(costs), optimizer.learning_rate, History(np.array(costs), len(costs)))
                    costs.append(cost)
                    optimizer.step(self.parameters, gradients)
        return History(np.array(costs), len(costs))

    def _targets(self, y, m):
        return self.loss.targets(y, m, self.sizes[-1]).astype(self.dtype, copy=False)

    def _cost_and_gradients(self, X, y, training=False):
        outputs = self.forward(X, training)
        T = self._targets(y, len(outputs))
        dA = self.loss.gradient(outputs, T)
        for layer in reversed(self.layers):
            dA = layer.backward(dA)
        return self.loss.cost(outputs, T), [g for layer in self.layers for g in layer.gradients]


def _one_each(activation, count):
    each = list(activation) if isinstance(activation, (list, tuple)) else [activation] * count
    if len(each) != count:
        raise ValueError(f"activation must be one, or a list of {count}, one a hidden layer; it has {len(each)}.")
    return [activations.get(a) for a in each]


def _batches(m, batch_size, rng):
    if batch_size is None:
        return [slice(None)]
    positive("batch_size", batch_size, whole=True)
    order = rng.permutation(m)
    return [order[i : i + batch_size] for i in range(0, m, batch_size)]
