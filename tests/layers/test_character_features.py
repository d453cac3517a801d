"""Features of letters: the contract, padding that changes nothing, and the sums worked out by hand."""

import numpy as np
import pytest
from contract import as_array, is_registered

from dlcourse.layers import CharacterFeatures

LETTERS = np.array([[[1, 2, 0, 0], [2, 1, 2, 1], [0, 0, 0, 0]]], np.int32)


def test_its_config_and_weights_make_a_twin():
    layer = CharacterFeatures(5, 7, size=2, embedding=3)
    answer = as_array(layer(LETTERS))
    assert answer.shape == layer.compute_output_shape(LETTERS.shape) == (1, 3, 7)
    twin = CharacterFeatures.from_config(layer.get_config())
    twin.build(LETTERS.shape)
    twin.set_weights(layer.get_weights())
    np.testing.assert_allclose(as_array(twin(LETTERS)), answer, rtol=1e-6)
    assert [w.shape for w in twin.get_weights()] == [(5, 3), (1, 2, 3, 7), (7,)]
    is_registered(CharacterFeatures)


def test_it_is_the_greatest_sum_over_the_places_of_a_word():
    layer = CharacterFeatures(3, 4, size=3, embedding=2)
    answer = as_array(layer(LETTERS))
    table, kernel, bias = layer.get_weights()
    for word, found in zip(LETTERS[0], answer[0], strict=True):
        seen = np.pad(table[word], ((1, 1), (0, 0)))
        sums = [np.einsum("nc,ncf->f", seen[place : place + 3], kernel[0]) + bias for place in range(4)]
        np.testing.assert_allclose(found, np.max(sums, axis=0), rtol=1e-5, atol=1e-6)


def test_a_word_does_not_feel_its_neighbours():
    layer = CharacterFeatures(3, 4)
    together, alone = layer(LETTERS), layer(LETTERS[:, 1:2])
    np.testing.assert_allclose(as_array(together)[:, 1], as_array(alone)[:, 0], rtol=1e-5, atol=1e-6)


def test_the_mask_says_where_words_are():
    layer = CharacterFeatures(3, 4)
    assert as_array(layer.compute_mask(LETTERS)).tolist() == [[True, True, False]]


@pytest.mark.parametrize("settings", [{"characters": 0, "filters": 1}, {"characters": 1, "filters": 1.5}])
def test_sizes_that_are_none_are_refused(settings):
    with pytest.raises(ValueError, match="whole number"):
        CharacterFeatures(**settings)
