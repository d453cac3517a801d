"""What a reader may turn under `plots.play`: a slider over a range, steps along given values, a choice of a few."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_LABELS = {"description_width": "11em"}
_WIDTH = {"width": "min(38em, 100%)"}


@dataclass(frozen=True)
class Slider:
    """A number from `low` to `high` in steps of `step`; whole numbers when all of them are.

    Raises:
        ValueError: `low` is not below `high`, `step` is not positive, or `start` is outside.
    """

    label: str
    low: float
    high: float
    step: float
    start: float

    def __post_init__(self):
        if not self.low < self.high:
            raise ValueError(f"low={self.low!r} is not allowed: it is below high={self.high!r}.")
        if not self.step > 0:
            raise ValueError(f"step={self.step!r} is not allowed: it is positive.")
        check_start(self)

    def allows(self, value: Any) -> bool:
        """Whether the slider can stand at this value."""
        return isinstance(value, int | float) and self.low <= value <= self.high

    @property
    def allowed(self) -> str:
        """What it allows, in words."""
        return f"from {self.low} to {self.high}"

    def read(self, value: Any) -> str:
        """A value as it is read beside the slider."""
        return f"{value:g}"

    def widget(self):
        """The ipywidgets control."""
        import ipywidgets

        whole = all(isinstance(part, int) for part in (self.low, self.high, self.step, self.start))
        kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        digits = 0 if whole else len(f"{self.step:.10f}".rstrip("0").split(".")[1])
        return kind(
            value=self.start,
            min=self.low,
            max=self.high,
            step=self.step,
            readout_format="d" if whole else f".{digits}f",
            description=self.label,
            style=_LABELS,
            layout=_WIDTH,
        )


@dataclass(frozen=True)
class Choice:
    """One of a few values, in a list that opens. `options` are the values, or a dictionary from what is read to them.

    Raises:
        ValueError: there is nothing to choose from, or `start` is none of the values.
    """

    label: str
    options: Sequence | dict
    start: Any = None

    def __post_init__(self):
        if not len(self.options):
            raise ValueError(f"options={self.options!r} is not allowed: there is something to choose from.")
        if self.start is None:
            object.__setattr__(self, "start", self._values[0])
        check_start(self)

    def allows(self, value: Any) -> bool:
        """Whether it is one of the values."""
        return value in self._values

    @property
    def allowed(self) -> str:
        """What it allows, in words."""
        return f"one of {', '.join(map(repr, self._values))}"

    def read(self, value: Any) -> str:
        """What is read for a value."""
        return self._pairs[self._values.index(value)][0]

    @property
    def _values(self):
        return list(self.options.values() if isinstance(self.options, dict) else self.options)

    @property
    def _pairs(self):
        names = self.options if isinstance(self.options, dict) else map(str, self.options)
        return list(zip(names, self._values, strict=True))

    def widget(self):
        """The ipywidgets control."""
        import ipywidgets

        return ipywidgets.Dropdown(
            options=self._pairs, value=self.start, description=self.label, style=_LABELS, layout=_WIDTH
        )


class Steps(Choice):
    """A slider that stops at the given values, in their order: learning rates that grow tenfold, iterations kept."""

    def widget(self):
        """The ipywidgets control."""
        import ipywidgets

        return ipywidgets.SelectionSlider(
            options=self._pairs, value=self.start, description=self.label, style=_LABELS, layout=_WIDTH
        )


def check_start(control) -> None:
    """Raise a ValueError for a control that does not allow its own start."""
    if not control.allows(control.start):
        raise ValueError(f"start={control.start!r} is not allowed: it is {control.allowed}.")
