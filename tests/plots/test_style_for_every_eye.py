"""The figures' colours are told apart by every kind of colour vision, and their letters are legible at half size.

Colour blindness is simulated as in Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of
color vision deficiency" (2009), table 1, severity 1.0; differences are CIE76, Euclidean in CIELAB, where about 2 can
just be seen beside each other.
"""

import itertools
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.font_manager import FontProperties

from dlcourse import display, plots
from dlcourse.plots.style import COLOURS

SEEN_BY = {
    "most people": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = TO_XYZ @ np.ones(3)
LEAST = 15  # between colours that tell things apart; 2 can just be seen
BESIDE_GREY = 8.5  # grey is for what stands in the background, never for a line that its colour alone names
SMALLEST = 5  # points, in a figure shown at half size
SMALLEST_NOTE = 4  # the same for a few labels inside a drawing


def linear(colour):
    """sRGB "#rrggbb" as linear light (3,)."""
    values = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(light):
    """Linear light as CIELAB."""
    t = TO_XYZ @ light / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def seen(colour, eye):
    return lab(np.clip(SEEN_BY[eye] @ linear(colour), 0, 1))


def difference(one, other, eye):
    return float(np.linalg.norm(seen(one, eye) - seen(other, eye)))


def test_the_measure_agrees_with_known_values():
    assert lab(np.ones(3)) == pytest.approx([100, 0, 0], abs=1e-6)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    for eye, matrix in SEEN_BY.items():
        assert matrix.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5), f"{eye}: grey stays grey"


@pytest.mark.parametrize("eye", SEEN_BY)
def test_the_palette_is_told_apart(eye):
    close = {}
    for a, b in itertools.combinations(COLOURS, 2):
        found = difference(COLOURS[a], COLOURS[b], eye)
        if found < (BESIDE_GREY if "grey" in (a, b) else LEAST):
            close[a, b] = round(found, 1)
    assert close == {}


@pytest.mark.parametrize("eye", SEEN_BY)
def test_two_lines_of_a_figure_are_far_apart(eye):
    with mpl.rc_context():
        plots.use_style()
        first = mpl.rcParams["axes.prop_cycle"].by_key()["color"][:2]
    assert difference(*first, eye) > 2 * LEAST


@pytest.mark.parametrize("eye", SEEN_BY)
def test_every_colour_stands_out_from_the_page(eye):
    assert min(difference(colour, "#ffffff", eye) for colour in COLOURS.values()) > 35


@pytest.mark.parametrize("eye", SEEN_BY)
def test_what_the_course_says_is_told_apart(eye):
    """A record held or missed, a claim with a caveat: each has a mark and words too, but the colours differ."""
    tones = display.COLOURS.values()
    assert min(difference(a, b, eye) for a, b in itertools.combinations(tones, 2)) > LEAST


def test_letters_are_legible_at_half_size():
    with mpl.rc_context():
        plots.use_style()
        names = [
            "font.size",
            "axes.titlesize",
            "axes.labelsize",
            "xtick.labelsize",
            "ytick.labelsize",
            "legend.fontsize",
        ]
        sizes = {name: FontProperties(size=mpl.rcParams[name]).get_size_in_points() for name in names}
        assert {name: size for name, size in sizes.items() if size / 2 < SMALLEST} == {}
        assert mpl.rcParams["lines.linewidth"] / 2 >= 1


def test_no_label_is_set_smaller():
    small = [
        (path.name, size)
        for path in sorted(Path(plots.__file__).parent.glob("*.py"))
        for size in re.findall(r"fontsize=([\d.]+)", path.read_text(encoding="utf-8"))
        if float(size) / 2 < SMALLEST_NOTE
    ]
    assert small == []
