import itertools
from dataclasses import dataclass, field

import matplotlib as mpl
import pytest

from dlcourse.course import chapters
from dlcourse.course.report import parts
from dlcourse.plots import course_map

mpl.use("Agg")


@dataclass
class Box:
    number: str
    needs: tuple[str, ...] = ()
    title: str = "A title of some words"
    written: bool = True


@dataclass
class Band:
    number: str
    first: str
    last: str
    title: str = field(default="Part")


@pytest.fixture
def ax():
    from matplotlib.figure import Figure

    return Figure().add_subplot()


def test_every_chapter_stands_to_the_right_of_all_it_needs():
    where = course_map.places(chapters(), parts())
    assert set(where) == {chapter.number for chapter in chapters()}
    for chapter in chapters():
        assert all(where[needed][0] < where[chapter.number][0] for needed in chapter.needs), chapter.number


def test_no_two_chapters_share_a_place():
    where = course_map.places(chapters(), parts())
    assert len(set(where.values())) == len(where)


def test_the_bands_of_the_parts_do_not_overlap():
    where = course_map.places(chapters(), parts())
    rows = [[where[each.number][1] for each in chapters() if p.first <= each.number <= p.last] for p in parts()]
    assert all(max(above) + 1 < min(below) for above, below in itertools.pairwise(rows))


def test_a_chapter_stands_in_the_row_of_the_one_it_needs():
    where = course_map.places([Box("00"), Box("01"), Box("02", ("01",))], [Band("I", "00", "02")])
    assert where["02"] == (1, where["01"][1])


def test_every_need_is_a_line_and_every_chapter_a_label(ax):
    course_map.draw(ax, chapters(), parts())
    labels = [text.get_text().replace("\n", " ") for text in ax.texts]
    assert {f"{each.number} {each.title}" for each in chapters()} <= set(labels)
    arrows = [line for line in ax.lines if line.get_marker() == ">"]
    assert len(arrows) == sum(len(each.needs) for each in chapters())


def test_what_is_planned_is_paler_than_what_is_written(ax):
    course_map.draw(ax, [Box("00"), Box("01", written=False)], [Band("I", "00", "01")])
    opacity = [patch.get_alpha() for patch in ax.patches]
    assert opacity[1] == 1
    assert opacity[3] < 0.5


@pytest.mark.parametrize("bands", [[Band("I", "00", "00")], [Band("I", "00", "01"), Band("II", "01", "02")]])
def test_a_chapter_in_no_part_or_in_two_is_refused(ax, bands):
    with pytest.raises(ValueError, match=r"chapter 01 is in [02] parts"):
        course_map.draw(ax, [Box("00"), Box("01")], bands)
