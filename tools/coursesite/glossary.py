"""The first use of each glossary term in a chapter becomes a link to its entry; the notebooks know nothing of it.

An entry names the chapter that uses its term first, in this sense: nothing is linked before it.
"""

import re
from pathlib import Path

from docutils import nodes

from dlcourse.course.glossary_words import ENTRY, Entry, read_entries

PAGE = "docs/glossary"
# Inside these a word is no prose, or is linked, or heads a section.
_NOT_PROSE = (nodes.title, nodes.reference, nodes.literal, nodes.math, nodes.math_block, nodes.literal_block, nodes.raw)
_NOT_PROSE_BEGINNING = "Papers:"  # titles
_NOT_PROSE_CLASSES = {"cell_output", "cell_input", "course-run"}


def with_anchors(text: str) -> str:
    """The glossary with a MyST target before each entry."""
    anchors = {f"**{entry.term}**": entry.anchor for entry in read_entries(text)}
    return ENTRY.sub(lambda match: f"({anchors['**' + match['term'] + '**']})=\n{match.group()}", text)


class Finder:
    """Finds terms in prose, the longest first, also in the plural. Capitals count where a term has several."""

    def __init__(self, entries):
        self.words = {}
        for entry in entries:
            for word in (entry.term, *entry.also):
                self.words[word if _has_capitals(word) else word.lower()] = entry
        longest_first = sorted(self.words, key=len, reverse=True)
        one = "|".join(map(_pattern, longest_first))
        self.pattern = re.compile(rf"(?<![\w-])(?:{one})(?![\w-])")

    def find(self, text: str):
        """Pairs of a match and its entry, in the text's order."""
        for match in self.pattern.finditer(text):
            yield match, self._entry(match.group())

    def _entry(self, found):
        for word in (found, found.removesuffix("s"), found.removesuffix("es")):
            for form in (word, word.lower()):
                if form in self.words:
                    return self.words[form]
        raise KeyError(found)


def _has_capitals(word):
    return any(letter.isupper() for letter in word[1:])


def _pattern(word):
    text = re.escape(word).replace(r"\ ", r"\s")
    if not _has_capitals(word) and word[0].isalpha():
        text = f"[{word[0].lower()}{word[0].upper()}]" + text[1:]
    return text + "(?:s|es)?"


def link_terms(doctree, finder, page: str) -> list[Entry]:
    """Link the first use of each term in a doctree's prose to its entry on `page`; the entries linked, in order."""
    linked = []
    for node in list(doctree.findall(nodes.Text)):
        if not _is_prose(node):
            continue
        pieces, done = [], 0
        text = node.astext()
        for match, entry in finder.find(text):
            if entry not in linked:
                linked.append(entry)
                pieces += [nodes.Text(text[done : match.start()]), _link(match.group(), entry, page)]
                done = match.end()
        if pieces:
            node.parent.replace(node, [*pieces, nodes.Text(text[done:])])
    return linked


def _is_prose(node):
    above, in_paragraph = node.parent, False
    while above is not None:
        if isinstance(above, _NOT_PROSE) or _NOT_PROSE_CLASSES & set(above.get("classes", ())):
            return False
        if isinstance(above, nodes.paragraph):
            in_paragraph = not above.astext().startswith(_NOT_PROSE_BEGINNING)
        above = above.parent
    return in_paragraph


def _link(text, entry, page):
    link = nodes.reference("", text, internal=True, refuri=f"{page}#{entry.anchor}", classes=["term"])
    link["reftitle"] = f"{entry.term}: {entry.plain}"
    return link


def _read(app):
    app.env.course_terms = read_entries(Path(app.env.doc2path(PAGE)).read_text(encoding="utf-8"))


def _resolved(app, doctree, docname):
    if docname.startswith("notebooks/") and app.builder.format == "html":
        chapter = docname.removeprefix("notebooks/")[:2]
        known = [entry for entry in app.env.course_terms if entry.chapter <= chapter]
        link_terms(doctree, Finder(known), app.builder.get_relative_uri(docname, PAGE))


def setup(app):
    app.connect("env-before-read-docs", lambda app, env, names: _read(app))
    app.connect("doctree-resolved", _resolved)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
