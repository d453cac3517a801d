"""The papers behind the course, as data: who wrote what, where, when it first appeared and when it was published.

The facts stand in references.toml. What can be checked without a library is checked when they are read: a date that
the arXiv identifier contradicts, a first appearance after the publication, a key with another year.
"""

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dlcourse.errors import CourseError

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_NEEDED = {"topic", "authors", "title", "venue", "published"}
_ALLOWED = _NEEDED | {"others", "first", "first_as", "arxiv", "doi"}
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?")
_KEY = re.compile(r"[a-z]+(\d{4})[a-z]*")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ARXIV = re.compile(r"(\d{2})(\d{2})\.(\d{4,5})")
_ADDRESS = re.compile(r"://|www\.")
_FIVE_DIGITS_SINCE = (2015, 1)  # arXiv's numbers within a month had four digits before


class BibliographyError(CourseError):
    """An entry of the bibliography that contradicts itself, or a key that it does not have."""


class Date(NamedTuple):
    """A year, and a month (1 to 12) where it is known."""

    year: int
    month: int | None = None

    @property
    def position(self) -> float:
        """Where it lies on an axis of years: the middle of its month, or of its year."""
        return self.year + (0.5 if self.month is None else (self.month - 0.5) / 12)

    def __str__(self):
        return str(self.year) if self.month is None else f"{MONTHS[self.month - 1]} {self.year}"


@dataclass(frozen=True)
class Reference:
    """One paper or book. `first` equals `published` unless it was public before, as `first_as` says.

    `topic`: what the course cites it for. `others`: how many authors are not listed. `doi`, `arxiv`: identifiers or "".
    """

    key: str
    topic: str
    authors: tuple[str, ...]
    others: int
    title: str
    venue: str
    published: Date
    first: Date
    first_as: str
    doi: str
    arxiv: str

    @property
    def short(self) -> str:
        """As it is cited in a sentence, such as "Hochreiter and Schmidhuber (1997)"."""
        names = [author.split()[-1] for author in self.authors]
        if len(names) + self.others > 2:
            return f"{names[0]} et al. ({self.published.year})"
        return f"{' and '.join(names)} ({self.published.year})"

    def __str__(self):
        people = ", ".join(self.authors) + (f" and {self.others} others" if self.others else "")
        earlier = f" First public: {self.first_as}, {self.first}." if self.first_as else ""
        doi = f" doi {self.doi}." if self.doi else ""
        return f"{people}: {self.title}. {self.venue}, {self.published}.{earlier}{doi}"


@cache
def references() -> dict[str, Reference]:
    """Every reference by its key, in the order of first publication."""
    text = (Path(__file__).parent / "references.toml").read_text(encoding="utf-8")
    return {key: reference_from(key, entry) for key, entry in tomllib.loads(text).items()}


def find_reference(key: str) -> Reference:
    """The reference called `key`, such as "devlin2019".

    Raises:
        BibliographyError: there is none; the sentence names the nearest.
    """
    if key in references():
        return references()[key]
    close = difflib.get_close_matches(key, references(), n=1, cutoff=0.4)
    raise BibliographyError(f"the bibliography has no {key!r}{f': did you mean {close[0]!r}?' if close else '.'}")


def arxiv_date(identifier: str) -> Date:
    """The month in which an arXiv preprint was first submitted: its identifier (since April 2007) begins with it.

    Raises:
        BibliographyError: not an identifier of the form YYMM.NNNN (five digits after the dot since 2015).
    """
    match = _ARXIV.fullmatch(identifier)
    date = Date(2000 + int(match[1]), int(match[2])) if match else None
    if date is None or not 1 <= date.month <= 12 or len(match[3]) != 4 + (date >= _FIVE_DIGITS_SINCE):
        raise BibliographyError(f"{identifier!r} is not an arXiv identifier such as 1406.1078 or 1706.03762.")
    return date


def reference_from(key: str, entry: dict) -> Reference:
    """A reference from its table in references.toml, checked.

    Raises:
        BibliographyError: a field is missing, unknown or contradicts another one; the sentence names the key and why.
    """
    wrong = sorted(_NEEDED - set(entry)) or sorted(set(entry) - _ALLOWED)
    _require(not wrong, key, f"these fields are missing or unknown: {', '.join(wrong)}")
    published = _date(key, entry["published"])
    arxiv = entry.get("arxiv", "")
    reference = Reference(
        key=key,
        topic=entry["topic"],
        authors=tuple(entry["authors"]),
        others=entry.get("others", 0),
        title=entry["title"],
        venue=entry["venue"],
        published=published,
        first=_date(key, entry["first"]) if "first" in entry else published,
        first_as=entry.get("first_as", f"arXiv {arxiv}" if arxiv else ""),
        doi=entry.get("doi", ""),
        arxiv=arxiv,
    )
    _check(reference, entry)
    return reference


def _check(reference, entry):
    key = reference.key
    year = _KEY.fullmatch(key)
    _require(year and int(year[1]) == reference.published.year, key, "a key is a name and the year of publication")
    _require(reference.authors, key, "it has no authors")
    _require(bool(reference.first_as) == ("first" in entry), key, "`first` needs `arxiv` or `first_as`, and they it")
    _require(_order(reference.first) <= _order(reference.published), key, "it was published before it first appeared")
    _require(not reference.doi or _DOI.fullmatch(reference.doi), key, f"{reference.doi!r} is not a DOI")
    _require(not any(_ADDRESS.search(str(value)) for value in entry.values()), key, "give an identifier, no address")
    if reference.arxiv:
        submitted = arxiv_date(reference.arxiv)
        _require(submitted == reference.first, key, f"arXiv {reference.arxiv} is of {submitted}, not {reference.first}")


def _date(key, text):
    match = _DATE.fullmatch(text)
    _require(match, key, f"a date is written YYYY or YYYY-MM, not {text!r}")
    month = None if match[2] is None else int(match[2])
    _require(month is None or 1 <= month <= 12, key, f"{text!r} has no such month")
    return Date(int(match[1]), month)


def _order(date):
    """Comparable: a year alone may be any month of it, so it counts as its last."""
    return (date.year, date.month or 12)


def _require(condition, key, sentence):
    if not condition:
        raise BibliographyError(f"the reference {key!r} is wrong: {sentence}.")
