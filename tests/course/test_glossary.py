"""`dlcourse glossary` and `glossary()`: an entry in a terminal and in a notebook, all words, and unknown ones."""

import re

import pytest

from dlcourse import paths
from dlcourse.course import find_chapter, glossary
from dlcourse.course.glossary_words import Entry, Glossary
from dlcourse.errors import CourseError


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")


def test_an_entry_is_shown_in_a_terminal(command):
    code, out, err = command("glossary", "epoch")
    assert (code, err) == (0, "")
    entry = glossary("epoch")
    title, meaning, first = (line.strip() for line in out.strip().splitlines())
    assert title == "epoch"
    assert meaning == entry.plain
    assert first == f"First used in {entry.chapter} {find_chapter(entry.chapter).title}."


def test_a_term_of_several_words_needs_no_quotes(command):
    assert command("glossary", "beam", "search") == command("glossary", "beam search")
    assert command("glossary", "beam", "search")[1].startswith("beam search (also beam)\n")


def test_without_a_word_every_term_is_listed(command):
    code, out, err = command("glossary")
    assert (code, err) == (0, "")
    listed = re.split(r" {2,}|\n", out)
    assert [entry.term for entry in glossary().entries if entry.term not in listed] == []
    assert out.endswith(f"{len(glossary().entries)} entries; `dlcourse glossary WORD` shows one.\n")


@pytest.mark.parametrize("entry", glossary().entries, ids=lambda entry: entry.term)
def test_every_word_finds_its_entry_and_is_shown(entry, command):
    for word in entry.words:
        assert glossary(word) == glossary(word.upper()) == glossary(f" {word} ") == entry
    assert command("glossary", entry.term)[0] == 0
    assert entry.meaning in entry._repr_mimebundle_()["text/markdown"]


@pytest.mark.parametrize(
    ("asked", "term"),
    [("Epochs", "epoch"), ("beam-search", "beam search"), ("LEARNING  rates", "learning rate"), ("BIASES", "bias")],
)
def test_capitals_hyphens_and_plurals_do_not_matter(asked, term):
    assert glossary(asked).term == term


def test_no_two_entries_have_a_word_in_common_however_it_is_written():
    entries = glossary().entries
    forms = [form for entry in entries for form in {word.casefold().replace("-", " ") for word in entry.words}]
    assert sorted(forms) == sorted(set(forms))


def test_a_notebook_shows_an_entry_with_a_link_to_its_chapter():
    shown = glossary("beam search")._repr_mimebundle_()
    (link,) = re.findall(r"\[20 [^]]+\]\(([^)]+)\)", shown["text/markdown"])
    assert (paths.notebooks_dir() / link).is_file()
    assert shown["text/markdown"].startswith("**beam search** (also *beam*): ")
    assert shown["text/plain"] == repr(glossary("beam search"))
    assert shown["text/plain"].startswith("beam search (also beam): ")


def test_a_notebook_shows_all_words():
    shown = glossary()._repr_mimebundle_()
    terms = [entry.term for entry in glossary().entries]
    assert shown["text/markdown"].split(" · ") == repr(glossary()).splitlines() == terms


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("epohc", "did you mean 'epoch'?"),
        ("batch normalization", "did you mean 'batch normalisation' or 'layer normalisation'?"),
        ("decay", "did you mean 'weight decay'?"),
    ],
)
def test_an_unknown_word_is_answered_with_those_that_come_near(asked, meant, command):
    code, out, err = command("glossary", asked)
    assert (code, out) == (2, "")
    count = len(glossary().entries)
    assert (
        err == f"dlcourse: {asked!r} is not in the glossary; {meant} `dlcourse glossary` lists all {count} entries.\n"
    )
    with pytest.raises(CourseError, match=re.escape(meant)):
        glossary(asked)


@pytest.mark.parametrize("asked", ["xyzzy", "", "  ", "?", "(", "s"])
def test_a_word_that_nothing_comes_near_to_is_said_to_be_missing(asked):
    with pytest.raises(
        CourseError, match=r"^'.*' is not in the glossary\. `dlcourse glossary` lists all \d+ entries\.$"
    ):
        glossary(asked)


def test_at_most_three_words_are_proposed_and_each_once():
    entries = [Entry(f"norm {i}", (f"norm{i}",), "00", "x.ipynb", "It is.") for i in range(5)]
    with pytest.raises(CourseError) as raised:
        Glossary(tuple(entries)).find("norm")
    proposed = re.findall(r"norm \d", str(raised.value))
    assert len(proposed) == len(set(proposed)) == 3


def test_what_is_no_text_gets_a_sentence():
    with pytest.raises(CourseError, match=r'in quotes, such as glossary\("epoch"\); list came\.'):
        glossary(["epoch"])
