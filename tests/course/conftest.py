import sys

import nbformat
import pytest

from dlcourse import cli
from dlcourse.course import session


@pytest.fixture
def no_session(monkeypatch):
    """No chapter is open, before and after."""
    monkeypatch.setattr(session, "_current", None)


@pytest.fixture
def open_session(monkeypatch):
    """A function that opens chapter 01 with given parameters in the notebook's namespace."""

    def opened(number="01", device="CPU, test", **namespace):
        monkeypatch.setattr(session, "_notebook_namespace", lambda: namespace)
        monkeypatch.setattr(session, "_current", None)
        return session.start(number, device=device)

    return opened


@pytest.fixture
def tiny_course(tmp_path, monkeypatch):
    """A notebooks folder with one small chapter 01 and its profiles; returns the folder."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "profiles.toml").write_text(
        '["01".cpu]\nepochs = 3\nrate = 0.5\nname = "house"\n\n["01".quick]\nepochs = 1\n\n["01".broken]\nepoch = 1\n'
    )
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    parameters = nbformat.v4.new_code_cell(
        'epochs: int = 3  # passes over the data\nrate: float = 0.5  # step size\nname: str = "house"  # what is sold'
    )
    parameters.metadata["tags"] = ["parameters"]
    notebook.cells = [
        nbformat.v4.new_markdown_cell("# Tiny"),
        parameters,
        nbformat.v4.new_code_cell('from dlcourse.course import record, start\nstart("01", device="CPU, test")'),
        nbformat.v4.new_code_cell('if rate > 10:\n    raise ValueError("the rate is far too high")'),
        nbformat.v4.new_code_cell('record("epochs run", epochs, at_least=3, unit="epochs", headline=True)'),
    ]
    nbformat.write(notebook, folder / "01_neuron_and_house_prices.ipynb")
    monkeypatch.setenv("DLCOURSE_NOTEBOOKS", str(folder))
    return folder


@pytest.fixture
def command(monkeypatch, capsys):
    """A function that runs `dlcourse WORDS…` and returns (exit code, standard output, standard error)."""

    def called(*words):
        monkeypatch.setattr(sys, "argv", ["dlcourse", *words])
        monkeypatch.setattr(sys.modules["__main__"], "__package__", "")  # else `python -m pytest` is in its name
        with pytest.raises(SystemExit) as ended:
            cli.main()
        shown = capsys.readouterr()
        return ended.value.code or 0, shown.out, shown.err

    return called
