"""What came out of a sweep: the records of its cells as one table, their means over the seeds, the files of both.

Every record of every cell is one row. Cells that differ in the seed alone are repetitions of one combination: their
mean and their sample standard deviation are what a sweep reports.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev

import pandas as pd

from dlcourse import display
from dlcourse.course import records
from dlcourse.course.grid import SEED, Cell, Grid
from dlcourse.course.tables import markdown_table, outputs

# The columns before and after those of the parameters, with their pandas types: each can hold what is missing.
_BEFORE = {"chapter": "string", "record": "string", "value": "Float64", "spread": "Float64", "unit": "string"}
_AFTER = {"holds": "boolean", "seconds": "Float64", "device": "string", "headline": "boolean", "cell": "string"}
_FIXED = _BEFORE | _AFTER


@dataclass(frozen=True)
class Line:
    """One record of one combination: its mean over the `seeds` cells that recorded it, and their spread.

    `mean` is None when a value was not finite; `spread` is None for one cell; `missed` counts the cells whose figure
    was outside its bar, and is None for a record without one.
    """

    record: str
    unit: str
    combination: dict
    mean: float | None
    spread: float | None
    seeds: int
    missed: int | None

    @property
    def figure(self) -> str:
        """The mean and the spread as text."""
        return records.figure_text({"value": self.mean, "spread": self.spread, "unit": self.unit})

    @property
    def bar(self) -> str:
        """Whether the bar was held; empty for a record without one."""
        if self.missed is None:
            return ""
        return f"missed in {self.missed} of {self.seeds}" if self.missed else "held"


def records_of(grid: Grid, notebooks: list[tuple[Cell, Path]]) -> pd.DataFrame:
    """The records in the notebooks of a grid's finished cells: a row for each record and cell, in the order given.

    Columns: chapter, record, value (missing where it was not finite), spread (within the cell, where the record is
    itself a mean), unit; every parameter of the chapter under its own name (lists as text; "parameter NAME" where a
    column of that name is there already); seed; holds (whether the bar was held; missing without one), seconds (since
    the cell's record before it), device, headline, cell (the name of its files). pandas's own types, which know what
    is missing.

    Raises:
        ParameterError: a notebook that cannot be read.
    """
    rows = [_row(cell, figure) for cell, path in notebooks for figure in outputs(path, display.RECORD)]
    columns = [*_BEFORE, *map(column_of, grid.cells[0].values)]
    columns += [SEED] if SEED not in columns else []
    return pd.DataFrame({name: _column(name, [row[name] for row in rows]) for name in (*columns, *_AFTER)})


def column_of(parameter: str) -> str:
    """The name of a parameter's column."""
    return f"parameter {parameter}" if parameter in _FIXED else parameter


def lines(table: pd.DataFrame, grid: Grid) -> list[Line]:
    """The table's means over the seeds: record by record, each combination in the grid's order."""
    found = []
    for record, part in table.groupby("record", sort=False):
        keys = [column_of(name) for name in grid.swept]
        groups = part.groupby(keys, sort=False, dropna=False) if keys else [((), part)]
        found += [_line(record, dict(zip(grid.swept, values, strict=True)), group) for values, group in groups]
    return found


def cells_of(found: list[Line], swept: list[str]) -> tuple[list[str], list[list[str]]]:
    """The lines as a table of text: its header and its rows."""
    header = ["measured", *swept, "figure", "seeds", "bar"]
    rows = [
        [line.record, *(str(line.combination[name]) for name in swept), line.figure, str(line.seeds), line.bar]
        for line in found
    ]
    return header, rows


def files(table: pd.DataFrame, grid: Grid, failures: dict[str, str]) -> dict[str, str | bytes]:
    """The contents of records.parquet, records.csv, summary.md and, where there is something to draw, plot.png."""
    content = {"records.parquet": _parquet(table), "records.csv": table.to_csv(index=False)}
    if table["value"].notna().any():
        from dlcourse.course.sweep_plot import draw

        content["plot.png"] = draw(table, grid)
    content["summary.md"] = summary(table, grid, failures, "plot.png" in content)
    return content


def summary(table: pd.DataFrame, grid: Grid, failures: dict[str, str], plotted: bool) -> str:
    """The sweep as a page of Markdown: what was swept, the figures, the plot, and the cells that failed."""
    parts = [f"# Sweep of chapter {grid.chapter.number}: {grid.chapter.title}\n", _asked(grid)]
    devices = ", ".join(table["device"].dropna().unique())
    if devices:
        parts.append(f"Run on: {devices}. Figures are means over the seeds, ± their sample standard deviation.\n")
    parts.append(
        markdown_table(*cells_of(lines(table, grid), grid.swept)) if len(table) else "No cell recorded a figure.\n"
    )
    if plotted:
        parts.append(f"![{alt_text(grid)}](plot.png)\n")
    if failures:
        parts.append("## Cells that failed\n\n" + "".join(f"- {sentence}\n" for sentence in failures.values()))
    return "\n".join(parts)


def alt_text(grid: Grid) -> str:
    """The plot in words."""
    against = grid.swept[0] if grid.swept else "the seed"
    return f"The records of chapter {grid.chapter.number} against {against}: a dot for each run, a line at the means."


def _asked(grid):
    axes = "".join(f"- `{name}`: {', '.join(map(str, values))}\n" for name, values in grid.axes.items())
    return f"{len(grid.cells)} cells:\n\n{axes}"


def _row(cell, figure):
    parameters = {column_of(name): _plain(value) for name, value in cell.values.items()}
    figure = {**figure, "record": figure["name"], "cell": cell.stem}
    return {SEED: figure["seed"], **parameters, **{name: figure[name] for name in _FIXED}}


def _plain(value):
    return str(value) if isinstance(value, list) else value


def _column(name, values):
    if name in _FIXED or all(value is None for value in values):
        return pd.array(values, dtype=_FIXED.get(name, "string"))
    return pd.array(values)  # pandas's own type for whole numbers, numbers, truth values or texts


def _line(record, combination, group):
    values = [None if pd.isna(value) else float(value) for value in group["value"]]
    finite = all(value is not None for value in values)
    judged = group["holds"].dropna()
    return Line(
        record=record,
        unit=group["unit"].iloc[0],
        combination=combination,
        mean=fmean(values) if finite else None,
        spread=stdev(values) if finite and len(values) > 1 else None,
        seeds=len(values),
        missed=int((~judged.astype(bool)).sum()) if len(judged) else None,
    )


def _parquet(table):
    content = io.BytesIO()
    table.to_parquet(content, index=False)
    return content.getvalue()
