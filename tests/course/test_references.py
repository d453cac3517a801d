import re

import pytest

from dlcourse.course.references import (
    BibliographyError,
    Date,
    arxiv_date,
    find_reference,
    reference_from,
    references,
)

GOOD = {
    "topic": "BERT",
    "authors": ["Jacob Devlin", "Ming-Wei Chang", "Kenton Lee"],
    "title": "BERT",
    "venue": "NAACL-HLT 2019",
    "published": "2019-06",
    "first": "2018-10",
    "arxiv": "1810.04805",
    "doi": "10.18653/v1/N19-1423",
}


def broken(**changes):
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not None}


def test_the_milestones_of_the_report_are_there():
    assert {
        "rosenblatt1958", "rumelhart1986", "elman1990", "bromley1993", "hochreiter1997", "lecun1998", "cho2014",
        "bahdanau2015", "szegedy2015", "he2016", "redmon2016", "vaswani2017", "devlin2019", "brown2020",
    } <= set(references())  # fmt: skip


def test_every_preprint_first_appeared_in_the_month_its_identifier_names():
    preprints = [each for each in references().values() if each.arxiv]
    assert len(preprints) >= 8
    for each in preprints:
        assert each.arxiv.startswith(f"{each.first.year % 100:02d}{each.first.month:02d}."), each.key
        assert each.first_as == f"arXiv {each.arxiv}"


def test_they_stand_in_the_order_of_publication():
    positions = [each.published.position for each in references().values()]
    assert positions == sorted(positions)


def test_nothing_appeared_after_it_was_published():
    assert all(each.first.position <= each.published.position for each in references().values())


def test_without_an_earlier_form_the_publication_is_the_first_appearance():
    nature = find_reference("rumelhart1986")
    assert (nature.first, nature.first_as) == (nature.published, "")


@pytest.mark.parametrize(
    ("identifier", "date"), [("1406.1078", (2014, 6)), ("1501.00001", (2015, 1)), ("0704.0001", (2007, 4))]
)
def test_an_arxiv_identifier_begins_with_year_and_month(identifier, date):
    assert arxiv_date(identifier) == date


@pytest.mark.parametrize("identifier", ["1413.1078", "1406.01078", "1501.0001", "cs/0112017", "1706.03762v5", ""])
def test_what_is_no_arxiv_identifier_is_refused(identifier):
    with pytest.raises(BibliographyError, match="is not an arXiv identifier"):
        arxiv_date(identifier)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"first": "2018-11"}, "arXiv 1810.04805 is of October 2018, not November 2018"),
        ({"published": "2018-09"}, "a key is a name and the year of publication"),
        ({"first": "2019-07", "arxiv": None, "first_as": "a report"}, "published before it first appeared"),
        ({"first": None}, "`first` needs `arxiv` or `first_as`"),
        ({"arxiv": None}, "`first` needs `arxiv` or `first_as`"),
        ({"doi": "N19-1423"}, "'N19-1423' is not a DOI"),
        ({"venue": "https://example.org"}, "give an identifier, no address"),
        ({"title": None}, "missing or unknown: title"),
        ({"pages": "1-9"}, "missing or unknown: pages"),
        ({"published": "June 2019"}, "written YYYY or YYYY-MM, not 'June 2019'"),
        ({"published": "2019-13"}, "'2019-13' has no such month"),
        ({"authors": []}, "it has no authors"),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(changes, says):
    with pytest.raises(BibliographyError, match=re.escape(says)) as refused:
        reference_from("devlin2019", broken(**changes))
    assert "'devlin2019'" in str(refused.value)


def test_a_year_alone_may_follow_a_month_of_the_same_year():
    reference = reference_from("devlin2018", broken(published="2018"))
    assert (reference.first, reference.published) == (Date(2018, 10), Date(2018))


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("rosenblatt1958", "Rosenblatt (1958)"),
        ("hochreiter1997", "Hochreiter and Schmidhuber (1997)"),
        ("devlin2019", "Devlin et al. (2019)"),
    ],
)
def test_how_it_is_cited(key, short):
    assert find_reference(key).short == short


def test_the_whole_entry_as_text():
    assert str(find_reference("hochreiter1997")) == (
        "Sepp Hochreiter, Jürgen Schmidhuber: Long short-term memory. Neural Computation 9(8), 1735-1780, November "
        "1997. First public: Technical Report FKI-207-95, Technische Universität München, August 1995. "
        "doi 10.1162/neco.1997.9.8.1735."
    )
    assert "Melanie Subbiah and 27 others:" in str(find_reference("brown2020"))


def test_a_wrong_key_says_which_was_meant():
    with pytest.raises(BibliographyError, match="no 'devlin2018': did you mean 'devlin2019'"):
        find_reference("devlin2018")


def test_dates_lie_in_the_middle_of_what_they_name():
    assert Date(1990).position == 1990.5
    assert Date(2018, 10).position == pytest.approx(2018 + 9.5 / 12)
    assert [str(Date(1990)), str(Date(2018, 10))] == ["1990", "October 2018"]
