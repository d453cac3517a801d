"""In a chapter's prose, the first mention of a name of the package that the chapter imports leads to its reference."""

import ast
import json
from pathlib import Path

from docutils import nodes


def imported(notebook: dict) -> dict[str, str]:
    """The names that a notebook's code imports from the package, and what they are in full.

    >>> imported({"cells": [{"cell_type": "code", "source": "from dlcourse.scratch import correlate as slide"}]})
    {'slide': 'dlcourse.scratch.correlate'}
    """
    found = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            for node in ast.walk(_parsed("".join(cell["source"]))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dlcourse":
                    found |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    return found


def _parsed(source):
    try:
        return ast.parse(source)
    except SyntaxError:  # a magic command, or an exercise with its dots
        return ast.Module([], [])


def full_name(text: str, names: dict[str, str]) -> str:
    """What code in prose stands for: `correlate`, `plots.show()`, `dlcourse.scratch.Neuron`; "" if nothing."""
    text = text.strip().removesuffix("()")
    if text.startswith("dlcourse."):
        return text
    first, dot, rest = text.partition(".")
    return f"{names[first]}{dot}{rest}" if first in names else ""


def link_names(doctree, names: dict[str, str], place) -> None:
    """Link the first mention of each name in paragraphs; `place` gives the address of a full name, or None."""
    linked = set()
    for literal in list(doctree.findall(nodes.literal)):
        if not isinstance(literal.parent, (nodes.paragraph, nodes.emphasis, nodes.strong)):
            continue
        name = full_name(literal.astext(), names)
        if name and name not in linked and (address := place(name)):
            linked.add(name)
            link = nodes.reference("", "", internal=True, refuri=address, reftitle=name)
            literal.replace_self(link)
            link += literal


def _resolved(app, doctree, docname):
    if not docname.startswith("notebooks/") or app.builder.format != "html":
        return
    known = app.env.get_domain("py").objects

    def place(name):
        if name not in known:
            return None
        return f"{app.builder.get_relative_uri(docname, known[name].docname)}#{known[name].node_id}"

    notebook = json.loads(Path(app.env.doc2path(docname)).read_text(encoding="utf-8"))
    link_names(doctree, imported(notebook), place)


def setup(app):
    app.connect("doctree-resolved", _resolved)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
