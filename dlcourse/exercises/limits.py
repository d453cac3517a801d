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


class _Stop:
    """Stops the code called from the frame `floor`, though that may swallow what is raised in it.

    `exception` raises itself again at the next line, by a trace function, once when it is made and once when it is
    thrown away; so it leaves a loop even by way of a bare `except` inside another.
    """

    def __init__(self, floor):
        self.floor, self.active = floor, True
        stop = self

        class Insistent(TimeUp):
            def __init__(self):
                stop.again_at_next_line(sys._getframe(1))

            def __del__(self):
                stop.again_at_next_line(sys._getframe(1))

        self.exception = Insistent

    def again_at_next_line(self, frame) -> None:
        """Let every frame from `frame` down to the floor, which is left out, raise the exception at its next line."""
        frames = []
        while frame is not None and frame is not self.floor:
            frames.append(frame)
            frame = frame.f_back
        if frame is None or not self.active:  # the code has ended
            return
        for each in frames:
            each.f_trace = self._trace
        sys.settrace(self._trace)

    def _trace(self, frame, event, _argument):
        if frame.f_code.co_filename == __file__:  # this very machinery, called when an exception is thrown away
            return None
        if event == "line" and self.active:
            raise self.exception
        return self._trace


def within(seconds: float, work: Callable[[], Any]) -> Any:
    """Return `work()`; raise TimeUp when it takes longer than `seconds`."""
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _by_signal(seconds, work)
    return _by_thread(seconds, work)


def _by_signal(seconds: float, work: Callable[[], Any]) -> Any:
    """Interrupt `work` by an alarm, which repeats."""
    stop = _Stop(sys._getframe())

    def fire(_signum, _frame):
        if stop.active:
            raise stop.exception

    old_trace = sys.gettrace()
    old_handler = signal.signal(signal.SIGALRM, fire)
    old_delay, old_interval = signal.setitimer(signal.ITIMER_REAL, seconds, _REPEAT)
    started = time.monotonic()
    try:
        return work()
    finally:
        stop.active = False
        sys.settrace(old_trace)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old_handler)
        if old_delay:
            left = max(1e-3, old_delay - (time.monotonic() - started))
            signal.setitimer(signal.ITIMER_REAL, left, old_interval)


def _by_thread(seconds: float, work: Callable[[], Any]) -> Any:
    """Run `work` in a thread and raise TimeUp in it when its time is up; a thread that does not end is left behind."""
    results, problems, stops, begun = [], [], [], threading.Event()

    def run():
        stops.append(_Stop(sys._getframe()))
        begun.set()
        try:
            results.append(work())
        except BaseException as problem:
            problems.append(problem)
        finally:
            stops[0].active = False
            sys.settrace(None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    begun.wait()  # on a busy machine a thread may be late; its time begins when it does
    thread.join(seconds)
    if thread.is_alive():
        _stop(thread, stops[0].exception)
        raise TimeUp
    if problems:
        raise problems[0]
    return results[0]


def _stop(thread: threading.Thread, exception: type[BaseException]) -> None:
    """Raise an exception in another thread until that ends, or patience does."""
    for _ in range(_PATIENCE):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(exception))
        thread.join(_REPEAT)
        if not thread.is_alive():
            return


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
