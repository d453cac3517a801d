"""TensorFlow's start-up lines, kept out of terminals and notebooks without losing a real message.

TF_CPP_MIN_LOG_LEVEL (0 all, 1 no INFO, 2 no WARNING, 3 no ERROR) rules what TensorFlow's C++ side logs, but only from
the moment its libraries are loaded: lines logged while they load ("Could not find cuda drivers …") are written
whatever it says. `install` makes the first `import tensorflow` obey it from the first line on. Fatal lines, Python
exceptions and everything that is no log line pass; what Python itself prints is not touched.
"""

import contextlib
import importlib.abc
import importlib.util
import os
import sys

VARIABLE = "TF_CPP_MIN_LOG_LEVEL"

# Runs in a process of its own: if loading the libraries kills this one ("compiled to use AVX instructions, …"), its
# last words still arrive. Log lines look like "I0000 00:00:1700000000.000000 1234 file.cc:31] message".
_FILTER = """
import re, sys
hidden = re.compile(rb"[%s][0-9]{4} [0-9:. ]+ \\S+:[0-9]+\\] |WARNING: All log messages before absl::InitializeLog")
for line in sys.stdin.buffer:
    if not hidden.match(line):
        sys.stderr.buffer.write(line)
        sys.stderr.buffer.flush()
"""


def install() -> None:
    """Set TF_CPP_MIN_LOG_LEVEL to 3 unless it is set, and make the first import of TensorFlow obey it wholly."""
    os.environ.setdefault(VARIABLE, "3")
    if sys.platform == "linux" and "tensorflow" not in sys.modules and hidden_letters():
        sys.meta_path.insert(0, _TensorFlowFinder())


def hidden_letters() -> str:
    """The first letters of the log lines TF_CPP_MIN_LOG_LEVEL hides: of "IWE", as many as its value says."""
    level = os.environ.get(VARIABLE, "0")
    return "IWE"[: int(level)] if level.isdecimal() else ""


class _TensorFlowFinder(importlib.abc.MetaPathFinder):
    """Stands before the usual finders until TensorFlow is loaded; a mere look whether it is there does not count."""

    def __init__(self):
        self._asking = False

    def find_spec(self, fullname, path=None, target=None):
        if fullname != "tensorflow" or self._asking:
            return None
        self._asking = True
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._asking = False
        if spec is not None and hasattr(spec.loader, "exec_module"):
            self._wrap(spec.loader)
        return spec

    def _wrap(self, loader):
        execute = loader.exec_module

        def exec_module(module):
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            with filtered_stderr(hidden_letters()):
                execute(module)

        loader.exec_module = exec_module


@contextlib.contextmanager
def filtered_stderr(letters: str):
    """Keep C++ log lines that begin with one of `letters` off file descriptor 2; everything else passes at once.

    Where descriptor 2 is closed or no process can be started, nothing is filtered.
    """
    import subprocess  # only who loads TensorFlow needs it

    reader = _start_filter(letters)
    if reader is None:
        yield
        return
    original = os.dup(2)
    os.dup2(reader.stdin.fileno(), 2)
    reader.stdin.close()
    try:
        yield
    finally:
        os.dup2(original, 2)
        os.close(original)
        # A process started meanwhile may hold the pipe open: what it still says arrives later.
        with contextlib.suppress(subprocess.TimeoutExpired):
            reader.wait(timeout=2)


def _start_filter(letters):
    import subprocess

    command = [sys.executable, "-I", "-S", "-c", _FILTER % letters]
    try:
        os.fstat(2)
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    except (OSError, ValueError):
        return None
