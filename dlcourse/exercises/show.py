"""Values in a few characters, for the sentences that speak of them."""

from typing import Any

import numpy as np

_FEW = 12  # values of an array that are shown one by one
_LONG = 80  # characters


def short(value: Any, digits: int = 5) -> str:
    """The value as a learner would write it, in at most about eighty characters. Never raises."""
    try:
        text = " ".join(_text(value, digits).split())
    except Exception:
        return kind(value)
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def kind(value: Any) -> str:
    """The value's type with its article: "a list", "an int"."""
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _text(value: Any, digits: int) -> str:
    if isinstance(value, tuple | list) and not isinstance(value, str):
        inner = ", ".join(short(part, digits) for part in value[:_FEW]) + (", …" if len(value) > _FEW else "")
        brackets = "[]" if isinstance(value, list) else "()"
        return f"{brackets[0]}{inner}{',' if isinstance(value, tuple) and len(value) == 1 else ''}{brackets[1]}"
    if isinstance(value, np.ndarray):
        return _array(value, digits)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    if callable(value):
        return f"`{getattr(value, '__name__', type(value).__name__)}`"
    return repr(value)


def _array(value: np.ndarray, digits: int) -> str:
    if value.ndim == 0:
        return _text(value.item(), digits)
    if value.size > _FEW:
        return f"an array of shape {value.shape}"
    return _text(value.tolist(), digits)


def inputs(names: list[str], values: tuple, note: str = "") -> str:
    """What a case was called with, to follow "for": "a single example, x = [1, 2]"."""
    listed = ", ".join(f"{name} = {short(value)}" for name, value in zip(names, values, strict=False))
    return ", ".join(part for part in (note, listed) if part) or "no inputs"


def position(index: np.ndarray | tuple) -> str:
    """Where in an array, as it is written in brackets: " at [2, 0]"; nothing for a single number."""
    return f" at [{', '.join(str(int(i)) for i in index)}]" if len(index) else ""
