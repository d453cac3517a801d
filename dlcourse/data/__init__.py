"""Data sets by name: what there is, what each one is, and its arrays, checked against their SHA-256.

from dlcourse.data import available, card, load, pipeline, scenes

frame = load("sacramento")
(x_train, y_train), (x_test, y_test) = load("fashion_mnist")
batches = pipeline((x_train, y_train), 64, shuffle_seed=0)
found = scenes(1_000)  # found.images, found.boxes, found.classes
"""

from dlcourse.data.cards import Card, card
from dlcourse.data.errors import DamagedFileWarning, DataError
from dlcourse.data.loading import class_names, load
from dlcourse.data.manifest import available
from dlcourse.data.store import FileState, fetch, verify
from dlcourse.lazy import loader

__all__ = [
    "Card",
    "DamagedFileWarning",
    "DataError",
    "FileState",
    "Pipeline",
    "Scenes",
    "StepTimes",
    "Story",
    "WrittenDate",
    "available",
    "card",
    "class_names",
    "disturbed",
    "fetch",
    "load",
    "pipeline",
    "scenes",
    "stories",
    "time_steps",
    "verify",
    "written_dates",
]

# What needs NumPy waits until it is asked for, so that `dlcourse data` starts at once.
_LATER = {
    "Pipeline": "batching",
    "Scenes": "garment_scenes",
    "StepTimes": "timing",
    "Story": "telling",
    "WrittenDate": "dates",
    "disturbed": "disturbing",
    "pipeline": "batching",
    "scenes": "garment_scenes",
    "stories": "telling",
    "time_steps": "timing",
    "written_dates": "dates",
}
__getattr__ = loader(__name__, _LATER)
