"""Lay the site's sources out in a folder of their own: notebooks, documents, the reference, the first page."""

import base64
import html
import io
import json
import re
import shutil
from pathlib import Path

from coursesite import diagram, glossary, reference
from coursesite.figures import KINDS
from dlcourse.course import chapters

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "LICENSE-TEXT.md",
    "docs/*.md",
    "datasets/README.md",
    "datasets/*/README.md",
]
CHECKPOINTS = "datasets/checkpoints/*/README.md"
LOOKED_UP = ["glossary", "notation", "claims", "results"]
THUMBNAIL = (400, 230)  # pixels, twice what is shown

# What a reader sees of an output, the first that is there; the rest is for tools.
SHOWN = ["image/png", "image/jpeg", "text/html", "text/markdown", "text/latex", "text/plain"]


def stage(folder: Path) -> None:
    """Write every source of the site into FOLDER, which Sphinx then reads."""
    written = [chapter for chapter in chapters() if chapter.written]
    for chapter in written:
        notebook = json.loads(chapter.path.read_text(encoding="utf-8"))
        write(folder / "notebooks" / chapter.path.name, json.dumps(staged_notebook(notebook, chapter)))
        thumbnail(notebook, folder / "_static" / "cards" / f"{chapter.number}.png")
    for path in documents():
        name = path.relative_to(ROOT)
        write(folder / name, staged_document(path.read_text(encoding="utf-8"), path))
    shutil.copytree(ROOT / "docs" / "images", folder / "docs" / "images", dirs_exist_ok=True)
    for room in reference.ROOMS:
        write(folder / "reference" / f"{room}.rst", reference.page(room))
    write(folder / "index.md", start_page(written))
    for name, text in contents().items():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)


def documents() -> list[Path]:
    """The Markdown files that become pages."""
    return sorted({path for pattern in [*DOCUMENTS, CHECKPOINTS] for path in ROOT.glob(pattern)})


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def staged_notebook(notebook: dict, chapter) -> dict:
    """The notebook with what is shown of its outputs, links as Sphinx reads them, and how to run it."""
    cells = []
    for cell in map(dict, notebook["cells"]):
        if cell["cell_type"] == "markdown":
            cell["source"] = heading_links("".join(cell["source"]))
        if "outputs" in cell:
            cell["outputs"] = [staged_output(output) for output in cell["outputs"]]
        cells.append(cell)
    first, _, rest = cells[0]["source"].partition("\n")
    cells[0] = cells[0] | {"source": f"{first}\n\n{run_line(chapter)}\n{rest}"}
    return notebook | {"cells": cells}


def run_line(chapter):
    return (
        f"{{.course-run}}\n{chapter.minutes} minutes. To run it and answer its exercises: "
        f"`dlcourse lab {chapter.number}` ([set-up](../README.md)).\n"
    )


def staged_output(output: dict) -> dict:
    """An output with one representation only, so that none is unknown to Sphinx."""
    data = output.get("data")
    if not data:
        return output
    kind = next((each for each in SHOWN if each in data), None)
    if kind is None:
        raise ValueError(f"an output has nothing that a page can show: {', '.join(data)}.")
    return output | {"data": {kind: data[kind]}}


def heading_links(text: str) -> str:
    """Links to headings as JupyterLab has them, `#A-heading`, made those of the site, `#a-heading`."""
    return re.sub(r"(?<=\]\()([^)\s#]*)#([^)\s]+)(?=\))", lambda match: f"{match[1]}#{slug(match[2])}", text)


def slug(anchor: str) -> str:
    """The site's anchor of a heading: small letters, no punctuation."""
    return re.sub(r"[^\w\-]", "", anchor.lower())


def staged_document(text: str, path: Path) -> str:
    """A document with its diagrams drawn, entries marked, and links to files that are no pages taken out."""
    text = re.sub(r"^```mermaid\n(.*?)^```$", lambda match: diagram.drawn(match[1]), text, flags=re.M | re.S)
    if path.name == "glossary.md":
        text = glossary.with_anchors(text)
    pages = set(documents()) | {chapter.path for chapter in chapters() if chapter.written}

    def link(match):
        target = match["target"].partition("#")[0]
        there = (path.parent / target).resolve()
        if re.match(r"[a-z]+:", match["target"]) or not target or there in pages or there.suffix == ".png":
            return match.group()
        if (there / "README.md") in pages:
            return f"[{match['text']}]({match['target'].rstrip('/')}/README.md)"
        return match["text"]

    return re.sub(r"(?<!!)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)", link, text)


def thumbnail(notebook: dict, path: Path) -> None:
    """The chapter's first figure, small, for its card."""
    from PIL import Image

    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            for kind in KINDS:
                if kind in output.get("data", {}):
                    picture = Image.open(io.BytesIO(base64.b64decode("".join(output["data"][kind])))).convert("RGB")
                    picture.thumbnail((THUMBNAIL[0] * 2, THUMBNAIL[1]), Image.Resampling.LANCZOS)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    picture.quantize(64).save(path, optimize=True)
                    return


def start_page(written) -> str:
    """The first page: what the course is, a card for each chapter, where to look things up."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    title, lead = re.match(r"# (.+)\n\n((?:.+\n)+)", readme).groups()
    cards = "\n".join(card(chapter) for chapter in written)
    return f"""---
hide-toc: true
---

# {title}

{lead}
[Set it up and run it](README.md) · [What came out](docs/results.md) · [Claims and verdicts](docs/claims.md) ·
[Glossary](docs/glossary.md) · [Notation](docs/notation.md)

## Chapters

```{{raw}} html
<div class="cards">
{cards}
</div>
```

```{{toctree}}
:hidden:
:caption: Chapters

{chr(10).join(f"notebooks/{chapter.path.stem}" for chapter in written)}
```

```{{toctree}}
:hidden:
:caption: Look it up

{chr(10).join(f"docs/{name}" for name in LOOKED_UP)}
datasets/README
```

```{{toctree}}
:hidden:
:caption: The package

README
reference/index
{chr(10).join(other_documents())}
CONTRIBUTING
LICENSE-TEXT
```
"""


def other_documents() -> list[str]:
    """The documents of docs/ that are not among those to look things up in."""
    return [f"docs/{path.stem}" for path in documents() if path.parent.name == "docs" and path.stem not in LOOKED_UP]


def card(chapter) -> str:
    """A chapter as a card of the first page."""
    return (
        f'<a class="card" href="notebooks/{chapter.path.stem}.html">'
        f'<img src="_static/cards/{chapter.number}.png" alt="" loading="lazy">'
        f'<span class="number">{chapter.number}</span> <b>{html.escape(chapter.title)}</b>'
        f"<small>{chapter.minutes} min · {html.escape(chapter.report)}</small></a>"
    )


def contents() -> dict[str, str]:
    """Ends of pages that list others: the rooms of the package, and the data sets below their own page."""
    rooms = "\n".join(reference.ROOMS)
    return {
        "datasets/README.md": "\n```{toctree}\n:hidden:\n:glob:\n\n*/README\ncheckpoints/*/README\n```\n",
        "reference/index.md": f"# Reference\n\nThe public names of each room of `dlcourse`, from their docstrings.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{rooms}\n```\n",
    }
