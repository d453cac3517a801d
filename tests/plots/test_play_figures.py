"""The figures to play with: each moves as its values say, and a move adds nothing to it."""

import matplotlib as mpl
import numpy as np
import pytest

from dlcourse import plots
from dlcourse.detection import iou
from dlcourse.plots.play_pictures import PARTS
from dlcourse.plots.playing import live_png
from dlcourse.scratch import activations, correlate

mpl.use("Agg")

X = np.linspace(1.0, 3.0, 20)
Y = 2 * X - 1
WORDS = ["the", "cat", "sat"]
BOX = np.array([20.0, 30, 50, 70])


def squared(w, b):
    w, b = np.broadcast_arrays(w, b)
    return np.mean((np.maximum(0, w[..., None] * X + b[..., None]) - Y) ** 2, axis=-1)


def neuron():
    draw = plots.play_neuron.line_and_cost(X, Y, squared, (-1, 3), (-2, 3), (2, -1))
    return draw, {"weight": 1.0, "bias": 0.5}, {"weight": -1.0, "bias": -1.0}


def activation():
    draw = plots.play_neuron.function_and_slope(activations.ALL)
    return draw, {"name": "sigmoid", "z": 0.0, "layers": 2}, {"name": "relu", "z": 1.0, "layers": 20}


def descent():
    def walk(rate):
        points = [np.array([-3.0, 2.0])]
        for _ in range(30):
            points.append(points[-1] * (1 - rate * np.array([0.2, 4.0])))
        return np.array(points)

    draw = plots.play_descent.downhill(lambda p: 0.1 * p[0] ** 2 + 2 * p[1] ** 2, walk, (-4, 4), (-3, 3), (0, 0))
    return draw, {"rate": 0.1}, {"rate": 0.6}


def kernel():
    picture = np.random.default_rng(0).uniform(size=(30, 40))
    draw = plots.play_pictures.kernel(picture, lambda one, two: correlate(one, two, padding="same"))
    plain = dict.fromkeys(PARTS, 0.0)
    return draw, plain | {"rightwards": 1.0}, plain | {"middle": 5.0, "beside": -1.0}


def overlap():
    draw = plots.play_boxes.overlap(np.zeros((96, 96)), BOX, iou)
    return draw, {"right": 0, "down": 0, "size": 1.0}, {"right": 10, "down": 10, "size": 1.0}


def suppressed():
    boxes = np.array([[20.0, 30, 50, 70], [22, 30, 52, 70], [60, 10, 80, 30]])
    found = {"boxes": boxes, "scores": np.array([0.9, 0.8, 0.3]), "classes": np.array([0, 0, 1])}

    def kept(boxes, scores, classes, limit):
        return [k for k in range(len(boxes)) if not any(iou(boxes[k : k + 1], boxes[:k])[0] > limit)]

    draw = plots.play_boxes.suppressed(np.zeros((96, 96)), boxes[[0, 2]], found, kept, ["coat", "shoe"])
    return draw, {"score": 0.1, "iou": 0.5}, {"score": 0.5, "iou": 1.0}


def threshold():
    distances, same = np.array([0.1, 0.2, 0.3, 0.4, 0.8, 0.9, 1.0, 0.35]), np.array([1, 1, 1, 1, 0, 0, 0, 0])
    draw = plots.play_decisions.threshold(distances, same, learned=0.5)
    return draw, {"threshold": 0.32}, {"threshold": 0.5}


def memory():
    norms = {(radius, size): radius ** np.arange(60.0) for radius in (0.8, 1.0, 1.2) for size in (0, 1)}
    return plots.play_sequences.memory(norms), {"radius": 0.8, "inputs": 0}, {"radius": 1.2, "inputs": 1}


def heads():
    weights = np.random.default_rng(0).dirichlet(np.ones(3), size=(2, 4, 3))
    weights[1, 2, 0] = [0.1, 0.7, 0.2]
    draw = plots.play_sequences.attention_heads(weights, WORDS)
    return draw, {"layer": 1, "head": 2, "word": 0}, {"layer": 0, "head": 0, "word": 1}


def next_word():
    def probabilities(logits, temperature, top_k, top_p):
        scores = logits / temperature
        if top_k is not None:
            scores = np.where(scores >= np.sort(scores)[-top_k], scores, -1e9)
        shares = np.exp(scores - scores.max())
        return shares / shares.sum()

    draw = plots.play_sequences.next_word(np.log([0.5, 0.25, 0.25]), WORDS, probabilities)
    return draw, {"temperature": 1.0, "top_k": None, "top_p": None}, {"temperature": 1.0, "top_k": 1, "top_p": None}


EXPECTED = {
    neuron: ("w = 1, b = 0.5: cost 0.618; the smallest there is 0.000.", "The neuron is silent for every example"),
    activation: ("slope 0.250; 2 such slopes in a row, weights aside, leave 0.062", "leave 1 of a gradient"),
    descent: ("above the minimum", "the cost is higher than at the start"),
    kernel: ("add up to 0", "comes out 1 times as bright"),
    overlap: ("IoU 1.00: found", "IoU 0.33: not found"),
    suppressed: ("of 3 candidates 2 are left; there are 2 garments", "of 2 candidates 2 are left"),
    threshold: ("0.0 % of the strangers' pairs are let in, 25.0 % of the true", "25.0 % of the strangers'"),
    memory: ("after 21 steps less than a hundredth", "it explodes"),
    heads: ("In layer 2, head 3, “the” looks most at “cat” (0.70), “sat” (0.20)", "In layer 1, head 1, “cat”"),
    next_word: (
        "3 words can be drawn, the likeliest with 0.50; a draw holds 1.5 bits",
        "top-k 1: 1 words can be drawn",
    ),
}


@pytest.mark.parametrize("made", EXPECTED, ids=lambda made: made.__name__)
def test_a_move_changes_the_picture_and_the_sentence_and_adds_nothing(made):
    draw, *values = made()
    pictures, sentences, artists = [], [], []
    for given in (values[0], values[1], values[0]):
        figure, said = draw(**given)
        pictures.append(live_png(figure))
        sentences.append(said)
        artists.append(len(figure.findobj()))
    for said, expected in zip(sentences, EXPECTED[made], strict=False):
        assert expected in said
    assert pictures[0] != pictures[1]
    assert pictures[0] == pictures[2], "coming back shows the same picture"
    assert artists[1] == artists[2]


def test_the_kernel_is_what_correlation_does_with_the_whole():
    """The answers to the parts are summed; that must be the answer to the sum."""
    draw, *_ = kernel()
    picture = np.random.default_rng(0).uniform(size=(30, 40))
    shares = {"middle": 1.0, "beside": -0.5, "corners": 0.25, "rightwards": 2.0, "downwards": -1.0}
    figure, _ = draw(**shares)
    whole = sum(share * PARTS[name] for name, share in shares.items())
    shown = figure.axes[2].images[0].get_array()
    np.testing.assert_allclose(shown, correlate(picture, whole, padding="same"), atol=1e-12)


def test_a_path_that_blows_up_can_be_drawn():
    draw = plots.play_descent.downhill(
        lambda p: float(p @ p),
        lambda rate: np.array([[1.0, 1], [1e200, 1e200], [np.inf, np.nan]]),
        (-1, 1),
        (-1, 1),
        (0, 0),
    )
    with np.errstate(all="ignore"):
        figure, said = draw(rate=1.0)
    assert "the steps are too long" in said
    assert live_png(figure)


def test_a_setting_that_was_not_measured_is_said():
    draw, *_ = memory()
    with pytest.raises(ValueError, match="was not measured: it is one of"):
        draw(radius=2.0, inputs=0)


def test_words_must_fit_the_attention():
    with pytest.raises(ValueError, match="they end in \\(2, 3\\)"):
        plots.play_sequences.attention_heads(np.ones((2, 3, 3)) / 3, WORDS, ["one", "two"])


def test_words_must_be_as_many_as_scores():
    with pytest.raises(ValueError, match="3 words are not allowed: there are 2 scores"):
        plots.play_sequences.next_word(np.zeros(2), WORDS, None)


def test_one_layer_needs_no_choice_of_layers():
    draw = plots.play_sequences.attention_heads(np.ones((2, 3, 3)) / 3, WORDS)
    assert "In head 2, “sat”" in draw(head=1, word=2)[1]
