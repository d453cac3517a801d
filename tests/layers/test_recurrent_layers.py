"""SimpleRNN, LSTM and GRU: the contract, Keras's own layers as the measure, and the places where they are used."""

import keras
import numpy as np
import pytest
from contract import as_array, broken_promises, inputs

from dlcourse import layers

NAMES = ("SimpleRNN", "LSTM", "GRU")
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}
# JAX compiles every new shape anew, which takes a second each.
CONFIGURATIONS = 40 if keras.backend.backend() == "tensorflow" else 4


@pytest.mark.parametrize(
    ("name", "settings", "output_shape", "trainable"),
    [
        ("SimpleRNN", {"units": 4, "activation": "relu"}, (2, 4), 3),
        ("SimpleRNN", {"units": 4, "return_sequences": True, "use_bias": False}, (2, 5, 4), 2),
        ("LSTM", {"units": 4, "unit_forget_bias": False, "go_backwards": True}, (2, 4), 3),
        ("LSTM", {"units": 4, "return_sequences": True, "recurrent_activation": "hard_sigmoid"}, (2, 5, 4), 3),
        ("GRU", {"units": 4, "reset_after": False, "recurrent_initializer": "he_normal"}, (2, 4), 3),
        ("GRU", {"units": 4, "return_sequences": True, "bias_initializer": "ones"}, (2, 5, 4), 3),
    ],
)
def test_they_keep_the_contract(name, settings, output_shape, trainable):
    layer_class = getattr(layers, name)
    assert broken_promises(layer_class, settings, (2, 5, 3), output_shape=output_shape, trainable=trainable) == []


@pytest.mark.parametrize("name", NAMES)
def test_dropout_is_in_the_config_and_draws_from_its_seed(name):
    settings = {"units": 4, "dropout": 0.4, "recurrent_dropout": 0.3, "seed": 5}
    layer, twin = (getattr(layers, name)(**settings) for _ in range(2))
    assert {key: layer.get_config()[key] for key in settings} == settings
    x = inputs((2, 5, 3))
    layer(x), twin(x)
    twin.set_weights(layer.get_weights())
    np.testing.assert_array_equal(as_array(layer(x, training=True)), as_array(twin(x, training=True)))
    np.testing.assert_array_equal(as_array(layer(x)), as_array(twin(x)))
    assert np.abs(as_array(layer(x, training=True)) - as_array(layer(x))).max() > 1e-3


def pair(name, seed):
    """The same layer of ours and of Keras, with the same weights, and a call's arguments; drawn at random."""
    rng = np.random.default_rng(seed)
    batch, time, n_in, units = (int(n) for n in rng.integers(1, 6, 4))
    settings = {key: bool(rng.integers(2)) for key in ("use_bias", "return_sequences", "return_state", "go_backwards")}
    settings |= {"zero_output_for_mask": bool(rng.integers(2)), "activation": str(rng.choice(["tanh", "relu"]))}
    if name == "GRU":
        settings["reset_after"] = bool(rng.integers(2))
    ours, theirs = getattr(layers, name)(units, **settings), getattr(keras.layers, name)(units, **settings)
    call = {"sequences": rng.normal(size=(batch, time, n_in)).astype("float32")}
    if rng.integers(2):
        call["mask"] = rng.random((batch, time)) < 0.6
    if rng.integers(2):
        states = 2 if name == "LSTM" else 1
        call["initial_state"] = [rng.normal(size=(batch, units)).astype("float32") for _ in range(states)]
    theirs.build(call["sequences"].shape), ours.build(call["sequences"].shape)
    theirs.set_weights([rng.normal(size=w.shape) for w in theirs.get_weights()])
    return ours, theirs, call


def answers(layer, call):
    found = layer(**call)
    return [as_array(each) for each in (found if isinstance(found, list | tuple) else [found])]


@pytest.mark.parametrize("name", NAMES)
def test_equal_to_keras_in_random_configurations_with_weights_carried_over_both_ways(name):
    for seed in range(CONFIGURATIONS):
        ours, theirs, call = pair(name, seed)
        assert [(w.shape, w.name) for w in ours.weights] == [(w.shape, w.name) for w in theirs.weights]
        ours.set_weights(theirs.get_weights())
        for our, their in zip(answers(ours, call), answers(theirs, call), strict=True):
            np.testing.assert_allclose(our, their, **TOLERANCE, err_msg=f"seed {seed}")
        theirs.set_weights(ours.get_weights())


@pytest.mark.parametrize("name", NAMES)
def test_first_weights_are_drawn_as_keras_draws_them(name):
    drawn = []
    for where in (layers, keras.layers):
        kernel, recurrent = keras.initializers.GlorotUniform(seed=1), keras.initializers.Orthogonal(seed=2)
        layer = getattr(where, name)(5, kernel_initializer=kernel, recurrent_initializer=recurrent)
        layer.build((None, None, 3))
        drawn.append(layer.get_weights())
    for our, their in zip(*drawn, strict=True):
        np.testing.assert_array_equal(our, their)


@pytest.mark.parametrize("name", NAMES)
def test_dropout_of_inputs_draws_what_keras_draws(name):
    x = inputs((4, 6, 5))
    kinds = {"dropout": 0.5} if name != "SimpleRNN" else {"dropout": 0.5, "recurrent_dropout": 0.4}
    ours, theirs = (getattr(where, name)(3, seed=7, **kinds) for where in (layers, keras.layers))
    ours.build(x.shape), theirs.build(x.shape)
    ours.set_weights(theirs.get_weights())
    np.testing.assert_allclose(as_array(ours(x, training=True)), as_array(theirs(x, training=True)), **TOLERANCE)


@pytest.mark.parametrize("name", NAMES)
def test_recurrent_dropout_hides_the_same_units_at_every_step(name):
    x, layer = inputs((3, 6, 2)), getattr(layers, name)(8, recurrent_dropout=0.5, seed=1)
    found = layer(x, training=True)
    assert layer.cell.kept is None
    seed = keras.random.SeedGenerator(1)
    layer.cell.kept = keras.random.dropout(np.ones((3, 8), "float32"), 0.5, seed=seed)
    states = layer.cell.get_initial_state(3)
    for t in range(6):
        h, states = layer.cell(x[:, t], states)
    np.testing.assert_allclose(as_array(found), as_array(h), **TOLERANCE)
    layer.cell.kept = None
    assert np.abs(as_array(layer(x)) - as_array(h)).max() > 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_padding_behind_an_embeddings_mask_changes_nothing(name):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Embedding(9, 4, mask_zero=True), getattr(layers, name)(6)])
    words = np.random.default_rng(0).integers(1, 9, (5, 7))
    padded = np.pad(words, ((0, 0), (0, 6)))
    np.testing.assert_allclose(as_array(model(words)), as_array(model(padded)), atol=1e-6)
    without_mask = as_array(model.layers[1](as_array(model.layers[0](padded))))
    assert np.abs(without_mask - as_array(model(words))).max() > 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_in_bidirectional_they_equal_keras_and_are_saved(name, tmp_path):
    x = inputs((3, 6, 4))
    mask = np.arange(6) < np.array([[6], [4], [2]])
    ours, theirs = (
        keras.layers.Bidirectional(getattr(where, name)(5, return_sequences=True, return_state=True))
        for where in (layers, keras.layers)
    )
    theirs(x), ours(x)
    ours.set_weights(theirs.get_weights())
    for our, their in zip(ours(x, mask=mask), theirs(x, mask=mask), strict=True):
        np.testing.assert_allclose(as_array(our), as_array(their), **TOLERANCE)
    model = keras.Sequential([keras.Input((None, 4)), keras.layers.Bidirectional(getattr(layers, name)(3))])
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(as_array(again(x)), as_array(model(x)), atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_by_itself_and_stacked_in_keras_rnn(name):
    x = inputs((2, 5, 3))
    cell_class, layer_class = getattr(layers, f"{name}Cell"), getattr(layers, name)
    one = keras.layers.RNN(cell_class(4), return_sequences=True)
    layer = layer_class(4, return_sequences=True)
    one(x), layer(x)
    layer.set_weights(one.get_weights())
    np.testing.assert_allclose(as_array(one(x)), as_array(layer(x)), atol=1e-6)
    stacked = keras.layers.RNN([cell_class(4), cell_class(6)])
    assert stacked(x).shape == (2, 6)
    twin = keras.layers.RNN.from_config(stacked.get_config())
    twin(x)
    twin.set_weights(stacked.get_weights())
    np.testing.assert_allclose(as_array(twin(x)), as_array(stacked(x)), atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_states_handed_on_continue_the_sequence(name):
    x = inputs((2, 8, 3))
    layer = getattr(layers, name)(4, return_state=True)
    whole = layer(x)[0]
    _, *states = layer(x[:, :5])
    np.testing.assert_allclose(as_array(layer(x[:, 5:], initial_state=states)[0]), as_array(whole), atol=1e-6)
    stateful = getattr(layers, name)(4, stateful=True)
    stateful(x[:, :5])
    stateful.set_weights(layer.get_weights())
    stateful.reset_state()
    stateful(x[:, :5])
    np.testing.assert_allclose(as_array(stateful(x[:, 5:])), as_array(whole), atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [0, 2.5, True])
def test_units_must_be_a_whole_number(name, value):
    with pytest.raises(ValueError, match="units is a whole number from 1"):
        getattr(layers, name)(value)


@pytest.mark.parametrize("name", ["dropout", "recurrent_dropout"])
@pytest.mark.parametrize("value", [-0.1, 1.0, True, "0.5"])
def test_dropout_must_be_a_share(name, value):
    with pytest.raises(ValueError, match=f"{name} is at least 0 and below 1"):
        layers.LSTM(3, **{name: value})
