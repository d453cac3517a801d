"""What the site is made with: glossary links, alt texts, staged notebooks, docstrings, diagrams."""

import base64
import hashlib
import json
import os
import re

import pytest
from coursesite import diagram, docstrings, figures, glossary, names, reference, staging
from docutils import nodes

from dlcourse.course import chapters
from dlcourse.course.syllabus import find_chapter

TEXT = """# Glossary

**bar** · [00](../notebooks/00_start_here.ipynb). What a figure must hold.

**loss** (also *loss function*, *IoU loss*) · [03](../notebooks/03_activation_functions.ipynb). How *wrong* `it` is.
"""


KNOWN = ["dlcourse.scratch.correlate", "dlcourse.plots.show", "dlcourse.text.pad"]


def paragraph(*children):
    document = nodes.container()
    node = nodes.paragraph()
    node += [nodes.Text(each) if isinstance(each, str) else each for each in children]
    document += node
    return document


def linked(document):
    return [(link.astext(), link["refuri"]) for link in document.findall(nodes.reference)]


@pytest.fixture
def finder():
    return glossary.Finder(glossary.read_entries(TEXT))


def test_entries_are_read():
    bar, loss = glossary.read_entries(TEXT)
    assert (bar.term, bar.also, bar.chapter, bar.anchor) == ("bar", (), "00", "term-bar")
    assert loss.also == ("loss function", "IoU loss")
    assert loss.plain == "How wrong it is."


def test_entries_get_their_anchors():
    assert "(term-loss)=\n**loss**" in glossary.with_anchors(TEXT)


def test_only_the_first_use_is_linked(finder):
    document = paragraph("The losses, and a loss, and two Bars.")
    glossary.link_terms(document, finder, "g.html")
    assert linked(document) == [("losses", "g.html#term-loss"), ("Bars", "g.html#term-bar")]
    assert document.astext() == "The losses, and a loss, and two Bars."


def test_the_longer_word_is_the_one_that_is_meant(finder):
    document = paragraph("The loss function.")
    glossary.link_terms(document, finder, "g.html")
    assert linked(document) == [("loss function", "g.html#term-loss")]


def test_parts_of_words_and_other_capitals_are_left_alone(finder):
    document = paragraph("Lossless, cross-bar, bars-up; an iou loss")
    glossary.link_terms(document, finder, "g.html")
    assert linked(document) == [("loss", "g.html#term-loss")]


@pytest.mark.parametrize("kind", [nodes.literal, nodes.math, nodes.title, nodes.reference])
def test_code_mathematics_titles_and_links_are_left_alone(finder, kind):
    document = paragraph(kind("", "loss", refuri="elsewhere.html"))
    assert glossary.link_terms(document, finder, "g.html") == []
    assert document.astext() == "loss"


def test_titles_of_papers_are_left_alone(finder):
    document = paragraph("Papers: A. Author, ", nodes.emphasis("", "The loss of it"), " (1999).")
    assert glossary.link_terms(document, finder, "g.html") == []


def test_words_in_italics_are_linked_where_they_stand(finder):
    document = paragraph("The ", nodes.emphasis("", "loss"), ".")
    glossary.link_terms(document, finder, "g.html")
    assert isinstance(next(document.findall(nodes.reference)).parent, nodes.emphasis)


def test_alt_texts_are_found_by_the_pictures_content():
    content = b"a picture"
    output = {
        "data": {"image/png": base64.b64encode(content).decode()},
        "metadata": {"image/png": {"alt": "what is seen"}},
    }
    notebook = {"cells": [{"cell_type": "code", "outputs": [output]}, {"cell_type": "markdown"}]}
    assert figures.alt_texts(notebook) == {hashlib.sha256(content).hexdigest(): "what is seen"}


def test_an_output_keeps_what_a_page_can_show():
    output = {"output_type": "display_data", "data": {"application/x": {}, "text/plain": "p", "text/html": "<b>h</b>"}}
    assert staging.staged_output(output)["data"] == {"text/html": "<b>h</b>"}
    with pytest.raises(ValueError, match="application/x"):
        staging.staged_output({"data": {"application/x": {}}})


def test_jupyters_anchors_become_the_sites():
    text = "[a](08_convolution.ipynb#What-it-takes?) and [b](#The-flip)"
    assert staging.heading_links(text) == "[a](08_convolution.ipynb#what-it-takes) and [b](#the-flip)"


def test_a_staged_notebook_says_how_to_run_it(root):
    chapter = find_chapter("08")
    before = json.loads(chapter.path.read_text(encoding="utf-8"))
    after = staging.staged_notebook(before, chapter)
    assert "`dlcourse lab 08`" in after["cells"][0]["source"]
    assert len(after["cells"]) == len(before["cells"])
    assert before == json.loads(chapter.path.read_text(encoding="utf-8")), "the notebook itself was changed"


def test_links_to_files_that_are_no_pages_become_text(root):
    path = root / "README.md"
    text = "[code](pyproject.toml), [doc](docs/sweeps.md), [set](datasets/names), [far](https://example.org)"
    assert staging.staged_document(text, path) == (
        "code, [doc](docs/sweeps.md), [set](datasets/names/README.md), [far](https://example.org)"
    )


def test_diagrams_are_drawn_and_told():
    text = 'flowchart TD\n    a["A — one"] --> b\n    b["B"]\n'
    assert diagram.told(text) == "- A: one. Uses `b`.\n- B."
    picture = diagram.svg(*diagram.edges(text))
    assert (picture.count("<rect"), picture.count("<path")) == (2, 1)
    assert picture in diagram.drawn(text)
    with pytest.raises(ValueError, match=re.escape("a -.-> b")):
        diagram.edges("flowchart TD\n  a -.-> b")
    with pytest.raises(ValueError, match="circle"):
        diagram.svg(*diagram.edges("flowchart TD\n a --> b\n b --> a"))


def test_docstrings_become_restructured_text():
    text = """Sum of `x`, |x| and x_ *at once*.

        y = a * b

    Args:
        x, y: numbers
            in a row.
        **kwargs: the rest.

    Output shape: (n,),
    always.

    Example:
        >>> 1 + 1
        2
    """
    lines = docstrings.as_rst("\n".join(line.removeprefix("    ") for line in text.splitlines()))
    found = "\n".join(line for line in lines if line.strip())
    assert found == "\n".join(
        [
            r"Sum of ``x``, \|x\| and x\_ *at once*.",
            "::",
            "    y = a * b",
            "**Args**",
            "``x, y``",
            "    numbers in a row.",
            "``**kwargs``",
            "    the rest.",
            "**Output shape:** (n,), always.",
            "**Example**",
            ">>> 1 + 1",
            "2",
        ]
    )


def test_names_that_a_chapter_imports_are_linked_once():
    code = "from dlcourse import plots\nfrom dlcourse.scratch import correlate"
    cells = [{"cell_type": "code", "source": each} for each in (code, "!ls", "…")]
    found = names.imported({"cells": cells})
    assert found == {"plots": "dlcourse.plots", "correlate": "dlcourse.scratch.correlate"}
    texts = ["correlate", "plots.show()", "dlcourse.text.pad", "fit", "correlate", "dlcourse.nothing"]
    document = paragraph(*(nodes.literal("", text) for text in texts))
    names.link_names(document, found, {name: name + ".html" for name in KNOWN}.get)
    assert linked(document) == [(text, f"{name}.html") for text, name in zip(texts, KNOWN, strict=False)]


def test_a_signature_shows_no_object_of_the_machine_that_builds_the_site():
    def probe(environment=os.environ.copy, count=2):
        """Look about."""

    shown = reference.signature(None, "function", "probe", probe, None, "(environment=…, count=2)", None)
    assert shown == ("(environment=copy, count=2)", None)


@pytest.mark.parametrize("room", ["scratch", "course"])
def test_the_reference_names_what_a_room_gives(room):
    names = reference.public_names(room)
    assert len(names) == len(set(names))
    assert {"scratch": "activations.relu", "course": "record"}[room] in names
    assert {"scratch": "gru.GRUTrace", "course": "session.Session"}[room] in names, "what its functions return"


@pytest.fixture(scope="module")
def entries(root):
    return glossary.read_entries((root / "docs" / "glossary.md").read_text(encoding="utf-8"))


def prose(path):
    """A notebook's text without headings, tables, code, mathematics and links."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            text = re.sub(r"```.*?```|\$\$.*?\$\$", "", "".join(cell["source"]), flags=re.DOTALL)
            text = re.sub(r"\$[^$\n]+\$|`[^`\n]*`|\[[^\]]*\]\([^)]*\)", "", text)
            yield re.sub(r"^(?:#|Papers:|\|| {4}).*$", "", text, flags=re.MULTILINE)


def test_the_glossary_explains_many_words_in_order(root, entries):
    assert len(entries) >= 60
    assert len(entries) == (root / "docs" / "glossary.md").read_text(encoding="utf-8").count("\n**")
    terms = [entry.term.lower() for entry in entries]
    assert terms == sorted(terms)
    words = [word for entry in entries for word in (entry.term, *entry.also)]
    assert len(words) == len(set(words))
    assert [entry.term for entry in entries if not entry.meaning.endswith((".", ".)"))] == []
    assert [entry.term for entry in entries if len(entry.meaning.split()) > 50] == []


def test_every_term_is_used_in_the_chapter_it_names(entries):
    written = {chapter.number: chapter.path for chapter in chapters() if chapter.written}
    texts = {number: " ".join(prose(path)) for number, path in written.items()}
    missing = {}
    for entry in entries:
        assert written[entry.chapter].name in entry.link
        finder = glossary.Finder([entry])
        if not any(finder.find(texts[entry.chapter])):
            missing[entry.term] = next((number for number, text in texts.items() if any(finder.find(text))), "nowhere")
    assert missing == {}, "the chapter that an entry names has lost the word; beside it, where it is used first now"
