"""The embedding network: its counts on paper, lengths of 1, where things are counts, training, and wrong arguments."""

import keras
import numpy as np
import pytest

import dlcourse.models
from dlcourse.models import embedding_net
from dlcourse.verification import batch_hard_triplet_loss


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def pictures(number, shape=(24, 20, 1)):
    return np.random.default_rng(0).normal(size=(number, *shape)).astype("float32")


def test_it_is_found_in_models():
    assert dlcourse.models.embedding_net is embedding_net


def test_weights_as_counted_on_paper():
    convolutions = 25 * 16 + 9 * 16 * 32 + 9 * 32 * 64 + 9 * 64 * 64
    norms = 4 * (16 + 32 + 64 + 64 + 64)
    assert embedding_net().count_params() == convolutions + norms + 7 * 6 * 64 + 64 * 64 == 68_048


def test_vectors_have_length_one_in_float32_under_mixed_precision():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        vectors = embedding_net((24, 20, 1), 9).predict_on_batch(pictures(5))
    finally:
        keras.config.set_dtype_policy(policy)
    assert (vectors.shape, vectors.dtype) == ((5, 9), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_where_something_is_counts():
    model = embedding_net((24, 24, 1))
    x = np.zeros((2, 24, 24, 1), "float32")
    x[0, 6:10, 6:10] = x[1, 14:18, 14:18] = 5
    one, other = model.predict_on_batch(x)
    assert one @ other < 0.9


def test_training_lowers_the_loss_and_moves_every_weight():
    model = embedding_net((24, 20, 1), 8, filters=(4, 6, 8, 8), dropout=0.1)
    model.compile(keras.optimizers.Adam(3e-3), batch_hard_triplet_loss, jit_compile=keras.backend.backend() == "jax")
    x, people = pictures(24), np.repeat(np.arange(6), 4)
    before = model.get_weights()
    losses = [float(model.train_on_batch(x, people)) for _ in range(25)]
    assert np.mean(losses[-5:]) < losses[0]
    assert all(not np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True))


def test_saved_and_loaded_it_answers_the_same(tmp_path):
    model = embedding_net((24, 20, 1))
    model.save(tmp_path / "net.keras")
    again = keras.models.load_model(tmp_path / "net.keras")
    np.testing.assert_allclose(again.predict_on_batch(pictures(3)), model.predict_on_batch(pictures(3)), atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"input_shape": (15, 48, 1)}, "sides from 16, not \\(15, 48, 1\\)"),
        ({"input_shape": (56, 48)}, "input_shape is"),
        ({"input_shape": (None, 48, 1)}, "input_shape is"),
        ({"dimensions": 0}, "dimensions is a whole number from 1, not 0"),
        ({"filters": (16, 32, 64)}, "filters is four"),
        ({"filters": (16, 32, 64, True)}, "filters is four"),
        ({"dropout": 1}, "dropout is a number from 0 to below 1, not 1"),
    ],
)
def test_wrong_arguments_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        embedding_net(**arguments)
