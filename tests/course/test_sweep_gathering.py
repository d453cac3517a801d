import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from swept import executed, figure, write_chapter

from dlcourse.course import gathering
from dlcourse.course.grid import expand
from dlcourse.course.parameters import ParameterError
from dlcourse.course.tables import markdown_table


@pytest.fixture
def swept(tmp_path, monkeypatch):
    """A function that makes a grid and the notebooks of its cells from a function of their values to figures."""
    monkeypatch.setenv("DLCOURSE_NOTEBOOKS", str(tmp_path / "notebooks"))

    def made(lists, figures, seeds=None, **chapter):
        write_chapter(tmp_path / "notebooks", **chapter)
        grid = expand("01", lists, seeds)
        pairs = []
        for cell in grid.cells:
            path = tmp_path / f"{cell.key}.ipynb"
            path.write_text(executed(figures(cell.values)), encoding="utf-8")
            pairs.append((cell, path))
        return grid, gathering.records_of(grid, pairs)

    return made


def score(values):
    return [figure("score", values["depth"] + values["seed"], unit="$", seed=values["seed"], headline=True)]


def test_one_row_a_record_and_cell(swept):
    grid, table = swept({"depth": "8,20", "sizes": "[1,2]"}, lambda values: [*score(values), figure("other", 1.0)], 2)
    assert len(table) == 8
    columns = "chapter record value spread unit seed depth rate sizes name holds seconds device headline cell"
    assert " ".join(table.columns) == columns
    first = table.iloc[0].to_dict()
    expected = {
        "chapter": "01", "record": "score", "value": 8.0, "unit": "$", "seed": 0, "depth": 8, "rate": 0.5,
        "sizes": "[1, 2]", "name": "house", "seconds": 1.5, "device": "CPU, test", "headline": True,
        "cell": grid.cells[0].stem,
    }  # fmt: skip
    assert {name: first[name] for name in expected} == expected
    assert table[["spread", "holds"]].isna().all().all()


def test_parquet_and_csv_hold_the_same(swept):
    grid, table = swept({"depth": "8,20"}, score, seeds=2)
    content = gathering.files(table, grid, {})
    parquet = pd.read_parquet(io.BytesIO(content["records.parquet"]))
    csv = pd.read_csv(io.StringIO(content["records.csv"]), dtype={"chapter": str})
    assert parquet["value"].tolist() == csv["value"].tolist() == [8.0, 9.0, 20.0, 21.0]
    assert parquet["depth"].dtype == "Int64"
    assert csv["depth"].tolist() == parquet["depth"].tolist() == [8, 8, 20, 20]


def test_a_parameter_called_like_a_column_has_its_own(swept):
    parameters = "value: int = 1  # a name that the table uses itself"
    grid, table = swept({"value": "1,2"}, lambda values: [figure("score", 7.0)], parameters=parameters)
    assert table["value"].tolist() == [7.0, 7.0]
    assert table["parameter value"].tolist() == [1, 2]
    assert [line.combination for line in gathering.lines(table, grid)] == [{"value": 1}, {"value": 2}]


def test_types_are_kept_where_values_are_missing(swept):
    parameters = "depth: int | None = None  # layers\nflag: bool = False  # a switch\nnothing: int | None = None  # no"
    _, table = swept({"depth": "None,3"}, lambda values: [figure("score", None)], parameters=parameters)
    assert table["depth"].tolist() == [pd.NA, 3]
    assert str(table["flag"].dtype) == "boolean"
    assert table["nothing"].isna().all()
    assert table["value"].isna().all()


def test_means_are_over_the_seeds(swept):
    values = {(8, 0): 1.0, (8, 1): 3.0, (20, 0): 5.0, (20, 1): 9.0}
    grid, table = swept({"depth": "8,20"}, lambda cell: [figure("score", values[cell["depth"], cell["seed"]])], seeds=2)
    first, second = gathering.lines(table, grid)
    assert (first.combination, first.mean, first.spread, first.seeds) == ({"depth": 8}, 2.0, np.sqrt(2), 2)
    assert (second.combination, second.mean, second.spread) == ({"depth": 20}, 7.0, np.std([5, 9], ddof=1))


def test_lines_stand_record_by_record(swept):
    grid, table = swept({"depth": "20,8", "rate": "1,2"}, lambda values: [*score(values), figure("other", 1.0)])
    found = [(line.record, *line.combination.values()) for line in gathering.lines(table, grid)]
    assert found == [(name, depth, rate) for name in ("score", "other") for depth in (20, 8) for rate in (1, 2)]


def test_one_run_has_no_spread_and_a_bar_is_counted(swept):
    grid, table = swept(
        {"depth": "8"}, lambda values: [figure("score", 1.0, unit="%", holds=values["seed"] > 0)], seeds=3
    )
    header, rows = gathering.cells_of(gathering.lines(table, grid), grid.swept)
    assert header == ["measured", "figure", "seeds", "bar"]
    assert rows == [["score", "1 % ± 0 %", "3", "missed in 1 of 3"]]
    grid, table = swept({"depth": "8"}, lambda values: [figure("a", 1.0, holds=True), figure("b", 2.0)])
    _, rows = gathering.cells_of(gathering.lines(table, grid), grid.swept)
    assert rows == [["a", "1", "1", "held"], ["b", "2", "1", ""]]


def test_a_figure_that_was_not_finite_leaves_no_mean(swept):
    grid, table = swept({"depth": "8"}, lambda values: [figure("score", [1.0, None][values["seed"]])], seeds=2)
    (line,) = gathering.lines(table, grid)
    assert (line.mean, line.spread, line.figure) == (None, None, "not finite")


def test_the_summary_has_the_figures_and_the_failures(swept):
    grid, table = swept({"depth": "8,20"}, score, seeds=2)
    content = gathering.files(table, grid, {"depth=13": "depth=13 stopped at cell [3]: ValueError: no."})
    page = content["summary.md"]
    assert markdown_table(*gathering.cells_of(gathering.lines(table, grid), grid.swept)) in page
    assert "- `depth`: 8, 20\n" in page
    assert "](plot.png)" in page
    assert "## Cells that failed\n\n- depth=13 stopped at cell [3]: ValueError: no.\n" in page


def test_a_sweep_without_a_record_has_no_plot(swept):
    grid, table = swept({"depth": "8,20"}, lambda values: [])
    content = gathering.files(table, grid, {})
    assert set(content) == {"records.parquet", "records.csv", "summary.md"}
    assert "No cell recorded a figure." in content["summary.md"]
    assert content["records.csv"].startswith("chapter,record,value,")


@pytest.mark.parametrize(
    ("lists", "seeds"),
    [
        ({"depth": "8,20,32"}, 3),
        ({"depth": "1,10,1000", "rate": "0.1,0.2"}, 2),
        ({"name": "a,b", "sizes": "[1];[2,3]"}, None),
        ({"depth": "8"}, 2),
        ({"depth": "8"}, None),
        ({}, 2),
        ({"rate": "-1,0,1"}, None),
    ],
)
def test_every_kind_of_grid_is_drawn(swept, lists, seeds):
    grid, table = swept(lists, score, seeds)
    picture = Image.open(io.BytesIO(gathering.files(table, grid, {})["plot.png"]))
    colours = {colour for _, colour in picture.convert("RGB").getcolors(100_000)}
    assert (0, 114, 178) in colours  # the line at the means


def test_a_panel_for_each_headline_or_for_each_record(swept):
    def height(*figures):
        grid, table = swept({"depth": "8,20"}, lambda values: list(figures))
        return Image.open(io.BytesIO(gathering.files(table, grid, {})["plot.png"])).height

    plain = [figure(name, 1.0) for name in "abcd"]
    assert height(*plain) == 2 * height(*plain[:2])
    assert height(*plain, figure("e", 1.0, headline=True)) == height(plain[0])


def test_the_look_is_not_left_behind(swept):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    grid, table = swept({"depth": "8,20"}, score)
    gathering.files(table, grid, {})
    assert dict(mpl.rcParams) == before


def test_a_notebook_that_was_spoilt_is_named(tmp_path, swept):
    grid, _ = swept({"depth": "8"}, score)
    (tmp_path / "spoilt.ipynb").write_text("{")
    with pytest.raises(ParameterError, match=r"spoilt.ipynb cannot be read as a notebook"):
        gathering.records_of(grid, [(grid.cells[0], tmp_path / "spoilt.ipynb")])
