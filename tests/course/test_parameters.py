import pytest

from dlcourse.course import parameters
from dlcourse.course.parameters import ParameterError, parse_parameters, resolve
from dlcourse.course.syllabus import find_chapter

CELL = """\
epochs: int = 200  # passes over the training rows
rate: float = 0.1  # step size
quiet: bool = True  # no progress
pair: list[int] = [2, 4]  # two garments
name: str = "coat"  # which one
limit: int | None = None  # seconds
"""


@pytest.fixture
def known():
    return parse_parameters(CELL)


def test_names_types_defaults_and_comments_are_read(known):
    assert [(each.name, each.kind, each.default) for each in known.values()] == [
        ("epochs", "int", 200),
        ("rate", "float", 0.1),
        ("quiet", "bool", True),
        ("pair", "list[int]", [2, 4]),
        ("name", "str", "coat"),
        ("limit", "int | None", None),
    ]
    assert known["epochs"].comment == "passes over the training rows"


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("epochs", "5", 5),
        ("rate", "1e-3", 1e-3),
        ("rate", 1, 1.0),
        ("quiet", "false", False),
        ("pair", "1,3", [1, 3]),
        ("pair", "[1, 3]", [1, 3]),
        ("pair", (1, 3), [1, 3]),
        ("name", "007", "007"),
        ("limit", "None", None),
        ("limit", "60", 60),
    ],
)
def test_text_becomes_the_parameters_type(known, name, given, value):
    converted = known[name].convert(given)
    assert converted == value
    assert type(converted) is type(value)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("epochs", "many"),
        ("epochs", "2.5"),
        ("epochs", 2.5),
        ("epochs", True),
        ("rate", "fast"),
        ("quiet", "1"),
        ("pair", "1,x"),
        ("pair", "[1, 3"),
        ("pair", 3),
        ("name", 3),
        ("limit", "soon"),
    ],
)
def test_a_wrong_type_names_the_parameter_and_its_default(known, name, given):
    with pytest.raises(ParameterError, match=f"parameter '{name}' takes .*default"):
        known[name].convert(given)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("epochs = 3", "line 1 of the parameters"),
        ("import os", "line 1 of the parameters"),
        ("epochs: int = 2 * 3", "plain value, not an expression"),
        ("epochs: int = 'three'", "takes a whole number"),
        ("epochs: complex = 3", "takes complex"),
    ],
)
def test_a_parameters_cell_of_another_form_is_refused(source, sentence):
    with pytest.raises(ParameterError, match=sentence):
        parse_parameters(source)


def test_profile_then_overrides(tiny_course):
    chapter = find_chapter("01")
    assert resolve(chapter) == {}
    assert resolve(chapter, "quick") == {"epochs": 1}
    assert resolve(chapter, "quick", {"epochs": "7", "rate": "2"}) == {"epochs": 7, "rate": 2.0}


def test_an_unknown_name_lists_what_there_is(tiny_course):
    with pytest.raises(ParameterError, match=r"no parameter 'epoch': did you mean 'epochs'\? it has epochs \(int, 3\)"):
        resolve(find_chapter("01"), overrides={"epoch": "3"})


def test_an_unknown_profile_lists_what_there_is(tiny_course):
    with pytest.raises(ParameterError, match="no profile 'tpu': it has cpu, quick, broken"):
        resolve(find_chapter("01"), "tpu")


def test_a_profile_with_an_unknown_name_is_refused(tiny_course):
    with pytest.raises(ParameterError, match="no parameter 'epoch'"):
        resolve(find_chapter("01"), "broken")


@pytest.mark.parametrize("content", [None, "not json", '{"cells": 3}'])
def test_a_file_that_is_no_notebook_is_named(tmp_path, content):
    path = tmp_path / "x.ipynb"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ParameterError, match=r"x\.ipynb"):
        parameters.read_parameters(path)
