import base64
import io

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from dlcourse import plots

mpl.use("Agg")


@pytest.fixture
def ax():
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots()
    yield axes
    plt.close(fig)


@pytest.fixture
def displayed(monkeypatch):
    """What `plots.show` hands to the notebook: (data, metadata)."""
    import IPython.display

    seen = []
    monkeypatch.setattr(IPython.display, "display", lambda data, raw, metadata: seen.append((data, metadata)))
    return seen


def test_show_publishes_a_png_with_its_alt_text_and_closes_the_figure(ax, displayed):
    import matplotlib.pyplot as plt

    ax.plot([0, 1], [0, 1])
    plots.show(ax.figure, alt="A straight line from one corner to the other.")
    ((data, metadata),) = displayed
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert image.format == "PNG"
    assert image.width > 400
    assert data["text/plain"] == metadata["image/png"]["alt"] == "A straight line from one corner to the other."
    assert not plt.fignum_exists(ax.figure.number)


def test_the_same_figure_gives_the_same_bytes(displayed):
    import matplotlib.pyplot as plt

    for _ in range(2):
        fig, axes = plt.subplots()
        axes.plot([0, 1], [1, 0])
        plots.show(fig, alt="A straight line falling from left to right.")
    assert displayed[0][0]["image/png"] == displayed[1][0]["image/png"]


@pytest.mark.parametrize("alt", ["", "   ", "a plot"])
def test_a_figure_without_words_is_refused(ax, displayed, alt):
    with pytest.raises(ValueError, match="alt text says in a sentence what is seen"):
        plots.show(ax.figure, alt=alt)
    assert displayed == []


def test_the_style_is_the_courses_own():
    with mpl.rc_context():
        plots.use_style()
        assert mpl.rcParams["axes.prop_cycle"].by_key()["color"][0] == plots.COLOURS["blue"]
        assert mpl.rcParams["axes.spines.top"] is False


def test_an_unknown_figure_module_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'pie_chart'"):
        plots.pie_chart  # noqa: B018


def test_dots_put_the_smallest_mean_on_top_and_draw_every_run(ax):
    plots.comparison.dots(ax, {"good": [1.0, 2.0], "bad": [5.0, 6.0, 7.0]}, xlabel="error ($1,000)", highlight=["good"])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["bad", "good"]
    drawn = [len(line.get_xdata()) for line in ax.lines if line.get_marker() == "o"]
    assert sorted(drawn) == [2, 3]


def test_dots_put_the_largest_mean_on_top_when_higher_is_better(ax):
    plots.comparison.dots(ax, {"good": [2.0], "bad": [1.0]}, xlabel="accuracy (%)", higher_is_better=True)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["bad", "good"]


def test_a_heatmap_writes_its_numbers(ax):
    plots.heatmap.heatmap(ax, [[0.5, -1.0]], ["unit"], ["left", "right"])
    assert [text.get_text() for text in ax.texts] == ["0.50", "-1.00"]


def test_a_heatmap_with_other_labels_is_refused(ax):
    with pytest.raises(ValueError, match=r"the table is \(1, 2\)"):
        plots.heatmap.heatmap(ax, [[0.5, -1.0]], ["unit"], ["left"])


def test_a_network_has_a_circle_a_unit_and_a_line_a_weight(ax):
    plots.diagram.network(ax, [["a", "b"], ["", "", ""], ["price"]])
    assert len(ax.patches) == 2 + 3 + 1
    assert len(ax.lines) == 2 * 3 + 3 * 1


def test_descent_shows_what_is_above_the_minimum(ax):
    plots.neuron.descent(ax, [4.0, 2.0, 1.0])
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [3.0, 1.0, np.finfo(float).eps])


def test_starting_points_count_each_kind(ax):
    starts = np.array([[1.0, 1.0], [0.1, -2.0], [-0.5, 0.1]])
    learned, dead = np.array([True, False, False]), np.array([False, True, False])
    plots.neuron.starting_points(ax, starts, learned, dead, x=np.array([-1.0, 1.0]))
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["nothing gets through", "learned: 1", "dead from the start: 1", "alive, not there yet: 1"]
