from dlcourse.course import chapters, known_claims
from dlcourse.course.report import applications, parts, reported_dates


def test_every_chapter_is_in_exactly_one_part():
    for chapter in chapters():
        inside = [part.number for part in parts() if part.first <= chapter.number <= part.last]
        assert len(inside) == 1, chapter.number


def test_the_four_applications_of_the_report_have_chapters():
    assert len(applications()) == 4
    assert all(each.chapters and each.builds for each in applications())


def test_the_years_are_those_of_the_claim():
    said = ", ".join(f"{each.name} {each.year}" for each in reported_dates())
    assert known_claims()["dates"].says == f"{said}."


def test_a_milestone_with_two_papers_takes_the_earlier_dates():
    recurrent = reported_dates()[0]
    assert [paper.key for paper in recurrent.papers] == ["rumelhart1986pdp", "rumelhart1986"]
    assert str(recurrent.published) == "1986"
    assert str(recurrent.first) == "September 1985"
    assert recurrent.earliest.first_as.startswith("ICS Report 8506")
