"""What `check`, `hint` and `solution` return: objects that show themselves in a notebook and in a terminal."""

import html
import inspect
import re
import textwrap
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from dlcourse.display import CHECK, COLOURS, bundle

PASSED, FAILED, NOT_ATTEMPTED, ERROR = "passed", "failed", "not attempted", "error"
STATUSES = {PASSED: ("✓", "good"), FAILED: ("✗", "bad"), NOT_ATTEMPTED: ("○", "open"), ERROR: ("!", "caveat")}


class _Shown:
    """Shows itself by `_repr_mimebundle_`; its plain form is that bundle's text."""

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        raise NotImplementedError

    def __repr__(self) -> str:
        return self._repr_mimebundle_()["text/plain"]


@dataclass(frozen=True, repr=False)
class CheckResult(_Shown):
    """What a check found: a status ("passed", "failed", "not attempted", "error") and one sentence for the learner."""

    id: str
    title: str
    kind: str
    status: str
    sentence: str

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.status == PASSED

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        mark, tone = STATUSES[self.status]
        return bundle(CHECK, asdict(self), mark, f"{self.id} {self.title}:", self.sentence, tone)


@dataclass(frozen=True, repr=False)
class Hint(_Shown):
    """One of an exercise's graded hints: number `number` of `total`."""

    id: str
    number: int
    total: int
    text: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        title = f"{self.id} hint {self.number} of {self.total}:"
        return {"text/plain": f"{title} {self.text}", "text/html": _block(f"<b>{title}</b> {_inline(self.text)}")}


@dataclass(frozen=True, repr=False)
class Solution(_Shown):
    """The source of an exercise's solution, and why it is so."""

    id: str
    title: str
    source: str
    why: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        title = f"{self.id} {self.title}: solution"
        code = f'<pre style="margin:.4em 0"><code>{html.escape(self.source)}</code></pre>'
        return {
            "text/plain": f"{title}\n\n{textwrap.indent(self.source, '    ')}\n\n{self.why}",
            "text/html": _block(f"<b>{html.escape(title)}</b>{code}{_inline(self.why)}"),
        }


def source_of(solution: Callable | Any) -> str:
    """The code of a solution: a function's source without its indentation, or a value as Python writes it."""
    return textwrap.dedent(inspect.getsource(solution)).rstrip() if callable(solution) else repr(solution)


def _block(content: str) -> str:
    return f'<div style="border-left:4px solid {COLOURS["open"]};padding:.15em .7em;margin:.2em 0">{content}</div>'


def _inline(text: str) -> str:
    """Text as HTML: everything escaped, and what stands between backticks set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
