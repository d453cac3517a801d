"""The house's docstrings as reStructuredText.

They are written to be read as they stand: code between single backticks, sections such as "Args:" with a line an item,
labels such as "Output shape:" before a sentence, equations and drawings indented. `as_rst` says the same to Sphinx.
"""

import re

_SECTION = re.compile(r"^([A-Z][a-z]+(?: [a-z]+)?):\s*$")
_LABEL = re.compile(r"^([A-Z][a-z]+(?: [a-z]+)?): (\S.*)$")
_LABELS = re.compile(
    r"^(?:Args|Call arguments|Input shape|Output shape|References?|Returns?|Source|Raises|Inputs|Example|Shapes?)$"
)
_ITEM = re.compile(r"^([A-Za-z_*][\w.*]*(?:(?:, | or )[A-Za-z_*][\w.*]*)*): (\S.*)$")
_EXAMPLES = ("Example", "Examples")


def as_rst(text: str) -> list[str]:
    """A docstring of ours as lines of reStructuredText.

    >>> as_rst("The mean of `x`, |x| and *args.")
    ['The mean of ``x``, \\\\|x\\\\| and \\\\*args.']
    """
    lines, out, place = text.expandtabs().splitlines(), [], 0
    while place < len(lines):
        line = lines[place]
        end = _end_of_block(lines, place)
        if not line.strip():
            end = place + 1
            out.append("")
        elif line.startswith(" "):
            out += ["", *_literal(lines[place:end]), ""]
        elif match := _SECTION.match(line):
            below = _dedent(lines[place + 1 : end])
            out += ["", f"**{match[1]}**", ""]
            out += _example(below) if match[1] in _EXAMPLES else _items(below)
            out.append("")
        elif (match := _LABEL.match(line)) and _LABELS.match(match[1]):
            end = _end_of_paragraph(lines, place)
            out += ["", f"**{match[1]}:** {_inline(' '.join([match[2], *map(str.strip, lines[place + 1 : end])]))}", ""]
        elif _ITEM.match(line) and not line.endswith(":"):
            end = _end_of_items(lines, place)
            out += ["", *_items(lines[place:end]), ""]
        elif line.startswith(">>>"):
            end = _end_of_paragraph(lines, place)
            out += ["", *lines[place:end], ""]
        elif line.startswith("- "):
            end = _end_of_paragraph(lines, place)
            out += ["", *map(_inline, lines[place:end]), ""]
        else:
            end = _end_of_prose(lines, place)
            out += _inline("\n".join(lines[place:end])).splitlines()
        place = max(end, place + 1)
    return out


def _end_of_block(lines, place):
    """After the indented lines that follow (blank ones between them included)."""
    end = place + 1
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith(" ")):
        end += 1
    while end > place + 1 and not lines[end - 1].strip():
        end -= 1
    return end


def _end_of_paragraph(lines, place):
    end = place + 1
    while end < len(lines) and lines[end].strip() and not _begins_something(lines[end]):
        end += 1
    return end


def _end_of_prose(lines, place):
    end = place + 1
    while end < len(lines) and lines[end].strip() and lines[end][0] != " " and not _begins_something(lines[end]):
        end += 1
    return end


def _end_of_items(lines, place):
    end = place + 1
    while end < len(lines) and lines[end].strip() and (lines[end].startswith(" ") or _ITEM.match(lines[end])):
        end += 1
    return end


def _begins_something(line):
    label = _LABEL.match(line)
    return bool(_SECTION.match(line) or (label and _LABELS.match(label[1])) or _ITEM.match(line))


def _dedent(lines):
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[margin:] for line in lines]


def _literal(lines):
    return ["::", "", *(f"    {line}" for line in _dedent(lines))]


def _example(lines):
    prompted = any(line.startswith(">>>") for line in lines)
    return ["", *lines] if prompted else [".. code-block:: python", "", *(f"    {line}" for line in lines)]


def _items(lines):
    """Lines `name: what it is`, with what continues them indented, as a list of definitions; other lines as prose."""
    out, place = [], 0
    while place < len(lines):
        end = place + 1
        while end < len(lines) and lines[end].startswith(" ") and lines[end].strip():
            end += 1
        whole = " ".join(map(str.strip, lines[place:end]))
        if match := _ITEM.match(whole):
            out += [f"``{match[1]}``", f"    {_inline(match[2])}"]
        else:
            out += ["", _inline(whole), ""]
        place = end
    return out


def _inline(text):
    """Code between double backticks; stars and bars that mark nothing, told to be themselves."""
    parts = re.split(r"(``[^`]+``|(?<!:)`[^`]+`)", text)
    return "".join(_code(part) if part.startswith("`") else _prose(part) for part in parts)


def _code(part):
    return f"``{' '.join(part.strip('`').split())}``"


def _prose(text):
    text = text.replace("\\", "\\\\").replace("|", r"\|")
    text = re.sub(r"(?<=\w)_(?=\W|$)", r"\\_", text)
    return re.sub(r"(?<!\*)(\*(?=[^\s*])[^*\n]*[^\s*]\*)(?![\w*])|(\*+)", _star, text)


def _star(match):
    return match[1] or "\\*" * len(match[2])
