"""The course's figures: one look, and alt text with every one.

`plots.use_style()` sets the look, `plots.show(fig, alt=…)` publishes a figure with the words for those who cannot see
it. `plots.play(draw, alt=…, weight=plots.Slider(…))` puts controls above a figure for whoever is there to turn them.
Longer figures live in one module a subject (`plots.logistic`, `plots.timeline`, …).
"""

import importlib

from dlcourse.plots.controls import Choice, Slider, Steps
from dlcourse.plots.playing import play
from dlcourse.plots.style import COLOURS, show, use_style

__all__ = ["COLOURS", "Choice", "Slider", "Steps", "play", "show", "use_style"]


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
