"""One look for what the course itself says in a notebook: a record, a claim, a checked exercise.

Each is a MIME bundle: a sentence for terminals, a line of HTML for Jupyter, and JSON for the tools that read
notebooks afterwards. The JSON carries the meaning; the other two only show it.
"""

import html

RECORD = "application/vnd.dlcourse.record+json"
CLAIM = "application/vnd.dlcourse.claim+json"
CHECK = "application/vnd.dlcourse.check+json"
CHAPTER = "application/vnd.dlcourse.chapter+json"

# A dollar sign of money in Markdown: the backslash is for GitHub, the element for JupyterLab (see `escape`).
MARKDOWN_DOLLAR = r"<span>\$</span>"

# Okabe-Ito colours: told apart by every kind of colour vision, on light and dark backgrounds.
COLOURS = {"good": "#009E73", "bad": "#D55E00", "open": "#56B4E9", "caveat": "#E69F00"}


def line(mark: str, title: str, text: str, tone: str) -> str:
    """One line of HTML: a coloured bar, a mark, a bold title and a sentence. All three texts are escaped."""
    colour = COLOURS[tone]
    return (
        f'<div style="border-left:4px solid {colour};padding:.15em .7em;margin:.2em 0">'
        f'<span style="color:{colour};font-weight:bold">{escape(mark)}</span> '
        f"<b>{escape(title)}</b> {escape(text)}</div>"
    )


def escape(text: str) -> str:
    """Text as HTML that shows it as it is.

    JupyterLab reads mathematics between two dollar signs of one piece of text, so each gets an element of its own.

    Example:
        >>> escape("a < $5")
        'a &lt; <span>$</span>5'
    """
    return html.escape(text).replace("$", "<span>$</span>")


def bundle(mime: str, data: dict, mark: str, title: str, text: str, tone: str) -> dict:
    """The MIME bundle of one line: `mime` with `data`, and its plain and HTML forms."""
    plain = f"{mark} {title} {text}".strip()
    return {"text/plain": plain, "text/html": line(mark, title, text, tone), mime: data}


def publish(content: dict) -> None:
    """Show a MIME bundle: as rich output in a notebook, as its plain text anywhere else."""
    from IPython.core.getipython import get_ipython

    if get_ipython() is None:
        print(content["text/plain"])
        return
    from IPython.display import display

    display(content, raw=True)


def reader_may_be_asked(kernel) -> bool:
    """Whether the cell that is running was run by somebody at a front end, who could answer or turn a slider.

    JupyterLab and its like let a cell ask for input; what executes whole notebooks (nbclient, papermill) does not.
    """
    request = kernel.get_parent("shell") or {}
    return bool(request.get("content", {}).get("allow_stdin", False))
