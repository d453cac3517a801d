"""The course's prose in passages, and the questions asked of it."""

from collections import Counter

import nbformat
import pytest

from dlcourse.course.passages import passages, plain, questions
from dlcourse.course.syllabus import chapters


@pytest.fixture
def made(tmp_path, monkeypatch):
    """One small notebook in a folder of its own."""
    cells = [
        nbformat.v4.new_markdown_cell("# 03. A title\n\nToo short.\n\n" + "word " * 200),
        nbformat.v4.new_code_cell("print('not prose, however long this line of code may be')"),
        nbformat.v4.new_markdown_cell("## Slide\n\nA *kernel* slides over [a film](x.ipynb) and sums what it covers."),
        nbformat.v4.new_markdown_cell("## Exercises\n\nWrite a function that does nothing at all, and do it quickly."),
    ]  # fmt: skip
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "03_a_title.ipynb")
    monkeypatch.setenv("DLCOURSE_NOTEBOOKS", str(tmp_path))


def test_paragraphs_with_their_headings(made):
    first, second = passages()
    assert (first.chapter, first.heading, len(first.text.split())) == ("03", "03. A title", 60)
    assert (second.heading, second.text) == ("Slide", "A kernel slides over a film and sums what it covers.")
    assert passages(without=("03",)) == []


def test_every_chapter_has_passages():
    counts = Counter(one.chapter for one in passages())
    assert min(counts.values()) >= 10
    assert sum(counts.values()) > 300


def test_forty_questions_about_chapters_of_the_syllabus():
    asked, known = questions(), {one.number for one in chapters()}
    assert len({one.asks for one in asked}) == 40
    assert {number for one in asked for number in one.chapters} <= known
    assert {one.chapters for one in questions({"08"})} == {("08",)}


def test_plain_text():
    assert plain("- a **bold** `word` in $x^2$") == "a bold word in $x^2$"
    assert plain("| a | b |") == plain("$$x$$") == plain("Previous: [a](b)") == ""
