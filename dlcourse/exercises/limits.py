"""A time limit for code that we did not write, and a limit on what it prints."""

import contextlib
import ctypes
import io
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

_REPEAT = 0.05  # seconds between two attempts to stop the code, after its time is up
_PATIENCE = 40  # attempts at stopping a thread before it is left behind


class TimeUp(BaseException):
    """The time limit has passed. No Exception, so that `except Exception` in the limited code lets it through."""


def within(seconds: float, work: Callable[[], Any]) -> Any:
    """Return `work()`; raise TimeUp when it takes longer than `seconds`."""
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _by_signal(seconds, work)
    return _by_thread(seconds, work)


def _by_signal(seconds: float, work: Callable[[], Any]) -> Any:
    """Interrupt `work` by an alarm. It repeats, because a bare `except` may swallow the first."""
    armed = True
    floor = sys._getframe()

    def fire(_signum, frame):
        if armed:
            _raise_again_at_next_line(frame, floor)
            raise TimeUp

    old_trace = sys.gettrace()
    old_handler = signal.signal(signal.SIGALRM, fire)
    old_delay, old_interval = signal.setitimer(signal.ITIMER_REAL, seconds, _REPEAT)
    started = time.monotonic()
    try:
        return work()
    finally:
        armed = False
        sys.settrace(old_trace)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old_handler)
        if old_delay:
            left = max(1e-3, old_delay - (time.monotonic() - started))
            signal.setitimer(signal.ITIMER_REAL, left, old_interval)


def _raise_again_at_next_line(frame, floor) -> None:
    """Let every frame above `floor` raise TimeUp at its next line: in a loop's bare `except`, that leaves the loop."""

    def trace(_frame, event, _argument):
        if event == "line":
            raise TimeUp
        return trace

    while frame is not None and frame is not floor:
        frame.f_trace = trace
        frame = frame.f_back
    sys.settrace(trace)


def _by_thread(seconds: float, work: Callable[[], Any]) -> Any:
    """Run `work` in a thread and raise TimeUp in it when its time is up; a thread that does not end is left behind."""
    results, problems = [], []

    def run():
        try:
            results.append(work())
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    late = thread.is_alive()
    for _ in range(_PATIENCE):
        if not thread.is_alive():
            break
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeUp))
        thread.join(_REPEAT)
    if late:
        raise TimeUp
    if problems:
        raise problems[0]
    return results[0]


class Voice(io.TextIOBase):
    """Passes on what is written while `heard` is true, up to `limit` characters."""

    def __init__(self, stream, limit: int = 2000):
        self.stream, self.left, self.heard = stream, limit, True

    def write(self, text: str) -> int:
        if self.heard and self.left > 0:
            self.stream.write(text[: self.left])
            self.left -= len(text)
            if self.left <= 0:
                self.stream.write("\n… (what your function prints after this is left out)\n")
        return len(text)

    def flush(self) -> None:
        self.stream.flush()


@contextlib.contextmanager
def lowered_voice(heard: bool = True) -> Iterator[Voice]:
    """Limit what is printed in this block; set `heard` of the yielded Voice to False to silence it."""
    voice = Voice(sys.stdout)
    voice.heard = heard
    with contextlib.redirect_stdout(voice):
        yield voice
