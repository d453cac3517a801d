"""Kernels whose process writes into a file, not into the reader's terminal; what cells print is not affected.

A kernel's process has things of its own to say: tracebacks when it is interrupted, now and then one about a socket that
was closed under it while it ended. None of them is about the notebook, unless the kernel dies: then the file holds
its last words.
"""

import logging
import tempfile
from contextlib import contextmanager

START_SECONDS = 300  # for a kernel to answer first: on a cold disk or a busy machine a minute may be too short
SILENT = logging.Logger("dlcourse.kernels")  # for clients of kernels: what goes wrong is said once, by an exception
SILENT.addHandler(logging.NullHandler())


@contextmanager
def quiet_kernels():
    """Yields a class of kernel managers for nbclient and papermill, and the file that its kernels write into.

    Args of the class: those of `jupyter_client.manager.AsyncKernelManager`. The file is gone with the block, so kernels
    are to have ended by then.
    """
    from jupyter_client.manager import AsyncKernelManager

    with tempfile.TemporaryFile() as said:

        class QuietKernelManager(AsyncKernelManager):
            async def start_kernel(self, **settings):
                return await super().start_kernel(stderr=said, **settings)

        yield QuietKernelManager, said


def hush(*names: str) -> dict[str, int]:
    """Have these loggers say nothing, and return their levels from before, by name.

    Ctrl-C cuts off the tasks of a kernel's client; what they log then, some of it when they are thrown away at the very
    end, is about the client and not about the notebook.
    """
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return before


def last_words(said) -> str:
    """The last line that is not blank in such a file, shortened; "" when nothing was written."""
    said.seek(0)
    lines = said.read().decode(errors="replace").split("\n")
    return shortened(next((line for line in reversed(lines) if line.strip()), ""))


def shortened(text: str, most: int = 300) -> str:
    """A text in one line of at most `most` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"
