import re

import pytest

from dlcourse.course.syllabus import chapters, find_chapter, find_written_chapter
from dlcourse.errors import CourseError


def test_chapters_run_from_00_to_24_without_a_gap():
    assert [each.number for each in chapters()] == [f"{number:02d}" for number in range(25)]


def test_every_chapter_needs_only_earlier_ones():
    for each in chapters():
        assert all(needed < each.number for needed in each.needs), each.number


def test_slugs_are_lower_case_words():
    assert all(re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", each.slug) for each in chapters())


@pytest.mark.parametrize("name", ["01", "1", 1, "neuron_and_house_prices", "01_neuron_and_house_prices"])
def test_a_chapter_is_found_by_any_of_its_names(name):
    assert find_chapter(name).number == "01"


def test_a_wrong_number_says_what_there_is():
    with pytest.raises(CourseError, match=r"no chapter '77'.*chapters 00 to 24"):
        find_chapter("77")


def test_a_near_miss_is_recognised():
    with pytest.raises(CourseError, match="did you mean 'logistic_regression'"):
        find_chapter("logistic_regresion")


def test_a_planned_chapter_cannot_be_run(tiny_course):
    with pytest.raises(CourseError, match=r"chapter 22 \(GPT\) is planned, not written yet: there are 01"):
        find_written_chapter("22")
