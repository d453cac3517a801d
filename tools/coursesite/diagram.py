"""Mermaid flowcharts without Mermaid, which needs a browser: as a picture, and as a list that says the same."""

import html
import itertools
import re

_ACROSS, _DOWN, _WIDE, _HIGH = 122, 84, 104, 30  # pixels: from node to node, and of a node

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


def drawn(text: str) -> str:
    """The flowchart in Markdown for the site: its picture, then `told`."""
    return f"```{{raw}} html\n{svg(*edges(text))}\n```\n\n{told(text)}"


def rows(labels: dict[str, str], arrows: list[tuple[str, str]]) -> list[list[str]]:
    """The nodes in rows, every arrow downward: each stands right below the lowest of those that lead to it.

    >>> rows(dict.fromkeys("abc"), [("a", "b"), ("b", "c"), ("a", "c")])
    [['a'], ['b'], ['c']]
    """
    depth = dict.fromkeys(labels, 0)
    for _ in labels:
        for start, end in arrows:
            depth[end] = max(depth[end], depth[start] + 1)
    if max(depth.values()) >= len(labels):
        raise ValueError("the arrows of a diagram lead round in a circle.")
    found = [[name for name in labels if depth[name] == row] for row in range(max(depth.values()) + 1)]
    for above, row in itertools.pairwise(found):  # near those that lead to it
        places = {name: place / len(above) for place, name in enumerate(above)}

        def centre(name, places=places):
            near = [places[start] for start, end in arrows if end == name and start in places]
            return sum(near) / len(near) if near else 1

        row.sort(key=centre)
    return found


def svg(labels: dict[str, str], arrows: list[tuple[str, str]]) -> str:
    """The picture: boxes and curves. It is hidden from those who listen: the list that follows says the same."""
    layers = rows(labels, arrows)
    width = max(map(len, layers)) * _ACROSS
    places = {
        name: ((place + 0.5) * width / len(row), level * _DOWN + _HIGH / 2 + 2)
        for level, row in enumerate(layers)
        for place, name in enumerate(row)
    }
    lines = [_curve(*places[start], *places[end]) for start, end in arrows]
    boxes = [
        f'<rect x="{x - _WIDE / 2:.0f}" y="{y - _HIGH / 2:.0f}" width="{_WIDE}" height="{_HIGH}" rx="5"/>'
        f'<text x="{x:.0f}" y="{y + 4:.0f}">{html.escape(name)}</text>'
        for name, (x, y) in places.items()
    ]
    height = (len(layers) - 1) * _DOWN + _HIGH + 4
    return (
        f'<div class="diagram"><svg viewBox="0 0 {width} {height}" width="{width}" aria-hidden="true">'
        f"{''.join(lines + boxes)}</svg></div>"
    )


def _curve(x0, y0, x1, y1):
    y0, y1 = y0 + _HIGH / 2, y1 - _HIGH / 2
    return f'<path d="M{x0:.0f} {y0:.0f}C{x0:.0f} {y0 + 34:.0f} {x1:.0f} {y1 - 34:.0f} {x1:.0f} {y1:.0f}"/>'


def told(text: str) -> str:
    """The flowchart as a Markdown list: each node with those that its arrows lead to."""
    labels, arrows = edges(text)
    lines = []
    for name, label in labels.items():
        targets = [f"`{end}`" for start, end in arrows if start == name]
        uses = f" Uses {', '.join(targets)}." if targets else ""
        lines.append(f"- {label.replace(' — ', ': ')}.{uses}")
    return "\n".join(lines)
