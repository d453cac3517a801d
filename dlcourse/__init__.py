"""The deep-learning course as a library.

Rooms: `course` (records, claims, runs), `exercises`, `data`, `scratch` (by hand, in NumPy), `layers`, `models`,
`detection` (boxes), `verification` (pairs), `text`, `plots`, `training`.
Importing this package loads neither TensorFlow nor Matplotlib: a room is loaded when it is first used.
"""

import importlib

from dlcourse import quiet

__version__ = "0.1.0"

# Before TensorFlow is imported: its start-up lines would be left in every notebook's output.
quiet.install()

__all__ = [
    "__version__",
    "course",
    "data",
    "detection",
    "exercises",
    "layers",
    "models",
    "plots",
    "scratch",
    "text",
    "training",
    "verification",
]


def __getattr__(name):
    if name in __all__:  # all but the version are rooms
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
