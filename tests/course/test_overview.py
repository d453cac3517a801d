"""The table of the course in chapter 00: every chapter, its figure, and the reader's own progress."""

import pytest

from dlcourse.course import chapters, overview
from dlcourse.exercises import kept


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A reader who has done nothing yet."""
    monkeypatch.setenv("DLCOURSE_HOME", str(tmp_path))


def test_every_chapter_has_a_row_with_its_link_and_minutes(home):
    shown = overview()
    assert [row.chapter.number for row in shown.rows] == [chapter.number for chapter in chapters()]
    table = shown._repr_mimebundle_()["text/markdown"]
    assert table.count("\n") >= len(chapters()) + 1
    for chapter in chapters():
        assert (f"[{chapter.number} {chapter.title}]({chapter.path.name})" in table) == chapter.written
    assert shown.minutes == sum(chapter.minutes for chapter in chapters() if chapter.written)


def test_a_chapters_figure_is_the_first_headline_of_its_notebook(home):
    (row,) = (row for row in overview().rows if row.chapter.number == "04")
    assert row.reached.startswith("held-out accuracy, coat or pullover: ")
    assert "(bar ≥ 84 %)" in row.reached


def test_what_was_passed_is_counted(home):
    kept.keep([{"id": "01.1", "status": "passed"}, {"id": "01.2", "status": "failed"}])
    first, second = overview().rows[:2]
    assert first.passed == 0
    assert second.passed == 1
    assert second.exercises.startswith("●◐○")
    assert second.exercises.endswith(f"1 of {second.total}")


def test_outside_a_notebook_it_is_lines(home):
    assert "01 One neuron, and the price of a house: ○" in repr(overview())
