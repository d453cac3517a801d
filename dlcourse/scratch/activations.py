"""The activation functions of the report, each with its derivative.

Every name here is called on z, and asked for its slope, in the same way:

    a = sigmoid(z)
    slope = sigmoid.derivative(z)

z is a number or an array of any shape; the answer has its shape. float16, float32 and float64 are kept, integers become
float64. A parameter a is a number, or an array that fits z, such as one a for each unit. At a kink (z = 0 of relu and
its relatives) there is no derivative; the slope from the left is given, which is what TensorFlow's gradients use. At
infinite z the limit is given.
"""

import numpy as np


class Activation:
    """A function of z, element by element, with its derivative; `using(a=…)` fixes its parameters.

    Shapes: z any shape -> the same shape. Raises ValueError when z does not hold real numbers.
    """

    def __init__(self, function, derivative=None, parameters=None):
        self.name = function.__name__
        self.__doc__ = function.__doc__
        self._function = function
        self._derivative = derivative
        self.parameters = parameters or {}

    def derivative_is(self, function):
        """Decorate the function that computes this activation's derivative."""
        self._derivative = function
        return function

    def using(self, **parameters) -> "Activation":
        """The same activation with some of its parameters fixed: `elu.using(a=0.5)`."""
        return Activation(self._function, self._derivative, {**self.parameters, **parameters})

    def __call__(self, z, **parameters):
        return self._apply(self._function, z, parameters)

    def derivative(self, z, **parameters):
        """The slope df/dz at z, with z's shape and dtype."""
        return self._apply(self._derivative, z, parameters)

    def _apply(self, function, z, parameters):
        """Every parameter takes z's dtype, or a float64 parameter would turn float32 into float64."""
        z = _floating("z", z)
        given = {name: _floating(name, a).astype(z.dtype) for name, a in {**self.parameters, **parameters}.items()}
        return function(z, **given)[()]

    def __repr__(self):
        return f"<activation {self.name} {self.parameters}>" if self.parameters else f"<activation {self.name}>"


def _floating(name, values) -> np.ndarray:
    values = np.asarray(values)
    if values.dtype.kind not in "fiub":
        raise ValueError(f"{name} must hold real numbers, not {values.dtype}.")
    return values if values.dtype.kind == "f" else values.astype(np.float64)


@Activation
def binary_step(z):
    """f(z) = 1 if z ≥ 0, else 0."""
    return np.where(z >= 0, z.dtype.type(1), z.dtype.type(0))


@binary_step.derivative_is
def _(z):
    return np.zeros_like(z)  # flat on both sides of the step: gradient descent has nothing to follow


@Activation
def linear(z, a=1.0):
    """f(z) = a z."""
    return a * z


@linear.derivative_is
def _(z, a=1.0):
    return np.full_like(z, a)


@Activation
def sigmoid(z):
    """σ(z) = 1 / (1 + e^(−z)), between 0 and 1.

    For z < 0 it is computed as e^z / (1 + e^z), the same number, so that no exponential can overflow.
    """
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, z.dtype.type(1), e) / (1 + e)


@sigmoid.derivative_is
def _(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2  # = σ(z) (1 − σ(z)), but 1 − σ(z) would be 0 from z = 37 on


@Activation
def tanh(z):
    """tanh(z) = (1 − e^(−2z)) / (1 + e^(−2z)), between −1 and 1."""
    return np.tanh(z)


@tanh.derivative_is
def _(z):
    e = np.exp(-2 * np.abs(z))
    return 4 * e / (1 + e) ** 2  # = 1 − tanh²(z), but that would be 0 from |z| = 19 on


@Activation
def relu(z):
    """f(z) = max(0, z)."""
    return np.maximum(z, 0)


@relu.derivative_is
def _(z):
    return (z > 0).astype(z.dtype)


def _two_slopes(z, a):
    return np.where(z > 0, z, a * np.minimum(z, 0))  # not a * z: with a = 0 that has no value at z = ∞


def _two_slopes_derivative(z, a):
    return np.where(z > 0, z.dtype.type(1), a)


@Activation
def leaky_relu(z, a=0.1):
    """f(z) = z if z ≥ 0, else 0.1 z. The slope 0.1 is the report's; Keras's function takes 0.2 unless told."""
    return _two_slopes(z, a)


@leaky_relu.derivative_is
def _(z, a=0.1):
    return _two_slopes_derivative(z, a)


@Activation
def parametric_relu(z, a=0.25):
    """f(z) = z if z ≥ 0, else a z, where a is learned; 0.25 is where He et al. (2015) start it."""
    return _two_slopes(z, a)


@parametric_relu.derivative_is
def _(z, a=0.25):
    return _two_slopes_derivative(z, a)


@Activation
def elu(z, a=1.0):
    """f(z) = z if z ≥ 0, else a (e^z − 1)."""
    return np.where(z > 0, z, a * np.expm1(np.minimum(z, 0)))


@elu.derivative_is
def _(z, a=1.0):
    return np.where(z > 0, z.dtype.type(1), a * np.exp(np.minimum(z, 0)))


@Activation
def swish(z):
    """f(z) = z / (1 + e^(−z)) = z σ(z)."""
    finite = np.maximum(z, np.finfo(z.dtype).min)  # −∞ · 0 has no value; the limit of z σ(z) is 0
    return finite * sigmoid(z)


@swish.derivative_is
def _(z):
    finite = np.clip(z, np.finfo(z.dtype).min, np.finfo(z.dtype).max)
    return sigmoid(z) + finite * sigmoid.derivative(z)


ALL = {f.name: f for f in (binary_step, linear, sigmoid, tanh, relu, leaky_relu, parametric_relu, elu, swish)}


def get(activation) -> Activation:
    """The activation of a name such as "relu"; an Activation is given back as it is.

    Raises ValueError for a name that is not in `ALL`.
    """
    if isinstance(activation, Activation):
        return activation
    if activation not in ALL:
        raise ValueError(f"activation {activation!r} is not one of {', '.join(ALL)}.")
    return ALL[activation]


def softmax(z, axis=-1):
    """e^(z_k) / Σ_j e^(z_j): numbers of any sign turned into probabilities that sum to 1 along `axis`.

    Shapes: z (batch, classes) -> the same. The largest z is subtracted first, which changes nothing but the overflow.
    """
    return np.exp(log_softmax(z, axis))


def log_softmax(z, axis=-1):
    """log softmax(z) = z − log Σ_j e^(z_j), without computing the logarithm of a number that has become 0.

    Shapes: z (batch, classes) -> the same.
    """
    z = _floating("z", z)
    shifted = z - z.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
