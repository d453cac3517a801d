"""Dates as people write them in several languages, with what they mean: any number of them, drawn from CLDR's formats.

    from dlcourse.data import written_dates

    one = written_dates(1, seed=0)[0]
    one.text, one.iso          # "9. Juli 1964", "1964-07-09"
    one.text[slice(*one.spans["year"])]  # "1964"

Every text can be read in one way only: months are names, or numbers between full stops, which stand behind the day.
"""

import datetime
import functools
import numbers
from dataclasses import dataclass

import numpy as np

LOCALES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "tr")
# Patterns of CLDR: y year, M and L month, d day, E weekday. English has those of several countries.
ENGLISH = (
    "MMM d, y", "MMMM d, y", "EEEE, MMMM d, y", "d MMM y", "d MMMM y", "EEEE, d MMMM y", "EEE, MMM d, y", "y-MM-dd",
    "y/MM/dd",
)  # fmt: skip
STYLES = ("medium", "long", "full")  # what CLDR has for a locale
FIELDS = {"y": "year", "M": "month", "L": "month", "d": "day"}


@dataclass(frozen=True)
class WrittenDate:
    """A date as somebody wrote it.

    Attributes:
        text: "Thursday, July 9, 1964".
        iso: "1964-07-09".
        locale: of the writer, such as "en".
        spans: for "year", "month" and "day" where it stands in the text, from and up to.
    """

    text: str
    iso: str
    locale: str
    spans: dict[str, tuple[int, int]]


def written_dates(
    count: int, seed: int = 0, *, locales: tuple[str, ...] = LOCALES, first: str = "1900-01-01",
    last: str = "2099-12-31", without: frozenset[str] | set[str] = frozenset(),
) -> list[WrittenDate]:  # fmt: skip
    """Draw dates, each in a random format of a random locale.

    Args:
        count: how many.
        seed: the same seed and settings give the same dates.
        locales: of `LOCALES`.
        first, last: the earliest and the latest date, ISO.
        without: ISO dates that are not drawn, such as those of a training set.

    Raises:
        ValueError: a count that is no whole number from 0, an unknown locale, dates in the wrong order, or none left.
    """
    if isinstance(count, bool) or not isinstance(count, numbers.Integral) or count < 0:
        raise ValueError(f"count is a whole number from 0, not {count!r}.")
    unknown = [each for each in locales if each not in LOCALES]
    if unknown or not locales:
        raise ValueError(f"locales are one or more of {', '.join(LOCALES)}, not {locales!r}.")
    start, end = (datetime.date.fromisoformat(each).toordinal() for each in (first, last))
    if start > end:
        raise ValueError(f"first is {first}, and last is {last}, which is earlier.")
    allowed = [each for each in range(start, end + 1) if datetime.date.fromordinal(each).isoformat() not in without]
    if not allowed and count:
        raise ValueError(f"without leaves no date between {first} and {last}.")
    rng = np.random.default_rng(seed)
    return [_drawn(rng, allowed, locales) for _ in range(count)]


def _drawn(rng, allowed, locales):
    date = datetime.date.fromordinal(allowed[rng.integers(len(allowed))])
    locale = locales[rng.integers(len(locales))]
    patterns = _patterns(locale)
    return write_date(date, patterns[rng.integers(len(patterns))], locale)


def write_date(date: datetime.date, pattern: str, locale: str) -> WrittenDate:
    """A date in a pattern of CLDR, and where its parts stand; needs a year, a month and a day in the pattern."""
    from babel.dates import DateTimeFormat, tokenize_pattern

    format_field, text, spans = DateTimeFormat(date, locale), "", {}
    for kind, value in tokenize_pattern(pattern):
        piece = value if kind == "chars" else format_field[value[0] * value[1]]
        if kind == "field" and value[0] in FIELDS:
            spans[FIELDS[value[0]]] = (len(text), len(text) + len(piece))
        text += piece
    if len(spans) < 3:
        raise ValueError(f"pattern needs a year, a month and a day, and {pattern!r} has {', '.join(spans) or 'none'}.")
    return WrittenDate(text, date.isoformat(), locale, spans)


@functools.cache
def _patterns(locale):
    from babel.dates import get_date_format

    if locale == "en":
        return ENGLISH
    return tuple(dict.fromkeys(get_date_format(style, locale).pattern for style in STYLES))
