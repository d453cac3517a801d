"""Alt text: what `plots.show` stored with a figure, put on the page's image.

MyST-NB stores each image output in a file named by its SHA-256 and forgets the alt text; `alt_texts` finds it again.
"""

import base64
import hashlib
import json
from pathlib import Path

from docutils import nodes

KINDS = ("image/png", "image/jpeg")


def alt_texts(notebook: dict) -> dict[str, str]:
    """SHA-256 of every image output of a notebook, and its alt text."""
    found = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            for kind in KINDS:
                if kind in output.get("data", {}):
                    content = base64.b64decode("".join(output["data"][kind]))
                    found[hashlib.sha256(content).hexdigest()] = output["metadata"][kind]["alt"]
    return found


def describe(app, doctree):
    """Give each figure of a notebook its alt text."""
    source = Path(app.env.doc2path(app.env.docname))
    if source.suffix != ".ipynb":
        return
    known = alt_texts(json.loads(source.read_text(encoding="utf-8")))
    for image in doctree.findall(nodes.image):
        if alt := known.get(Path(image["uri"]).stem):
            image["alt"] = alt


def setup(app):
    app.connect("doctree-read", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
