"""The words of the course, and looking one up: docs/glossary.md, which the site shows as a page.

An entry there is one paragraph: the term in bold, other words for it in italics, the chapter that uses it first, and
what it means:

    **bar** (also *threshold*) · [00](../notebooks/00_start_here.ipynb). What a figure must hold.
"""

import difflib
import re
from dataclasses import dataclass

from dlcourse import paths
from dlcourse.course.syllabus import find_chapter
from dlcourse.errors import CourseError

ENTRY = re.compile(
    r"^\*\*(?P<term>[^*]+)\*\*(?: \(also (?P<also>[^)]+)\))?"
    r" · \[(?P<chapter>\d\d)\]\((?P<link>[^)]+)\)\. (?P<meaning>.+)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Entry:
    """A term, other words for it, the number of the chapter that uses it first, and its meaning in Markdown.

    As a cell's last line it shows itself.
    """

    term: str
    also: tuple[str, ...]
    chapter: str
    link: str
    meaning: str

    @property
    def words(self) -> tuple[str, ...]:
        """The term and the other words for it."""
        return (self.term, *self.also)

    @property
    def anchor(self) -> str:
        """Where the entry stands on the site's page."""
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.term.lower()).strip("-")

    @property
    def plain(self) -> str:
        """The meaning without Markdown's marks."""
        return re.sub(r"[*`$\\]|\{\\rm|\}", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", self.meaning))

    @property
    def place(self) -> str:
        """The chapter that uses the term first: its number and title."""
        return f"{self.chapter} {find_chapter(self.chapter).title}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        also = f" (also {', '.join(self.also)})" if self.also else ""
        marked = f" (also {', '.join(f'*{word}*' for word in self.also)})" if self.also else ""
        link = f"[{self.place}]({self.link.rpartition('/')[2]})"
        return {
            "text/plain": f"{self.term}{also}: {self.plain} First used in {self.place}.",
            "text/markdown": f"**{self.term}**{marked}: {self.meaning} First used in {link}.",
        }

    def __repr__(self):
        return self._repr_mimebundle_()["text/plain"]


@dataclass(frozen=True)
class Glossary:
    """Every entry, in order. As a cell's last line it shows its words."""

    entries: tuple[Entry, ...]

    def find(self, word: str) -> Entry:
        """The entry of a word, or of another word for it; capitals, hyphens and a plural's s do not matter.

        Raises:
            CourseError: there is none; it names the words that come near.
        """
        if not isinstance(word, str):
            raise CourseError(f'the word comes in quotes, such as glossary("epoch"); {type(word).__name__} came.')
        there = {_form(each): entry for entry in self.entries for each in entry.words}
        for form in _singular(_form(word)):
            if form in there:
                return there[form]
        raise CourseError(f"{self._unknown(word)} `dlcourse glossary` lists all {len(self.entries)} entries.")

    def _unknown(self, word):
        near = self._near(_form(word))
        if not near:
            return f"{word!r} is not in the glossary."
        *others, last = map(repr, near)
        return f"{word!r} is not in the glossary; did you mean {', '.join(others) + ' or ' if others else ''}{last}?"

    def _near(self, form):
        """Up to three terms: words spelt nearly like it, then those of which it is a part."""
        there = {_form(each): entry.term for entry in self.entries for each in entry.words}
        near = difflib.get_close_matches(form, there, n=3, cutoff=0.75) if form else []
        parts = [each for each in there if re.search(rf"\b{re.escape(form)}", each)] if len(form) > 1 else []
        return list(dict.fromkeys(there[each] for each in (*near, *parts)))[:3]

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        terms = [entry.term for entry in self.entries]
        return {"text/plain": "\n".join(terms), "text/markdown": " · ".join(terms)}

    def __repr__(self):
        return self._repr_mimebundle_()["text/plain"]


def read_entries(text: str) -> list[Entry]:
    """The entries of a glossary, in its order.

    >>> read_entries("**bar** (also *threshold*) · [00](../notebooks/00.ipynb). What a figure must hold.")[0].also
    ('threshold',)
    """
    return [
        Entry(
            match["term"],
            tuple(word.strip(" *") for word in (match["also"] or "").split(",") if word.strip()),
            match["chapter"],
            match["link"],
            match["meaning"],
        )
        for match in ENTRY.finditer(text)
    ]


def glossary(word: str | None = None) -> Entry | Glossary:
    """What a word of the course means, or all words that are explained. As a cell's last line it shows itself.

    Raises:
        CourseError: the glossary does not have the word; the words that come near are named.

    >>> glossary("learning rates").term
    'learning rate'
    """
    whole = Glossary(tuple(read_entries(paths.glossary_file().read_text(encoding="utf-8"))))
    return whole if word is None else whole.find(word)


def _form(word):
    """What is compared: small letters, one space where a space or a hyphen was."""
    return " ".join(re.split(r"[\s-]+", word.casefold().strip()))


def _singular(form):
    return [form, form.removesuffix("s"), form.removesuffix("es")]
