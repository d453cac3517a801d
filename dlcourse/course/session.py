"""One run of one chapter: which chapter, with which parameters, on what, since when.

`start("01")` opens it in the notebook's setup cell; `record` and `claim` write it beside every figure.
"""

import os
import time
from dataclasses import dataclass, field

from dlcourse import display
from dlcourse.course import parameters as params
from dlcourse.course.syllabus import Chapter, find_chapter


@dataclass
class Session:
    """What the figures of a run need beside them. `changed`: parameters that differ from the default profile."""

    chapter: Chapter
    seed: int | None
    changed: dict
    device: str
    enforce: bool
    started: float = field(default_factory=time.perf_counter)
    figures: dict = field(default_factory=dict)

    def lap(self) -> float:
        """Seconds since the run began or since the last call, whichever is later."""
        now = time.perf_counter()
        seconds, self.started = now - self.started, now
        return seconds

    def _repr_mimebundle_(self, **_):
        data = {"chapter": self.chapter.number, "seed": self.seed, "changed": self.changed, "device": self.device}
        title = f"Chapter {self.chapter.number}: {self.chapter.title}"
        return display.bundle(display.CHAPTER, data, "▶", title, self._line(), "open")

    def __repr__(self):
        return self._repr_mimebundle_()["text/plain"]

    def _line(self):
        seed = "" if self.seed is None else f"; seed {self.seed}"
        if not self.changed:
            return f"on {self.device}{seed}."
        listed = ", ".join(f"{name}={value!r}" for name, value in self.changed.items())
        bars = "its bars are enforced all the same" if self.enforce else "its bars are shown, not enforced"
        return f"on {self.device}{seed}; changed: {listed} ({bars})."


_current: Session | None = None


def start(number: str, *, device: str | None = None) -> Session:
    """Open the run of a chapter and say what it runs on. Make it the last line of the notebook's setup cell.

    The parameters in the notebook are compared with the chapter's `cpu` profile, for which its bars were set: with
    other values the bars are shown but a figure outside one fails nothing. The environment variable DLCOURSE_BARS
    (`enforce` or `show`) decides instead when it is set.

    Args:
        number: the chapter's number, such as "01".
        device: what it runs on; by default `dlcourse.training.device_line()`.

    Raises:
        CourseError: no such chapter, or DLCOURSE_BARS is neither `enforce` nor `show`.
    """
    global _current  # noqa: PLW0603 - a kernel runs one chapter
    chapter = find_chapter(number)
    namespace = _notebook_namespace()
    changed = _changed(chapter.number, namespace)
    _current = Session(
        chapter=chapter,
        seed=namespace.get("seed"),
        changed=changed,
        device=device or _device(),
        enforce=_enforced(changed),
    )
    return _current


def current() -> Session | None:
    """The open run, or None before `start`."""
    return _current


def _enforced(changed):
    wanted = os.environ.get("DLCOURSE_BARS", "")
    if wanted not in ("", "enforce", "show"):
        raise params.ParameterError(f"DLCOURSE_BARS takes 'enforce' or 'show', not {wanted!r}.")
    return wanted == "enforce" or (wanted == "" and not changed)


def _changed(number, namespace):
    defaults = params.profiles(number).get(params.DEFAULT_PROFILE, {})
    return {name: namespace[name] for name, value in defaults.items() if name in namespace and namespace[name] != value}


def _notebook_namespace():
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return {} if shell is None else shell.user_ns


def _device():
    from dlcourse.training import device_line

    return device_line()
