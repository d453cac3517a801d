import matplotlib as mpl
import pytest

from dlcourse.plots.timeline import timeline

mpl.use("Agg")

ROWS = [("one", 1995.6, 1997.9), ("two", 2018.8, 2019.5)]
ERAS = [(1990, 2001, 1), (2014, 2021, 1)]


@pytest.fixture
def draw():
    from matplotlib import pyplot as plt

    yield timeline
    plt.close("all")


def dots(ax, label):
    return next(list(line.get_xdata()) for line in ax.lines if line.get_label() == label)


def test_every_era_shows_its_own_dots(draw):
    left, right = draw(ROWS, ERAS).axes
    assert (dots(left, "first public"), dots(left, "published")) == ([1995.6], [1997.9])
    assert (dots(right, "first public"), dots(right, "published")) == ([2018.8], [2019.5])


def test_a_claimed_year_is_a_band_over_the_whole_year(draw):
    right = draw(ROWS, ERAS, {"two": 2019}).axes[1]
    band = right.collections[0].get_datalim(right.transData)
    assert (band.x0, band.x1) == (2019, 2020)
    assert (band.y0, band.y1) == pytest.approx((0.6, 1.4))


def test_an_era_without_dots_is_drawn_too(draw):
    left = draw(ROWS[1:], ERAS).axes[0]
    assert dots(left, "first public") == dots(left, "published") == []


def test_a_date_outside_every_era_is_refused(draw):
    with pytest.raises(ValueError, match=r"one: 1985.5 lies in none of the eras"):
        draw([("one", 1985.5, 1986.0)], ERAS)
