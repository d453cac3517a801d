"""Figures with their bars: the only way a number enters the course's tables.

`record` shows one line and leaves the figure as JSON in the cell's output, where `dlcourse records`, the README's
table, sweeps and tests read it. A figure outside its bar fails the cell.
"""

import math
from statistics import fmean, stdev

from dlcourse import display
from dlcourse.course import session


class BarMissed(AssertionError):
    """A recorded figure is outside its bar, or is not a finite number."""


def record(name, value, *, at_least=None, at_most=None, baseline=None, unit="", headline=False) -> None:
    """Show a measured figure and store it, with its bar, in the cell's output.

    Args:
        name: what was measured, unique in the chapter, such as "held-out error, stacked network".
        value: a number, or one number for each seed or split: their mean is held against the bar, their sample
            standard deviation shown as the spread.
        at_least, at_most: the bar. Set it beyond the worst of at least three seeds by their spread, so that it fails
            for a reason and not by chance.
        baseline: what to compare with: a number, or {label: number}.
        unit: "%", "$", "images/s", …; empty for a pure number.
        headline: True puts it into the README's table as well.

    Raises:
        BarMissed: the figure is outside its bar while bars are enforced (see `start`), or is not finite.
        ValueError: no value, or a bar that cannot be met.
    """
    figure = _figure(name, value, at_least, at_most, baseline, unit)
    run = session.current()
    data = {**figure, **_circumstances(run), "headline": headline}
    if run is not None:
        run.figures[name] = data
    missed = figure["holds"] is False
    mark, tone = ("✘", "bad") if missed else ("✔", "good") if figure["holds"] else ("•", "open")
    display.publish(display.bundle(display.RECORD, _json_safe(data), mark, name, describe(figure), tone))
    if not math.isfinite(figure["value"]) or (missed and data["enforced"]):
        raise BarMissed(f"{name} {describe(figure)}")


def describe(figure: dict) -> str:
    """A record's figure in words: value, spread, bar and baselines."""
    text = f"= {figure_text(figure)}"
    if figure["values"]:
        text += f" ({len(figure['values'])} runs)"
    if bar(figure):
        text += f"; bar {bar(figure)}: {'held' if figure['holds'] else 'MISSED'}"
    return text + (f"; beside {beside(figure)}" if figure["baseline"] else "")


def figure_text(figure: dict) -> str:
    """A record's value and, over several runs, its spread."""
    if figure["value"] is None:
        return "not finite"
    text = number(figure["value"], figure["unit"])
    return text if figure["spread"] is None else f"{text} ± {number(figure['spread'], figure['unit'])}"


def beside(figure: dict) -> str:
    """What a record is compared with, such as "mean 0.31; linear regression 0.22"."""
    return "; ".join(f"{label} {number(value, figure['unit'])}" for label, value in figure["baseline"].items())


def bar(figure: dict) -> str:
    """The bar of a record as text, such as "≥ 0.87"; empty when it has none."""
    low, high, unit = figure["at_least"], figure["at_most"], figure["unit"]
    parts = [f"≥ {number(low, unit)}"] if low is not None else []
    parts += [f"≤ {number(high, unit)}"] if high is not None else []
    return " and ".join(parts)


def number(value: float, unit: str = "") -> str:
    """A figure as it is shown: four significant digits, thousands separated, the unit where it belongs."""
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    if unit == "$":
        return f"-${text[1:]}" if text.startswith("-") else f"${text}"
    return f"{text} {unit}".rstrip()


def _figure(name, value, at_least, at_most, baseline, unit):
    values = [float(each) for each in value] if hasattr(value, "__len__") else [float(value)]
    if not values:
        raise ValueError(f"record {name!r} was given no value.")
    if at_least is not None and at_most is not None and at_least > at_most:
        raise ValueError(f"record {name!r}: at_least={at_least} is above at_most={at_most}.")
    mean = fmean(values)
    several = len(values) > 1
    return {
        "name": name,
        "value": mean,
        "values": values if several else None,
        "spread": _spread(values) if several else None,
        "unit": unit,
        "at_least": None if at_least is None else float(at_least),
        "at_most": None if at_most is None else float(at_most),
        "baseline": _baselines(baseline),
        "holds": _holds(mean, at_least, at_most),
    }


def _spread(values):
    return stdev(values) if all(map(math.isfinite, values)) else math.nan


def _holds(value, at_least, at_most):
    if not math.isfinite(value):
        return False
    if at_least is None and at_most is None:
        return None
    return (at_least is None or value >= at_least) and (at_most is None or value <= at_most)


def _baselines(baseline):
    if baseline is None:
        return {}
    if isinstance(baseline, dict):
        return {label: float(each) for label, each in baseline.items()}
    return {"baseline": float(baseline)}


def _json_safe(data):
    """JSON has no NaN and no infinity: such a value is stored as null."""
    finite = [each for each in data["values"] or [] if math.isfinite(each)]
    return {
        **data,
        "value": data["value"] if math.isfinite(data["value"]) else None,
        "values": data["values"] if len(finite) == len(data["values"] or []) else None,
        "spread": data["spread"] if math.isfinite(data["spread"] or 0.0) else None,
    }


def _circumstances(run):
    if run is None:
        return {"chapter": None, "seconds": None, "device": None, "seed": None, "changed": {}, "enforced": True}
    return {
        "chapter": run.chapter.number,
        "seconds": round(run.lap(), 2),
        "device": run.device,
        "seed": run.seed,
        "changed": run.changed,
        "enforced": run.enforce,
    }
