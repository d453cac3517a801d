"""Mermaid flowcharts without Mermaid: what leads where, as a list, where no script may be fetched to draw it."""

import itertools
import re

_NODE = re.compile(r'^(\w+)(?:[\[\(]+"([^"]+)"[\]\)]+)?$')


def edges(text: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The labels of a flowchart's nodes, and its arrows as pairs of nodes.

    >>> edges('flowchart TD' + chr(10) + '  a["A thing"] --> b')
    ({'a': 'A thing', 'b': 'b'}, [('a', 'b')])
    """
    labels, arrows = {}, []
    for line in text.strip().splitlines()[1:]:
        names = []
        for part in line.split("-->"):
            match = _NODE.match(part.strip())
            if match is None:
                raise ValueError(f"not understood in a diagram: {line.strip()!r}; nodes and --> are.")
            name, label = match.groups()
            labels[name] = label or labels.get(name, name)
            names.append(name)
        arrows += itertools.pairwise(names)
    return labels, arrows


def fallback(text: str) -> str:
    """The flowchart as a Markdown list: each node with those that its arrows lead to."""
    labels, arrows = edges(text)
    lines = []
    for name, label in labels.items():
        targets = [f"`{end}`" for start, end in arrows if start == name]
        uses = f" Uses {', '.join(targets)}." if targets else ""
        lines.append(f"- {label.replace(' — ', ': ')}.{uses}")
    return "\n".join(lines)
