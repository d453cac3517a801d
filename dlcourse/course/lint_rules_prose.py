"""Rules for the text of a notebook: how long it is, its mathematics and its links."""

import re
from urllib.parse import unquote

from dlcourse.course.lint_rules import Notebook, rule
from dlcourse.course.parameters import read_notebook

FEWEST_WORDS = 1200
FEWEST_WORDS_IN = {"00": 600}
MOST_WORDS = 2500

_CODE_SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_DISPLAY = re.compile(r"\$\$.*?\$\$", re.DOTALL)
_INLINE = re.compile(r"\$[^$]+\$")
_TAG = re.compile(r"<[^<>]+>")
_LINK = re.compile(
    r"""(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]             # ![text] or [text], which may hold brackets once more
    \(\s*<?((?:[^()\s<>]|\([^()\s<>]*\))*)>?          # (target, which may hold parentheses once more
    (?:\s+["'][^"']*["'])?\s*\)                       #  and "a title")""",
    re.VERBOSE,
)
_HREF = re.compile(r"""<a\b[^>]*\bhref\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
_NAMED = re.compile(r"""\b(?:id|name)\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_EXTERNAL = re.compile(r"^(?:https?|mailto|data):", re.IGNORECASE)
_HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:org|com|io|net|dev)\b", re.IGNORECASE)
_MONEY = re.compile(r"^\d[\d,.]*[^\W\d_]*\s+[a-z]{2,}")
_MARKER = re.compile(r"\$\$|\$")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^}]*)\}")

# Parts of host names: a notebook names a package manager ("pip", "npm"), never the place it fetches from.
_REGISTRIES = {"pypi", "pythonhosted", "npmjs", "debian", "ubuntu", "anaconda", "crates", "rubygems"}


@rule("word-count", "Text")
def _word_count(notebook):
    """The markdown has 1,200 to 2,500 words (chapter 00 from 600). Code, equations on lines of their own and targets of
    links are not counted."""
    found = sum(words(cell.prose) for cell in notebook.markdown)
    least = FEWEST_WORDS_IN.get(notebook.path.name[:2], FEWEST_WORDS)
    if not least <= found <= MOST_WORDS:
        yield None, f"The markdown has {found} words, and must have {least} to {MOST_WORDS}."


@rule("mathematics", "Text")
def _mathematics(notebook):
    r"""Within a paragraph every `$` and `$$` has its partner, braces and `\begin … \end` match, and a dollar sign that
    means money is written `\$`."""
    for cell in notebook.markdown:
        text = re.sub(r"\\\$", "", _CODE_SPAN.sub("", cell.prose))
        for paragraph in re.split(r"\n\s*\n", text):
            yield from ((cell.number, fault) for fault in _faults(paragraph))


@rule("links", "Text")
def _links(notebook):
    """Links to files lead to files that are there, links to `#A-heading` (spaces as hyphens, as JupyterLab has it) to
    a heading that is there; in markdown and in HTML that a cell shows."""
    for cell in notebook.cells:
        texts = [cell.prose] if cell.is_markdown else cell.data("text/html") + cell.data("text/markdown")
        for target in [target for text in texts for target in link_targets(text)]:
            fault = _broken(notebook, target)
            if fault:
                yield cell.number, f"The link to {target!r} leads nowhere: {fault}."


@rule("no-registry", "Text")
def _no_registry(notebook):
    """No address of a package registry is named; the package manager is enough ("pip install …")."""
    for cell in notebook.cells:
        for found in _HOST.finditer(f"{cell.source}\n{cell.shown}"):
            if _REGISTRIES & set(found.group().lower().split(".")[:-1]):
                yield cell.number, f"The cell names the address {found.group()}: name the package manager instead."


def words(markdown: str) -> int:
    """How many words of prose a markdown text has; an equation within a sentence counts as one."""
    text = _DISPLAY.sub(" ", markdown.replace(r"\$", ""))
    text = _CODE_SPAN.sub(" code ", _INLINE.sub(" x ", text))
    text = _LINK.sub(lambda link: " " if link[1] else f" {link[2]} ", text)
    return len(_WORD.findall(_TAG.sub(" ", text)))


def link_targets(text: str) -> list[str]:
    """Where the links and pictures of a markdown or HTML text lead, in order."""
    plain = _CODE_SPAN.sub("", text)
    return [link[3] for link in _LINK.finditer(plain)] + _HREF.findall(plain)


def _faults(paragraph):
    markers = list(_MARKER.finditer(paragraph))
    if len(markers) % 2 or any(a.group() != b.group() for a, b in zip(markers[::2], markers[1::2], strict=False)):
        yield f"A $ lacks its partner (money is written \\$): {_start(paragraph)}"
        return
    for opening, closing in zip(markers[::2], markers[1::2], strict=True):
        formula = paragraph[opening.end() : closing.start()]
        if _MONEY.match(formula):
            yield f"This reads as mathematics; write a dollar sign that means money as \\$: {_start(formula)}"
        braces = re.sub(r"\\[{}\\]", "", formula)
        if braces.count("{") != braces.count("}"):
            yield f"The braces of a formula do not match: {_start(formula)}"
        if not _matched(_ENVIRONMENT.findall(formula)):
            yield f"\\begin and \\end of a formula do not match: {_start(formula)}"


def _matched(environments):
    stack = []
    for order, name in environments:
        if order == "begin":
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    return not stack


def _start(text, most=60):
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _broken(notebook, target):
    """Why a link leads nowhere, or None. Addresses outside are not asked."""
    if _EXTERNAL.match(target):
        return None
    name, _, anchor = unquote(target).partition("#")
    file = notebook.path.parent / name if name else notebook.path
    if target.startswith("/") or not file.exists():
        return "there is no such file beside the notebook"
    if anchor and file.suffix == ".ipynb" and anchor not in _anchors(_opened(notebook, file)):
        return "there is no such heading"
    return None


def _opened(notebook, file):
    return notebook if file == notebook.path else Notebook(file, {}, read_notebook(file))


def _anchors(notebook):
    headings = {re.sub(r"[*`]", "", heading.text).replace(" ", "-") for heading in notebook.headings}
    return headings.union(*(_NAMED.findall(cell.prose) for cell in notebook.markdown))
