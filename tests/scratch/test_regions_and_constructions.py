"""Regions counted exactly agree with a fine grid and with theory; built networks are what they are said to be."""

import numpy as np
import pytest

from dlcourse.scratch import MLP
from dlcourse.scratch.constructions import one_layer_network, polygon_network, tooth_network
from dlcourse.scratch.regions import cut_plane, most_regions


def random_net(sizes, seed):
    net, rng = MLP(sizes, "relu", seed=seed), np.random.default_rng(100 + seed)
    for b in net.parameters[1::2]:
        b[:] = rng.normal(0, 0.3, len(b))
    return net


def area(corners):
    x, y = corners.T
    return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sizes", [(2, 6, 1), (2, 5, 4, 1), (2, 4, 4, 4, 1)])
def test_regions_cover_the_square_and_each_cut_makes_one_more(sizes, seed):
    layers = cut_plane(random_net(sizes, seed), (-2, 2))
    cuts = 0
    for layer in layers:
        cuts += sum(len(segments) for segments in layer.segments)
        assert len(layer.regions) == 1 + cuts
        assert sum(area(region.corners) for region in layer.regions) == pytest.approx(16)


@pytest.mark.parametrize("seed", range(4))
def test_a_fine_grid_sees_no_other_pattern(seed):
    net = random_net((2, 5, 4, 1), seed)
    side = np.linspace(-2, 2, 801)
    X = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    on = np.concatenate(net.layer_outputs(X)[:-1], axis=1) > 0
    regions = cut_plane(net, (-2, 2))[-1].regions
    middles = np.array([region.corners.mean(axis=0) for region in regions])
    exact = np.concatenate(net.layer_outputs(middles)[:-1], axis=1) > 0
    by_grid, by_cutting = ({row.tobytes() for row in rows} for rows in (on, exact))
    assert by_grid <= by_cutting
    assert len(by_cutting) - len(by_grid) <= 0.1 * len(by_cutting)


def test_inside_a_region_the_layer_is_linear():
    net = random_net((2, 5, 4, 1), 0)
    rng = np.random.default_rng(0)
    for region in cut_plane(net)[-1].regions:
        X = rng.dirichlet(np.ones(len(region.corners)), 5) @ region.corners
        np.testing.assert_allclose(net.layer_outputs(X)[-2], X @ region.slope + region.offset, atol=1e-9)


def test_lines_in_general_position_reach_zaslavskys_bound():
    net = random_net((2, 7, 1), 3)
    assert len(cut_plane(net, (-1e4, 1e4))[0].regions) == most_regions(7, 2) == 29


def test_only_relu_networks_of_the_plane_are_cut():
    with pytest.raises(ValueError, match="2 inputs and ReLU"):
        cut_plane(MLP((3, 4, 1), "relu"))
    with pytest.raises(ValueError, match="tanh"):
        cut_plane(MLP((2, 4, 1), "tanh"))


@pytest.mark.parametrize("folds", [1, 2, 5])
def test_folding_draws_the_teeth_that_one_layer_draws(folds):
    knots = np.arange(2**folds + 1) / 2**folds
    flat, x = one_layer_network(knots, np.arange(2**folds + 1) % 2), np.linspace(0, 1, 999)
    np.testing.assert_allclose(tooth_network(folds).predict(x), flat.predict(x), atol=1e-9)
    np.testing.assert_allclose(flat.predict(knots), np.arange(2**folds + 1) % 2, atol=1e-9)
    assert flat.sizes == (1, 2**folds, 1)


@pytest.mark.parametrize("sides", [3, 4, 7, 20])
def test_the_polygon_is_the_least_distance_from_its_sides(sides):
    net = polygon_network(sides)
    assert set(net.sizes[1:-1]) == {3}
    X = np.random.default_rng(0).uniform(-1, 1, (500, 2))
    angles = 2 * np.pi * np.arange(sides) / sides
    reach = np.sqrt(2 / (sides * np.tan(np.pi / sides)))
    expected = np.min(reach - X @ np.array([np.cos(angles), np.sin(angles)]), axis=1)
    np.testing.assert_allclose(net.predict(X), expected, atol=1e-9)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: polygon_network(2), "at least 3"),
        (lambda: tooth_network(0), "folds"),
        (lambda: one_layer_network([0, 0], [1, 2]), "increasing"),
    ],
)
def test_what_cannot_be_built_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
