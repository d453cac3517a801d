"""Progress of a training: a bar in a terminal, one line in a notebook, nothing where nobody watches."""

import os
import sys
import time

KINDS = ("auto", "terminal", "notebook", "off")
_INTERVAL = 0.25  # seconds between two updates: as often as an eye follows


def reporter(kind: str = "auto"):
    """The reporter for `kind`; "auto" looks at where this runs.

    Raises:
        ValueError: unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"progress is one of {', '.join(KINDS)}, not {kind!r}.")
    kind = _surroundings() if kind == "auto" else kind
    return {"terminal": Terminal, "notebook": Notebook, "off": Silent}[kind]()


def _surroundings():
    from IPython.core.getipython import get_ipython

    if getattr(get_ipython(), "kernel", None) is not None:
        return "notebook"
    watched = sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("CI")
    return "terminal" if watched else "off"


class Silent:
    """Shows nothing; and what every reporter is: told of each step, it may show a line now and then."""

    def __init__(self):
        self._next = 0.0

    def step(self, done: int, total: int | None, describe) -> None:
        """After a step: `done` of `total` steps of the whole training. `describe()` makes the line, if it is wanted."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _INTERVAL
            self.show(done, total, describe)

    def show(self, done: int, total: int | None, describe) -> None:
        """Show the line now."""

    def close(self, summary: str) -> None:
        """The last word, also after an error."""


class Notebook(Silent):
    """One line of output that is updated in place and ends as the summary."""

    def __init__(self):
        super().__init__()
        self._handle = None

    def show(self, done, total, describe):
        share = f"{100 * done / total:3.0f} %  " if total else ""
        self._display(share + describe())

    def close(self, summary):
        self._display(summary)

    def _display(self, text):
        from IPython.display import display

        content = {"text/plain": text}
        if self._handle is None:
            self._handle = display(content, raw=True, display_id=True)
        else:
            self._handle.update(content, raw=True)


class Terminal(Silent):
    """A bar, updated in place, and the summary on a line of its own."""

    def __init__(self):
        from rich.progress import BarColumn, Progress, TextColumn

        super().__init__()
        self._bar = Progress(BarColumn(bar_width=24), TextColumn("{task.description}"), auto_refresh=False)
        self._task = None

    def show(self, done, total, describe):
        if self._task is None:
            self._bar.start()
            self._task = self._bar.add_task("", total=total)
        self._bar.update(self._task, completed=done, total=total, description=describe(), refresh=True)

    def close(self, summary):
        if self._task is not None:
            self._bar.update(self._task, description="", refresh=True)
            self._bar.stop()
        self._bar.console.print(summary, highlight=False)


def clock(seconds: float) -> str:
    """Seconds as people say them: "41 s", "3 min 20 s", "2 h 05 min"."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"
