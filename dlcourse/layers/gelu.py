"""GELU as GPT-2 computes it."""

import keras


@keras.saving.register_keras_serializable("dlcourse")
def gelu_tanh(x):
    """x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), within 5e-4 of the exact x Phi(x), which Keras calls "gelu".

    Source: Hendrycks and Gimpel, "Gaussian error linear units" (2016), section 2.
    """
    return keras.activations.gelu(x, approximate=True)
