"""Spans of tokens written as BIO tags and back, in the two readings of tags that are not well formed.

A span is `(type, start, end)`: the tokens `start` to `end - 1`. Its first token is tagged `B-type`, the others
`I-type`, every token outside a span `O` (Ramshaw and Marcus 1995, arXiv:cmp-lg/9505040; this variant is called IOB2).
"""

from collections.abc import Iterable, Sequence

MODES = ("strict", "default")

Span = tuple[str, int, int]


def spans_to_bio(spans: Iterable[Span], length: int) -> list[str]:
    """The BIO tags of `length` tokens; `spans` in any order, none overlapping another.

    Raises:
        ValueError: a span without a type, without a token, beyond the tokens, or over another.

    Example:
        >>> spans_to_bio([("person", 1, 3)], 4)
        ['O', 'B-person', 'I-person', 'O']
    """
    tags = ["O"] * length
    for kind, start, end in spans:
        if not kind or not 0 <= start < end <= length:
            raise ValueError(f"spans has {(kind, start, end)!r}; needed are a type and 0 <= start < end <= {length}.")
        if any(tag != "O" for tag in tags[start:end]):
            raise ValueError(f"spans has {(kind, start, end)!r}, which overlaps another: BIO has one tag a token.")
        tags[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
    return tags


def bio_to_spans(tags: Sequence[str], mode: str = "strict") -> list[Span]:
    """The spans that BIO tags describe, from left to right.

    A network may write `O I-person`, which no span gives. `mode` says what that means: in "strict" a span begins at
    a `B` and nowhere else, so a stray `I` belongs to none; in "default", as in the script conlleval of the CoNLL
    shared tasks, it begins a span.

    Raises:
        ValueError: a mode that is not one of MODES; a tag that is not O, B-type or I-type.

    Example:
        >>> bio_to_spans(["B-person", "I-person", "O", "I-place"])
        [('person', 0, 2)]
        >>> bio_to_spans(["B-person", "I-person", "O", "I-place"], mode="default")
        [('person', 0, 2), ('place', 3, 4)]
    """
    _check_mode(mode)
    spans, kind, start = [], None, 0
    for place, tag in enumerate([*tags, "O"]):
        prefix, tag_kind = tag_parts(tag)
        if kind is not None and (prefix != "I" or tag_kind != kind):
            spans.append((kind, start, place))
            kind = None
        if prefix == "B" or (prefix == "I" and kind is None and mode == "default"):
            kind, start = tag_kind, place
    return spans


def _check_mode(mode: str) -> None:
    if mode not in MODES:
        raise ValueError(f"mode is {mode!r} and must be one of {', '.join(MODES)}.")


def tag_parts(tag: str) -> tuple[str, str]:
    """ "B-person" as ("B", "person"), "O" as ("O", ""); ValueError for what is no BIO tag."""
    prefix, dash, kind = tag.partition("-")
    if tag != "O" and (prefix not in ("B", "I") or not dash or not kind):
        raise ValueError(f"tags has {tag!r}; a tag is O, B-type or I-type.")
    return prefix, kind
