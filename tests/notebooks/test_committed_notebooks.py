"""Every notebook of the course keeps the course's rules and is a chapter of its syllabus."""

import json

import pytest

from dlcourse.course.lint import committed_notebooks, lint
from dlcourse.course.syllabus import chapters, find_chapter

NOTEBOOKS = committed_notebooks()
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def test_the_course_has_notebooks():
    assert [path.name for path in NOTEBOOKS] == [chapter.path.name for chapter in chapters() if chapter.written] != []


@every_notebook
def test_it_keeps_every_rule(path):
    problems = lint(path)
    assert not problems, "\n".join(f"{each.cell or ''} {each.rule} {each.sentence}" for each in problems)


@every_notebook
def test_number_and_slug_agree_with_the_syllabus(path):
    number, slug = path.stem.split("_", 1)
    assert (find_chapter(number).slug, find_chapter(slug).number) == (slug, number)


@every_notebook
def test_it_runs_on_the_kernel_that_every_jupyter_has(path):
    kernelspec = json.loads(path.read_text(encoding="utf-8"))["metadata"]["kernelspec"]
    assert kernelspec == {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
