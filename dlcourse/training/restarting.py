"""The same training once more, without compiling it once more."""


def restart(model) -> None:
    """Give a compiled Keras model new random weights and an optimizer that has not stepped.

    What was compiled is kept, so the next `fit` begins at once: a comparison over several seeds traces its model once.
    After `keras.utils.set_random_seed(n)` the weights are those of a model that is built anew.

    Raises:
        ValueError: a model that is not compiled.
    """
    import keras

    if getattr(model, "optimizer", None) is None:
        raise ValueError("model is not compiled; there is nothing to keep, so build it anew.")
    model.set_weights(keras.models.clone_model(model).get_weights())
    for variable in model.optimizer.variables:
        if "learning_rate" not in variable.path:
            variable.assign(keras.ops.zeros_like(variable))
