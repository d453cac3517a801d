"""What a training shows, and where."""

from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient
from rich.console import Console

from dlcourse.training import progress

TRAIN = """
import dlcourse, keras, numpy as np
from dlcourse.training import fit
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse", jit_compile=False)
done = fit(model, (np.zeros((64, 2)), np.zeros((64, 1))), epochs=3, batch_size=8)
"""


@pytest.mark.slow
def test_notebook_is_left_with_one_line():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TRAIN)])
    NotebookClient(notebook, kernel_name="python3", timeout=300, startup_timeout=300).execute()
    (output,) = notebook.cells[0].outputs
    assert output.output_type == "display_data"
    assert output.data["text/plain"].startswith("3 epochs in ")
    assert output.data["text/plain"].endswith("examples/s: loss 0")


@pytest.mark.parametrize(
    ("tty", "environment", "expected"),
    [(True, {}, progress.Terminal), (True, {"CI": "true"}, progress.Silent), (False, {}, progress.Silent)],
)
def test_auto_shows_a_bar_only_where_somebody_watches(monkeypatch, tty, environment, expected):
    monkeypatch.delenv("CI", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: tty, raising=False)
    assert type(progress.reporter()) is expected


def test_off_prints_nothing(capsys):
    shown = progress.reporter("off")
    shown.step(1, 2, lambda: pytest.fail("no line is wanted"))
    shown.close("done")
    assert capsys.readouterr() == ("", "")


def test_lines_are_made_only_when_shown(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    shown = []

    class Noted(progress.Silent):
        def show(self, done, total, describe):
            shown.append((done, describe()))

    noted = Noted()
    for step in range(1, 101):
        now[0] += 0.01
        noted.step(step, 100, lambda step=step: f"step {step}")
    assert shown[0] == (1, "step 1")
    assert 4 <= len(shown) <= 6


def test_terminal_ends_with_the_summary(monkeypatch):
    terminal = progress.Terminal()
    console = Console(record=True, force_terminal=True, width=100, file=open("/dev/null", "w"))  # noqa: SIM115
    terminal._bar.live.console = console
    terminal.step(5, 10, lambda: "epoch 1/2  loss 0.5")
    terminal.close("2 epochs in 3 s")
    text = console.export_text()
    assert "epoch 1/2  loss 0.5" in text
    assert text.rstrip().endswith("2 epochs in 3 s")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.6, "1 min 00 s"), (200, "3 min 20 s"), (7500, "2 h 05 min")]
)
def test_clock(seconds, text):
    assert progress.clock(seconds) == text
