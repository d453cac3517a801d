"""A data set's card: what it is, how large, under which licence, with which flaws."""

import re
from dataclasses import dataclass

from dlcourse.data.errors import ManifestError
from dlcourse.data.manifest import Manifest, manifest

# Every card has exactly these sections, in this order.
HEADINGS = (
    "What it is",
    "Size",
    "Fields and classes",
    "Split",
    "Use",
    "Source",
    "Licence",
    "Citation",
    "Known flaws",
)


@dataclass(frozen=True)
class Card:
    """The card of one data set: `text` is its Markdown, `sections` maps each heading to what stands under it."""

    name: str
    title: str
    text: str
    sections: dict[str, str]
    manifest: Manifest

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        # Bold lines for headings: a card shown in a notebook must not add to its table of contents.
        parts = self.text.split("```")  # every second part is code
        parts[::2] = [re.sub(r"^#+ (.*)$", r"**\1**", prose, flags=re.MULTILINE) for prose in parts[::2]]
        return "```".join(parts)


def card(name: str) -> Card:
    """The card of a data set; raises UnknownDataSetError for a name there is not."""
    entry = manifest(name)
    try:
        text = (entry.folder / "README.md").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise ManifestError(f"The card of {name} cannot be read: {problem}.") from problem
    return Card(name, entry.title, text, _sections(text), entry)


def _sections(text: str) -> dict[str, str]:
    parts = text.split("\n## ")[1:]
    return {heading.strip(): body.strip() for heading, _, body in (part.partition("\n") for part in parts)}
